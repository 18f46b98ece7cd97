/*
 * Different: the handlers of both signals do all the work. SIGALRM kills, and
 * SIGCHLD looks whether our child has ended; between them the caller sleeps in
 * pselect().
 */
#include "timeout.h"

#include <errno.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
	volatile pid_t child; /* 0: has been reaped */
	volatile int status;
	volatile sig_atomic_t late;
} job;

static void
look_at_child(int signal)
{
	int error = errno, status;

	(void)signal;
	if (job.child > 0 && waitpid(job.child, &status, WNOHANG) == job.child) {
		job.status = status;
		job.child = 0;
	}
	errno = error;
}

static void
kill_child(int signal)
{
	int error = errno;

	(void)signal;
	if (job.child > 0) {
		job.late = 1;
		kill(job.child, SIGKILL);
	}
	errno = error;
}

int
run_with_timeout(char *const argv[], unsigned milliseconds, int *status)
{
	struct sigaction child = {.sa_handler = look_at_child, .sa_flags = SA_NOCLDSTOP};
	struct sigaction alarm = {.sa_handler = kill_child};
	struct sigaction old_child, old_alarm;
	struct itimerval timer = {{0, 0}, {0, 0}};
	sigset_t both, old, open;
	int error;

	sigemptyset(&both);
	sigaddset(&both, SIGCHLD);
	sigaddset(&both, SIGALRM);
	child.sa_mask = alarm.sa_mask = both;
	sigprocmask(SIG_BLOCK, &both, &old);
	sigaction(SIGCHLD, &child, &old_child);
	sigaction(SIGALRM, &alarm, &old_alarm);
	job.late = 0;
	job.child = fork();
	error = errno;
	if (job.child == 0) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (job.child > 0) {
		open = old;
		sigdelset(&open, SIGCHLD);
		sigdelset(&open, SIGALRM);
		timer.it_value.tv_sec = milliseconds / 1000;
		timer.it_value.tv_usec = (suseconds_t)(milliseconds % 1000) * 1000;
		setitimer(ITIMER_REAL, &timer, NULL);
		while (job.child > 0)
			pselect(0, NULL, NULL, NULL, NULL, &open);
		timer.it_value = timer.it_interval;
		setitimer(ITIMER_REAL, &timer, NULL);
		*status = job.status;
		/* a late alarm is still pending: our handler takes it and does nothing */
		while (sigpending(&open) == 0 && sigismember(&open, SIGALRM) == 1) {
			sigfillset(&open);
			sigdelset(&open, SIGALRM);
			sigsuspend(&open);
		}
	}
	sigaction(SIGALRM, &old_alarm, NULL);
	sigaction(SIGCHLD, &old_child, NULL);
	sigprocmask(SIG_SETMASK, &old, NULL);
	errno = error;
	return job.child < 0 ? -1 : job.late;
}
