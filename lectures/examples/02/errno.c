/* errno.c - a handler that fails quietly changes what the program believes. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// tag::handlers[]
static void
careless(int signal)
{
	(void)signal;
	close(-1); // <1>
}

static void
careful(int signal)
{
	int error = errno; // <2>

	(void)signal;
	close(-1);
	errno = error;
}
// end::handlers[]

/* What errno says when the handler ran between the failed call and the question. */
static const char *
error_seen(void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	sigemptyset(&action.sa_mask);
	if (sigaction(SIGUSR1, &action, NULL) < 0)
		exit(EXIT_FAILURE);
	// tag::between[]
	if (access("/no/such/file", F_OK) == 0)
		return "no error";
	raise(SIGUSR1);
	return strerror(errno);
	// end::between[]
}

int
main(void)
{
	printf("careless: %s\n", error_seen(careless));
	printf("careful:  %s\n", error_seen(careful));
	return EXIT_SUCCESS;
}
