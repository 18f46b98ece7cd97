/* threaded.c - with <threads.h>, whose functions say little about why they fail. */
#include "threaded.h"
#include "accepting.h"
#include "listener.h"
#include "service.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <threads.h>
#include <unistd.h>

struct job {
	session_handler *handler;
	char **argv;
	int argc, fd;
};

static int
work(void *mine)
{
	struct job job = *(struct job *)mine;

	thrd_detach(thrd_current());
	free(mine);
	job.handler(job.fd, job.argc, job.argv);
	return close(job.fd);
}

static int
employ(const struct job *job)
{
	struct job *copy = malloc(sizeof *copy);
	thrd_t thread;

	if (copy == NULL)
		return thrd_nomem;
	*copy = *job;
	if (thrd_create(&thread, work, copy) == thrd_success)
		return thrd_success;
	free(copy);
	return thrd_error;
}

int
run_threaded_service(const char *hostport, session_handler *handler, int argc, char *argv[])
{
	struct job job = {.handler = handler, .argc = argc, .argv = argv};
	int listener = open_listener(hostport), error = 0;
	sigset_t all, mask;

	if (listener < 0)
		return -1;
	sigfillset(&all);
	if (say_ready(argv[0], listener) < 0)
		error = errno;
	while (error == 0) {
		job.fd = accept(listener, NULL, NULL);
		if (job.fd >= 0) {
			sigprocmask(SIG_SETMASK, &all, &mask);
			if (employ(&job) != thrd_success) {
				fprintf(stderr, "%s: thread: %s\n", argv[0], strerror(EAGAIN));
				close(job.fd);
			}
			sigprocmask(SIG_SETMASK, &mask, NULL);
		} else if (after_accept(errno) == ACCEPT_LATER) {
			thrd_sleep(&(struct timespec){.tv_sec = ACCEPT_PAUSE}, NULL);
		} else if (after_accept(errno) == ACCEPT_NEVER) {
			error = errno;
		}
	}
	close(listener);
	errno = error;
	return -1;
}
