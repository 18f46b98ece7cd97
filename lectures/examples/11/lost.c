/* lost.c - a signal that comes between the test and the sleep. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stopping;

static void
stop(int signal)
{
	(void)signal;
	stopping = 1;
}

// tag::careless[]
static void
careless(struct pollfd *fd)
{
	int n = -1;

	if (!stopping) {
		raise(SIGTERM);     // <1>
		n = poll(fd, 1, 0); // <2>
	}
	printf("poll() returns %d: it would sleep; stopping is %d\n", n, (int)stopping);
}
// end::careless[]

// tag::careful[]
static void
careful(struct pollfd *fd, const sigset_t *signals)
{
	sigset_t awake;
	int n = -1;

	sigprocmask(SIG_BLOCK, signals, &awake); // <1>
	if (!stopping) {
		raise(SIGTERM);                 // <2>
		n = ppoll(fd, 1, NULL, &awake); // <3>
	}
	printf("ppoll() returns %d: %s; stopping is %d\n", n, strerror(errno), (int)stopping);
}
// end::careful[]

int
main(void)
{
	struct sigaction action = {.sa_handler = stop};
	struct pollfd fd = {.events = POLLIN};
	sigset_t signals;
	int ends[2];

	if (pipe(ends) < 0)
		return EXIT_FAILURE;
	fd.fd = ends[0]; /* nobody ever writes there */
	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	careless(&fd);
	stopping = 0;
	careful(&fd, &signals);
	return EXIT_SUCCESS;
}
