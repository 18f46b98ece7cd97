/* ready.c - a ppoll() that finds something ready takes no signal. */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static volatile sig_atomic_t stopping;

static void
stop(int signal)
{
	(void)signal;
	stopping = 1;
}

int
main(void)
{
	struct sigaction action = {.sa_handler = stop};
	struct pollfd fd = {.events = POLLIN};
	sigset_t blocked, awake;
	int ends[2];

	if (pipe(ends) < 0 || write(ends[1], "report", 6) != 6)
		return EXIT_FAILURE;
	fd.fd = ends[0];
	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &awake);
	// tag::ready[]
	raise(SIGTERM); // <1>
	for (int i = 0; i < 3; i++) {
		int n = ppoll(&fd, 1, NULL, &awake);

		printf("ppoll() returns %d, stopping is %d\n", n, (int)stopping); // <2>
	}
	sigprocmask(SIG_SETMASK, &awake, NULL); // <3>
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	printf("stopping is %d\n", (int)stopping);
	// end::ready[]
	return EXIT_SUCCESS;
}
