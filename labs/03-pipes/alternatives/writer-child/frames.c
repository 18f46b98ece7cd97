/*
 * Different: frames go out with writev() and a pair of moving buffers; a child
 * process does the sending in exchange(); all pipes of a pipeline are made
 * before the first command; the mailbox is opened for both (as Linux allows).
 */
#include "frames.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* One byte, whatever interrupts; as read(). */
static ssize_t
next_byte(int fd, unsigned char *byte)
{
	ssize_t got;

	while ((got = read(fd, byte, 1)) < 0 && errno == EINTR)
		;
	return got;
}

int
send_frame(int fd, const void *payload, size_t n)
{
	uint16_t length = htons((uint16_t)n);
	struct iovec parts[2] = {{&length, sizeof length}, {(void *)payload, n}};
	int first = 0;

	if (n > FRAME_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	for (;;) {
		ssize_t done = writev(fd, parts + first, 2 - first);

		if (done < 0 && errno != EINTR)
			return -1;
		for (; done >= 0 && first < 2 && (size_t)done >= parts[first].iov_len; first++)
			done -= (ssize_t)parts[first].iov_len;
		if (first == 2)
			return 0;
		if (done > 0) {
			parts[first].iov_base = (char *)parts[first].iov_base + done;
			parts[first].iov_len -= (size_t)done;
		}
	}
}

int
receive_frame(int fd, void *payload, size_t room, size_t *n)
{
	unsigned char byte, *to = payload;
	size_t at = 0, size = 0;

	/* A little machine: two bytes are the length, the others the payload. */
	for (at = 0; at < 2 || at - 2 < size; at++) {
		ssize_t got = next_byte(fd, &byte);

		if (got < 0)
			return -1;
		if (got == 0 && at == 0)
			return 0;
		if (got == 0) {
			errno = EPROTO;
			return -1;
		}
		if (at < 2)
			size = size << 8 | byte;
		else if (at - 2 < room)
			to[at - 2] = byte;
	}
	if (size > room) {
		errno = EMSGSIZE;
		return -1;
	}
	*n = size;
	return 1;
}
