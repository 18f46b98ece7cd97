/* together.c - three children end, and SIGCHLD comes once. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 3 };

static volatile sig_atomic_t signals, children;

// tag::handler[]
static void
take_ended(int signal)
{
	int error = errno; // <1>

	(void)signal;
	signals++;
	while (waitpid(-1, NULL, WNOHANG) > 0) // <2>
		children++;
	errno = error;
}
// end::handler[]

int
main(void)
{
	struct sigaction action = {.sa_handler = take_ended, .sa_flags = SA_RESTART | SA_NOCLDSTOP};
	sigset_t sigchld, before;
	siginfo_t info;

	sigemptyset(&action.sa_mask);
	sigemptyset(&sigchld);
	sigaddset(&sigchld, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &sigchld, &before) < 0 || sigaction(SIGCHLD, &action, NULL) < 0)
		return EXIT_FAILURE;
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(EXIT_SUCCESS);
		/* until it has ended; it stays a zombie */
		if (pid < 0 || waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0)
			return EXIT_FAILURE;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	printf("signals: %d, children: %d\n", (int)signals, (int)children);
	return EXIT_SUCCESS;
}
