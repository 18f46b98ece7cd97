/* web.c - strtol() on what is known to be digits; the answer is made anew for each request. */
#include "web.h"
#include "lines.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
parse_count(const char *line, size_t n)
{
	long count;

	if (n == 0 || n >= WEB_LINE || memchr(line, '\0', n) != NULL ||
	    strspn(line, "0123456789") != n)
		return -1;
	errno = 0;
	count = strtol(line, NULL, 10);
	if (errno == ERANGE || count < 1 || count > WEB_MAX)
		return -1;
	return (int)count;
}

static int
answer(int fd, int count)
{
	char *bytes = malloc((size_t)count);
	int result;

	if (bytes == NULL)
		return -1;
	for (int i = 0; i < count; i++)
		bytes[i] = WEB_BYTE(i);
	result = write_all(fd, bytes, (size_t)count);
	free(bytes);
	return result;
}

int
web_child(int fd)
{
	struct reader r;
	char line[WEB_LINE];

	reader_init(&r, fd);
	for (;;) {
		size_t n;
		int got = read_line(&r, line, sizeof line, &n), count;

		if (got <= 0)
			return got;
		count = parse_count(line, n);
		if (count < 0) {
			errno = EPROTO;
			return -1;
		}
		if (answer(fd, count) < 0)
			return -1;
	}
}
