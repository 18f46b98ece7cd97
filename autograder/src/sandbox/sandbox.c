#define _GNU_SOURCE
#include "sandbox.h"

#include "launch.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const *
isolation_lost(enum isolation isolation)
{
	static const char *const none[] = {NULL};
	static const char *const container[] = {"own file system view", "own network",
	    "own process numbers", "end of every process when the grader is killed",
	    "own size-limited /tmp", NULL};

	return isolation == ISOLATION_CONTAINER ? container : none;
}

/* 0, 1, 2, then the control socket and the probe's, and nothing else, cross the exec. */
static int
arrange_descriptors(const struct sandbox_spec *spec, int control)
{
	int from[] = {spec->in, spec->out, spec->err, control, spec->probe};
	enum { N = sizeof from / sizeof *from, SAFE = 200 };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return -1;
	/* first out of the way, then to their places: no source is overwritten before it is used */
	for (int i = 0; i < N; i++) {
		from[i] = fcntl(from[i] >= 0 ? from[i] : null, F_DUPFD_CLOEXEC, SAFE);
		if (from[i] < 0)
			return -1;
	}
	for (int i = 0; i < N; i++)
		if (dup2(from[i], i) < 0)
			return -1;
	return close_range(spec->probe >= 0 ? N : N - 1, ~0U, CLOSE_RANGE_CLOEXEC);
}

static _Noreturn void
become_sandbox(const struct sandbox_spec *spec, int control, int fate)
{
	sigset_t none;
	int e;

	sigemptyset(&none);
	fate = fcntl(fate, F_DUPFD_CLOEXEC, 300);
	if (fate < 0 || arrange_descriptors(spec, control) < 0 ||
	    sigprocmask(SIG_SETMASK, &none, NULL) < 0 || drop_root() < 0)
		goto failed;
	if (spec->isolation == ISOLATION_CONTAINER)
		exec_in_container(spec);
	else
		exec_in_bubblewrap(spec);
failed:
	e = errno;
	if (write(fate, &e, sizeof e) < 0)
		_exit(124);
	_exit(125);
}

/* Did the exec work? fate ends without a word when it did. */
static int
read_fate(int fate, const struct sandbox_spec *spec, char *why, size_t size)
{
	const char *what =
	    spec->isolation == ISOLATION_CONTAINER ? spec->keeper : "bwrap (bubblewrap)";
	int e;
	ssize_t n;

	do
		n = read(fate, &e, sizeof e);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof e)
		return 0;
	snprintf(why, size, "%s: %s", what, strerror(e));
	errno = e;
	return -1;
}

int
sandbox_start(struct sandbox *sandbox, const struct sandbox_spec *spec, char *why, size_t size)
{
	int control[2], fate[2];

	sandbox->pid = -1;
	sandbox->control = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) < 0) {
		snprintf(why, size, "socketpair: %s", strerror(errno));
		return -1;
	}
	if (pipe2(fate, O_CLOEXEC) < 0) {
		snprintf(why, size, "pipe: %s", strerror(errno));
		close(control[0]);
		close(control[1]);
		return -1;
	}
	sandbox->control = control[0];
	sandbox->pid = fork();
	if (sandbox->pid == 0)
		become_sandbox(spec, control[1], fate[1]);
	close(control[1]);
	close(fate[1]);
	if (sandbox->pid < 0)
		snprintf(why, size, "fork: %s", strerror(errno));
	else if (read_fate(fate[0], spec, why, size) == 0) {
		close(fate[0]);
		return 0;
	}
	close(fate[0]);
	/* in a container the kernel only says that the keeper may not be run */
	stage_is_closed(spec->keeper, why, size);
	sandbox_stop(sandbox);
	return -1;
}

void
sandbox_stop(struct sandbox *sandbox)
{
	/* the keeper ends at the end of its control socket, and takes everybody with it */
	if (sandbox->control >= 0)
		close(sandbox->control);
	sandbox->control = -1;
	if (sandbox->pid > 0)
		while (waitpid(sandbox->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	sandbox->pid = -1;
}
