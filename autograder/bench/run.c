/*
 * run.c - runs every design with the same clients, round by round, and writes down what came.
 *
 *	bench-run [OPTION VALUE]... LIST OUT
 *
 * LIST is designs.list, OUT gets one JSON object with the machine, the settings and every run.
 * In each round each design has its turn, so that all of them meet the same moments of the
 * machine. A run that others have disturbed is made again, as often as --tries says.
 *
 * Exit status: 0 when all went well; 1 when a server has lost a request or has left something,
 * or when nothing could be measured, with a line on standard error; 2 for wrong arguments; 130
 * when it was broken off by a signal. No process is left, however it ends.
 */
#define _GNU_SOURCE
#include "../src/base/files.h"
#include "../src/base/text.h"
#include "designs.h"
#include "machine.h"
#include "measure.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HERD_MAX = 16, RUNS_MAX = 100, STATUS_FAILED = 1, STATUS_USAGE = 2, STATUS_STOPPED = 130 };

/* While others are busy, we wait for so long before each run, and then try. */
static const double QUIET_SECONDS = 10;

struct bench {
	struct settings settings;
	long rounds, tries;
	long minutes;     /* after which no run is made again, and nobody waits for others */
	long pin;         /* 1: server and clients each have processors of their own */
	long lean;        /* 1: also the least that serves like each design */
	const char *only; /* ids, between blanks or commas; NULL: all */
	long herd[HERD_MAX];
	size_t n_herd;
	struct design designs[DESIGNS_MAX];
	size_t n_designs;
	struct stage stage;
	double began;
	json_t *runs, *skipped;
};

/* ---- arguments --------------------------------------------------------------------------------
 */

static const char usage[] =
    "usage: bench-run [--rounds N] [--clients N] [--processes N] [--connections N] [--bytes N]\n"
    "                 [--children N] [--herd \"N...\"] [--designs \"ID...\"] [--tries N]\n"
    "                 [--minutes N] [--pin 0|1] [--lean 0|1] [--patience SECONDS]\n"
    "                 [--servers FOLDER] [--load PROGRAM] LIST OUT\n";

/* Takes a number from least to most. */
static int
take_number(const char *text, long least, long most, long *number)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*text == '\0' || *end != '\0' || value < least || value > most)
		return -1;
	*number = value;
	return 0;
}

static int
by_size(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

static int
take_herd(struct bench *b, const char *text)
{
	const char *const between = " ,";

	b->n_herd = 0;
	for (text += strspn(text, between); *text != '\0'; text += strspn(text, between)) {
		size_t n = strcspn(text, between);
		char word[16];

		if (n >= sizeof word || b->n_herd == HERD_MAX)
			return -1;
		memcpy(word, text, n);
		word[n] = '\0';
		if (take_number(word, 1, CHILDREN_MAX, &b->herd[b->n_herd++]) < 0)
			return -1;
		text += n;
	}
	qsort(b->herd, b->n_herd, sizeof *b->herd, by_size);
	return 0;
}

static int
take_option(struct bench *b, const char *name, const char *value)
{
	const struct {
		const char *name;
		long least, most, *number;
	} numbers[] = {
	    {"rounds", 1, RUNS_MAX, &b->rounds},
	    {"tries", 1, RUNS_MAX, &b->tries},
	    {"minutes", 0, 10000, &b->minutes},
	    {"pin", 0, 1, &b->pin},
	    {"lean", 0, 1, &b->lean},
	    {"clients", 1, 100, &b->settings.clients},
	    {"processes", 1, 100, &b->settings.processes},
	    {"connections", 1, 100000, &b->settings.connections},
	    {"bytes", 1, 12288, &b->settings.bytes},
	    {"children", 1, 64, &b->settings.children},
	    {"patience", 1, 600, &b->settings.patience},
	};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (strcmp(numbers[i].name, name) == 0)
			return take_number(
			    value, numbers[i].least, numbers[i].most, numbers[i].number);
	if (strcmp(name, "herd") == 0)
		return take_herd(b, value);
	if (strcmp(name, "designs") == 0)
		b->only = value;
	else if (strcmp(name, "servers") == 0)
		b->settings.servers = value;
	else
		b->settings.load = value;
	return 0;
}

/* Returns 0, or -1 after a line on standard error. */
static int
take_arguments(struct bench *b, int argc, char *argv[])
{
	static const struct option options[] = {
	    {"rounds", required_argument, NULL, 0},
	    {"tries", required_argument, NULL, 0},
	    {"minutes", required_argument, NULL, 0},
	    {"pin", required_argument, NULL, 0},
	    {"lean", required_argument, NULL, 0},
	    {"clients", required_argument, NULL, 0},
	    {"processes", required_argument, NULL, 0},
	    {"connections", required_argument, NULL, 0},
	    {"bytes", required_argument, NULL, 0},
	    {"children", required_argument, NULL, 0},
	    {"patience", required_argument, NULL, 0},
	    {"herd", required_argument, NULL, 0},
	    {"designs", required_argument, NULL, 0},
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
	if (got == -1 && argc - optind == 2)
		return 0;
	fputs(usage, stderr);
	return -1;
}

/* ---- which designs -----------------------------------------------------------------------------
 */

static bool
is_wanted(const struct bench *b, const char *id)
{
	const char *const between = " ,";
	size_t n;

	if (b->only == NULL)
		return true;
	for (const char *at = b->only; *at != '\0'; at += n) {
		at += strspn(at, between);
		n = strcspn(at, between);
		if (n == strlen(id) && strncmp(at, id, n) == 0)
			return true;
	}
	return false;
}

/* The lab is missing, or it has come and its line in the list still has other names. */
static int
skip(struct bench *b, const struct design *d)
{
	char *solution = join_path("solutions", d->lab, NULL);
	bool there = solution != NULL && is_directory(solution);

	free(solution);
	printf("  skipped: %s, %s: lab %s %s\n", d->id, d->names[0], d->lab,
	    there ? "has not the sources that designs.list names" : "is not there yet");
	return json_array_append_new(
	    b->skipped, json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", d->id, "lab", d->lab, "en",
			    d->names[0], "de", d->names[1], "ru", d->names[2]));
}

static bool
has_server(const struct bench *b, const struct design *d)
{
	char *path = join_path(b->settings.servers, d->words[0], NULL);
	bool there = path != NULL && access(path, X_OK) == 0;

	free(path);
	return there;
}

/* Leaves only what is wanted and there. */
static void
choose(struct bench *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->n_designs; i++) {
		struct design d = b->designs[i];
		bool wanted =
		    is_wanted(b, d.id) && !(d.herd && b->n_herd == 0) && !(d.lean && b->lean == 0);

		if (wanted && has_server(b, &d)) {
			b->designs[kept++] = d;
			continue;
		}
		if (wanted)
			skip(b, &d);
		free(d.line);
	}
	b->n_designs = kept;
}

/* ---- what it will do
 * ----------------------------------------------------------------------------- */

/*
 * A guess, before the first round has told better: what a connection costs at most designs, and
 * what each waiting child adds to it where all of them wake up.
 */
static double
guess_round(const struct bench *b)
{
	const double connection = 1.5e-4, awake = 2e-6, start = 0.1, child = 5e-4;
	double all =
	    (double)(b->settings.clients * b->settings.processes * b->settings.connections);
	double seconds = 0;

	for (size_t i = 0; i < b->n_designs; i++) {
		if (!b->designs[i].herd)
			seconds += start + all * connection;
		for (size_t h = 0; b->designs[i].herd && h < b->n_herd; h++)
			seconds += start + (double)b->herd[h] * child +
				   all * (connection + awake * (double)b->herd[h]);
	}
	return seconds;
}

static void
say_time(const char *what, double seconds)
{
	if (seconds < 5)
		printf("%s a few seconds.\n", what);
	else if (seconds < 100)
		printf("%s about %.0f seconds.\n", what, seconds);
	else
		printf("%s about %.0f minutes.\n", what, seconds / 60);
	fflush(stdout);
}

static void
say_plan(const struct bench *b)
{
	const struct settings *s = &b->settings;
	size_t herds = 0;

	for (size_t i = 0; i < b->n_designs; i++)
		herds += b->designs[i].herd;
	printf("Each round: %zu designs", b->n_designs - herds);
	if (herds > 0) {
		printf(", and %zu ways to wait with", herds);
		for (size_t i = 0; i < b->n_herd; i++)
			printf("%s %ld", i == 0 ? "" : ",", b->herd[i]);
		printf(" children");
	}
	printf(".\nEach run: %ld clients x %ld processes x %ld connections x %ld bytes", s->clients,
	    s->processes, s->connections, s->bytes);
	printf(", %ld children or threads, 127.0.0.1 only.\n", s->children);
	printf("Rounds: %ld. Ctrl-C ends it and leaves nothing.", b->rounds);
	say_time(" All of it takes", guess_round(b) * (double)b->rounds);
}

/* ---- the rounds
 * --------------------------------------------------------------------------------------- */

static json_t *
clients_of(const struct run *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_clients; i++)
		json_array_append_new(list, json_integer(r->clients[i]));
	return list;
}

static int
write_down(struct bench *b, const struct run *r, long round)
{
	json_t *run = json_pack("{s:s, s:I, s:I, s:I, s:I}", "design", r->design->id, "round",
	    (json_int_t)round, "children", (json_int_t)r->children, "processes",
	    (json_int_t)r->processes, "connections", (json_int_t)r->connections);
	json_t *cost = json_pack("{s:f, s:f, s:f, s:I, s:I, s:f, s:f, s:f, s:f, s:b, s:o}", "cpu",
	    r->user + r->system, "user", r->user, "system", r->system, "voluntary",
	    (json_int_t)r->voluntary, "involuntary", (json_int_t)r->involuntary, "seconds",
	    r->seconds, "p50", r->p50, "p99", r->p99, "others", r->others, "disturbed",
	    r->disturbed, "clients", clients_of(r));
	int result = run == NULL || cost == NULL ? -1 : json_object_update(run, cost);

	json_decref(cost);
	return result < 0 ? -1 : json_array_append_new(b->runs, run);
}

static void
say_run(const struct run *r, long round)
{
	printf("  round %ld  %-9s %4ld  %8.3f s CPU %9ld switches%s\n", round, r->design->id,
	    r->children, r->user + r->system, r->voluntary + r->involuntary,
	    r->disturbed ? "  disturbed by others: does not count" : "");
	fflush(stdout);
}

/* A machine that is never quiet must not make it endless. */
static long
tries_left(const struct bench *b)
{
	return stage_now() - b->began < (double)b->minutes * 60 ? b->tries : 1;
}

/* One design, until a run was not disturbed. Returns 0, or the status to end with. */
static int
take_turn(struct bench *b, const struct design *d, long children, long round)
{
	static struct run run; /* too big for a stack */
	char problem[PROBLEM_SIZE];
	long tries = tries_left(b);

	for (long i = 0; i < tries; i++) {
		if (tries > 1 && measure_await_quiet(&b->stage, QUIET_SECONDS) < 0)
			return STATUS_STOPPED;
		if (measure(&b->stage, &b->settings, d, children, &run, problem) < 0) {
			if (problem[0] == '\0')
				return STATUS_STOPPED;
			fprintf(stderr, "bench: %s\n", problem);
			return STATUS_FAILED;
		}
		say_run(&run, round);
		if (write_down(b, &run, round) < 0)
			return STATUS_FAILED;
		if (!run.disturbed)
			break;
	}
	return 0;
}

static int
take_round(struct bench *b, long round)
{
	int status = 0;

	for (size_t i = 0; status == 0 && i < b->n_designs; i++)
		if (!b->designs[i].herd)
			status = take_turn(b, &b->designs[i], b->settings.children, round);
	for (size_t h = 0; h < b->n_herd; h++)
		for (size_t i = 0; status == 0 && i < b->n_designs; i++)
			if (b->designs[i].herd)
				status = take_turn(b, &b->designs[i], b->herd[h], round);
	return status;
}

static int
take_rounds(struct bench *b)
{
	b->began = stage_now();
	for (long round = 1; round <= b->rounds; round++) {
		int status = take_round(b, round);

		if (status != 0)
			return status;
		if (round < b->rounds)
			say_time("Still",
			    (stage_now() - b->began) / (double)round * (double)(b->rounds - round));
	}
	return 0;
}

/* ---- the result
 * ------------------------------------------------------------------------------------------ */

static json_t *
settings_of(const struct bench *b)
{
	const struct settings *s = &b->settings;

	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "rounds", (json_int_t)b->rounds,
	    "clients", (json_int_t)s->clients, "processes", (json_int_t)s->processes, "connections",
	    (json_int_t)s->connections, "bytes", (json_int_t)s->bytes, "children",
	    (json_int_t)s->children, "pinned", b->stage.pinned);
}

static json_t *
designs_of(const struct bench *b)
{
	json_t *list = json_array();

	for (size_t i = 0; i < b->n_designs; i++) {
		const struct design *d = &b->designs[i];

		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:s}", "id", d->id, "row",
			      d->row, "column", d->column, "herd", d->herd, "en", d->names[0], "de",
			      d->names[1], "ru", d->names[2]));
	}
	return list;
}

/* When it was: the day is enough to find the figures again. */
static void
today(char text[16])
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(text, 16, "%Y-%m-%d", &utc);
}

static int
write_result(const struct bench *b, json_t *rates, const char *path)
{
	char day[16], *text;
	json_t *all;
	int result = -1;

	today(day);
	all = json_pack("{s:i, s:s, s:o, s:O, s:o, s:o, s:O, s:O}", "schema", 1, "day", day,
	    "machine", machine_describe(), "rates", rates, "settings", settings_of(b), "designs",
	    designs_of(b), "skipped", b->skipped, "runs", b->runs);
	text = all ? json_dumps(all, JSON_INDENT(1)) : NULL;
	if (text != NULL)
		result = write_file_atomic(path, text, strlen(text), 0644);
	if (result < 0)
		fprintf(stderr, "bench: %s: %s\n", path, strerror(errno));
	free(text);
	json_decref(all);
	return result;
}

static int
run(struct bench *b, const char *out)
{
	json_t *rates;
	int status;

	say_plan(b);
	rates = machine_rates();
	if (rates == NULL || stage_init(&b->stage, b->pin == 1) < 0) {
		fprintf(stderr, "bench: %s\n", strerror(errno));
		json_decref(rates);
		return STATUS_FAILED;
	}
	status = take_rounds(b);
	if (status == STATUS_STOPPED)
		fputs("bench: broken off; no process is left\n", stderr);
	if (status == 0 && write_result(b, rates, out) < 0)
		status = STATUS_FAILED;
	json_decref(rates);
	return status;
}

int
main(int argc, char *argv[])
{
	/* the book's load; see chapter 30 */
	static struct bench b = {
	    .settings = {.clients = 2,
		.processes = 5,
		.connections = 500,
		.bytes = 4000,
		.children = 15,
		.patience = 30,
		.servers = "build/bench/servers",
		.load = "build/bench/load"},
	    .rounds = 5,
	    .tries = 4,
	    .minutes = 30,
	    .pin = 1,
	    .herd = {15, 100, 500},
	    .n_herd = 3,
	};
	int status = STATUS_FAILED;
	long n;

	if (take_arguments(&b, argc, argv) < 0)
		return STATUS_USAGE;
	n = designs_read(argv[optind], b.designs);
	if (n < 0)
		return STATUS_FAILED;
	b.n_designs = (size_t)n;
	b.runs = json_array();
	b.skipped = json_array();
	choose(&b);
	if (b.n_designs > 0)
		status = run(&b, argv[optind + 1]);
	else
		fputs("bench: no design to measure\n", stderr);
	designs_free(b.designs, b.n_designs);
	json_decref(b.runs);
	json_decref(b.skipped);
	return status;
}
