/*
 * reaper.c - children that are reaped as soon as they end. See reaper.h.
 */
#include "reaper.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* STUDENT: what the handler has to remember about each child, and the functions that you need */
/* A child that reaper_fork() made and nobody has asked for yet; pid 0: a free place. */
struct child {
	pid_t pid;
	bool ended;
	int status; /* as from waitpid(), once it has ended */
};

/* The handler writes here. Everybody else looks only while SIGCHLD is blocked. */
static struct child children[REAPER_MAX];

static struct child *
place_of(pid_t pid)
{
	for (size_t i = 0; i < REAPER_MAX; i++)
		if (children[i].pid == pid)
			return &children[i];
	return NULL;
}

/*
 * Several children may have ended, but a signal that is pending already does
 * not become two: take all there are. The last waitpid() fails or finds
 * nothing; the program that we interrupt must not see its errno.
 */
static void
take_ended_children(int signal)
{
	int callers_errno = errno;
	int status;
	pid_t pid;

	(void)signal;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		struct child *child = place_of(pid);

		if (child != NULL) {
			child->status = status;
			child->ended = true;
		}
	}
	errno = callers_errno;
}

/*
 * Keeps the handler away from children[]; the mask of before goes to callers.
 * sigprocmask() fails only when its first argument is wrong: not here.
 */
static void
keep_handler_away(sigset_t *callers)
{
	sigset_t sigchld;

	sigemptyset(&sigchld);
	sigaddset(&sigchld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &sigchld, callers);
}
/* END */

int
reaper_install(void)
{
	/* STUDENT: a handler for SIGCHLD that does not run for stopped children */
	struct sigaction action = {
	    .sa_handler = take_ended_children,
	    .sa_flags = SA_RESTART | SA_NOCLDSTOP,
	};

	sigemptyset(&action.sa_mask);
	return sigaction(SIGCHLD, &action, NULL);
	/* INSTEAD
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

pid_t
reaper_fork(void)
{
	/* STUDENT: the child may end before you have noted it: keep SIGCHLD away until you have */
	sigset_t callers;
	struct child *place;
	int error = EAGAIN;
	pid_t pid = -1;

	keep_handler_away(&callers);
	place = place_of(0);
	if (place != NULL) {
		pid = fork();
		error = errno;
	}
	if (pid > 0)
		*place = (struct child){.pid = pid};
	else if (pid == 0)
		memset(children, 0, sizeof children);
	sigprocmask(SIG_SETMASK, &callers, NULL);
	errno = error;
	return pid;
	/* INSTEAD
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

int
reaper_wait(pid_t pid, int *status)
{
	/* STUDENT: sleep until the handler has noted the end; no end may slip by before that */
	sigset_t callers, waiting;
	struct child *child;

	keep_handler_away(&callers);
	waiting = callers;
	sigdelset(&waiting, SIGCHLD);
	child = pid != 0 ? place_of(pid) : NULL; /* 0 stands for the free places */
	while (child != NULL && !child->ended)
		sigsuspend(&waiting);
	if (child != NULL) {
		*status = child->status;
		*child = (struct child){.pid = 0};
	}
	sigprocmask(SIG_SETMASK, &callers, NULL);
	if (child != NULL)
		return 0;
	errno = ECHILD;
	return -1;
	/* INSTEAD
	(void)pid;
	(void)status;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
