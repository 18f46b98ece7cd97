/* patience.c - waiting for the other side, but not for ever. See patience.h. */
#include "patience.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/uio.h>
#include <time.h>

/* STUDENT: helpers, for instance one that waits until a point in time, not for a span of it */
enum { ID_SIZE = 4 };

static long long
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/*
 * Waits for something at fd, until now_ms() is end. A handler may interrupt poll()
 * as often as it likes: the end stays where it is.
 * Returns 1, 0 when the time is over, or -1 with errno.
 */
static int
await_until(int fd, short what, long long end)
{
	struct pollfd waiting = {.fd = fd, .events = what};
	int ready;

	do {
		long long left = end - now_ms();

		ready = poll(&waiting, 1, left > 0 ? (int)left : 0);
	} while (ready < 0 && errno == EINTR);
	return ready;
}

/* A connection under way: waits for it, and for how it ends. */
static int
await_connection(int fd, long long end)
{
	int ready = await_until(fd, POLLOUT, end), failure = ETIMEDOUT;
	socklen_t size = sizeof failure;

	if (ready > 0)
		ready = getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size);
	if (ready < 0)
		return -1;
	errno = failure;
	return failure == 0 ? 0 : -1;
}
/* END */

int
connect_within(int fd, const struct sockaddr *to, socklen_t size, int timeout_ms)
{
	/* STUDENT: O_NONBLOCK, connect(), wait, ask SO_ERROR, and the flags as they were */
	long long end = now_ms() + timeout_ms;
	int flags = fcntl(fd, F_GETFL), result, failure;

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -1;
	result = connect(fd, to, size);
	if (result < 0 && errno == EINPROGRESS)
		result = await_connection(fd, end);
	failure = errno;
	if (fcntl(fd, F_SETFL, flags) < 0)
		return -1;
	errno = failure;
	return result;
	/* INSTEAD
	(void)fd;
	(void)to;
	(void)size;
	(void)timeout_ms;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

/* STUDENT: helpers: one try, and one datagram that is taken or thrown away */
static void
put_id(unsigned char bytes[ID_SIZE], uint32_t id)
{
	for (int i = 0; i < ID_SIZE; i++)
		bytes[i] = (unsigned char)(id >> (8 * (ID_SIZE - 1 - i)));
}

static uint32_t
get_id(const unsigned char bytes[ID_SIZE])
{
	uint32_t id = 0;

	for (int i = 0; i < ID_SIZE; i++)
		id = id << 8 | bytes[i];
	return id;
}

static int
send_question(int fd, const struct udp_call *c)
{
	unsigned char id[ID_SIZE];
	struct iovec parts[] = {{id, sizeof id}, {(void *)c->question, c->n}};
	struct msghdr datagram = {.msg_iov = parts, .msg_iovlen = sizeof parts / sizeof *parts};
	ssize_t done;

	put_id(id, c->id);
	do
		done = sendmsg(fd, &datagram, 0);
	while (done < 0 && errno == EINTR);
	return done < 0 ? -1 : 0;
}

/* Takes one datagram. Returns 1 when it is the answer, 0 when it is not, or -1 with errno. */
static int
take_datagram(int fd, struct udp_call *c)
{
	unsigned char id[ID_SIZE];
	struct iovec parts[] = {{id, sizeof id}, {c->answer, c->room}};
	struct msghdr datagram = {.msg_iov = parts, .msg_iovlen = sizeof parts / sizeof *parts};
	ssize_t got = recvmsg(fd, &datagram, MSG_DONTWAIT);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -1;
	if (got < ID_SIZE || get_id(id) != c->id)
		return 0;
	if (datagram.msg_flags & MSG_TRUNC) {
		errno = EMSGSIZE;
		return -1;
	}
	c->got = (size_t)got - ID_SIZE;
	return 1;
}

/* One try. Returns 1 with the answer, 0 when the time is over, or -1 with errno. */
static int
try_once(int fd, struct udp_call *c)
{
	long long end;
	int taken = 0;

	if (send_question(fd, c) < 0)
		return -1;
	end = now_ms() + c->timeout_ms;
	while (taken == 0) {
		int ready = await_until(fd, POLLIN, end);

		if (ready <= 0)
			return ready;
		taken = take_datagram(fd, c);
	}
	return taken;
}
/* END */

int
udp_call(int fd, struct udp_call *c)
{
	/* STUDENT: try, and try again, always with the same id */
	for (int i = 0; i < c->tries; i++) {
		int tried = try_once(fd, c);

		if (tried != 0)
			return tried > 0 ? 0 : -1;
	}
	errno = ETIMEDOUT;
	return -1;
	/* INSTEAD
	(void)fd;
	(void)c;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
