#include "timeout.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t rang;

static void
ring(int sig)
{
	(void)sig;
	rang = 1;
}

int
run_with_timeout(char *const argv[], unsigned milliseconds, int *status)
{
	struct itimerval timer = {{0, 0}, {milliseconds / 1000, milliseconds % 1000 * 1000}};
	struct sigaction sa = {.sa_handler = ring};
	pid_t pid;

	rang = 0;
	sigaction(SIGALRM, &sa, NULL);
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid == 0) {
		execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	setitimer(ITIMER_REAL, &timer, NULL);
	while (waitpid(pid, status, 0) < 0) {
		if (errno != EINTR)
			return -1;
		if (rang)
			kill(pid, SIGKILL);
	}
	return rang ? 1 : 0;
}
