/* alarm.c - a read() with a time limit, by a timer that is always disarmed again. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t expired;

static void
on_alarm(int signal)
{
	(void)signal;
	expired = 1;
}

// tag::limit[]
/* As read(), but gives up after about ms milliseconds (1..999): -1 with ETIMEDOUT. */
static ssize_t
read_within(int fd, void *bytes, size_t n, int ms)
{
	struct itimerval off = {0};
	struct itimerval tick = {{.tv_usec = 1000}, {.tv_usec = ms * 1000}}; // <1>
	struct sigaction action = {.sa_handler = on_alarm}, before;          // <2>
	ssize_t got;

	sigemptyset(&action.sa_mask);
	expired = 0;
	if (sigaction(SIGALRM, &action, &before) < 0)
		return -1;
	setitimer(ITIMER_REAL, &tick, NULL);
	do
		got = read(fd, bytes, n);
	while (got < 0 && errno == EINTR && !expired);
	int error = got < 0 && errno == EINTR ? ETIMEDOUT : errno;

	setitimer(ITIMER_REAL, &off, NULL); // <3>
	sigaction(SIGALRM, &before, NULL);
	errno = error;
	return got;
}
// end::limit[]

int
main(void)
{
	int ends[2];
	char byte;

	if (pipe(ends) < 0)
		return EXIT_FAILURE;
	if (read_within(ends[0], &byte, 1, 10) < 0)
		printf("nothing there: %s\n", strerror(errno));
	if (write(ends[1], "x", 1) == 1 && read_within(ends[0], &byte, 1, 900) == 1)
		printf("a byte: %c\n", byte);
	return EXIT_SUCCESS;
}
