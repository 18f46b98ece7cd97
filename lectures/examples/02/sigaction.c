/* sigaction.c - a handler that does one thing: it sets a flag. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

// tag::handler[]
static volatile sig_atomic_t asked_to_stop; // <1>

static void
on_term(int signal)
{
	(void)signal;
	asked_to_stop = 1;
}
// end::handler[]

int
main(void)
{
	// tag::install[]
	struct sigaction action = {.sa_handler = on_term, .sa_flags = SA_RESTART}; // <1>

	sigemptyset(&action.sa_mask); // <2>
	if (sigaction(SIGTERM, &action, NULL) < 0) {
		perror("sigaction");
		return EXIT_FAILURE;
	}
	// end::install[]
	raise(SIGTERM);
	printf("asked to stop: %s\n", asked_to_stop ? "yes" : "no");
	return EXIT_SUCCESS;
}
