/* lines.c - memchr() and memcpy() of whole parts. */
#include "lines.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

void
reader_init(struct reader *r, int fd)
{
	memset(r, 0, sizeof *r);
	r->fd = fd;
}

int
read_line(struct reader *r, char *line, size_t room, size_t *n)
{
	size_t stored = 0, seen = 0;

	while (1) {
		char *from = r->bytes + r->next;
		size_t there = r->end - r->next;
		char *newline = there == 0 ? NULL : memchr(from, '\n', there);
		size_t part = newline == NULL ? there : (size_t)(newline - from);
		size_t fits = part < room - 1 - stored ? part : room - 1 - stored;
		ssize_t got;

		memcpy(line + stored, from, fits);
		stored += fits;
		seen += part;
		r->next += part;
		if (newline != NULL) {
			r->next++;
			break;
		}
		got = read(r->fd, r->bytes, READER_SIZE);
		r->next = 0;
		r->end = got < 0 ? 0 : (size_t)got;
		if (got < 0 && errno != EINTR)
			return -1;
		if (got == 0 && seen == 0)
			return 0;
		if (got == 0) {
			errno = EPROTO;
			return -1;
		}
	}
	if (seen > stored) {
		errno = EMSGSIZE;
		return -1;
	}
	line[stored] = '\0';
	*n = stored;
	return 1;
}

int
write_all(int fd, const void *bytes, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t more = write(fd, (const char *)bytes + done, n - done);

		if (more > 0)
			done += (size_t)more;
		else if (errno != EINTR)
			return -1;
	}
	return 0;
}
