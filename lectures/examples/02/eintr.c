/* eintr.c - a read() that a signal interrupts is repeated, unless the signal means: stop. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

static int ends[2];
static volatile sig_atomic_t stop;

static void
on_alarm(int signal)
{
	int error = errno;

	(void)signal;
	if (write(ends[1], "x", 1) < 0)
		_exit(EXIT_FAILURE);
	errno = error;
}

// tag::read[]
/* As read(), but a signal ends it only when the program is to stop: then -1 with EINTR. */
static ssize_t
read_on(int fd, void *bytes, size_t n)
{
	for (;;) {
		ssize_t got = read(fd, bytes, n);

		if (got >= 0 || errno != EINTR || stop)
			return got;
	}
}
// end::read[]

int
main(void)
{
	struct sigaction action = {.sa_handler = on_alarm}; // no SA_RESTART
	struct itimerval soon = {.it_value = {.tv_usec = 5000}};
	char byte;

	if (pipe(ends) < 0 || sigemptyset(&action.sa_mask) < 0 ||
	    sigaction(SIGALRM, &action, NULL) < 0 || setitimer(ITIMER_REAL, &soon, NULL) < 0) {
		perror("eintr");
		return EXIT_FAILURE;
	}
	printf("read %zd byte\n", read_on(ends[0], &byte, 1));
	return EXIT_SUCCESS;
}
