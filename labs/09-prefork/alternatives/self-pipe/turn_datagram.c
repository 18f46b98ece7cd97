/* turn_datagram.c - sendmsg() with a non-blocking end, and a client that waits for its turn. */
#include "pass.h"
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

extern int wake_pipe[2];

static struct {
	int parent, children, guest;
} channel = {-1, -1, -1};

static int
never_wait(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags == -1)
		return -1;
	return fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

int
turn_open(int listener, size_t n)
{
	int pair[2], bytes = 1;

	(void)n;
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0)
		return -1;
	channel.parent = pair[1];
	channel.children = pair[0];
	if (setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes) != 0 ||
	    never_wait(pair[1]) != 0)
		return -1;
	return never_wait(listener);
}

pid_t
turn_fork(int listener, size_t child)
{
	pid_t pid;

	(void)child;
	if ((pid = fork()) != 0)
		return pid;
	close(channel.parent);
	if (channel.guest >= 0)
		close(channel.guest);
	close(listener);
	return 0;
}

int
turn_next(int listener, size_t child)
{
	(void)listener;
	(void)child;
	return receive_descriptor(channel.children);
}

static int
greet(int listener)
{
	channel.guest = accept(listener, NULL, NULL);
	if (channel.guest >= 0)
		return 0;
	switch (errno) {
	case EAGAIN:
	case EINTR:
	case EPROTO:
	case ECONNABORTED:
		return 0;
	}
	return -1;
}

int
turn_watch(int listener, const sigset_t *awake)
{
	fd_set in, out;
	char bytes[32];
	int waits = channel.guest >= 0, most = wake_pipe[0];

	(void)awake;
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(wake_pipe[0], &in);
	if (waits)
		FD_SET(channel.parent, &out);
	else
		FD_SET(listener, &in);
	if (waits && channel.parent > most)
		most = channel.parent;
	if (!waits && listener > most)
		most = listener;
	if (select(most + 1, &in, &out, NULL, NULL) < 0)
		return errno == EINTR ? 0 : -1;
	while (read(wake_pipe[0], bytes, sizeof bytes) > 0)
		;
	if (!waits && FD_ISSET(listener, &in) && greet(listener) < 0)
		return -1;
	if (channel.guest < 0)
		return 0;
	if (send_descriptor(channel.parent, channel.guest) == 0) {
		close(channel.guest);
		channel.guest = -1;
	} else if (errno != EAGAIN)
		return -1;
	return 0;
}
