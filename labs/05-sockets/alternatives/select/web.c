/* web.c - the bytes of an answer are made when somebody asks for so many for the first time. */
#include "web.h"
#include "lines.h"
#include <ctype.h>
#include <errno.h>
#include <stdio.h>

enum { MOST_DIGITS = 5 };

int
parse_count(const char *line, size_t n)
{
	char digits[MOST_DIGITS + 1] = "";
	size_t zeros = 0, i;
	int count = 0;

	while (zeros < n && line[zeros] == '0')
		zeros++;
	if (n - zeros > MOST_DIGITS)
		return -1;
	for (i = 0; zeros + i < n; i++) {
		if (!isdigit((unsigned char)line[zeros + i]))
			return -1;
		digits[i] = line[zeros + i];
	}
	if (sscanf(digits, "%d", &count) != 1 || count > WEB_MAX)
		return -1;
	return count;
}

/* The first n bytes of every answer. */
static const char *
answer_of(int n)
{
	static char bytes[WEB_MAX];
	static int made;

	for (; made < n; made++)
		bytes[made] = WEB_BYTE(made);
	return bytes;
}

/* Returns 1 when the next request is answered, 0 when there is none, or -1. */
static int
answer_next(int fd, struct reader *from)
{
	char line[WEB_LINE];
	size_t n;
	int count, result = read_line(from, line, WEB_LINE, &n);

	if (result != 1)
		return result;
	count = parse_count(line, n);
	if (count == -1) {
		errno = EPROTO;
		return -1;
	}
	return write_all(fd, answer_of(count), (size_t)count) == 0 ? 1 : -1;
}

int
web_child(int fd)
{
	struct reader from;
	int result;

	reader_init(&from, fd);
	do
		result = answer_next(fd, &from);
	while (result == 1);
	return result;
}
