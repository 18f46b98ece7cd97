/* lines.c - lines out of what arrives in pieces. See lines.h. */
#include "lines.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * YOUR WORK: define struct lines: what has been read and is not yet taken, and what becomes of it
 */

struct lines *
lines_new(size_t longest)
{
	/* YOUR WORK: make one that has read nothing yet, or return NULL with ENOMEM */
	(void)longest;
	errno = ENOSYS;
	return NULL;
}

void
lines_free(struct lines *l)
{
	/* YOUR WORK: free all that lines_new() and lines_read() have asked for */
	(void)l;
}

ssize_t
lines_read(struct lines *l, int fd)
{
	/* YOUR WORK: read once, behind what is there already; again only after EINTR */
	(void)l;
	(void)fd;
	errno = ENOSYS;
	return -1;
}

/* YOUR WORK: write helpers of your own, if you like */

enum lines_what
lines_next(struct lines *l, char **line, size_t *n)
{
	/*
	 * YOUR WORK: take the next whole line, or say that there is none, or that one was too long
	 */
	(void)l;
	(void)line;
	(void)n;
	return LINES_NONE;
}
