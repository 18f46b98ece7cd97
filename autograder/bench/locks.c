/*
 * locks.c - the lock daemon of lab 13 beside the leanest one, round by round.
 *
 *	bench-locks [OPTION VALUE]... OUT
 *
 * Both daemons, with the same clients: each with a lock of its own, and all with the same one;
 * then all of them wait for one lock that is held, and we count what this waiting costs. OUT gets
 * one JSON object: what links and round trips cost alone on this machine, and every run.
 *
 * Exit status: 0 when all went well; 1 when a daemon has lost a request, given a lock to two, or
 * has left something, with a line on standard error; 2 for wrong arguments; 130 when it was broken
 * off by a signal. No process and no file is left, however it ends.
 */
#define _GNU_SOURCE
#include "../src/base/files.h"
#include "../src/base/text.h"
#include "address.h"
#include "floors.h"
#include "measure.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	CLIENTS_MAX = 256,
	COUNTS_MAX = 8,
	OUTPUT_SIZE = 2048,
	NUMBER_SIZE = 24,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_STOPPED = 130
};

/* So long we look at those who wait, seconds. */
static const double LOOK_SECONDS = 1.0;
/* While others are busy, we wait for so long before each run, and then try. */
static const double QUIET_SECONDS = 10;

struct daemon {
	const char *name;
	bool has_directory; /* it keeps its locks there */
};

static const struct daemon daemons[] = {{"mutexd", true}, {"fifod", false}};
enum { DAEMONS = sizeof daemons / sizeof *daemons };

struct bench {
	long rounds, pairs, patience, pin, quiet;
	long clients[COUNTS_MAX];
	size_t n_clients;
	const char *servers, *load, *out;
	struct stage stage;
	char directory[64]; /* for the locks of one run; "": there is none */
	char problem[PROBLEM_SIZE];
	json_t *runs, *idle;
};

/* ---- arguments --------------------------------------------------------------------------------
 */

static const char usage[] =
    "usage: bench-locks [--rounds N] [--clients \"N...\"] [--pairs N] [--patience SECONDS]\n"
    "                   [--pin 0|1] [--quiet 0|1] [--servers FOLDER] [--load PROGRAM] OUT\n";

static int
take_clients(struct bench *b, const char *text)
{
	const char *const between = " ,";
	char copy[256], *rest = NULL;

	if (strlen(text) >= sizeof copy)
		return -1;
	memcpy(copy, text, strlen(text) + 1);
	b->n_clients = 0;
	for (char *word = strtok_r(copy, between, &rest); word;
	     word = strtok_r(NULL, between, &rest)) {
		long n = address_number(word, CLIENTS_MAX);

		if (n < 1 || b->n_clients == COUNTS_MAX)
			return -1;
		b->clients[b->n_clients++] = n;
	}
	return b->n_clients > 0 ? 0 : -1;
}

static int
take_option(struct bench *b, const char *name, const char *value)
{
	const struct {
		const char *name;
		long least, most, *number;
	} numbers[] = {
	    {"rounds", 1, 100, &b->rounds},
	    {"pairs", 1, 100000, &b->pairs},
	    {"patience", 1, 600, &b->patience},
	    {"pin", 0, 1, &b->pin},
	    {"quiet", 0, 1, &b->quiet},
	};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (strcmp(numbers[i].name, name) == 0) {
			*numbers[i].number = address_number(value, numbers[i].most);
			return *numbers[i].number < numbers[i].least ? -1 : 0;
		}
	if (strcmp(name, "clients") == 0)
		return take_clients(b, value);
	*(strcmp(name, "servers") == 0 ? &b->servers : &b->load) = value;
	return 0;
}

/* Returns 0, or -1 after a line on standard error. */
static int
take_arguments(struct bench *b, int argc, char *argv[])
{
	static const struct option options[] = {
	    {"rounds", required_argument, NULL, 0},
	    {"pairs", required_argument, NULL, 0},
	    {"patience", required_argument, NULL, 0},
	    {"pin", required_argument, NULL, 0},
	    {"quiet", required_argument, NULL, 0},
	    {"clients", required_argument, NULL, 0},
	    {"servers", required_argument, NULL, 0},
	    {"load", required_argument, NULL, 0},
	    {NULL, 0, NULL, 0},
	};
	int which = 0, got;

	while ((got = getopt_long(argc, argv, "", options, &which)) == 0)
		if (take_option(b, options[which].name, optarg) < 0) {
			fprintf(stderr, "bench: %s: \"%s\" cannot be used\n", options[which].name,
			    optarg);
			return -1;
		}
	if (got != -1 || argc - optind != 1) {
		fputs(usage, stderr);
		return -1;
	}
	b->out = argv[optind];
	return 0;
}

/* ---- one run ------------------------------------------------------------------------------- */

struct turn {
	struct bench *bench;
	const struct daemon *daemon;
	struct serving server;
	long clients;
	const char *mode; /* as lockload calls it */
};

static int
make_directory(struct turn *t)
{
	const char *below = getenv("TMPDIR");
	char *path = text_format("%s/gabel-locks.XXXXXX", below != NULL ? below : "/tmp");
	int result = -1;

	if (path != NULL && strlen(path) < sizeof t->bench->directory && mkdtemp(path) != NULL) {
		memcpy(t->bench->directory, path, strlen(path) + 1);
		result = 0;
	}
	free(path);
	return result == 0 ? 0 : serving_fail(&t->server, "no directory for its locks can be made");
}

static void
remove_directory(struct bench *b)
{
	if (b->directory[0] != '\0')
		(void)remove_tree(b->directory);
	b->directory[0] = '\0';
}

/* What a daemon has held must be free when it has ended. */
static int
check_directory(struct turn *t)
{
	char **names, first[64] = "";
	size_t n;

	if (!t->daemon->has_directory)
		return 0;
	if (list_directory(t->bench->directory, &names, &n) < 0)
		return serving_fail(&t->server, "its directory: %s", strerror(errno));
	for (size_t i = 0; i < n; i++)
		if (names[i][0] != '.' && first[0] == '\0')
			snprintf(first, sizeof first, "%s", names[i]);
	free_names(names, n);
	return first[0] == '\0'
		   ? 0
		   : serving_fail(&t->server, "has ended, and has left %s in its directory", first);
}

static int
start_load(struct turn *t)
{
	struct bench *b = t->bench;
	char clients[NUMBER_SIZE], pairs[NUMBER_SIZE], patience[NUMBER_SIZE];
	char *argv[] = {
	    "lockload", t->server.address, clients, (char *)t->mode, pairs, patience, NULL};

	snprintf(clients, sizeof clients, "%ld", t->clients);
	snprintf(pairs, sizeof pairs, "%ld", b->pairs);
	snprintf(patience, sizeof patience, "%ld", b->patience);
	if (stage_start(&b->stage, &b->stage.load, b->load, argv) < 0)
		return serving_fail(
		    &t->server, "its clients cannot be started: %s", strerror(errno));
	return 0;
}

/* What the clients have said becomes the record of a run. */
static int
take_report(struct turn *t, const char *text, json_t **record)
{
	json_t *said = json_loads(text, 0, NULL);
	json_int_t pairs, failed;
	const char *reason = "";

	*record = NULL;
	if (said == NULL || json_unpack(said, "{s:I, s:I, s?s}", "pairs", &pairs, "failed", &failed,
				"reason", &reason) < 0) {
		json_decref(said);
		return serving_fail(
		    &t->server, "the clients said what cannot be read: %.80s", text);
	}
	if (failed > 0) {
		serving_fail(&t->server, "%lld of %lld pairs failed: %s", (long long)failed,
		    (long long)pairs, reason);
		json_decref(said);
		return -1;
	}
	*record = said;
	return 0;
}

/* Each answer is bounded, and so is the load as a whole; no other deadline is needed. */
static int
run_pairs(struct turn *t, json_t **record)
{
	struct stage *stage = &t->bench->stage;
	const double never = stage_now() + 1e6;
	char text[OUTPUT_SIZE];

	if (start_load(t) < 0)
		return -1;
	if (stage_await_end(stage, &stage->load, never) < 0)
		return serving_fail_waiting(&t->server, "its clients do not end");
	if (!WIFEXITED(stage->load.status) || WEXITSTATUS(stage->load.status) != 0)
		return serving_fail(&t->server, "its clients could not be run");
	if (stage_read(stage, &stage->load, false, text, sizeof text, never) < 0)
		return serving_fail_waiting(&t->server, "its clients say nothing");
	return take_report(t, text, record);
}

/* The daemon and those who wait for the one lock are looked at for a while. */
static int
look_at_waiting(struct turn *t, json_t **record)
{
	struct stage *stage = &t->bench->stage;
	struct proc_used before, after;
	double from;
	char line[OUTPUT_SIZE];

	if (start_load(t) < 0)
		return -1;
	if (stage_read(stage, &stage->load, true, line, sizeof line,
		serving_deadline(&t->server) + (double)t->bench->patience) < 0)
		return serving_fail_waiting(&t->server, "its clients do not come to wait");
	if (strcmp(line, "waiting") != 0)
		return serving_fail(&t->server, "a client cannot wait: %s", line);
	from = stage_now();
	before = proc_tree_used(stage->server.pid);
	if (stage_pause(stage, LOOK_SECONDS) < 0)
		return serving_fail_waiting(&t->server, "");
	after = proc_tree_used(stage->server.pid);
	*record = json_pack("{s:f, s:f, s:f}", "seconds", stage_now() - from, "cpu",
	    after.seconds - before.seconds, "wakes", after.wakes - before.wakes);
	kill(stage->load.pid, SIGTERM);
	if (stage_await_end(stage, &stage->load, serving_deadline(&t->server)) < 0)
		return serving_fail_waiting(&t->server, "its clients do not end");
	return *record == NULL ? serving_fail(&t->server, "%s", strerror(ENOMEM)) : 0;
}

static int
take_run(struct turn *t, json_t **record)
{
	struct bench *b = t->bench;
	char *argv[] = {(char *)t->daemon->name, "127.0.0.1:0",
	    t->daemon->has_directory ? b->directory : NULL, NULL};

	if (t->daemon->has_directory && make_directory(t) < 0)
		return -1;
	if (serving_start(&t->server, b->servers, argv) < 0 ||
	    (strcmp(t->mode, "wait") == 0 ? look_at_waiting(t, record) : run_pairs(t, record)) <
		0 ||
	    serving_stop(&t->server, SIGTERM) < 0)
		return -1;
	return check_directory(t);
}

static double
cpu_of(const struct rusage *used)
{
	return (double)(used->ru_utime.tv_sec + used->ru_stime.tv_sec) +
	       (double)(used->ru_utime.tv_usec + used->ru_stime.tv_usec) / 1e6;
}

/* The server's cost and the names of what was run go into the record; it goes into list. */
static int
write_down(struct turn *t, json_t *record, long round, json_t *list)
{
	const struct stage *stage = &t->bench->stage;
	json_t *more = json_pack("{s:s, s:s, s:I, s:I, s:f, s:I}", "daemon", t->daemon->name,
	    "mode", t->mode, "clients", (json_int_t)t->clients, "round", (json_int_t)round, "used",
	    cpu_of(&stage->server.used) + cpu_of(&stage->adopted), "switches",
	    (json_int_t)stage->server.used.ru_nvcsw + (json_int_t)stage->adopted.ru_nvcsw);
	int result = more == NULL ? -1 : json_object_update_missing(record, more);

	json_decref(more);
	return result < 0 ? -1 : json_array_append(list, record);
}

/* Returns 0, or the status to end with. */
static int
take_turn(struct bench *b, const struct daemon *d, long clients, const char *mode, long round)
{
	struct turn t = {.bench = b, .daemon = d, .clients = clients, .mode = mode};
	json_t *record = NULL;
	int result;

	t.server = (struct serving){
	    .stage = &b->stage, .name = d->name, .patience = b->patience, .problem = b->problem};
	b->problem[0] = '\0';
	if (b->quiet && measure_await_quiet(&b->stage, QUIET_SECONDS) < 0)
		return STATUS_STOPPED;
	stage_reset(&b->stage);
	result = take_run(&t, &record);
	stage_clear(&b->stage);
	remove_directory(b);
	if (result == 0)
		result =
		    write_down(&t, record, round, strcmp(mode, "wait") == 0 ? b->idle : b->runs);
	json_decref(record);
	if (result < 0 && b->problem[0] != '\0')
		fprintf(stderr, "bench: %s\n", b->problem);
	return result == 0 ? 0 : b->problem[0] != '\0' ? STATUS_FAILED : STATUS_STOPPED;
}

/* ---- the rounds ------------------------------------------------------------------------------ */

/* The daemons take turns within each way, so that they meet the same moments of the machine. */
static int
take_way(struct bench *b, long clients, const char *mode, long round)
{
	int status = 0;

	for (size_t i = 0; i < DAEMONS && status == 0; i++)
		status = take_turn(b, &daemons[i], clients, mode, round);
	return status;
}

static int
take_round(struct bench *b, long round)
{
	int status = 0;

	for (size_t i = 0; i < b->n_clients && status == 0; i++) {
		status = take_way(b, b->clients[i], "own", round);
		if (status == 0 && b->clients[i] > 1)
			status = take_way(b, b->clients[i], "one", round);
		if (status == 0 && b->clients[i] > 1)
			status = take_way(b, b->clients[i], "wait", round);
	}
	if (status == 0) {
		printf("  round %ld of %ld: the lock daemon\n", round, b->rounds);
		fflush(stdout);
	}
	return status;
}

/* Not there as long as lab 13 is not. */
static bool
has_daemons(const struct bench *b)
{
	bool all = true;

	for (size_t i = 0; i < DAEMONS && all; i++) {
		char *path = join_path(b->servers, daemons[i].name, NULL);

		all = path != NULL && access(path, X_OK) == 0;
		if (!all)
			fprintf(stderr, "bench: there is no %s\n", path ? path : daemons[i].name);
		free(path);
	}
	return all;
}

static json_t *
measure_floors(struct bench *b)
{
	struct turn t = {.bench = b, .server = {.name = "floors", .problem = b->problem}};
	double links = -1, balls;

	if (make_directory(&t) == 0)
		links = floor_link(b->directory);
	remove_directory(b);
	balls = floor_ping_pong(&b->stage);
	if (links < 0 || balls < 0) {
		fprintf(stderr, "bench: links and round trips: %s\n", strerror(errno));
		return NULL;
	}
	return json_pack("{s:f, s:f}", "link", links, "ping_pong", balls);
}

static int
write_result(const struct bench *b, json_t *floors)
{
	json_t *all = json_pack("{s:i, s:O, s:{s:I, s:I, s:b}, s:O, s:O}", "schema", 1, "floors",
	    floors, "settings", "rounds", (json_int_t)b->rounds, "pairs", (json_int_t)b->pairs,
	    "pinned", b->stage.pinned, "runs", b->runs, "idle", b->idle);
	char *text = all ? json_dumps(all, JSON_INDENT(1)) : NULL;
	int result = text ? write_file_atomic(b->out, text, strlen(text), 0644) : -1;

	if (result < 0)
		fprintf(stderr, "bench: %s: %s\n", b->out, strerror(errno));
	free(text);
	json_decref(all);
	return result < 0 ? STATUS_FAILED : 0;
}

static int
run(struct bench *b)
{
	json_t *floors;
	int status = 0;

	if (!has_daemons(b))
		return STATUS_FAILED;
	if (stage_init(&b->stage, b->pin == 1) < 0) {
		fprintf(stderr, "bench: %s\n", strerror(errno));
		return STATUS_FAILED;
	}
	floors = measure_floors(b);
	if (floors == NULL)
		return STATUS_FAILED;
	for (long round = 1; round <= b->rounds && status == 0; round++)
		status = take_round(b, round);
	if (status == STATUS_STOPPED)
		fputs("bench: broken off; no process is left\n", stderr);
	if (status == 0)
		status = write_result(b, floors);
	json_decref(floors);
	return status;
}

int
main(int argc, char *argv[])
{
	static struct bench b = {
	    .rounds = 5,
	    .pairs = 1000,
	    .patience = 30,
	    .pin = 1,
	    .quiet = 1,
	    .clients = {1, 8, 64},
	    .n_clients = 3,
	    .servers = "build/bench/servers",
	    .load = "build/bench/lockload",
	};
	int status;

	if (take_arguments(&b, argc, argv) < 0)
		return STATUS_USAGE;
	b.runs = json_array();
	b.idle = json_array();
	status = run(&b);
	json_decref(b.runs);
	json_decref(b.idle);
	return status;
}
