/* eintr.c - a signal handler interrupts waitpid(), and the parent goes on waiting. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static int let_go[2];

/* Lets the child end; the waitpid() that is interrupted by it must be repeated. */
static void
on_alarm(int signal)
{
	int error = errno;

	(void)signal;
	if (write(let_go[1], "", 1) < 0)
		_exit(EXIT_FAILURE);
	errno = error;
}

// tag::eintr[]
/* Waits for one child whatever signals arrive. Returns 0, or -1 with errno. */
static int
wait_for(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return 0;
}
// end::eintr[]

int
main(void)
{
	struct sigaction action = {.sa_handler = on_alarm};
	struct itimerval soon = {.it_value = {.tv_usec = 5000}};
	int status;

	if (pipe(let_go) < 0 || sigemptyset(&action.sa_mask) < 0 ||
	    sigaction(SIGALRM, &action, NULL) < 0)
		return EXIT_FAILURE;
	pid_t pid = fork();
	if (pid == 0) {
		char byte;

		_exit(read(let_go[0], &byte, 1) == 1 ? 5 : 1);
	}
	if (pid < 0 || setitimer(ITIMER_REAL, &soon, NULL) < 0 || wait_for(pid, &status) < 0) {
		perror("eintr");
		return EXIT_FAILURE;
	}
	printf("exit status %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	return EXIT_SUCCESS;
}
