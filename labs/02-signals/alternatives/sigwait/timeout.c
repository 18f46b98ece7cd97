/*
 * Different: no alarm at all. SIGCHLD stays blocked, and sigtimedwait() returns
 * when it comes or when the time is up; the deadline is absolute.
 */
#include "timeout.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NANOSECONDS = 1000000000 };

static struct timespec
in_milliseconds(unsigned milliseconds)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += milliseconds / 1000;
	t.tv_nsec += milliseconds % 1000 * 1000000L;
	if (t.tv_nsec >= NANOSECONDS) {
		t.tv_sec++;
		t.tv_nsec -= NANOSECONDS;
	}
	return t;
}

/* What is left until then; never negative. */
static struct timespec
left_until(struct timespec then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	then.tv_sec -= now.tv_sec;
	then.tv_nsec -= now.tv_nsec;
	if (then.tv_nsec < 0) {
		then.tv_sec--;
		then.tv_nsec += NANOSECONDS;
	}
	if (then.tv_sec < 0)
		then = (struct timespec){0};
	return then;
}

/* Returns 1 when the child had to be killed. */
static int
wait_until(pid_t child, struct timespec deadline, const sigset_t *sigchld, int *status)
{
	while (waitpid(child, status, WNOHANG) == 0) {
		struct timespec left = left_until(deadline);

		if (left.tv_sec > 0 || left.tv_nsec > 0) {
			sigtimedwait(sigchld, NULL, &left);
			continue;
		}
		kill(child, SIGKILL);
		while (waitpid(child, status, 0) < 0 && errno == EINTR)
			continue;
		return 1;
	}
	return 0;
}

int
run_with_timeout(char *const argv[], unsigned milliseconds, int *status)
{
	sigset_t sigchld, before;
	int result = -1, error;
	pid_t child;

	sigemptyset(&sigchld);
	sigaddset(&sigchld, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &sigchld, &before) < 0)
		return -1;
	child = fork();
	error = errno;
	if (child == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (child > 0)
		result = wait_until(child, in_milliseconds(milliseconds), &sigchld, status);
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return result;
}
