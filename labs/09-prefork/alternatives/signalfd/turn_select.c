/* turn_select.c - poll() in place of select(). */
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

extern int prefork_signals;

int
turn_open(int listener, size_t n)
{
	int flags = fcntl(listener, F_GETFL);

	(void)n;
	return flags < 0 ? -1 : fcntl(listener, F_SETFL, O_NONBLOCK | flags);
}

int
turn_next(int listener, size_t child)
{
	struct pollfd set = {.fd = listener, .events = POLLIN};
	int fd;

	(void)child;
	while ((fd = accept(listener, NULL, NULL)) < 0 && errno == EAGAIN)
		if (poll(&set, 1, -1) < 0)
			return -1;
	return fd;
}

pid_t
turn_fork(int listener, size_t child)
{
	(void)listener, (void)child;
	return fork();
}

int
turn_watch(int listener, const sigset_t *awake)
{
	struct pollfd one = {.fd = prefork_signals, .events = POLLIN};

	(void)listener, (void)awake;
	return poll(&one, 1, -1) < 0 && errno != EINTR ? -1 : 0;
}
