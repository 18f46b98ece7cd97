/* fork.c - one call, two returns: the child works on a copy. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(void)
{
	// tag::fork[]
	int number = 1;

	fflush(NULL); // <1>
	pid_t pid = fork();
	if (pid < 0) { // <2>
		perror("fork");
		return EXIT_FAILURE;
	}
	if (pid == 0) { // <3>
		number = 2;
		_exit(number == 2 ? 0 : 1);
	}
	if (waitpid(pid, NULL, 0) < 0) { // <4>
		perror("waitpid");
		return EXIT_FAILURE;
	}
	printf("the parent still has %d\n", number);
	// end::fork[]
	return EXIT_SUCCESS;
}
