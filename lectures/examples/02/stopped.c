/* stopped.c - a child that is stopped has not ended. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

// tag::news[]
/* Waits for the next news of a child and tells it. Returns whether the child has ended. */
static int
tell_news(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, WUNTRACED | WCONTINUED) < 0) // <1>
		exit(EXIT_FAILURE);
	if (WIFSTOPPED(status)) {
		printf("stopped\n");
		return 0;
	}
	if (WIFCONTINUED(status)) {
		printf("continued\n");
		return 0;
	}
	printf("ended\n"); // <2>
	return 1;
}
// end::news[]

int
main(void)
{
	fflush(NULL);
	pid_t pid = fork();

	if (pid < 0)
		return EXIT_FAILURE;
	if (pid == 0) {
		raise(SIGSTOP);
		for (;;)
			pause();
	}
	tell_news(pid);
	kill(pid, SIGCONT);
	tell_news(pid);
	kill(pid, SIGKILL);
	return tell_news(pid) ? EXIT_SUCCESS : EXIT_FAILURE;
}
