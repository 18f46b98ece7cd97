/* lock_figures.c - see lock_figures.h. */
#include "lock_figures.h"
#include "figures.h"
#include "sample.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { VALUES_MAX = 1000, NAMES_MAX = 8 };

/* The runs of one daemon in one way. */
struct series {
	const json_t *runs;
	const char *daemon, *mode;
	json_int_t clients;
};

static bool
belongs(const struct series *s, const json_t *run)
{
	return strcmp(figures_text(run, "daemon"), s->daemon) == 0 &&
	       strcmp(figures_text(run, "mode"), s->mode) == 0 &&
	       json_integer_value(json_object_get(run, "clients")) == s->clients;
}

/* ---- values ------------------------------------------------------------------------------ */

typedef double asked(const json_t *run);

static double
rate_of(const json_t *run)
{
	double seconds = figures_number(run, "seconds");

	return seconds > 0 ? figures_number(run, "pairs") / seconds : 0;
}

static double
p99_of(const json_t *run)
{
	return figures_number(run, "p99");
}

static double
used_of(const json_t *run)
{
	double pairs = figures_number(run, "pairs");

	return pairs > 0 ? figures_number(run, "used") / pairs * 1e6 : 0;
}

static double
handover_of(const json_t *run, const char *key)
{
	return figures_number(json_object_get(run, "handover"), key);
}

static double
handover_p50(const json_t *run)
{
	return handover_of(run, "p50");
}

static double
handover_p99(const json_t *run)
{
	return handover_of(run, "p99");
}

static double
handover_p999(const json_t *run)
{
	return handover_of(run, "p999");
}

static double
handover_longest(const json_t *run)
{
	return handover_of(run, "most");
}

/* In a second, of all together. */
static double
idle_cpu(const json_t *run)
{
	double seconds = figures_number(run, "seconds");

	return seconds > 0 ? figures_number(run, "cpu") / seconds * 1e3 : 0;
}

/* In a second, of each one. The first client does not wait: it has the lock. */
static double
idle_wakes(const json_t *run)
{
	double seconds = figures_number(run, "seconds"),
	       waiting = figures_number(run, "clients") - 1;

	return seconds > 0 && waiting > 0 ? figures_number(run, "wakes") / seconds / waiting : 0;
}

static size_t
values_of(const struct series *s, asked *ask, double *values)
{
	const json_t *run;
	size_t i, n = 0;

	json_array_foreach(s->runs, i, run)
	{
		if (n < VALUES_MAX && belongs(s, run))
			values[n++] = ask(run);
	}
	return n;
}

/* Returns how many runs there are. A rate gets its ends, too. */
static size_t
put_median(json_t *to, const char *key, const struct series *s, asked *ask)
{
	double values[VALUES_MAX];
	size_t n = values_of(s, ask, values);

	json_object_set_new(to, key, json_real(sample_median(values, n)));
	if (ask == rate_of && n > 0) {
		json_object_set_new(to, "least", json_real(values[0]));
		json_object_set_new(to, "most", json_real(values[n - 1]));
	}
	return n;
}

/* ---- hand-over ---------------------------------------------------------------------------- */

/* In each round that has both, then the median: a machine that becomes slower changes nothing. */
static json_t *
ratio_to(const struct series *s, const struct series *leanest)
{
	double ratios[VALUES_MAX];
	const json_t *run, *other;
	size_t i, j, n = 0;

	json_array_foreach(s->runs, i, run)
	{
		if (!belongs(s, run))
			continue;
		json_array_foreach(s->runs, j, other)
		{
			if (n < VALUES_MAX && belongs(leanest, other) &&
			    json_equal(
				json_object_get(run, "round"), json_object_get(other, "round")) &&
			    handover_p999(other) > 0)
				ratios[n++] = handover_p999(run) / handover_p999(other);
		}
	}
	return n > 0 ? json_real(sample_median(ratios, n)) : json_null();
}

static json_t *
handover(const struct series *s, const struct series *leanest)
{
	json_t *times = json_object();

	put_median(times, "p50", s, handover_p50);
	put_median(times, "p99", s, handover_p99);
	put_median(times, "p999", s, handover_p999);
	put_median(times, "longest", s, handover_longest);
	json_object_set_new(times, "ratio", ratio_to(s, leanest));
	return times;
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* The daemons, each once, in the order of the runs. Returns how many. */
static size_t
names_of(const json_t *runs, const char *names[NAMES_MAX])
{
	const json_t *run;
	size_t i, n = 0;

	json_array_foreach(runs, i, run)
	{
		const char *name = figures_text(run, "daemon");
		bool known = false;

		for (size_t k = 0; k < n; k++)
			known = known || strcmp(names[k], name) == 0;
		if (!known && n < NAMES_MAX)
			names[n++] = name;
	}
	return n;
}

static json_t *
daemon_in_way(const struct series *s, const struct series *leanest)
{
	json_t *one = json_pack("{s:s}", "daemon", s->daemon);

	json_object_set_new(
	    one, "runs", json_integer((json_int_t)put_median(one, "per_second", s, rate_of)));
	put_median(one, "p99", s, p99_of);
	put_median(one, "used", s, used_of);
	if (strcmp(s->mode, "one") == 0)
		json_object_set_new(one, "handover", handover(s, leanest));
	return one;
}

static json_t *
daemon_that_waits(const struct series *s)
{
	json_t *one = json_pack("{s:s}", "daemon", s->daemon);

	put_median(one, "cpu", s, idle_cpu);
	put_median(one, "wakes", s, idle_wakes);
	return one;
}

/* One way to use the daemons: the runs that are like this one. */
static json_t *
make_way(const json_t *runs, const json_t *like)
{
	const char *names[NAMES_MAX];
	struct series s = {.runs = runs,
	    .mode = figures_text(like, "mode"),
	    .clients = json_integer_value(json_object_get(like, "clients"))};
	json_t *daemons = json_array();
	size_t n = names_of(runs, names);

	for (size_t i = 0; i < n; i++) {
		struct series leanest = s;

		leanest.daemon = names[n - 1];
		s.daemon = names[i];
		json_array_append_new(daemons, strcmp(s.mode, "wait") == 0
						   ? daemon_that_waits(&s)
						   : daemon_in_way(&s, &leanest));
	}
	return json_pack(
	    "{s:s, s:I, s:o}", "mode", s.mode, "clients", s.clients, "daemons", daemons);
}

static bool
has_way(const json_t *ways, const json_t *run)
{
	const json_t *way;
	size_t i;

	json_array_foreach(ways, i, way)
	{
		if (json_equal(json_object_get(way, "mode"), json_object_get(run, "mode")) &&
		    json_equal(json_object_get(way, "clients"), json_object_get(run, "clients")))
			return true;
	}
	return false;
}

static json_t *
make_ways(const json_t *runs)
{
	json_t *ways = json_array();
	const json_t *run;
	size_t i;

	json_array_foreach(runs, i, run)
	{
		if (!has_way(ways, run))
			json_array_append_new(ways, make_way(runs, run));
	}
	return ways;
}

json_t *
lock_figures_make(const json_t *locks)
{
	if (json_integer_value(json_object_get(locks, "schema")) != 1) {
		fputs("bench: these are no results of the lock daemons\n", stderr);
		return NULL;
	}
	return json_pack("{s:O, s:o, s:o}", "floors", json_object_get(locks, "floors"), "ways",
	    make_ways(json_object_get(locks, "runs")), "idle",
	    make_ways(json_object_get(locks, "idle")));
}
