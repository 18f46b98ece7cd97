/* sigchld.c - one SIGCHLD may stand for several children: the handler reaps all. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 5 };

static volatile sig_atomic_t reaped;

// tag::handler[]
static void
on_child(int signal)
{
	int error = errno; // <1>

	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0) // <2>
		reaped++;
	errno = error;
}
// end::handler[]

int
main(void)
{
	// tag::install[]
	struct sigaction action = {
	    .sa_handler = on_child,
	    .sa_flags = SA_RESTART | SA_NOCLDSTOP, // <1>
	};
	sigset_t child, old;

	sigemptyset(&action.sa_mask);
	if (sigaction(SIGCHLD, &action, NULL) < 0) // <2>
		return EXIT_FAILURE;
	// end::install[]
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &child, &old) < 0)
		return EXIT_FAILURE;
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return EXIT_FAILURE;
		if (pid == 0)
			_exit(0);
	}
	while (reaped < CHILDREN)
		sigsuspend(&old);
	printf("reaped: %d\n", (int)reaped);
	return EXIT_SUCCESS;
}
