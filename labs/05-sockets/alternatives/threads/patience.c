/* patience.c - poll() for connections; for datagrams the socket's own timeout, SO_RCVTIMEO. */
#include "patience.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static long long
microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

int
connect_within(int fd, const struct sockaddr *to, socklen_t size, int timeout_ms)
{
	long long end = microseconds() + timeout_ms * 1000LL;
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int flags = fcntl(fd, F_GETFL), n = -1, error = 0;

	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	error = connect(fd, to, size) == 0 ? 0 : errno;
	while (error == EINPROGRESS && n < 0) {
		long long left = (end - microseconds() + 999) / 1000;

		n = poll(&p, 1, left < 0 ? 0 : (int)left);
		if (n == 0)
			error = ETIMEDOUT;
		else if (n < 0 && errno != EINTR)
			error = errno;
	}
	/* once more: connect() itself says how it went */
	if (error == EINPROGRESS)
		error = connect(fd, to, size) == 0 || errno == EISCONN ? 0 : errno;
	fcntl(fd, F_SETFL, flags);
	errno = error;
	return error == 0 ? 0 : -1;
}

static void
set_timeout(int fd, long long us)
{
	struct timeval t = {us / 1000000, us % 1000000};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
}

/* Returns 1 for the answer, 0 for anything else, -1 with errno. */
static int
take(const unsigned char *d, ssize_t n, struct udp_call *c)
{
	if (n < 4 ||
	    ((uint32_t)d[0] << 24 | (uint32_t)d[1] << 16 | (uint32_t)d[2] << 8 | d[3]) != c->id)
		return 0;
	if ((size_t)(n - 4) > c->room) {
		errno = EMSGSIZE;
		return -1;
	}
	memcpy(c->answer, d + 4, (size_t)(n - 4));
	c->got = (size_t)(n - 4);
	return 1;
}

static int
one_try(int fd, struct udp_call *c, const unsigned char *question)
{
	unsigned char d[4 + UDP_MAX + 4];
	long long end;
	int taken = 0;

	while (send(fd, question, 4 + c->n, 0) < 0)
		if (errno != EINTR)
			return -1;
	end = microseconds() + c->timeout_ms * 1000LL;
	while (taken == 0) {
		long long left = end - microseconds();
		ssize_t n;

		if (left <= 0)
			return 0;
		set_timeout(fd, left);
		n = recv(fd, d, sizeof d, 0);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return -1;
		taken = take(d, n, c);
	}
	return taken;
}

int
udp_call(int fd, struct udp_call *c)
{
	unsigned char question[4 + UDP_MAX] = {(unsigned char)(c->id >> 24),
	    (unsigned char)(c->id >> 16), (unsigned char)(c->id >> 8), (unsigned char)c->id};
	int result = 0, saved;

	memcpy(question + 4, c->question, c->n);
	for (int i = 0; i < c->tries && result == 0; i++)
		result = one_try(fd, c, question);
	saved = result == 0 ? ETIMEDOUT : errno;
	set_timeout(fd, 0);
	errno = saved;
	return result == 1 ? 0 : -1;
}
