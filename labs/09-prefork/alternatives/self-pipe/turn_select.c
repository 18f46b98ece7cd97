/* turn_select.c - pselect() without a timeout. */
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

extern int wake_pipe[2];

int
turn_open(int listener, size_t n)
{
	int flags;

	(void)n;
	if ((flags = fcntl(listener, F_GETFL, 0)) == -1)
		return -1;
	return fcntl(listener, F_SETFL, flags | O_NONBLOCK) == -1 ? -1 : 0;
}

int
turn_next(int listener, size_t child)
{
	(void)child;
	for (;;) {
		fd_set someone;
		int fd;

		FD_ZERO(&someone);
		FD_SET(listener, &someone);
		if (pselect(listener + 1, &someone, NULL, NULL, NULL, NULL) != 1)
			return -1; /* after EINTR it is called again */
		if ((fd = accept(listener, NULL, NULL)) >= 0 || errno != EAGAIN)
			return fd;
	}
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
