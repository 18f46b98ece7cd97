/* threaded.c - the thread says when it has copied what it needs; until then nobody else comes. */
#include "threaded.h"
#include "accepting.h"
#include "listener.h"
#include "service.h"
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

struct order {
	int fd;
	session_handler *handler;
	int argc;
	char **argv;
	sem_t copied;
};

static void *
session(void *with)
{
	struct order *order = with;
	session_handler *handler = order->handler;
	int fd = order->fd, argc = order->argc;
	char **argv = order->argv;

	pthread_detach(pthread_self());
	sem_post(&order->copied); /* now it is somebody else's */
	handler(fd, argc, argv);
	close(fd);
	return NULL;
}

static void
give(struct order *order)
{
	sigset_t all, before;
	pthread_t thread;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, NULL, session, order);
	if (error == 0) {
		while (sem_wait(&order->copied) < 0)
			;
	} else {
		fprintf(stderr, "%s: %s\n", order->argv[0], strerror(error));
		close(order->fd);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Returns why it cannot go on. */
static int
serve(int listener, struct order *order)
{
	enum after_accept what;

	do {
		what = ACCEPT_NEXT;
		order->fd = accept(listener, NULL, NULL);
		if (order->fd >= 0)
			give(order);
		else
			what = after_accept(errno);
		if (what == ACCEPT_LATER)
			select(0, NULL, NULL, NULL, &(struct timeval){.tv_sec = ACCEPT_PAUSE});
	} while (what != ACCEPT_NEVER);
	return errno;
}

int
run_threaded_service(const char *hostport, session_handler *handler, int argc, char *argv[])
{
	struct order order = {.handler = handler, .argc = argc, .argv = argv};
	int listener = open_listener(hostport), error;

	if (listener < 0)
		return -1;
	sem_init(&order.copied, 0, 0);
	error = say_ready(argv[0], listener) < 0 ? errno : serve(listener, &order);
	sem_destroy(&order.copied);
	close(listener);
	errno = error;
	return -1;
}
