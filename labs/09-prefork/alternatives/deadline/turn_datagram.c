/* turn_datagram.c - sendmsg() fails rather than waits; ppoll() asks for one of two things. */
#define _GNU_SOURCE
#include "pass.h"
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

const struct timespec *patience(void);

enum { MINE, THEIRS };
static int channel[2];
static int in_hand;

static bool
set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags != -1 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) != -1;
}

int
turn_open(int listener, size_t n)
{
	static const int small = 1;

	(void)n;
	if (!set_nonblocking(listener) || socketpair(AF_UNIX, SOCK_DGRAM, 0, channel) == -1 ||
	    !set_nonblocking(channel[MINE]))
		return -1;
	return setsockopt(channel[MINE], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
}

pid_t
turn_fork(int listener, size_t child)
{
	pid_t pid = fork();

	(void)child;
	if (pid == 0) {
		close(channel[MINE]);
		close(listener);
		if (in_hand > 0)
			close(in_hand);
	}
	return pid;
}

int
turn_next(int listener, size_t child)
{
	int fd;

	(void)listener;
	(void)child;
	do
		fd = receive_descriptor(channel[THEIRS]);
	while (fd < 0 && errno == EBADMSG);
	return fd;
}

int
turn_watch(int listener, const sigset_t *awake)
{
	struct pollfd set[2] = {{.fd = in_hand > 0 ? -1 : listener, .events = POLLIN},
	    {.fd = in_hand > 0 ? channel[MINE] : -1, .events = POLLOUT}};
	int n = ppoll(set, 2, patience(), awake);

	if (n <= 0)
		return n == 0 || errno == EINTR ? 0 : -1;
	if (set[0].revents != 0) {
		in_hand = accept(listener, NULL, NULL);
		if (in_hand < 0) {
			in_hand = 0;
			return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED ||
				       errno == EPROTO
				   ? 0
				   : -1;
		}
	}
	if (send_descriptor(channel[MINE], in_hand) < 0)
		return errno == EAGAIN ? 0 : -1;
	close(in_hand);
	in_hand = 0;
	return 0;
}
