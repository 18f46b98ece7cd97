/* patience.c - with select() and struct timeval; datagrams in one buffer, htonl() for the id. */
#include "patience.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Returns 1 when fd is ready, 0 when it is too late, -1 with errno. */
static int
ready_before(int fd, int for_writing, double end)
{
	while (1) {
		double left = end - seconds();
		struct timeval wait = {0, 0};
		fd_set set;
		int n;

		if (left > 0) {
			wait.tv_sec = (time_t)left;
			wait.tv_usec = (suseconds_t)((left - (double)wait.tv_sec) * 1e6);
		}
		FD_ZERO(&set);
		FD_SET(fd, &set);
		n = select(
		    fd + 1, for_writing ? NULL : &set, for_writing ? &set : NULL, NULL, &wait);
		if (n >= 0 || errno != EINTR)
			return n;
	}
}

int
connect_within(int fd, const struct sockaddr *to, socklen_t size, int timeout_ms)
{
	double end = seconds() + timeout_ms / 1000.0;
	int flags = fcntl(fd, F_GETFL, 0), error = 0;
	socklen_t n = sizeof error;

	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	if (connect(fd, to, size) < 0)
		error = errno;
	if (error == EINPROGRESS) {
		int ready = ready_before(fd, 1, end);

		if (ready < 0)
			error = errno;
		else if (ready == 0)
			error = ETIMEDOUT;
		else
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n);
	}
	fcntl(fd, F_SETFL, flags);
	errno = error;
	return error == 0 ? 0 : -1;
}

/* Waits for the answer of one try. Returns 1, 0 when the time is over, -1 with errno. */
static int
listen_for(int fd, struct udp_call *c)
{
	double end = seconds() + c->timeout_ms / 1000.0;
	char datagram[4 + UDP_MAX + 1];
	uint32_t id;
	int ready;

	while ((ready = ready_before(fd, 0, end)) > 0) {
		ssize_t n = recv(fd, datagram, sizeof datagram, 0);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n < 4)
			continue;
		memcpy(&id, datagram, 4);
		if (ntohl(id) != c->id)
			continue;
		if ((size_t)n - 4 > c->room) {
			errno = EMSGSIZE;
			return -1;
		}
		memcpy(c->answer, datagram + 4, (size_t)n - 4);
		c->got = (size_t)n - 4;
		return 1;
	}
	return ready;
}

int
udp_call(int fd, struct udp_call *c)
{
	char datagram[4 + UDP_MAX];
	uint32_t id = htonl(c->id);
	int tries = c->tries;

	memcpy(datagram, &id, 4);
	memcpy(datagram + 4, c->question, c->n);
	while (tries-- > 0) {
		int result;

		while (send(fd, datagram, 4 + c->n, 0) < 0)
			if (errno != EINTR)
				return -1;
		result = listen_for(fd, c);
		if (result != 0)
			return result > 0 ? 0 : -1;
	}
	errno = ETIMEDOUT;
	return -1;
}
