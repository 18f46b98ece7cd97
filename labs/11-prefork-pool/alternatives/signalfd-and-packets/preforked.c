/*
 * preforked.c - signalfd() in the server and in each child; the server ends its children by
 * closing a socket that each of them has the other end of.
 */
#define _GNU_SOURCE
#include "preforked.h"
#include "listener.h"
#include "waiting.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
	pid_t pid;
	int line; /* to the child: closed, it is to end */
};

struct work {
	int listener, signals_fd;
	session_handler *handler;
	int argc;
	char **argv;
	struct signals signals;
	unsigned n;
	struct place places[READY_MAX];
};

static void
forget(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Returns the child's end of a line in the child, 0 in the parent (with the other end in *line). */
static pid_t
fork_with_line(int *line, int *other)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) < 0)
		return -1;
	pid = fork();
	*line = ends[0];
	*other = ends[1];
	if (pid == 0) {
		forget(line);
	} else {
		int error = errno;

		forget(other);
		if (pid < 0)
			forget(line);
		errno = error;
	}
	return pid;
}

static _Noreturn void
wait_and_serve(struct work *w, int line)
{
	int fd;

	close(w->signals_fd);
	be_ready_for_sessions(&w->signals);
	fd = next_client(w->listener, line);
	close(w->listener);
	close(line);
	if (fd >= 0)
		w->handler(fd, w->argc, w->argv);
	_exit(0);
}

static void
bury(struct work *w)
{
	struct signalfd_siginfo info;

	(void)!read(w->signals_fd, &info, sizeof info);
	(void)w;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static _Noreturn void
child(struct work *w, int line)
{
	sigset_t only, mask = w->signals.callers;
	struct pollfd fds[3];
	int spare = -1, other = -1;

	for (unsigned i = 0; i < w->n; i++)
		forget(&w->places[i].line);
	close(w->signals_fd);
	sigemptyset(&only);
	sigaddset(&only, SIGCHLD);
	w->signals_fd = signalfd(-1, &only, SFD_NONBLOCK);
	sigdelset(&mask, SIGINT);
	sigdelset(&mask, SIGTERM);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	do {
		if (spare < 0 && fork_with_line(&spare, &other) == 0) {
			close(line);
			wait_and_serve(w, other);
		}
		fds[0] = (struct pollfd){.fd = line, .events = POLLIN};
		fds[1] = (struct pollfd){.fd = w->signals_fd, .events = POLLIN};
		fds[2] = (struct pollfd){.fd = spare, .events = POLLIN};
		poll(fds, 3, spare < 0 ? PAUSE_S * 1000 : -1);
		if (fds[1].revents)
			bury(w);
		if (fds[2].revents)
			forget(&spare);
	} while (fds[0].revents == 0);
	forget(&spare);
	close(w->listener);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	_exit(0);
}

static int
make_children(struct work *w)
{
	for (struct place *p = w->places; p < w->places + w->n; p++) {
		int other;

		if (p->pid > 0)
			continue;
		p->pid = fork_with_line(&p->line, &other);
		if (p->pid == 0)
			child(w, other);
		if (p->pid < 0)
			return -1;
	}
	return 0;
}

static void
drop(struct work *w, pid_t pid)
{
	for (struct place *p = w->places; p < w->places + w->n; p++)
		if (p->pid == pid) {
			forget(&p->line);
			p->pid = 0;
		}
}

static void
run(struct work *w)
{
	struct pollfd fd = {.fd = w->signals_fd, .events = POLLIN};
	struct signalfd_siginfo info;
	int complete = 1;

	for (;;) {
		pid_t pid;

		poll(&fd, 1, complete ? -1 : PAUSE_S * 1000);
		while (read(fd.fd, &info, sizeof info) == sizeof info)
			if (info.ssi_signo != SIGCHLD)
				return;
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			drop(w, pid);
		complete = make_children(w) == 0;
	}
}

int
run_preforked_service(
    const char *hostport, session_handler *handler, unsigned n, int argc, char *argv[])
{
	struct work w = {.handler = handler, .argc = argc, .argv = argv, .n = n};
	int result = -1, error;

	errno = EINVAL;
	w.listener = n - 1 < READY_MAX ? open_for_many(hostport) : -1;
	if (w.listener < 0)
		return -1;
	for (unsigned i = 0; i < n; i++)
		w.places[i].line = -1;
	take_signals(&w.signals);
	w.signals_fd = signalfd(-1, &w.signals.awake, SFD_NONBLOCK);
	if (w.signals_fd >= 0 && make_children(&w) == 0 && say_ready(argv[0], w.listener) == 0) {
		run(&w);
		result = 0;
	}
	error = errno;
	forget(&w.listener);
	for (unsigned i = 0; i < n; i++)
		forget(&w.places[i].line);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	forget(&w.signals_fd);
	give_signals_back(&w.signals);
	errno = error;
	return result;
}
