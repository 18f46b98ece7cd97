/* service.c - SIGCHLD is read from a descriptor, beside the listening socket. See service.h. */
#define _GNU_SOURCE
#include "service.h"
#include "accepting.h"
#include "listener.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct server {
	int listener, ends, both, alone; /* both: epoll of the two; alone: of ends */
	bool crowded;
	struct sigaction callers;
	sigset_t mask;
};

static int
watch(int epoll, int fd)
{
	struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
}

/* SIGCHLD is blocked from here on; ignored it would never be pending. */
static int
open_all(struct server *s)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};
	sigset_t chld;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	s->both = epoll_create1(EPOLL_CLOEXEC);
	s->alone = epoll_create1(EPOLL_CLOEXEC);
	s->ends = signalfd(-1, &chld, SFD_NONBLOCK | SFD_CLOEXEC);
	if (s->both < 0 || s->alone < 0 || s->ends < 0 || watch(s->both, s->ends) < 0 ||
	    watch(s->both, s->listener) < 0 || watch(s->alone, s->ends) < 0)
		return -1;
	if (fcntl(s->listener, F_SETFL, O_NONBLOCK) < 0)
		return -1;
	sigprocmask(SIG_BLOCK, &chld, &s->mask);
	return sigaction(SIGCHLD, &usual, &s->callers);
}

static void
close_all(const struct server *s)
{
	close(s->listener);
	close(s->ends);
	close(s->both);
	close(s->alone);
}

static void
take_ends(struct server *s)
{
	struct signalfd_siginfo told;
	siginfo_t info;

	while (read(s->ends, &told, sizeof told) > 0)
		;
	for (;;) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) < 0 || info.si_pid == 0)
			return;
		s->crowded = false;
	}
}

static void
serve_one(struct server *s, int fd, session_handler *handler, int argc, char *argv[])
{
	sigset_t interrupt;
	pid_t pid;

	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	sigprocmask(SIG_BLOCK, &interrupt, NULL);
	pid = fork();
	if (pid == 0) {
		close_all(s);
		signal(SIGINT, SIG_DFL);
		sigaction(SIGCHLD, &s->callers, NULL);
		sigprocmask(SIG_SETMASK, &s->mask, NULL);
		handler(fd, argc, argv);
		_exit(0);
	}
	if (pid < 0)
		dprintf(2, "%s: fork: %s\n", argv[0], strerror(errno));
	sigprocmask(SIG_UNBLOCK, &interrupt, NULL);
	if (sigismember(&s->mask, SIGINT))
		sigprocmask(SIG_BLOCK, &interrupt, NULL);
	close(fd);
}

/* Something has come in at the door: an errno when that is the end, otherwise 0. */
static int
open_door(struct server *s, session_handler *handler, int argc, char *argv[])
{
	int fd = accept4(s->listener, NULL, NULL, 0);

	if (fd >= 0) {
		serve_one(s, fd, handler, argc, argv);
		return 0;
	}
	if (errno == EAGAIN)
		return 0;
	switch (after_accept(errno)) {
	case ACCEPT_NEXT:
		return 0;
	case ACCEPT_LATER:
		s->crowded = true;
		return 0;
	default:
		return errno;
	}
}

int
run_service(const char *hostport, session_handler *handler, int argc, char *argv[])
{
	struct server s = {
	    .listener = open_listener(hostport), .ends = -1, .both = -1, .alone = -1};
	int error = 0;

	if (s.listener < 0)
		return -1;
	if (say_ready(argv[0], s.listener) < 0 || open_all(&s) < 0) {
		error = errno;
		close_all(&s);
		errno = error;
		return -1;
	}
	while (error == 0) {
		struct epoll_event e;
		int n = s.crowded ? epoll_wait(s.alone, &e, 1, ACCEPT_PAUSE * 1000)
				  : epoll_wait(s.both, &e, 1, -1);

		if (n == 0)
			s.crowded = false;
		if (n > 0 && e.data.fd == s.ends)
			take_ends(&s);
		else if (n > 0)
			error = open_door(&s, handler, argc, argv);
	}
	close_all(&s);
	sigaction(SIGCHLD, &s.callers, NULL);
	sigprocmask(SIG_SETMASK, &s.mask, NULL);
	errno = error;
	return -1;
}
