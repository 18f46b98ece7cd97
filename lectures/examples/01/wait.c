/* wait.c - n children at once, and the exit status of each in the right place. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 3 };

static _Noreturn void
die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

int
main(void)
{
	// tag::wait[]
	pid_t pids[CHILDREN];

	for (int i = 0; i < CHILDREN; i++) { // <1>
		pids[i] = fork();
		if (pids[i] < 0)
			die("fork");
		if (pids[i] == 0)
			_exit(10 + i);
	}
	for (int i = 0; i < CHILDREN; i++) { // <2>
		int status;

		if (waitpid(pids[i], &status, 0) < 0)
			die("waitpid");
		if (WIFEXITED(status))
			printf("child %d: %d\n", i, WEXITSTATUS(status));
	}
	// end::wait[]
	return EXIT_SUCCESS;
}
