/* threaded.c - threads that are made detached; of a session only the descriptor is its own. */
#include "threaded.h"
#include "accepting.h"
#include "listener.h"
#include "service.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The same for all sessions, and there as long as the program: what the caller gave. */
static struct {
	session_handler *handler;
	int argc;
	char **argv;
} service;

static void *
session(void *number)
{
	int fd = (int)(intptr_t)number;

	service.handler(fd, service.argc, service.argv);
	close(fd);
	return NULL;
}

static void
start(int fd)
{
	pthread_attr_t how;
	pthread_t thread;
	sigset_t all, mask;
	int error;

	pthread_attr_init(&how);
	pthread_attr_setdetachstate(&how, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &mask);
	error = pthread_create(&thread, &how, session, (void *)(intptr_t)fd);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	pthread_attr_destroy(&how);
	if (error != 0) {
		fprintf(stderr, "no thread for a client: %s\n", strerror(error));
		close(fd);
	}
}

int
run_threaded_service(const char *hostport, session_handler *handler, int argc, char *argv[])
{
	int listener = open_listener(hostport), fd, error;

	if (listener < 0)
		return -1;
	service.handler = handler;
	service.argc = argc;
	service.argv = argv;
	if (say_ready(argv[0], listener) == 0) {
		for (;;) {
			fd = accept(listener, NULL, NULL);
			if (fd >= 0) {
				start(fd);
				continue;
			}
			if (after_accept(errno) == ACCEPT_NEVER)
				break;
			if (after_accept(errno) == ACCEPT_LATER)
				poll(NULL, 0, ACCEPT_PAUSE * 1000);
		}
	}
	error = errno;
	close(listener);
	errno = error;
	return -1;
}
