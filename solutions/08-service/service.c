/* service.c - a server with one process per session. See service.h. */
#include "service.h"
#include "accepting.h"
#include "listener.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* STUDENT: what has to be remembered, and functions for the parts of the work */
struct service {
	int listener;
	session_handler *handler;
	int argc;
	char **argv;
	struct sigaction callers_sigchld; /* what the caller had, and every session gets back */
	sigset_t callers_mask;
};

/* Has a session's process ended since serve() has last set it to 0? */
static volatile sig_atomic_t has_ended;

/*
 * Several may have ended, but a signal that is pending already does not become two: take all
 * there are. The program that we interrupt must not see our errno.
 */
static void
take_ended(int signal)
{
	int callers_errno = errno;

	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		has_ended = 1;
	errno = callers_errno;
}

/*
 * The caller may have ignored or blocked SIGCHLD. sigaction() and sigprocmask() fail only when
 * their arguments are wrong: not here, and not below.
 */
static void
let_sigchld_in(struct service *s)
{
	struct sigaction action = {
	    .sa_handler = take_ended,
	    .sa_flags = SA_RESTART | SA_NOCLDSTOP,
	};
	sigset_t sigchld;

	sigemptyset(&action.sa_mask);
	sigaction(SIGCHLD, &action, &s->callers_sigchld);
	sigemptyset(&sigchld);
	sigaddset(&sigchld, SIGCHLD);
	sigprocmask(SIG_UNBLOCK, &sigchld, &s->callers_mask);
}

static void
give_sigchld_back(const struct service *s)
{
	sigprocmask(SIG_SETMASK, &s->callers_mask, NULL);
	sigaction(SIGCHLD, &s->callers_sigchld, NULL);
}

static void
block_all(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, before);
}

/* The child's whole life. All signals are blocked when it begins. */
static _Noreturn void
be_session(const struct service *s, int fd)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};

	sigemptyset(&usual.sa_mask);
	close(s->listener);
	sigaction(SIGINT, &usual, NULL);
	sigaction(SIGCHLD, &s->callers_sigchld, NULL);
	sigprocmask(SIG_SETMASK, &s->callers_mask, NULL);
	s->handler(fd, s->argc, s->argv);
	_exit(EXIT_SUCCESS); /* exit() would write the parent's buffers once more */
}

/*
 * A signal that came before the child has put its actions right would run a handler of the
 * server's there: none comes until then.
 */
static void
start_session(const struct service *s, int fd)
{
	sigset_t before;
	pid_t pid;

	block_all(&before);
	pid = fork();
	if (pid == 0)
		be_session(s, fd);
	if (pid < 0)
		fprintf(stderr, "%s: fork: %s\n", s->argv[0], strerror(errno));
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(fd); /* the child has its own: ours would keep the connection open */
}

/*
 * Until a session has ended or the pause is over. Signals come in only while we sleep, so that
 * no end is missed between the question and the sleep.
 */
static void
wait_for_room(void)
{
	const struct timespec pause = {.tv_sec = ACCEPT_PAUSE};
	sigset_t before;

	block_all(&before);
	if (!has_ended)
		pselect(0, NULL, NULL, NULL, &pause, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

/* Returns only when accept() fails for good, with its errno. */
static void
serve(const struct service *s)
{
	for (;;) {
		enum after_accept what = ACCEPT_NEXT;
		int fd;

		has_ended = 0;
		fd = accept(s->listener, NULL, NULL);
		if (fd < 0)
			what = after_accept(errno);
		else
			start_session(s, fd);
		if (what == ACCEPT_NEVER)
			return;
		if (what == ACCEPT_LATER)
			wait_for_room();
	}
}
/* END */

int
run_service(const char *hostport, session_handler *handler, int argc, char *argv[])
{
	/* STUDENT: open, say so, let SIGCHLD in, serve; and put everything back after a failure */
	struct service s = {.handler = handler, .argc = argc, .argv = argv};
	int error;

	s.listener = open_listener(hostport);
	if (s.listener < 0)
		return -1;
	if (say_ready(argv[0], s.listener) == 0) {
		let_sigchld_in(&s);
		serve(&s);
		give_sigchld_back(&s);
	}
	error = errno;
	close(s.listener);
	errno = error;
	return -1;
	/* INSTEAD
	(void)hostport;
	(void)handler;
	(void)argc;
	(void)argv;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
