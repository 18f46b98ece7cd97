/*
 * Different here: SIGCHLD wakes the parent process. It sleeps in sigsuspend and
 * then asks each of its children with WNOHANG. Its own handler also stands in
 * for a SIGCHLD that the caller ignores, so no status is lost that way.
 */
#include "children.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

struct signals {
	struct sigaction action;
	sigset_t mask;
};

static void
wake_up(int signal)
{
	(void)signal;
}

static void
restore(const struct signals *before)
{
	sigaction(SIGCHLD, &before->action, NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

static int
prepare(struct signals *before)
{
	struct sigaction action = {.sa_handler = wake_up};
	sigset_t only_child;

	sigemptyset(&action.sa_mask);
	sigemptyset(&only_child);
	sigaddset(&only_child, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &only_child, &before->mask) < 0)
		return -1;
	if (sigaction(SIGCHLD, &action, &before->action) < 0) {
		int error = errno;

		sigprocmask(SIG_SETMASK, &before->mask, NULL);
		errno = error;
		return -1;
	}
	return 0;
}

/* Takes those that have ended: their pid becomes 0. Returns how many are left. */
static size_t
take_ended(size_t n, pid_t pids[], int status[], int *error)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		pid_t taken;

		if (pids[i] == 0)
			continue;
		taken = waitpid(pids[i], &status[i], WNOHANG);
		if (taken == 0) {
			left++;
			continue;
		}
		pids[i] = 0;
		if (taken < 0) {
			status[i] = CHILD_LOST;
			*error = *error != 0 ? *error : errno;
		}
	}
	return left;
}

int
run_children(size_t n, int (*job)(size_t index, void *context), void *context, int status[])
{
	struct signals before;
	sigset_t while_asleep;
	pid_t *pids;
	size_t started = 0;
	int error = 0;

	if (n == 0)
		return 0;
	pids = calloc(n, sizeof *pids);
	if (pids == NULL)
		return -1;
	if (prepare(&before) < 0) {
		free(pids);
		return -1;
	}
	for (; started < n; started++) {
		pids[started] = fork();
		if (pids[started] == 0) {
			restore(&before);
			_exit(job(started, context));
		}
		if (pids[started] < 0) {
			error = errno;
			break;
		}
	}
	for (size_t i = 0; started < n && i < started; i++)
		kill(pids[i], SIGKILL);
	while_asleep = before.mask;
	sigdelset(&while_asleep, SIGCHLD);
	while (take_ended(started, pids, status, &error) > 0)
		sigsuspend(&while_asleep);
	restore(&before);
	free(pids);
	if (error == 0)
		return 0;
	errno = error;
	return -1;
}
