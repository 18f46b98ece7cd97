/* bell.c - a signal that comes before poll() wakes it all the same. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// tag::ring[]
static volatile sig_atomic_t bell; /* the write end of the pipe */

static void
ring(int signal)
{
	int error = errno; // <1>

	(void)signal;
	(void)!write(bell, "", 1); // <2>
	errno = error;
}
// end::ring[]

int
main(void)
{
	struct sigaction action = {.sa_handler = ring};
	int ends[2];

	if (pipe(ends) < 0 || fcntl(ends[1], F_SETFL, O_NONBLOCK) < 0)
		return EXIT_FAILURE;
	bell = ends[1];
	if (sigaction(SIGTERM, &action, NULL) < 0)
		return EXIT_FAILURE;
	raise(SIGTERM); /* exactly in the gap between the test and poll() */
	// tag::poll[]
	struct pollfd set[] = {{.fd = ends[0], .events = POLLIN}}; // <1>

	while (poll(set, 1, -1) < 0 && errno == EINTR) // <2>
		;
	printf("woken, although the signal came first\n");
	// end::poll[]
	return EXIT_SUCCESS;
}
