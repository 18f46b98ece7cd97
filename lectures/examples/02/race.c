/* race.c - a child that ends before its parent has written down its PID. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 3 };

static volatile pid_t known[CHILDREN];
static volatile sig_atomic_t found, strangers;

static void
on_child(int signal)
{
	int error = errno;
	pid_t pid;

	(void)signal;
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		int i = 0;

		while (i < CHILDREN && known[i] != pid)
			i++;
		if (i < CHILDREN)
			found++;
		else
			strangers++;
	}
	errno = error;
}

int
main(void)
{
	struct sigaction action = {.sa_handler = on_child, .sa_flags = SA_RESTART | SA_NOCLDSTOP};
	sigset_t child, old;

	sigemptyset(&action.sa_mask);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	if (sigaction(SIGCHLD, &action, NULL) < 0)
		return EXIT_FAILURE;
	// tag::record[]
	for (int i = 0; i < CHILDREN; i++) {
		sigprocmask(SIG_BLOCK, &child, &old); // <1>
		pid_t pid = fork();
		if (pid == 0)
			_exit(0);
		if (pid < 0)
			return EXIT_FAILURE;
		known[i] = pid;                       // <2>
		sigprocmask(SIG_SETMASK, &old, NULL); // <3>
	}
	// end::record[]
	sigprocmask(SIG_BLOCK, &child, &old);
	while (found + strangers < CHILDREN)
		sigsuspend(&old);
	printf("found: %d, strangers: %d\n", (int)found, (int)strangers);
	return EXIT_SUCCESS;
}
