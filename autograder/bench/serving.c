/* serving.c - see serving.h. */
#include "serving.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_SIZE = 1024, PATH_SIZE = 1024, LEFT_SEEN = 64 };

/* How often we look at what does not tell us when it happens. */
static const double STEP_SECONDS = 0.002;

double
serving_deadline(const struct serving *s)
{
	return stage_now() + (double)s->patience;
}

int
serving_fail(struct serving *s, const char *format, ...)
{
	va_list arguments;
	int n;

	n = snprintf(s->problem, PROBLEM_SIZE, "%s: ", s->name);
	va_start(arguments, format);
	vsnprintf(s->problem + n, PROBLEM_SIZE - (size_t)n, format, arguments);
	va_end(arguments);
	return -1;
}

int
serving_fail_waiting(struct serving *s, const char *missing)
{
	if (errno == EINTR) {
		s->problem[0] = '\0';
		return -1;
	}
	if (errno == ETIMEDOUT)
		return serving_fail(s, "%s within %ld s", missing, s->patience);
	return serving_fail(s, "%s: %s", missing, strerror(errno));
}

int
serving_pause(struct serving *s)
{
	return stage_pause(s->stage, STEP_SECONDS) < 0 ? serving_fail_waiting(s, "") : 0;
}

/* ---- it comes ------------------------------------------------------------------------------- */

/* "prefork: 127.0.0.1:4711" */
static int
take_address(struct serving *s, const char *line)
{
	const char *blank = strrchr(line, ' ');

	if (blank == NULL || strchr(blank, ':') == NULL || strlen(blank) > sizeof s->address)
		return serving_fail(s, "said \"%s\" instead of its name and address", line);
	memcpy(s->address, blank + 1, strlen(blank));
	return 0;
}

static int
await_ready(struct serving *s)
{
	char line[LINE_SIZE];

	if (stage_read(s->stage, &s->stage->server, true, line, sizeof line, serving_deadline(s)) <
	    0) {
		if (errno == EPIPE)
			return serving_fail(s, "ended before it was ready");
		return serving_fail_waiting(s, "did not say that it is ready");
	}
	return take_address(s, line);
}

/*
 * Clients may come as soon as it has said so, but that need not be its last word to itself: a
 * server may say it and then make a pipe. It is done when it sleeps.
 */
static int
await_sleep(struct serving *s)
{
	const double until = serving_deadline(s);
	char state;

	/* one that has ended is not waited for: its clients will say so */
	while (state = proc_state(s->stage->server.pid), state == 'R' || state == 'D') {
		if (stage_now() > until)
			return serving_fail(s, "does not sleep, although no client has come");
		if (serving_pause(s) < 0)
			return -1;
	}
	return 0;
}

int
serving_start(struct serving *s, const char *folder, char *const argv[])
{
	char path[PATH_SIZE];

	snprintf(path, sizeof path, "%s/%s", folder, argv[0]);
	if (stage_start(s->stage, &s->stage->server, path, argv) < 0)
		return serving_fail(s, "cannot be started: %s", strerror(errno));
	return await_ready(s) < 0 ? -1 : await_sleep(s);
}

/* ---- it goes ----------------------------------------------------------------------------------
 */

static int
check_status(struct serving *s)
{
	int status = s->stage->server.status;

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status))
		return serving_fail(s, "ended with status %d", WEXITSTATUS(status));
	return serving_fail(s, "was ended by signal %d", WTERMSIG(status));
}

static int
name_the_left(struct serving *s)
{
	struct proc left[LEFT_SEEN];
	size_t n;

	if (errno != ETIMEDOUT)
		return serving_fail_waiting(s, "");
	n = proc_children(getpid(), left, LEFT_SEEN);
	return serving_fail(s, "has ended, and %zu of its processes go on (%s, process %ld)", n,
	    n > 0 ? left[0].name : "?", n > 0 ? (long)left[0].pid : 0L);
}

int
serving_stop(struct serving *s, int signal)
{
	struct actor *server = &s->stage->server;

	kill(server->pid, signal);
	if (stage_await_end(s->stage, server, serving_deadline(s)) < 0)
		return serving_fail_waiting(s, "did not end after its signal");
	if (check_status(s) < 0)
		return -1;
	return stage_await_nobody(s->stage, serving_deadline(s)) < 0 ? name_the_left(s) : 0;
}
