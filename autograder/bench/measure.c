/* measure.c - see measure.h. */
#define _GNU_SOURCE
#include "measure.h"
#include "proc.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* Others disturb a run when they use more than this part of a processor ... */
static const double DISTURBED_SHARE = 0.25;
/* ... and more than the clock of /proc/stat can be wrong in a short run. */
static const double DISTURBED_SECONDS = 0.1;
/* How long one look lasts that asks whether the others are quiet. */
static const double LOOK_SECONDS = 0.25;
/* How often we look at what does not tell us when it happens. */
static const double STEP_SECONDS = 0.002;

enum { COMMAND_SIZE = 1024, OUTPUT_SIZE = 1 << 17, CHILDREN_SEEN = 64, NUMBER_SIZE = 24 };

/* What one run has to remember on its way. */
struct course {
	struct stage *stage;
	const struct settings *settings;
	struct run *run;
	char *problem;
	char address[COMMAND_SIZE];
	size_t children_at_first; /* of the server, when it was ready */
	long descriptors_at_first;
	struct proc_cpu cpu_at_first;
	double began;
};

static double
deadline(const struct course *c)
{
	return stage_now() + (double)c->settings->patience;
}

static int fail(struct course *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int
fail(struct course *c, const char *format, ...)
{
	va_list arguments;
	int n;

	n = snprintf(c->problem, PROBLEM_SIZE, "%s: ", c->run->design->words[0]);
	va_start(arguments, format);
	vsnprintf(c->problem + n, PROBLEM_SIZE - (size_t)n, format, arguments);
	va_end(arguments);
	return -1;
}

/* After a wait that failed: broken off, or what has not come, or another error. */
static int
fail_waiting(struct course *c, const char *missing)
{
	if (errno == EINTR) {
		c->problem[0] = '\0';
		return -1;
	}
	if (errno == ETIMEDOUT)
		return fail(c, "%s within %ld s", missing, c->settings->patience);
	return fail(c, "%s: %s", missing, strerror(errno));
}

static double
seconds_of(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

/* ---- the server comes ------------------------------------------------------------------- */

static void
path_of(const char *folder, const char *name, char path[COMMAND_SIZE])
{
	snprintf(path, COMMAND_SIZE, "%s/%s", folder, name);
}

/* "prefork: 127.0.0.1:4711" */
static int
take_address(struct course *c, const char *line)
{
	const char *blank = strrchr(line, ' ');

	if (blank == NULL || strchr(blank, ':') == NULL)
		return fail(c, "said \"%s\" instead of its name and address", line);
	snprintf(c->address, sizeof c->address, "%s", blank + 1);
	return 0;
}

static int
await_ready(struct course *c)
{
	struct actor *server = &c->stage->server;
	char line[COMMAND_SIZE];

	if (stage_read(c->stage, server, true, line, sizeof line, deadline(c)) < 0) {
		if (errno == EPIPE)
			return fail(c, "ended before it was ready");
		return fail_waiting(c, "did not say that it is ready");
	}
	return take_address(c, line);
}

static int
start_server(struct course *c)
{
	const struct design *d = c->run->design;
	char path[COMMAND_SIZE], count[NUMBER_SIZE];
	char *argv[WORDS_MAX + 2];
	size_t n = 0;

	path_of(c->settings->servers, d->words[0], path);
	snprintf(count, sizeof count, "%ld", c->run->children);
	argv[n++] = (char *)d->words[0];
	argv[n++] = "127.0.0.1:0";
	for (size_t i = 1; d->words[i] != NULL; i++)
		argv[n++] = strcmp(d->words[i], "N") == 0 ? count : (char *)d->words[i];
	argv[n] = NULL;
	if (stage_start(c->stage, &c->stage->server, path, argv) < 0)
		return fail(c, "cannot be started: %s", strerror(errno));
	return await_ready(c);
}

/*
 * Clients may come as soon as it has said so, but that need not be its last word to itself: a
 * server may say it and then make a pipe. It is done when it sleeps.
 */
static int
await_sleep(struct course *c)
{
	const double until = deadline(c);
	char state;

	/* one that has ended is not waited for: its clients will say so */
	while (state = proc_state(c->stage->server.pid), state == 'R' || state == 'D') {
		if (stage_now() > until)
			return fail(c, "does not sleep, although no client has come");
		if (stage_pause(c->stage, STEP_SECONDS) < 0)
			return fail_waiting(c, "");
	}
	return 0;
}

/* Children that it makes beforehand are there now; their number is not needed exactly. */
static void
look_at_first(struct course *c)
{
	pid_t server = c->stage->server.pid;
	struct proc seen[CHILDREN_SEEN];

	c->children_at_first = proc_children(server, seen, CHILDREN_SEEN);
	c->descriptors_at_first = proc_descriptors(server);
}

/* ---- the clients ---------------------------------------------------------------------------- */

static int
take_load(struct course *c, const char *text)
{
	json_int_t requests, failed;
	const char *reason = "";
	json_t *said = json_loads(text, 0, NULL);
	int result = 0;

	if (said == NULL || json_unpack(said, "{s:I, s:I, s:F, s:F, s:F, s?s}", "requests",
				&requests, "failed", &failed, "seconds", &c->run->seconds, "p50",
				&c->run->p50, "p99", &c->run->p99, "reason", &reason) < 0)
		result = fail(c, "the clients said what cannot be read: %.80s", text);
	else if (failed > 0)
		result = fail(c, "%lld of %lld requests failed: %s", (long long)failed,
		    (long long)requests, reason);
	json_decref(said);
	return result;
}

static int
start_load(struct course *c)
{
	const struct settings *s = c->settings;
	size_t each = c->run->processes == 0 ? 0 : c->run->connections / c->run->processes;
	char processes[NUMBER_SIZE], connections[NUMBER_SIZE], bytes[NUMBER_SIZE];
	char patience[NUMBER_SIZE];
	char *argv[] = {"load", c->address, processes, connections, bytes, patience, NULL};

	snprintf(processes, sizeof processes, "%zu", c->run->processes);
	snprintf(connections, sizeof connections, "%zu", each);
	snprintf(bytes, sizeof bytes, "%ld", s->bytes);
	snprintf(patience, sizeof patience, "%ld", s->patience);
	if (stage_start(c->stage, &c->stage->load, s->load, argv) < 0)
		return fail(c, "its clients cannot be started: %s", strerror(errno));
	return 0;
}

/* Each request is bounded, and so is the load as a whole; no other deadline is needed. */
static int
run_load(struct course *c)
{
	const double never = stage_now() + 1e6;
	struct actor *load = &c->stage->load;
	char text[COMMAND_SIZE];

	if (c->run->connections == 0)
		return 0;
	if (start_load(c) < 0)
		return -1;
	if (stage_await_end(c->stage, load, never) < 0)
		return fail_waiting(c, "its clients do not end");
	if (!WIFEXITED(load->status) || WEXITSTATUS(load->status) != 0)
		return fail(c, "its clients could not be run");
	if (stage_read(c->stage, load, false, text, sizeof text, never) < 0)
		return fail_waiting(c, "its clients say nothing");
	return take_load(c, text);
}

/* ---- what it has left ---------------------------------------------------------------------------
 */

/* Zombies among the server's children, and processes that it had not when it was ready. */
static void
count_left(const struct course *c, size_t *zombies, size_t *living)
{
	struct proc seen[CHILDREN_SEEN];
	size_t n = proc_children(c->stage->server.pid, seen, CHILDREN_SEEN);

	*zombies = 0;
	for (size_t i = 0; i < n && i < CHILDREN_SEEN; i++)
		*zombies += seen[i].state == 'Z';
	/* a pool keeps its children; who had none makes them for sessions, and these are over */
	*living = c->children_at_first == 0 ? n - *zombies : 0;
}

/*
 * All connections are closed, or the load would have failed; but processes end after their last
 * close(), and the server waits for them after that. Their CPU time is the server's only then.
 */
static int
await_sessions(struct course *c)
{
	const double until = deadline(c);
	size_t zombies, living;

	for (;;) {
		count_left(c, &zombies, &living);
		if (zombies + living == 0)
			return 0;
		if (stage_now() > until)
			break;
		if (stage_pause(c->stage, STEP_SECONDS) < 0)
			return fail_waiting(c, "");
	}
	if (zombies > 0)
		return fail(c, "%zu of its children are zombies: nobody waits for them", zombies);
	return fail(c, "%zu processes go on, although all clients have gone", living);
}

/*
 * A server that calls shutdown() first has its clients gone before it comes to close(). A pool that
 * changes its children may have other pipes now than at first.
 */
static int
await_descriptors(struct course *c)
{
	const double until = deadline(c);
	long allowed = c->children_at_first == 0 ? 0 : 2 * c->run->children;
	long now, more;

	for (;;) {
		now = proc_descriptors(c->stage->server.pid);
		more = now - c->descriptors_at_first;
		if (now < 0 || c->descriptors_at_first < 0 || more <= allowed)
			return 0;
		if (stage_now() > until)
			break;
		if (stage_pause(c->stage, STEP_SECONDS) < 0)
			return fail_waiting(c, "");
	}
	return fail(c, "has %ld descriptors more open than before its clients came", more);
}

static int
check_status(struct course *c)
{
	int status = c->stage->server.status;

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status))
		return fail(c, "ended with status %d", WEXITSTATUS(status));
	return fail(c, "was ended by signal %d", WTERMSIG(status));
}

static int
name_the_left(struct course *c)
{
	struct proc left[CHILDREN_SEEN];
	size_t n;

	if (errno != ETIMEDOUT)
		return fail_waiting(c, "");
	n = proc_children(getpid(), left, CHILDREN_SEEN);
	return fail(c, "has ended, and %zu of its processes go on (%s, process %ld)", n,
	    n > 0 ? left[0].name : "?", n > 0 ? (long)left[0].pid : 0L);
}

static int
stop_server(struct course *c)
{
	struct actor *server = &c->stage->server;

	kill(server->pid, c->run->design->stop);
	if (stage_await_end(c->stage, server, deadline(c)) < 0)
		return fail_waiting(c, "did not end after its signal");
	if (check_status(c) < 0)
		return -1;
	return stage_await_nobody(c->stage, deadline(c)) < 0 ? name_the_left(c) : 0;
}

/* ---- what it has cost
 * ----------------------------------------------------------------------------- */

/* "child 3: 341 clients" or "thread 3: 341 clients" */
static int
take_clients(struct course *c, char *text)
{
	struct run *r = c->run;
	long sum = 0;
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		long clients;
		size_t i;

		if (sscanf(line, "child %zu: %ld clients", &i, &clients) != 2 &&
		    sscanf(line, "thread %zu: %ld clients", &i, &clients) != 2)
			continue;
		if (i != r->n_clients || i >= CHILDREN_MAX)
			return fail(
			    c, "said \"%s\" where number %zu should come", line, r->n_clients);
		r->clients[r->n_clients++] = clients;
		sum += clients;
	}
	if (r->n_clients > 0 && sum != (long)r->connections)
		return fail(c, "%ld clients came, and it says %ld", (long)r->connections, sum);
	return 0;
}

static int
read_clients(struct course *c)
{
	static char text[OUTPUT_SIZE]; /* too big for a stack */

	if (stage_read(c->stage, &c->stage->server, false, text, sizeof text, deadline(c)) < 0)
		return fail_waiting(c, "did not close its standard output");
	return take_clients(c, text);
}

static double
all_of(const struct rusage *used)
{
	return seconds_of(&used->ru_utime) + seconds_of(&used->ru_stime);
}

static void
take_cost(struct course *c)
{
	const struct rusage *used = &c->stage->server.used, *more = &c->stage->adopted;

	c->run->user = seconds_of(&used->ru_utime) + seconds_of(&more->ru_utime);
	c->run->system = seconds_of(&used->ru_stime) + seconds_of(&more->ru_stime);
	c->run->voluntary = used->ru_nvcsw + more->ru_nvcsw;
	c->run->involuntary = used->ru_nivcsw + more->ru_nivcsw;
}

/* What the processors did since the run began, without what we know to be ours. */
static void
take_others(struct course *c, const struct rusage *ourselves_at_first)
{
	double wall = stage_now() - c->began, others;
	struct proc_cpu cpu;
	struct rusage us;

	if (proc_cpu(&cpu) < 0)
		return;
	getrusage(RUSAGE_SELF, &us);
	others = cpu.busy - c->cpu_at_first.busy + cpu.stolen - c->cpu_at_first.stolen -
		 c->run->user - c->run->system - all_of(&c->stage->load.used) -
		 (all_of(&us) - all_of(ourselves_at_first));
	if (others < 0)
		others = 0;
	c->run->others = wall > 0 ? others / wall : 0;
	c->run->disturbed = others > DISTURBED_SECONDS && c->run->others > DISTURBED_SHARE;
}

/* ---- all of it
 * --------------------------------------------------------------------------------------- */

static int
take_course(struct course *c)
{
	struct rusage ourselves;

	getrusage(RUSAGE_SELF, &ourselves);
	proc_cpu(&c->cpu_at_first);
	c->began = stage_now();
	if (start_server(c) < 0 || await_sleep(c) < 0)
		return -1;
	look_at_first(c);
	if (run_load(c) < 0 || await_sessions(c) < 0 || await_descriptors(c) < 0 ||
	    stop_server(c) < 0 || read_clients(c) < 0)
		return -1;
	take_cost(c);
	take_others(c, &ourselves);
	return 0;
}

/* How many client processes there are, and how many connections they make together. */
static void
plan_load(struct run *run, const struct settings *s)
{
	size_t processes = (size_t)(s->clients * s->processes);

	run->processes = run->design->load == LOAD_ALL ? processes : 1;
	run->connections = run->design->load == LOAD_NONE ? 0 : processes * (size_t)s->connections;
}

int
measure(struct stage *stage, const struct settings *settings, const struct design *design,
    long children, struct run *run, char problem[PROBLEM_SIZE])
{
	struct course c = {.stage = stage, .settings = settings, .run = run, .problem = problem};
	int result;

	*run = (struct run){.design = design, .children = children};
	problem[0] = '\0';
	plan_load(run, settings);
	stage_reset(stage);
	result = take_course(&c);
	stage_clear(stage);
	return result;
}

int
measure_await_quiet(struct stage *stage, double seconds)
{
	const double until = stage_now() + seconds;
	struct proc_cpu before, after;

	while (stage_now() < until) {
		if (proc_cpu(&before) < 0)
			return 0;
		if (stage_pause(stage, LOOK_SECONDS) < 0)
			return -1;
		proc_cpu(&after);
		if (after.busy + after.stolen - before.busy - before.stolen <=
		    DISTURBED_SHARE * LOOK_SECONDS)
			return 0;
	}
	return 0;
}
