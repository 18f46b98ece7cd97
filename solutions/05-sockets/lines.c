/* lines.c - lines out of a stream, and whole texts into it. See lines.h. */
#include "lines.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

void
reader_init(struct reader *r, int fd)
{
	r->fd = fd;
	r->next = r->end = 0;
}

/* STUDENT: a helper, if you like: fill the empty buffer with one read() */
/* Returns as read(2), but never fails with EINTR. */
static ssize_t
refill(struct reader *r)
{
	ssize_t got;

	do
		got = read(r->fd, r->bytes, sizeof r->bytes);
	while (got < 0 && errno == EINTR);
	r->next = 0;
	r->end = got > 0 ? (size_t)got : 0;
	return got;
}

/* The end of the file after so many bytes of a line. */
static int
end_after(size_t length)
{
	if (length == 0)
		return 0;
	errno = EPROTO;
	return -1;
}
/* END */

int
read_line(struct reader *r, char *line, size_t room, size_t *n)
{
	/* STUDENT: take byte after byte out of the buffer, up to a newline; read() when it is empty
	 */
	size_t length = 0; /* counts also what no longer fits */
	char byte;

	for (;;) {
		if (r->next == r->end) {
			ssize_t got = refill(r);

			if (got < 0)
				return -1;
			if (got == 0)
				return end_after(length);
		}
		byte = r->bytes[r->next++];
		if (byte == '\n')
			break;
		if (length < room)
			line[length] = byte;
		length++;
	}
	if (length >= room) {
		errno = EMSGSIZE;
		return -1;
	}
	line[length] = '\0';
	*n = length;
	return 1;
	/* INSTEAD
	(void)r;
	(void)line;
	(void)room;
	(void)n;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

int
write_all(int fd, const void *bytes, size_t n)
{
	/* STUDENT: write() until nothing is left */
	const char *next = bytes;

	while (n > 0) {
		ssize_t done = write(fd, next, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		next += done;
		n -= (size_t)done;
	}
	return 0;
	/* INSTEAD
	(void)fd;
	(void)bytes;
	(void)n;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
