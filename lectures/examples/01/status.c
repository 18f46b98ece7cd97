/* status.c - what waitpid() says about the way in which a child ended. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

// tag::status[]
static void
describe(int status)
{
	if (WIFEXITED(status))
		printf("exit status %d\n", WEXITSTATUS(status)); // <1>
	else if (WIFSIGNALED(status))
		printf("ended by signal %d\n", WTERMSIG(status)); // <2>
	else
		printf("has not ended\n"); // <3>
}
// end::status[]

static int
status_of(void (*body)(void))
{
	int status;

	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		body();
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("status_of");
		exit(EXIT_FAILURE);
	}
	return status;
}

static void
leave_with_seven(void)
{
	_exit(7);
}

static void
leave_with_256(void)
{
	_exit(256);
}

static void
kill_itself(void)
{
	raise(SIGKILL);
}

int
main(void)
{
	// tag::three[]
	describe(status_of(leave_with_seven));
	describe(status_of(leave_with_256));
	describe(status_of(kill_itself));
	// end::three[]
	return EXIT_SUCCESS;
}
