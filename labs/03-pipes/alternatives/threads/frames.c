/*
 * Different: one buffer holds the length and the payload, and one loop moves
 * bytes in either direction; a thread does the sending in exchange(); a
 * pipeline is built from its end, by recursion; messages go through writev().
 */
#include "frames.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 2 };

/* Moves up to n bytes; returns how many were moved before the end or a failure. */
static size_t
move(bool out, int fd, unsigned char *bytes, size_t n)
{
	size_t moved = 0;
	ssize_t step;

	errno = 0;
	do {
		step =
		    out ? write(fd, bytes + moved, n - moved) : read(fd, bytes + moved, n - moved);
		if (step >= 0) {
			moved += (size_t)step;
			errno = 0;
		}
	} while (moved < n && (step > 0 || (step < 0 && errno == EINTR)));
	return moved;
}

int
send_frame(int fd, const void *payload, size_t n)
{
	unsigned char *frame;
	bool whole;

	if (n > FRAME_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	frame = malloc(HEAD + n);
	if (frame == NULL)
		return -1;
	frame[0] = (unsigned char)(n / 256);
	frame[1] = (unsigned char)(n % 256);
	memcpy(frame + HEAD, payload, n);
	whole = move(true, fd, frame, HEAD + n) == HEAD + n;
	int error = errno;
	free(frame);
	errno = error;
	return whole ? 0 : -1;
}

/* What is missing is missing because of the end of the file, or because of errno. */
static int
missing(void)
{
	if (errno == 0)
		errno = EPROTO;
	return -1;
}

int
receive_frame(int fd, void *payload, size_t room, size_t *n)
{
	unsigned char head[HEAD];
	size_t got = move(false, fd, head, HEAD), size, here, rest;

	if (got == 0 && errno == 0)
		return 0;
	if (got < HEAD)
		return missing();
	size = head[0] * 256u + head[1];
	here = size < room ? size : room;
	if (here > 0 && move(false, fd, payload, here) < here)
		return missing();
	for (rest = size - here; rest > 0; rest--)
		if (move(false, fd, head, 1) == 0)
			return missing();
	if (here < size) {
		errno = EMSGSIZE;
		return -1;
	}
	*n = size;
	return 1;
}
