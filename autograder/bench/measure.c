/* measure.c - see measure.h. */
#define _GNU_SOURCE
#include "measure.h"
#include "proc.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* Others disturb a run when they use more than this part of a processor ... */
static const double DISTURBED_SHARE = 0.25;
/* ... and more than the clock of /proc/stat can be wrong in a short run. */
static const double DISTURBED_SECONDS = 0.1;
/* How long one look lasts that asks whether the others are quiet. */
static const double LOOK_SECONDS = 0.25;

enum { COMMAND_SIZE = 1024, OUTPUT_SIZE = 1 << 17, CHILDREN_SEEN = 64, NUMBER_SIZE = 24 };

/* What one run has to remember on its way. */
struct course {
	struct serving server;
	struct stage *stage;
	const struct settings *settings;
	struct run *run;
	size_t children_at_first; /* of the server, when it was ready */
	long descriptors_at_first;
	struct proc_cpu cpu_at_first;
	double began;
};

static double
seconds_of(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

/* ---- the server comes ------------------------------------------------------------------- */

static int
start_server(struct course *c)
{
	const struct design *d = c->run->design;
	char count[NUMBER_SIZE];
	char *argv[WORDS_MAX + 2];
	size_t n = 0;

	snprintf(count, sizeof count, "%ld", c->run->children);
	argv[n++] = (char *)d->words[0];
	argv[n++] = "127.0.0.1:0";
	for (size_t i = 1; d->words[i] != NULL; i++)
		argv[n++] = strcmp(d->words[i], "N") == 0 ? count : (char *)d->words[i];
	argv[n] = NULL;
	return serving_start(&c->server, c->settings->servers, argv);
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
		result =
		    serving_fail(&c->server, "the clients said what cannot be read: %.80s", text);
	else if (failed > 0)
		result = serving_fail(&c->server, "%lld of %lld requests failed: %s",
		    (long long)failed, (long long)requests, reason);
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
	char *argv[] = {"load", c->server.address, processes, connections, bytes, patience, NULL};

	snprintf(processes, sizeof processes, "%zu", c->run->processes);
	snprintf(connections, sizeof connections, "%zu", each);
	snprintf(bytes, sizeof bytes, "%ld", s->bytes);
	snprintf(patience, sizeof patience, "%ld", s->patience);
	if (stage_start(c->stage, &c->stage->load, s->load, argv) < 0)
		return serving_fail(
		    &c->server, "its clients cannot be started: %s", strerror(errno));
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
		return serving_fail_waiting(&c->server, "its clients do not end");
	if (!WIFEXITED(load->status) || WEXITSTATUS(load->status) != 0)
		return serving_fail(&c->server, "its clients could not be run");
	if (stage_read(c->stage, load, false, text, sizeof text, never) < 0)
		return serving_fail_waiting(&c->server, "its clients say nothing");
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
	const double until = serving_deadline(&c->server);
	size_t zombies, living;

	for (;;) {
		count_left(c, &zombies, &living);
		if (zombies + living == 0)
			return 0;
		if (stage_now() > until)
			break;
		if (serving_pause(&c->server) < 0)
			return -1;
	}
	if (zombies > 0)
		return serving_fail(
		    &c->server, "%zu of its children are zombies: nobody waits for them", zombies);
	return serving_fail(
	    &c->server, "%zu processes go on, although all clients have gone", living);
}

/*
 * A server that calls shutdown() first has its clients gone before it comes to close(). A pool that
 * changes its children may have other pipes now than at first.
 */
static int
await_descriptors(struct course *c)
{
	const double until = serving_deadline(&c->server);
	long allowed = c->children_at_first == 0 ? 0 : 2 * c->run->children;
	long now, more;

	for (;;) {
		now = proc_descriptors(c->stage->server.pid);
		more = now - c->descriptors_at_first;
		if (now < 0 || c->descriptors_at_first < 0 || more <= allowed)
			return 0;
		if (stage_now() > until)
			break;
		if (serving_pause(&c->server) < 0)
			return -1;
	}
	return serving_fail(
	    &c->server, "has %ld descriptors more open than before its clients came", more);
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
			return serving_fail(&c->server, "said \"%s\" where number %zu should come",
			    line, r->n_clients);
		r->clients[r->n_clients++] = clients;
		sum += clients;
	}
	if (r->n_clients > 0 && sum != (long)r->connections)
		return serving_fail(
		    &c->server, "%ld clients came, and it says %ld", (long)r->connections, sum);
	return 0;
}

static int
read_clients(struct course *c)
{
	static char text[OUTPUT_SIZE]; /* too big for a stack */

	if (stage_read(c->stage, &c->stage->server, false, text, sizeof text,
		serving_deadline(&c->server)) < 0)
		return serving_fail_waiting(&c->server, "did not close its standard output");
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
	if (start_server(c) < 0)
		return -1;
	look_at_first(c);
	if (run_load(c) < 0 || await_sessions(c) < 0 || await_descriptors(c) < 0 ||
	    serving_stop(&c->server, c->run->design->stop) < 0 || read_clients(c) < 0)
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
	struct course c = {.server = {.stage = stage,
			       .name = design->words[0],
			       .patience = settings->patience,
			       .problem = problem},
	    .stage = stage,
	    .settings = settings,
	    .run = run};
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
