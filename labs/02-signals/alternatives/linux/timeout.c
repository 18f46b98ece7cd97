/*
 * Different: posix_spawnp() makes the child, a pidfd becomes readable when it
 * ends, and poll() has the timeout. No signal is touched.
 */
#define _GNU_SOURCE
#include "timeout.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Returns 1 when the descriptor was not readable in time. */
static int
too_late(int fd, unsigned milliseconds)
{
	const long long until = now_ms() + milliseconds;
	struct pollfd on = {.fd = fd, .events = POLLIN};

	for (;;) {
		long long left = until - now_ms();
		int n = poll(&on, 1, left > 0 ? (int)left : 0);

		if (n > 0)
			return 0;
		if (n == 0 && left <= 0)
			return 1;
	}
}

int
run_with_timeout(char *const argv[], unsigned milliseconds, int *status)
{
	int error, fd, late;
	pid_t child;

	error = posix_spawnp(&child, argv[0], NULL, NULL, argv, environ);
	if (error == EAGAIN || error == ENOMEM) {
		errno = error;
		return -1;
	}
	if (error != 0) {
		*status = 127 << 8;
		return 0;
	}
	fd = pidfd_open(child, 0);
	late = fd >= 0 ? too_late(fd, milliseconds) : 1;
	if (late)
		kill(child, SIGKILL);
	if (fd >= 0)
		close(fd);
	while (waitpid(child, status, 0) < 0 && errno == EINTR)
		continue;
	return late;
}
