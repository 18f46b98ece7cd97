/* web.c - the count from its last digit to its first; an answer is rows of the alphabet. */
#include "web.h"
#include "lines.h"
#include <errno.h>
#include <string.h>

#define ALPHABET "abcdefghijklmnopqrstuvwxyz"
#define FOUR ALPHABET ALPHABET ALPHABET ALPHABET

/* A whole number of alphabets, so that each row goes on where the last one ended. */
static const char row[] = FOUR FOUR FOUR FOUR FOUR FOUR FOUR FOUR;
enum { ROW = sizeof row - 1 };

int
parse_count(const char *line, size_t n)
{
	long worth = 1, count = 0;

	while (n-- > 0) {
		static const char digits[] = "0123456789";
		const char *digit = memchr(digits, line[n], sizeof digits - 1);

		if (digit == NULL)
			return -1;
		count += worth * (digit - digits);
		if (count > WEB_MAX)
			return -1;
		if (worth <= WEB_MAX) /* beyond that, only zeros can follow */
			worth *= 10;
	}
	return count == 0 ? -1 : (int)count;
}

static int
send_rows(int fd, size_t count)
{
	int result = 0;

	for (; count > ROW && result == 0; count -= ROW)
		result = write_all(fd, row, ROW);
	return result == 0 ? write_all(fd, row, count) : result;
}

int
web_child(int fd)
{
	struct reader requests;
	char line[WEB_LINE];
	size_t length;
	int result, count;

	reader_init(&requests, fd);
next:
	result = read_line(&requests, line, sizeof line, &length);
	if (result < 1)
		return result;
	count = parse_count(line, length);
	if (count > 0 && send_rows(fd, (size_t)count) == 0)
		goto next;
	if (count < 0)
		errno = EPROTO;
	return -1;
}
