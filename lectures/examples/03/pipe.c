/* pipe.c - a program reads from a pipe what its parent writes. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(void)
{
	static const char text[] = "b\na\n";
	char *sort[] = {"sort", NULL};

	// tag::pipe[]
	int ends[2];

	if (pipe(ends) < 0) // <1>
		return EXIT_FAILURE;
	pid_t pid = fork();
	if (pid == 0) {
		close(ends[1]); // <2>
		if (dup2(ends[0], STDIN_FILENO) < 0)
			_exit(127);
		close(ends[0]); // <3>
		execvp(sort[0], sort);
		_exit(127);
	}
	close(ends[0]);
	if (pid > 0 && write(ends[1], text, sizeof text - 1) < 0)
		perror("write");
	close(ends[1]); // <4>
	// end::pipe[]
	if (pid < 0 || waitpid(pid, NULL, 0) < 0) {
		perror("pipe");
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
