/* turn_file.c - one byte of a file of tmpfile(); accept() again while it has the turn. */
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

static FILE *file;

int
turn_open(int listener, size_t n)
{
	(void)listener;
	(void)n;
	file = tmpfile(); /* open, and without a name */
	return file == NULL ? -1 : 0;
}

static int
lock_byte(short type)
{
	struct flock byte = {.l_type = type, .l_whence = SEEK_SET, .l_start = 7, .l_len = 1};

	return fcntl(fileno(file), F_SETLKW, &byte);
}

int
turn_next(int listener, size_t child)
{
	int fd, error;

	(void)child;
	while (lock_byte(F_WRLCK) != 0)
		if (errno != EINTR)
			return -1;
	do
		fd = accept(listener, NULL, NULL);
	while (fd < 0 && (errno == EINTR || errno == EAGAIN));
	error = errno;
	while (lock_byte(F_UNLCK) != 0)
		if (errno != EINTR)
			break;
	errno = error;
	return fd;
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
