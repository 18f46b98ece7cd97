/* turn_none.c - accept(), with the address of the client. */
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
	return n > 0 && listener >= 0 ? 0 : -1;
}

int
turn_next(int listener, size_t child)
{
	struct sockaddr_storage client;
	socklen_t size = sizeof client;

	(void)child;
	return accept(listener, (struct sockaddr *)&client, &size);
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
