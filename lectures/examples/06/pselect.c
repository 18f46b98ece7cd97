/* pselect.c - a signal that comes before the wait is not lost. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <unistd.h>

static volatile sig_atomic_t stop;

static void
on_term(int signal)
{
	(void)signal;
	stop = 1;
}

int
main(void)
{
	struct sigaction action = {.sa_handler = on_term};
	sigset_t term, before;
	int rounds = 0;

	// tag::pselect[]
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	if (sigaction(SIGTERM, &action, NULL) < 0 ||
	    sigprocmask(SIG_BLOCK, &term, &before) < 0) // <1>
		return EXIT_FAILURE;
	while (!stop) {
		rounds++;
		kill(getpid(), SIGTERM);                                               // <2>
		if (pselect(0, NULL, NULL, NULL, NULL, &before) < 0 && errno != EINTR) // <3>
			return EXIT_FAILURE;
	}
	// end::pselect[]
	printf("SIGTERM came in round %d\n", rounds);
	return EXIT_SUCCESS;
}
