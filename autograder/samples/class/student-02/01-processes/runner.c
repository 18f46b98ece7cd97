#include "runner.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static int
run(char **command)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execvp(command[0], command);
		fprintf(stderr, RUNNER_FAILED, command[0], strerror(errno));
		exit(errno == ENOENT ? RUNNER_NOT_FOUND : RUNNER_NOT_RUNNABLE);
	}
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status)) {
		printf(RUNNER_KILLED, command[0], WTERMSIG(status), strsignal(WTERMSIG(status)));
		return RUNNER_SIGNALED + WTERMSIG(status);
	}
	printf(RUNNER_EXITED, command[0], WEXITSTATUS(status));
	return WEXITSTATUS(status);
}

int
main(int argc, char *argv[])
{
	int first = 1, result = 0;

	if (argc < 2) {
		fputs(RUNNER_USAGE, stderr);
		return RUNNER_BAD_USAGE;
	}
	for (int i = 1; i <= argc; i++) {
		if (i < argc && strcmp(argv[i], RUNNER_THEN) != 0)
			continue;
		if (i == first) {
			fputs(RUNNER_USAGE, stderr);
			return RUNNER_BAD_USAGE;
		}
		argv[i] = NULL;
		result = run(argv + first);
		first = i + 1;
	}
	return result;
}
