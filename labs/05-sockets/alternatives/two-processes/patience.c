/* patience.c - connect() with the socket's own timeout; readv(), writev() and ppoll() for UDP. */
#define _GNU_SOURCE
#include "patience.h"
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>

/* A point in time, so many milliseconds from now. */
static struct timespec
in_ms(int ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000L;
	if (t.tv_nsec >= 1000000000L) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000L;
	}
	return t;
}

/* What is left until then, nothing when it is over. */
static struct timespec
until(struct timespec end)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	end.tv_sec -= now.tv_sec;
	end.tv_nsec -= now.tv_nsec;
	if (end.tv_nsec < 0) {
		end.tv_sec--;
		end.tv_nsec += 1000000000L;
	}
	return end.tv_sec < 0 ? (struct timespec){0} : end;
}

/* Nothing would mean: for ever. */
static void
limit_sending(int fd, struct timespec left)
{
	struct timeval limit = {left.tv_sec, left.tv_nsec / 1000};

	if (limit.tv_sec == 0 && limit.tv_usec == 0)
		limit.tv_usec = 1;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

int
connect_within(int fd, const struct sockaddr *to, socklen_t size, int timeout_ms)
{
	struct timespec end = in_ms(timeout_ms);
	struct timeval before = {0};
	socklen_t n = sizeof before;
	int result, why;

	getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &before, &n);
	do { /* after a handler, Linux goes on waiting for the same connection */
		limit_sending(fd, until(end));
		result = connect(fd, to, size);
	} while (result == -1 && errno == EINTR);
	why = errno;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &before, sizeof before);
	errno = why == EINPROGRESS || why == EALREADY ? ETIMEDOUT : why;
	return result;
}

enum verdict { ANSWER, NOT_FOR_US, FAILED };

static enum verdict
read_answer(int fd, struct udp_call *c)
{
	uint32_t id;
	char more; /* than there is room for */
	struct iovec parts[3] = {{&id, sizeof id}, {c->answer, c->room}, {&more, 1}};
	ssize_t n = readv(fd, parts, 3);

	if (n == -1)
		return errno == EINTR ? NOT_FOR_US : FAILED;
	if ((size_t)n < sizeof id || id != htonl(c->id))
		return NOT_FOR_US;
	c->got = (size_t)n - sizeof id;
	if (c->got <= c->room)
		return ANSWER;
	errno = EMSGSIZE;
	return FAILED;
}

static enum verdict
try(int fd, struct udp_call *c)
{
	uint32_t id = htonl(c->id);
	const struct iovec question[2] = {{&id, sizeof id}, {(void *)c->question, c->n}};
	struct pollfd p = {.fd = fd, .events = POLLIN};
	struct timespec end, left;
	enum verdict v = NOT_FOR_US;
	int ready;

	while (writev(fd, question, 2) == -1)
		if (errno != EINTR)
			return FAILED;
	end = in_ms(c->timeout_ms);
	do {
		left = until(end);
		ready = ppoll(&p, 1, &left, NULL);
		if (ready == 1)
			v = read_answer(fd, c);
		else if (ready == -1 && errno != EINTR)
			return FAILED;
	} while (v == NOT_FOR_US && ready != 0);
	return v;
}

int
udp_call(int fd, struct udp_call *c)
{
	enum verdict v = NOT_FOR_US;

	for (int left = c->tries; left > 0 && v == NOT_FOR_US; left--)
		v = try(fd, c);
	if (v == NOT_FOR_US)
		errno = ETIMEDOUT;
	return v == ANSWER ? 0 : -1;
}
