/* exit.c - what exit() does in a child, and what _exit() does not. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(void)
{
	pid_t pid;

	if (setvbuf(stdout, NULL, _IOFBF, BUFSIZ) != 0)
		return EXIT_FAILURE;
	// tag::show[]
	printf("said by the parent\n"); // <1>
	pid = fork();
	if (pid == 0)
		exit(EXIT_SUCCESS); // <2>
	if (pid < 0 || waitpid(pid, NULL, 0) < 0)
		return EXIT_FAILURE;
	pid = fork();
	if (pid == 0)
		_exit(EXIT_SUCCESS); // <3>
	if (pid < 0 || waitpid(pid, NULL, 0) < 0)
		return EXIT_FAILURE;
	// end::show[]
	return EXIT_SUCCESS;
}
