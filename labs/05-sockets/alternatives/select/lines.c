/* lines.c - what is left over moves to the front of the buffer. */
#include "lines.h"
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

void
reader_init(struct reader *r, int fd)
{
	r->fd = fd;
	r->next = 0;
	r->end = 0;
}

/* Gives away the first n bytes, and perhaps the newline behind them. */
static void
drop(struct reader *r, size_t n)
{
	memmove(r->bytes, r->bytes + n, r->end - n);
	r->end -= n;
}

int
read_line(struct reader *r, char *line, size_t room, size_t *n)
{
	size_t have = 0;
	bool fits = true;

	for (;;) {
		size_t part = 0;
		ssize_t got;

		while (part < r->end && r->bytes[part] != '\n')
			part++;
		if (have + part < room)
			memcpy(line + have, r->bytes, part);
		else
			fits = false;
		have += part;
		if (part < r->end) {
			drop(r, part + 1);
			break;
		}
		r->end = 0;
		got = read(r->fd, r->bytes, sizeof r->bytes);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0 && have > 0)
			errno = EPROTO;
		if (got == 0)
			return have > 0 ? -1 : 0;
		r->end = (size_t)got;
	}
	if (!fits) {
		errno = EMSGSIZE;
		return -1;
	}
	line[have] = '\0';
	*n = have;
	return 1;
}

int
write_all(int fd, const void *bytes, size_t n)
{
	ssize_t done;

	if (n == 0)
		return 0;
	done = write(fd, bytes, n);
	if (done < 0 && errno != EINTR)
		return -1;
	if (done < 0)
		done = 0;
	return write_all(fd, (const char *)bytes + done, n - (size_t)done);
}
