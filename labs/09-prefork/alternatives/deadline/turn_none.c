/* turn_none.c - accept4() without any flag. */
#define _GNU_SOURCE /* ppoll() */
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

const struct timespec *patience(void);

int
turn_open(int listener, size_t n)
{
	return listener < 0 || n == 0 ? -1 : 0;
}

int
turn_next(int listener, size_t child)
{
	(void)child;
	return accept4(listener, NULL, NULL, 0);
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
