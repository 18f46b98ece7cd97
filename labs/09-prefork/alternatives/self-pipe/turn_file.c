/* turn_file.c - each child opens the file for itself: a lock of its own open file. */
#define _GNU_SOURCE /* F_OFD_SETLKW */
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

extern int wake_pipe[2];

static int shared_file, own_file = -1;

int
turn_open(int listener, size_t n)
{
	char name[] = "/tmp/turnXXXXXX";

	(void)listener;
	(void)n;
	shared_file = mkstemp(name);
	if (shared_file < 0)
		return -1;
	return unlink(name);
}

static int
set_lock(int kind)
{
	struct flock whole = {0};

	whole.l_type = (short)kind;
	whole.l_whence = SEEK_SET;
	while (fcntl(own_file, F_OFD_SETLKW, &whole) != 0)
		if (errno != EINTR)
			return -1;
	return 0;
}

int
turn_next(int listener, size_t child)
{
	char name[64];
	int fd, error;

	(void)child;
	if (own_file < 0) {
		snprintf(name, sizeof name, "/proc/self/fd/%d", shared_file);
		own_file = open(name, O_RDWR);
		if (own_file < 0)
			return -1;
	}
	if (set_lock(F_WRLCK) < 0)
		return -1;
	fd = accept(listener, NULL, NULL);
	error = errno;
	set_lock(F_UNLCK);
	errno = error;
	return fd;
}

int
turn_watch(int listener, const sigset_t *awake)
{
	char bytes[64];
	fd_set set;

	(void)listener;
	(void)awake;
	FD_ZERO(&set);
	FD_SET(wake_pipe[0], &set);
	if (select(wake_pipe[0] + 1, &set, NULL, NULL, NULL) > 0)
		while (read(wake_pipe[0], bytes, sizeof bytes) > 0)
			;
	return 0;
}

pid_t
turn_fork(int listener, size_t child)
{
	pid_t pid = fork();

	(void)listener;
	(void)child;
	return pid;
}
