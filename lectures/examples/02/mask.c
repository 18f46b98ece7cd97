/* mask.c - a blocked signal waits; several of a kind wait as one. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static volatile sig_atomic_t taken;

static void
count(int signal)
{
	(void)signal;
	taken++;
}

int
main(void)
{
	struct sigaction action = {.sa_handler = count};
	sigset_t usr1, old, pending;

	sigemptyset(&action.sa_mask);
	if (sigaction(SIGUSR1, &action, NULL) < 0)
		return EXIT_FAILURE;
	// tag::mask[]
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	if (sigprocmask(SIG_BLOCK, &usr1, &old) < 0) // <1>
		return EXIT_FAILURE;
	raise(SIGUSR1);
	raise(SIGUSR1); // <2>
	sigpending(&pending);
	printf(
	    "pending: %s, taken: %d\n", sigismember(&pending, SIGUSR1) ? "yes" : "no", (int)taken);
	if (sigprocmask(SIG_SETMASK, &old, NULL) < 0) // <3>
		return EXIT_FAILURE;
	printf("taken: %d\n", (int)taken);
	// end::mask[]
	return EXIT_SUCCESS;
}
