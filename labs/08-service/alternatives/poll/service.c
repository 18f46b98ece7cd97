/* service.c - SIGCHLD only wakes; the loop itself waits for the children. See service.h. */
#define _GNU_SOURCE /* ppoll() */
#include "service.h"
#include "accepting.h"
#include "listener.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void
wake(int signal)
{
	(void)signal;
}

/* Everybody who has ended; true when there was somebody. */
static bool
reap(void)
{
	bool somebody = false;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		somebody = true;
	return somebody;
}

static void
start(int listener, int fd, session_handler *handler, int argc, char *argv[],
    const struct sigaction *callers, const sigset_t *mask)
{
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	switch (fork()) {
	case -1:
		fprintf(stderr, "no process for a client: %s\n", strerror(errno));
		break;
	case 0:
		signal(SIGINT, SIG_DFL);
		sigaction(SIGCHLD, callers, NULL);
		close(listener);
		sigprocmask(SIG_SETMASK, mask, NULL);
		handler(fd, argc, argv);
		_exit(0);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(fd);
}

int
run_service(const char *hostport, session_handler *handler, int argc, char *argv[])
{
	struct sigaction waking = {.sa_handler = wake}, callers;
	struct pollfd door = {.fd = open_listener(hostport), .events = POLLIN};
	const struct timespec pause = {.tv_sec = ACCEPT_PAUSE};
	sigset_t mask, open, chld;
	bool crowded = false;
	int error;

	if (door.fd < 0)
		return -1;
	if (say_ready(argv[0], door.fd) < 0 || fcntl(door.fd, F_SETFL, O_NONBLOCK) < 0) {
		error = errno;
		close(door.fd);
		errno = error;
		return -1;
	}
	sigemptyset(&waking.sa_mask);
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, &mask);
	sigaction(SIGCHLD, &waking, &callers);
	open = mask;
	sigdelset(&open, SIGCHLD);
	for (;;) {
		int fd, n;

		if (reap())
			crowded = false;
		n = ppoll(&door, crowded ? 0 : 1, crowded ? &pause : NULL, &open);
		if (n == 0)
			crowded = false;
		if (n <= 0)
			continue;
		fd = accept(door.fd, NULL, NULL);
		error = errno;
		if (fd >= 0)
			start(door.fd, fd, handler, argc, argv, &callers, &mask);
		else if (after_accept(error) == ACCEPT_NEVER)
			break;
		else if (after_accept(error) == ACCEPT_LATER)
			crowded = true;
	}
	close(door.fd);
	sigaction(SIGCHLD, &callers, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	errno = error;
	return -1;
}
