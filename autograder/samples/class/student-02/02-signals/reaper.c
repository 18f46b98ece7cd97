#include "reaper.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile pid_t pids[REAPER_MAX];
static volatile int done[REAPER_MAX];
static volatile int stati[REAPER_MAX];

static void
child_handler(int sig)
{
	int status;
	pid_t pid = waitpid(-1, &status, WNOHANG);

	(void)sig;
	for (int i = 0; i < REAPER_MAX; i++)
		if (pid > 0 && pids[i] == pid) {
			stati[i] = status;
			done[i] = 1;
		}
}

int
reaper_install(void)
{
	struct sigaction sa = {.sa_handler = child_handler, .sa_flags = SA_RESTART | SA_NOCLDSTOP};

	sigemptyset(&sa.sa_mask);
	return sigaction(SIGCHLD, &sa, NULL);
}

pid_t
reaper_fork(void)
{
	sigset_t chld, old;
	pid_t pid;
	int i;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, &old);
	for (i = 0; i < REAPER_MAX && pids[i] != 0; i++)
		continue;
	if (i == REAPER_MAX) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		errno = EAGAIN;
		return -1;
	}
	pid = fork();
	if (pid > 0) {
		pids[i] = pid;
		done[i] = 0;
	}
	if (pid == 0)
		for (i = 0; i < REAPER_MAX; i++)
			pids[i] = 0;
	sigprocmask(SIG_SETMASK, &old, NULL);
	return pid;
}

int
reaper_wait(pid_t pid, int *status)
{
	sigset_t chld, old, wait;
	int i;

	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, &old);
	wait = old;
	sigdelset(&wait, SIGCHLD);
	for (i = 0; i < REAPER_MAX; i++)
		if (pid > 0 && pids[i] == pid)
			break;
	if (i == REAPER_MAX) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		errno = ECHILD;
		return -1;
	}
	while (!done[i])
		sigsuspend(&wait);
	*status = stati[i];
	pids[i] = 0;
	sigprocmask(SIG_SETMASK, &old, NULL);
	return 0;
}
