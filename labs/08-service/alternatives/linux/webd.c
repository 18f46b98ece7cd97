/* webd.c - the handler only wakes a thread, which does what no handler may do. */
#include "webd.h"
#include "cputime.h"
#include "web.h"
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static sem_t interrupted;

static void
wake(int signal)
{
	(void)signal;
	sem_post(&interrupted);
}

static void *
wait_for_the_end(void *nothing)
{
	while (sem_wait(&interrupted) < 0)
		;
	report_cpu_time(STDOUT_FILENO);
	_exit(0);
	return nothing;
}

static void
serve(int fd, int argc, char *argv[])
{
	web_session(fd);
	(void)argc;
	(void)argv;
}

/* The thread is for itself: handlers run in the main thread. */
static int
be_ready(void)
{
	struct sigaction action = {.sa_handler = wake, .sa_flags = SA_RESTART};
	sigset_t all, before;
	pthread_t thread;
	int error;

	sem_init(&interrupted, 0, 0);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	error = pthread_create(&thread, NULL, wait_for_the_end, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	sigemptyset(&action.sa_mask);
	return error == 0 ? sigaction(SIGINT, &action, NULL) : -1;
}

int
webd(const char *name, server *run, int argc, char *argv[])
{
	char own[32];

	if (argc != 2)
		return fprintf(stderr, "usage: %s HOST:PORT\n", name) < 0 ? 1 : 2;
	snprintf(own, sizeof own, "%s", name);
	argv[0] = own;
	if (be_ready() == 0)
		run(argv[1], serve, argc, argv);
	perror(own);
	return 1;
}
