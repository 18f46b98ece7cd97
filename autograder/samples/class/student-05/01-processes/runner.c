#include "runner.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t ended;

static void
child_ended(int signal)
{
	(void)signal;
	ended = 1;
}

int
main(int argc, char *argv[])
{
	struct sigaction action = {.sa_handler = child_ended};
	int status = 0;

	if (argc < 2) {
		fputs(RUNNER_USAGE, stderr);
		return RUNNER_BAD_USAGE;
	}
	sigaction(SIGCHLD, &action, NULL);
	if (fork() == 0) {
		execvp(argv[1], argv + 1);
		_exit(RUNNER_NOT_FOUND);
	}
	while (!ended)
		pause();
	ended = 0;
	while (!ended) /* to be sure that it is really gone */
		pause();
	wait(&status);
	printf(RUNNER_EXITED, argv[1], WEXITSTATUS(status));
	return WEXITSTATUS(status);
}
