/*
 * Different: a POSIX timer instead of an interval timer. SIGALRM and SIGCHLD are
 * blocked except in sigsuspend(), and the handlers do nothing but wake it.
 */
#include "timeout.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t rang;

static void
on_signal(int signal)
{
	if (signal == SIGALRM)
		rang = 1;
}

struct saved {
	sigset_t mask;
	struct sigaction alarm, child;
	timer_t timer;
};

static int
prepare(struct saved *s)
{
	struct sigevent event;
	struct sigaction action;
	sigset_t two;

	memset(&event, 0, sizeof event);
	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = SIGALRM;
	if (timer_create(CLOCK_MONOTONIC, &event, &s->timer) < 0)
		return -1;
	memset(&action, 0, sizeof action);
	action.sa_handler = on_signal;
	sigfillset(&action.sa_mask);
	sigemptyset(&two);
	sigaddset(&two, SIGALRM);
	sigaddset(&two, SIGCHLD);
	sigprocmask(SIG_BLOCK, &two, &s->mask);
	sigaction(SIGALRM, &action, &s->alarm);
	sigaction(SIGCHLD, &action, &s->child);
	return 0;
}

static void
put_back(struct saved *s)
{
	struct sigaction ignore;
	int error = errno;

	timer_delete(s->timer);
	/* an alarm that is pending by now is forgotten with this */
	memset(&ignore, 0, sizeof ignore);
	ignore.sa_handler = SIG_IGN;
	sigaction(SIGALRM, &ignore, NULL);
	sigaction(SIGALRM, &s->alarm, NULL);
	sigaction(SIGCHLD, &s->child, NULL);
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
	errno = error;
}

static int
watch(struct saved *s, pid_t child, unsigned milliseconds, int *status)
{
	struct itimerspec when = {
	    .it_value = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000L}};
	sigset_t open = s->mask;
	bool killed = false;

	sigdelset(&open, SIGALRM);
	sigdelset(&open, SIGCHLD);
	rang = 0;
	timer_settime(s->timer, 0, &when, NULL);
	while (waitpid(child, status, WNOHANG) == 0) {
		if (rang && !killed) {
			kill(child, SIGKILL);
			killed = true;
		}
		sigsuspend(&open);
	}
	return killed;
}

int
run_with_timeout(char *const argv[], unsigned milliseconds, int *status)
{
	struct saved s;
	int result = -1;
	pid_t child;

	if (prepare(&s) < 0)
		return -1;
	child = fork();
	if (child == 0) {
		sigaction(SIGALRM, &s.alarm, NULL);
		sigaction(SIGCHLD, &s.child, NULL);
		sigprocmask(SIG_SETMASK, &s.mask, NULL);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (child > 0)
		result = watch(&s, child, milliseconds, status);
	put_back(&s);
	return result;
}
