/* lines.c - lines out of what arrives in pieces. See lines.h. */
#include "lines.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* STUDENT: define struct lines: what has been read and is not yet taken, and what becomes of it */
/*
 * Not yet taken are the n bytes from start on. There is room for the longest
 * line and its newline: if all of it is full and holds no newline, the line is too long.
 */
struct lines {
	size_t room, start, n;
	bool skipping; /* inside of a line that is too long */
	char bytes[];
};
/* END */

struct lines *
lines_new(size_t longest)
{
	/* STUDENT: make one that has read nothing yet, or return NULL with ENOMEM */
	struct lines *l = malloc(sizeof *l + longest + 1);

	if (l != NULL)
		*l = (struct lines){.room = longest + 1};
	return l;
	/* INSTEAD
	(void)longest;
	errno = ENOSYS;
	return NULL;
	*/
	/* END */
}

void
lines_free(struct lines *l)
{
	/* STUDENT: free all that lines_new() and lines_read() have asked for */
	free(l);
	/* INSTEAD
	(void)l;
	*/
	/* END */
}

ssize_t
lines_read(struct lines *l, int fd)
{
	/* STUDENT: read once, behind what is there already; again only after EINTR */
	ssize_t more;

	memmove(l->bytes, l->bytes + l->start, l->n);
	l->start = 0;
	do
		more = read(fd, l->bytes + l->n, l->room - l->n);
	while (more < 0 && errno == EINTR);
	if (more > 0)
		l->n += (size_t)more;
	return more;
	/* INSTEAD
	(void)l;
	(void)fd;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

/* STUDENT: write helpers of your own, if you like */
/* Takes n bytes and returns where they are. */
static char *
take(struct lines *l, size_t n)
{
	char *first = l->bytes + l->start;

	l->start += n;
	l->n -= n;
	return first;
}
/* END */

enum lines_what
lines_next(struct lines *l, char **line, size_t *n)
{
	/* STUDENT: take the next whole line, or say that there is none, or that one was too long */
	char *end = memchr(l->bytes + l->start, '\n', l->n);

	if (end == NULL) {
		if (l->skipping || l->n == l->room) {
			l->skipping = true;
			take(l, l->n);
		}
		return LINES_NONE;
	}
	if (l->skipping) {
		l->skipping = false;
		take(l, (size_t)(end - (l->bytes + l->start)) + 1);
		return LINES_TOO_LONG;
	}
	*end = '\0';
	*n = (size_t)(end - (l->bytes + l->start));
	*line = take(l, *n + 1);
	return LINES_LINE;
	/* INSTEAD
	(void)l;
	(void)line;
	(void)n;
	return LINES_NONE;
	*/
	/* END */
}
