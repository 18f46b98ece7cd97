/*
 * Different: the length is written and read through a uint16_t with htons(); an
 * exchange waits with select() and writes pieces of PIPE_BUF bytes at most, for
 * which there is room then; commands are started with posix_spawnp().
 */
#include "frames.h"
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <unistd.h>

int
send_frame(int fd, const void *payload, size_t n)
{
	unsigned char head[2];
	size_t done = 0;

	if (n > FRAME_MAX)
		return errno = EMSGSIZE, -1;
	head[0] = (unsigned char)(n >> 8);
	head[1] = (unsigned char)(n & 0xff);
	while (done < 2 + n) {
		const unsigned char *from =
		    done < 2 ? head + done : (const unsigned char *)payload + (done - 2);
		size_t rest = done < 2 ? 2 - done : 2 + n - done;
		ssize_t step = write(fd, from, rest);

		if (step >= 0)
			done += (size_t)step;
		else if (errno != EINTR)
			return -1;
	}
	return 0;
}

enum { WHOLE, NOTHING, PART, FAILED };

static int
fill(int fd, char *to, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t more = read(fd, to + got, n - got);

		if (more == 0)
			return got == 0 ? NOTHING : PART;
		if (more < 0 && errno != EINTR)
			return FAILED;
		if (more > 0)
			got += (size_t)more;
	}
	return WHOLE;
}

static int
fill_payload(int fd, char *payload, size_t room, size_t size)
{
	char rest[256];
	size_t kept = size <= room ? size : 0, thrown = size - kept;
	int how = fill(fd, payload, kept);

	while (how == WHOLE && thrown > 0) {
		size_t part = thrown > sizeof rest ? sizeof rest : thrown;

		how = fill(fd, rest, part);
		thrown -= part;
	}
	return how;
}

int
receive_frame(int fd, void *payload, size_t room, size_t *n)
{
	uint16_t wire;
	int how = fill(fd, (char *)&wire, sizeof wire);

	if (how == NOTHING)
		return 0;
	if (how == WHOLE) {
		size_t size = ntohs(wire);

		how = fill_payload(fd, payload, room, size);
		if (how == WHOLE && size <= room) {
			*n = size;
			return 1;
		}
		if (how == WHOLE) {
			errno = EMSGSIZE;
			return -1;
		}
	}
	if (how != FAILED)
		errno = EPROTO;
	return -1;
}
