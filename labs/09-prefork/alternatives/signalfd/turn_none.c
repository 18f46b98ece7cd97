/* turn_none.c - accept() and nothing else. */
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
	(void)listener, (void)n;
	return 0;
}

int
turn_next(int listener, size_t child)
{
	(void)child;
	return accept(listener, NULL, NULL);
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
