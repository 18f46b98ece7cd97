/* exec.c - the child becomes another program, or says why it could not. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// tag::exec[]
/* Never returns: either the program runs, or the child ends as a shell would end it. */
static _Noreturn void
become(char *const argv[])
{
	execvp(argv[0], argv);
	int error = errno; // <1>

	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(error));
	_exit(error == ENOENT ? 127 : 126); // <2>
}
// end::exec[]

int
main(void)
{
	char *missing[] = {"no-such-command", NULL};
	int status;

	if (dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
		return EXIT_FAILURE;
	pid_t pid = fork();
	if (pid == 0)
		become(missing);
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status)) {
		perror("exec");
		return EXIT_FAILURE;
	}
	printf("exit status %d\n", WEXITSTATUS(status));
	return EXIT_SUCCESS;
}
