/* preforked.c - always n processes are ready for a client. See preforked.h. */
#include "preforked.h"
#include "listener.h"
#include "waiting.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* STUDENT: what has to be remembered, and functions for server, child and grandchild */
struct service {
	int listener;
	int life[2]; /* a pipe; its writing end is the server's alone, and dies with it */
	session_handler *handler;
	int argc;
	char **argv;
	unsigned n;
	pid_t children[READY_MAX]; /* 0: missing */
	struct signals signals;
};

/* ---- the grandchild: waits for one client and serves it ---- */

static _Noreturn void
be_grandchild(const struct service *s, int channel)
{
	int fd;

	close(s->life[0]);
	be_ready_for_sessions(&s->signals);
	fd = next_client(s->listener, channel);
	close(s->listener);
	close(channel); /* tells the child: we are busy, or end */
	if (fd >= 0)
		s->handler(fd, s->argc, s->argv);
	_exit(EXIT_SUCCESS); /* exit() would write the caller's buffers once more */
}

/* ---- the child: sees to it that one grandchild waits ---- */

/*
 * Makes a grandchild that waits. Returns our end of the channel to it, whose other end it
 * alone has; or -1. When one of us two is gone, the other sees the end.
 */
static int
make_grandchild(const struct service *s)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		be_grandchild(s, ends[1]);
	}
	close(ends[1]);
	if (pid > 0)
		return ends[0];
	close(ends[0]);
	return -1;
}

static void
reap_sessions(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

/*
 * Sleeps until nobody waits at the channel any more; without one, until it is worth while to
 * try again. Returns 0, or -1 when the server is gone.
 */
static int
wait_until_busy(const struct service *s, int channel)
{
	struct pollfd fds[] = {
	    {.fd = s->life[0], .events = POLLIN}, {.fd = channel, .events = POLLIN}};

	for (;;) {
		bool ready = sleep_until(&s->signals, fds, 2, channel < 0 ? PAUSE_MS : -1);

		reap_sessions();
		if (ready && fds[0].revents != 0)
			return -1;
		if (ready || channel < 0)
			return 0;
	}
}

/* Its last sessions run to their end; it ends with them. */
static _Noreturn void
be_child(struct service *s)
{
	int channel = -1, result = 0;

	close(s->life[1]);
	release_stop_signals(&s->signals);
	while (result == 0) {
		channel = make_grandchild(s);
		result = wait_until_busy(s, channel);
		if (channel >= 0)
			close(channel); /* whoever still waits there sees it, and ends */
	}
	close(s->listener);
	while (waitpid(-1, NULL, 0) != -1 || errno == EINTR)
		;
	_exit(EXIT_SUCCESS);
}

/* ---- the server: sees to it that there are n children ---- */

/* Returns 0, or -1 with errno: then some are missing. */
static int
make_children(struct service *s)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (s->children[i] != 0)
			continue;
		pid_t pid = fork();

		if (pid == 0)
			be_child(s);
		if (pid < 0)
			return -1;
		s->children[i] = pid;
	}
	return 0;
}

static void
reap_children(struct service *s)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (unsigned i = 0; i < s->n; i++)
			if (s->children[i] == pid)
				s->children[i] = 0;
}

static void
serve(struct service *s)
{
	while (!is_stopping()) {
		reap_children(s);
		sleep_until(&s->signals, NULL, 0, make_children(s) < 0 ? PAUSE_MS : -1);
	}
}

/* All see the end of the pipe, and nobody can come any more; who has a client takes his time. */
static void
end_children(struct service *s)
{
	close(s->listener);
	close(s->life[0]);
	close(s->life[1]);
	while (waitpid(-1, NULL, 0) != -1 || errno == EINTR)
		;
}

static int
open_service(struct service *s, const char *hostport)
{
	int error;

	s->listener = open_for_many(hostport);
	if (s->listener < 0)
		return -1;
	if (pipe(s->life) == 0)
		return 0;
	error = errno;
	close(s->listener);
	errno = error;
	return -1;
}
/* END */

int
run_preforked_service(
    const char *hostport, session_handler *handler, unsigned n, int argc, char *argv[])
{
	/* STUDENT: listen, make the children, say so, serve, and put everything back */
	struct service s = {.handler = handler, .argc = argc, .argv = argv, .n = n};
	int result = -1, error;

	if (n == 0 || n > READY_MAX) {
		errno = EINVAL;
		return -1;
	}
	if (open_service(&s, hostport) < 0)
		return -1;
	take_signals(&s.signals);
	if (make_children(&s) == 0 && say_ready(argv[0], s.listener) == 0) {
		serve(&s);
		result = 0;
	}
	error = errno;
	end_children(&s);
	give_signals_back(&s.signals);
	errno = error;
	return result;
	/* INSTEAD
	(void)hostport;
	(void)handler;
	(void)n;
	(void)argc;
	(void)argv;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
