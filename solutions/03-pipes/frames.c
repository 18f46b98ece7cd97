/* frames.c - messages with a length in front. See frames.h. */
#include "frames.h"
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

/* STUDENT: two helpers, if you like: write all of n bytes, read all of n bytes */
/* Writes all n bytes, however little each write() takes. Returns 0, or -1 with errno. */
static int
write_all(int fd, const void *bytes, size_t n)
{
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
}

/* Reads n bytes, fewer only at the end of the file. Returns how many, or -1 with errno. */
static ssize_t
read_all(int fd, void *bytes, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t more = read(fd, (char *)bytes + got, n - got);

		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return -1;
		if (more == 0)
			break;
		got += (size_t)more;
	}
	return (ssize_t)got;
}

/* The same, where the end of the file is a failure. Returns whether all came; if not, see errno. */
static bool
read_inside(int fd, void *bytes, size_t n)
{
	ssize_t got = read_all(fd, bytes, n);

	if (got == (ssize_t)n)
		return true;
	if (got >= 0)
		errno = EPROTO;
	return false;
}
/* END */

int
send_frame(int fd, const void *payload, size_t n)
{
	/* STUDENT: refuse what is too long; write the length, high byte first, then the payload */
	uint8_t length[2] = {(uint8_t)(n >> 8), (uint8_t)n};

	if (n > FRAME_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	if (write_all(fd, length, sizeof length) < 0)
		return -1;
	return write_all(fd, payload, n);
	/* INSTEAD
	(void)fd;
	(void)payload;
	(void)n;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

int
receive_frame(int fd, void *payload, size_t room, size_t *n)
{
	/* STUDENT: read the length, then so many bytes; tell an end between frames from one inside
	 */
	uint8_t length[2], unwanted[FRAME_MAX];
	ssize_t begun = read_all(fd, length, 1);
	size_t size;
	bool fits;

	if (begun <= 0)
		return (int)begun;
	if (!read_inside(fd, length + 1, 1))
		return -1;
	size = (size_t)length[0] << 8 | length[1];
	fits = size <= room;
	/* What does not fit is read as well: the next frame begins only behind it. */
	if (!read_inside(fd, fits ? payload : unwanted, size))
		return -1;
	if (!fits) {
		errno = EMSGSIZE;
		return -1;
	}
	*n = size;
	return 1;
	/* INSTEAD
	(void)fd;
	(void)payload;
	(void)room;
	(void)n;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
