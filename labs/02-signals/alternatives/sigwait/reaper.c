/*
 * Different: the handler keeps ends, not children; what reaper_fork() made is
 * only counted and listed. reaper_wait() takes SIGCHLD out of the queue itself.
 */
#include "reaper.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

struct end {
	pid_t pid;
	int status;
};

static pid_t known[REAPER_MAX];
static int n_known;
static struct end ends[REAPER_MAX];
static int n_ends;

static int
index_of(pid_t pid)
{
	int i = n_known - 1;

	while (i >= 0 && known[i] != pid)
		i--;
	return i;
}

static void
on_child(int signal)
{
	int error = errno;
	struct end end;

	(void)signal;
	while ((end.pid = waitpid(-1, &end.status, WNOHANG)) > 0)
		if (index_of(end.pid) >= 0)
			ends[n_ends++] = end;
	errno = error;
}

static sigset_t
block(sigset_t *sigchld)
{
	sigset_t before;

	sigemptyset(sigchld);
	sigaddset(sigchld, SIGCHLD);
	sigprocmask(SIG_BLOCK, sigchld, &before);
	return before;
}

int
reaper_install(void)
{
	struct sigaction action = {.sa_handler = on_child, .sa_flags = SA_RESTART | SA_NOCLDSTOP};

	sigfillset(&action.sa_mask);
	return sigaction(SIGCHLD, &action, NULL);
}

pid_t
reaper_fork(void)
{
	sigset_t sigchld;
	sigset_t before = block(&sigchld);
	pid_t pid = -1;
	int error = EAGAIN;

	if (n_known < REAPER_MAX) {
		pid = fork();
		error = errno;
	}
	if (pid > 0)
		known[n_known++] = pid;
	if (pid == 0)
		n_known = n_ends = 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return pid;
}

/* Takes the end of pid out of the list, or returns 0. */
static int
take_end(pid_t pid, int *status)
{
	for (int i = 0; i < n_ends; i++)
		if (ends[i].pid == pid) {
			*status = ends[i].status;
			ends[i] = ends[--n_ends];
			return 1;
		}
	return 0;
}

int
reaper_wait(pid_t pid, int *status)
{
	sigset_t sigchld;
	sigset_t before = block(&sigchld);
	int i = index_of(pid);
	int result = -1;

	if (i >= 0) {
		while (!take_end(pid, status)) {
			sigwaitinfo(&sigchld, NULL);
			on_child(SIGCHLD);
		}
		known[i] = known[--n_known];
		result = 0;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (result < 0)
		errno = ECHILD;
	return result;
}
