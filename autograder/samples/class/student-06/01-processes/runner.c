#include "runner.h"
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(int argc, char *argv[])
{
	int status;

	if (argc < 2) {
		fputs(RUNNER_USAGE, stderr);
		return RUNNER_BAD_USAGE;
	}
	/* fork returns twice: go on as soon as it is the child's turn */
	while (fork() != 0)
		continue;
	execvp(argv[1], argv + 1);
	wait(&status);
	printf(RUNNER_EXITED, argv[1], WEXITSTATUS(status));
	return WEXITSTATUS(status);
}
