/* turn_select.c - select() with a set that is made once. */
#define _GNU_SOURCE /* ppoll() */
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

const struct timespec *patience(void);

static fd_set only_the_listener;

int
turn_open(int listener, size_t n)
{
	int flags = fcntl(listener, F_GETFL);

	(void)n;
	FD_ZERO(&only_the_listener);
	FD_SET(listener, &only_the_listener);
	if (flags < 0)
		return -1;
	return (flags & O_NONBLOCK) != 0 ? 0 : fcntl(listener, F_SETFL, flags | O_NONBLOCK);
}

int
turn_next(int listener, size_t child)
{
	fd_set ready = only_the_listener;
	int n = select(listener + 1, &ready, NULL, NULL, NULL);

	(void)child;
	if (n < 0)
		return -1;
	if (!FD_ISSET(listener, &ready)) {
		errno = EAGAIN;
		return -1;
	}
	return accept(listener, NULL, NULL);
}

int
turn_watch(int listener, const sigset_t *awake)
{
	(void)listener;
	ppoll(NULL, 0, patience(), awake);
	return 0;
}

pid_t
turn_fork(int listener, size_t child)
{
	(void)listener;
	(void)child;
	fflush(NULL); /* nothing is written twice */
	return fork();
}
