/*
 * Different: one table by place, another thing in each field's meaning: a place
 * holds the pid while the child runs and its negative once it has ended.
 */
#include "reaper.h"

#include <errno.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile pid_t who[REAPER_MAX];
static volatile int how[REAPER_MAX];

static int
place(pid_t content)
{
	for (int i = 0; i < REAPER_MAX; i++)
		if (who[i] == content)
			return i;
	return -1;
}

/* SIGCHLD is blocked in here by itself; no other signal's handler touches the table. */
static void
note_ends(int signal)
{
	const int before = errno;
	int status, i;

	(void)signal;
	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
		if ((i = place(pid)) >= 0) {
			how[i] = status;
			who[i] = -pid;
		}
	errno = before;
}

int
reaper_install(void)
{
	struct sigaction action = {.sa_handler = note_ends};

	action.sa_flags = SA_NOCLDSTOP | SA_RESTART;
	sigemptyset(&action.sa_mask);
	return sigaction(SIGCHLD, &action, NULL);
}

static void
quietly(int how_to, const sigset_t *set, sigset_t *old)
{
	const int before = errno;

	sigprocmask(how_to, set, old);
	errno = before;
}

pid_t
reaper_fork(void)
{
	sigset_t set, old;
	pid_t pid;
	int free_place;

	sigfillset(&set);
	quietly(SIG_BLOCK, &set, &old);
	free_place = place(0);
	if (free_place < 0) {
		errno = EAGAIN;
		pid = -1;
	} else {
		pid = fork();
		if (pid == 0)
			for (int i = 0; i < REAPER_MAX; i++)
				who[i] = 0;
		else if (pid > 0)
			who[free_place] = pid;
	}
	quietly(SIG_SETMASK, &old, NULL);
	return pid;
}

int
reaper_wait(pid_t pid, int *status)
{
	sigset_t set, old;
	int i;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	quietly(SIG_BLOCK, &set, &old);
	set = old;
	sigdelset(&set, SIGCHLD);
	while (pid > 0 && place(pid) >= 0)
		pselect(0, NULL, NULL, NULL, NULL, &set);
	i = pid > 0 ? place(-pid) : -1;
	if (i >= 0) {
		*status = how[i];
		who[i] = 0;
	} else {
		errno = ECHILD;
	}
	quietly(SIG_SETMASK, &old, NULL);
	return i >= 0 ? 0 : -1;
}
