/* turn_file.c - lockf() on a file that has never had a name. */
#define _GNU_SOURCE /* O_TMPFILE */
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

extern int prefork_signals;

static int file;

int
turn_open(int listener, size_t n)
{
	(void)listener, (void)n;
	file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
	return file < 0 ? -1 : 0;
}

int
turn_next(int listener, size_t child)
{
	int fd, error;

	(void)child;
	if (lockf(file, F_LOCK, 0) < 0)
		return -1; /* EINTR: called again */
	fd = accept(listener, NULL, NULL);
	error = errno;
	lockf(file, F_ULOCK, 0);
	errno = error;
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
