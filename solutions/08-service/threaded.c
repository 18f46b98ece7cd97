/* threaded.c - a server with one thread per session. See threaded.h. */
#include "threaded.h"
#include "accepting.h"
#include "listener.h"
#include "service.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* STUDENT: what a thread has to know, and functions for the parts of the work */
/* Everything that a session needs: each has its own, and outlives whoever has started it. */
struct session {
	int fd;
	session_handler *handler;
	int argc;
	char **argv;
};

static void *
be_session(void *with)
{
	struct session own = *(struct session *)with;

	free(with);
	own.handler(own.fd, own.argc, own.argv);
	close(own.fd);
	return NULL;
}

/* A thread inherits the mask of whoever makes it. Returns 0 or an error number. */
static int
start_thread(struct session *session)
{
	sigset_t all, before;
	pthread_t thread;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, NULL, be_session, session);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error == 0)
		pthread_detach(thread); /* nobody will ask what became of it */
	return error;
}

/* With the address of a variable of ours, the next client would be there before the thread. */
static void
start_session(const struct session *model, int fd)
{
	struct session *session = malloc(sizeof *session);
	int error = ENOMEM;

	if (session != NULL) {
		*session = *model;
		session->fd = fd;
		error = start_thread(session);
	}
	if (error == 0)
		return; /* the connection and the memory are the thread's now */
	fprintf(stderr, "%s: pthread_create: %s\n", model->argv[0], strerror(error));
	free(session);
	close(fd);
}

/* Returns only when accept() fails for good, with its errno. */
static void
serve(int listener, const struct session *model)
{
	const struct timespec pause = {.tv_sec = ACCEPT_PAUSE};

	for (;;) {
		enum after_accept what = ACCEPT_NEXT;
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			what = after_accept(errno);
		else
			start_session(model, fd);
		if (what == ACCEPT_NEVER)
			return;
		if (what == ACCEPT_LATER)
			nanosleep(&pause, NULL); /* a signal may end it: one more try */
	}
}
/* END */

int
run_threaded_service(const char *hostport, session_handler *handler, int argc, char *argv[])
{
	/* STUDENT: open, say so, serve; and close after a failure */
	const struct session model = {.handler = handler, .argc = argc, .argv = argv};
	int listener = open_listener(hostport), error;

	if (listener < 0)
		return -1;
	if (say_ready(argv[0], listener) == 0)
		serve(listener, &model);
	error = errno;
	close(listener);
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
