/* service.c - one thread accepts and forks, another waits for whom the first has forked. */
#include "service.h"
#include "accepting.h"
#include "listener.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Under the mutex: how many were made, how many of them have ended. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned long made, ended;
static bool over;

/* There is somebody to wait for; false: the server is over. */
static bool
has_children(void)
{
	bool some;

	pthread_mutex_lock(&mutex);
	while (made == ended && !over)
		pthread_cond_wait(&changed, &mutex);
	some = !over;
	pthread_mutex_unlock(&mutex);
	return some;
}

static void *
wait_for_all(void *nothing)
{
	while (has_children()) {
		if (wait(NULL) < 0)
			continue;
		pthread_mutex_lock(&mutex);
		ended++;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&mutex);
	}
	return nothing;
}

static void
count_one(void)
{
	pthread_mutex_lock(&mutex);
	made++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
}

static unsigned long
have_ended(void)
{
	unsigned long n;

	pthread_mutex_lock(&mutex);
	n = ended;
	pthread_mutex_unlock(&mutex);
	return n;
}

/* Until more than these have ended, or the pause is over. */
static void
wait_for_room(unsigned long before)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ACCEPT_PAUSE;
	pthread_mutex_lock(&mutex);
	while (ended == before && pthread_cond_timedwait(&changed, &mutex, &until) == 0)
		;
	pthread_mutex_unlock(&mutex);
}

struct callers {
	struct sigaction sigchld;
	sigset_t mask;
	pthread_t thread;
};

static int
begin(struct callers *c)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};
	sigset_t all;
	int error;

	made = ended = 0;
	over = false;
	sigemptyset(&usual.sa_mask);
	sigaction(SIGCHLD, &usual, &c->sigchld);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &c->mask);
	error = pthread_create(&c->thread, NULL, wait_for_all, NULL);
	pthread_sigmask(SIG_SETMASK, &c->mask, NULL);
	return error;
}

/* The thread may be in wait(), for sessions that still run. */
static void
finish(struct callers *c)
{
	pthread_mutex_lock(&mutex);
	over = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
	if (made > have_ended())
		pthread_cancel(c->thread);
	pthread_join(c->thread, NULL);
	sigaction(SIGCHLD, &c->sigchld, NULL);
}

/* Returns an error number, or 0. */
static int
start(int listener, int fd, session_handler *handler, int argc, char *argv[], struct callers *c)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};
	sigset_t all;
	pid_t pid;
	int error;

	sigemptyset(&usual.sa_mask);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	pid = fork();
	error = errno;
	if (pid == 0) {
		close(listener);
		sigaction(SIGINT, &usual, NULL);
		sigaction(SIGCHLD, &c->sigchld, NULL);
		pthread_sigmask(SIG_SETMASK, &c->mask, NULL);
		handler(fd, argc, argv);
		_exit(0);
	}
	pthread_sigmask(SIG_SETMASK, &c->mask, NULL);
	if (pid > 0)
		count_one();
	return pid < 0 ? error : 0;
}

static int
serve(int listener, session_handler *handler, int argc, char *argv[], struct callers *c)
{
	for (;;) {
		unsigned long before = have_ended();
		int fd = accept(listener, NULL, NULL), error = errno;

		if (fd >= 0) {
			error = start(listener, fd, handler, argc, argv, c);
			if (error != 0)
				fprintf(stderr, "%s: %s\n", argv[0], strerror(error));
			close(fd);
			continue;
		}
		if (after_accept(error) == ACCEPT_NEVER)
			return error;
		if (after_accept(error) == ACCEPT_LATER)
			wait_for_room(before);
	}
}

int
run_service(const char *hostport, session_handler *handler, int argc, char *argv[])
{
	int listener = open_listener(hostport), error;
	struct callers callers = {0};

	if (listener < 0)
		return -1;
	error = say_ready(argv[0], listener) < 0 ? errno : begin(&callers);
	if (error == 0) {
		error = serve(listener, handler, argc, argv, &callers);
		finish(&callers);
	}
	close(listener);
	errno = error;
	return -1;
}
