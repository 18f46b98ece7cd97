/* lines.c - a getc() of its own; a line is what comes until it returns a newline. */
#include "lines.h"
#include <errno.h>
#include <unistd.h>

enum { FAILED = -2, NO_MORE = -1 };

void
reader_init(struct reader *r, int fd)
{
	*r = (struct reader){.fd = fd};
}

/* The next byte, 0 to 255, or one of the above. */
static int
get(struct reader *r)
{
	while (r->next >= r->end) {
		ssize_t n = read(r->fd, r->bytes, READER_SIZE);

		if (n == 0)
			return NO_MORE;
		if (n > 0) {
			r->end = (size_t)n;
			r->next = 0;
		} else if (errno != EINTR) {
			return FAILED;
		}
	}
	return (unsigned char)r->bytes[r->next++];
}

static int
problem(int error)
{
	errno = error;
	return -1;
}

int
read_line(struct reader *r, char *line, size_t room, size_t *n)
{
	char *to = line, *last = line + room - 1;
	int c = get(r), too_long = 0;

	if (c == NO_MORE)
		return 0;
	for (; c >= 0 && c != '\n'; c = get(r))
		if (to < last)
			*to++ = (char)c;
		else
			too_long = 1;
	if (c == FAILED)
		return -1;
	if (c == NO_MORE)
		return problem(EPROTO);
	if (too_long)
		return problem(EMSGSIZE);
	*to = '\0';
	*n = (size_t)(to - line);
	return 1;
}

int
write_all(int fd, const void *bytes, size_t n)
{
	const char *end = (const char *)bytes + n;

	while (n > 0) {
		ssize_t taken = write(fd, end - n, n);

		if (taken == -1 && errno != EINTR)
			return -1;
		if (taken != -1)
			n -= (size_t)taken;
	}
	return 0;
}
