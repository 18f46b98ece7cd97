/* web.c - one session of the web server. See web.h. */
#include "web.h"
#include "lines.h"
#include <errno.h>

int
parse_count(const char *line, size_t n)
{
	/*
	 * YOUR WORK: digit by digit, so that neither a sign nor a NUL nor a huge number slips
	 * through
	 */
	(void)line;
	(void)n;
	return -1;
}

int
web_child(int fd)
{
	/* YOUR WORK: read a request, answer it, until the client sends no more */
	(void)fd;
	errno = ENOSYS;
	return -1;
}
