/* sigsuspend.c - waits for a signal without losing one that comes early. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t ready;

static void
on_usr1(int signal)
{
	(void)signal;
	ready = 1;
}

int
main(void)
{
	struct sigaction action = {.sa_handler = on_usr1};
	sigset_t usr1, old;

	sigemptyset(&action.sa_mask);
	if (sigaction(SIGUSR1, &action, NULL) < 0)
		return EXIT_FAILURE;
	fflush(NULL);
	// tag::suspend[]
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	if (sigprocmask(SIG_BLOCK, &usr1, &old) < 0) // <1>
		return EXIT_FAILURE;

	pid_t pid = fork();
	if (pid == 0) {
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	if (pid < 0)
		return EXIT_FAILURE;
	while (!ready)                                // <2>
		sigsuspend(&old);                     // <3>
	if (sigprocmask(SIG_SETMASK, &old, NULL) < 0) // <4>
		return EXIT_FAILURE;
	// end::suspend[]
	printf("the child is ready\n");
	return waitpid(pid, NULL, 0) == pid ? EXIT_SUCCESS : EXIT_FAILURE;
}
