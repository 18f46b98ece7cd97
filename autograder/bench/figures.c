/* figures.c - see figures.h. */
#include "figures.h"
#include "sample.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The one that all are compared with. */
static const char baseline[] = "0";

enum { VALUES_MAX = 20000 };

/* The runs of one design with one number of children. */
struct series {
	const json_t *runs; /* all runs of the results */
	const char *id;
	json_int_t children; /* 0: any */
	bool disturbed;      /* none was undisturbed: all count */
	size_t all, n;       /* how many there are, and how many count */
	double connections;  /* of all that count */
};

json_t *
figures_read(const char *path)
{
	json_error_t error;
	json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (json == NULL)
		fprintf(stderr, "bench: %s:%d: %s\n", path, error.line, error.text);
	return json;
}

double
figures_number(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

const char *
figures_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* ---- series of runs ------------------------------------------------------------------------- */

static bool
belongs(const struct series *s, const json_t *run)
{
	return strcmp(figures_text(run, "design"), s->id) == 0 &&
	       (s->children == 0 ||
		   json_integer_value(json_object_get(run, "children")) == s->children);
}

static bool
counts(const struct series *s, const json_t *run)
{
	return belongs(s, run) &&
	       (s->disturbed || !json_is_true(json_object_get(run, "disturbed")));
}

static void
count(struct series *s)
{
	size_t i;
	const json_t *run;

	s->n = 0;
	s->connections = 0;
	json_array_foreach(s->runs, i, run)
	{
		if (!counts(s, run))
			continue;
		s->n++;
		s->connections += figures_number(run, "connections");
	}
}

static struct series
series_of(const json_t *results, const char *id, json_int_t children)
{
	struct series s = {
	    .runs = json_object_get(results, "runs"), .id = id, .children = children};
	size_t i;
	const json_t *run;

	json_array_foreach(s.runs, i, run) s.all += belongs(&s, run);
	count(&s);
	if (s.n == 0) {
		s.disturbed = true;
		count(&s);
	}
	return s;
}

/* What is asked of a run. */
typedef double asked(const json_t *run);

static double
cpu_of(const json_t *run)
{
	return figures_number(run, "cpu");
}

static double
rate_of(const json_t *run)
{
	double seconds = figures_number(run, "seconds");

	return seconds > 0 ? figures_number(run, "connections") / seconds : 0;
}

static double
p50_of(const json_t *run)
{
	return figures_number(run, "p50");
}

static double
p99_of(const json_t *run)
{
	return figures_number(run, "p99");
}

/* For each connection; of a run without any for all of it. */
static double
switches_of(const json_t *run)
{
	double connections = figures_number(run, "connections");

	return (figures_number(run, "voluntary") + figures_number(run, "involuntary")) /
	       (connections > 0 ? connections : 1);
}

/* Returns how many values there are. */
static size_t
values_of(const struct series *s, asked *ask, double values[VALUES_MAX])
{
	size_t i, n = 0;
	const json_t *run;

	json_array_foreach(s->runs, i, run)
	{
		if (counts(s, run) && n < VALUES_MAX)
			values[n++] = ask(run);
	}
	return n;
}

static double
median_of(const struct series *s, asked *ask)
{
	static double values[VALUES_MAX];

	return sample_median(values, values_of(s, ask, values));
}

/* Both as sorting leaves them; 0 when there is no value. */
static void
spread_of(const struct series *s, asked *ask, double *least, double *most)
{
	static double values[VALUES_MAX];
	size_t n = values_of(s, ask, values);

	sample_median(values, n);
	*least = n > 0 ? values[0] : 0;
	*most = n > 0 ? values[n - 1] : 0;
}

/* ---- beside another server ---------------------------------------------------------------------
 */

/* The run of that round that counts: the last one, because it was made again until then. */
static const json_t *
run_in_round(const struct series *s, json_int_t round)
{
	const json_t *found = NULL, *run;
	size_t i;

	json_array_foreach(s->runs, i, run)
	{
		if (counts(s, run) && json_integer_value(json_object_get(run, "round")) == round)
			found = run;
	}
	return found;
}

/* Medians over the rounds that have both. Returns how many these are. */
static size_t
compare(const struct series *s, const struct series *with, json_int_t rounds, double *ratio,
    double *difference)
{
	static double ratios[VALUES_MAX], differences[VALUES_MAX];
	size_t n = 0;

	for (json_int_t round = 1; round <= rounds && n < VALUES_MAX; round++) {
		const json_t *ours = run_in_round(s, round), *theirs = run_in_round(with, round);

		if (ours == NULL || theirs == NULL || cpu_of(theirs) <= 0)
			continue;
		ratios[n] = cpu_of(ours) / cpu_of(theirs);
		differences[n++] = cpu_of(ours) - cpu_of(theirs);
	}
	*ratio = sample_median(ratios, n);
	*difference = sample_median(differences, n);
	return n;
}

/* ---- rows, columns, herd
 * -------------------------------------------------------------------------- */

/* A new object with what the results say of the design itself. */
static json_t *
named(const json_t *design)
{
	static const char *const keys[] = {"id", "row", "en", "de", "ru"};
	json_t *object = json_object();

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		json_object_set(object, keys[i], json_object_get(design, keys[i]));
	return object;
}

static void
put_number(json_t *object, const char *key, double value)
{
	json_object_set_new(object, key, json_real(value));
}

/* A member of the book's tables, or null. */
static void
put_book(json_t *object, const json_t *table, const char *row)
{
	json_t *value = json_object_get(table, row);

	if (value != NULL)
		json_object_set(object, "book", value);
	else
		json_object_set_new(object, "book", json_null());
}

static void
put_cost(json_t *object, const struct series *s)
{
	double least, most;

	spread_of(s, cpu_of, &least, &most);
	put_number(object, "cpu", median_of(s, cpu_of));
	put_number(object, "least", least);
	put_number(object, "most", most);
	put_number(object, "per_second", median_of(s, rate_of));
	put_number(object, "p50", median_of(s, p50_of));
	put_number(object, "p99", median_of(s, p99_of));
	put_number(object, "switches", median_of(s, switches_of));
	json_object_set_new(object, "runs", json_integer((json_int_t)s->n));
	json_object_set_new(object, "discarded", json_integer((json_int_t)(s->all - s->n)));
	json_object_set_new(object, "disturbed", json_boolean(s->disturbed));
}

static json_int_t
rounds_of(const json_t *results)
{
	const json_t *settings = json_object_get(results, "settings");

	return json_integer_value(json_object_get(settings, "rounds"));
}

static void
put_comparison(json_t *object, const json_t *results, const struct series *s)
{
	struct series with = series_of(results, baseline, 0);
	double ratio, difference;

	if (compare(s, &with, rounds_of(results), &ratio, &difference) > 0) {
		put_number(object, "ratio", ratio);
		put_number(object, "control", difference);
	} else {
		json_object_set_new(object, "ratio", json_null());
		json_object_set_new(object, "control", json_null());
	}
}

/* With the design "ID-lean", if it was measured. */
static void
put_lean(json_t *object, const json_t *results, const struct series *s)
{
	char id[64];
	double ratio, difference;
	struct series with;

	snprintf(id, sizeof id, "%s-lean", s->id);
	with = series_of(results, id, 0);
	if (compare(s, &with, rounds_of(results), &ratio, &difference) > 0)
		put_number(object, "lean", ratio);
	else
		json_object_set_new(object, "lean", json_null());
}

static json_t *
make_rows(const json_t *results, const json_t *book)
{
	json_t *rows = json_array();
	const json_t *design;
	size_t i;

	json_array_foreach(json_object_get(results, "designs"), i, design)
	{
		struct series s = series_of(results, figures_text(design, "id"), 0);
		json_t *row;

		if (json_is_true(json_object_get(design, "herd")) || s.n == 0)
			continue;
		row = named(design);
		put_book(row, json_object_get(book, "control"), figures_text(design, "row"));
		put_cost(row, &s);
		put_comparison(row, results, &s);
		put_lean(row, results, &s);
		json_array_append_new(rows, row);
	}
	return rows;
}

/* Of all children in all runs that count. */
static void
put_clients(json_t *column, const struct series *s)
{
	static double values[VALUES_MAX];
	const json_t *run, *clients = NULL, *one;
	size_t i, j, n = 0;

	json_array_foreach(s->runs, i, run)
	{
		if (!counts(s, run))
			continue;
		clients = json_object_get(run, "clients");
		json_array_foreach(clients, j, one)
		{
			if (n < VALUES_MAX)
				values[n++] = json_number_value(one);
		}
	}
	json_object_set(column, "today", (json_t *)clients);
	put_number(column, "median", sample_median(values, n));
	put_number(column, "least", n > 0 ? values[0] : 0);
	put_number(column, "most", n > 0 ? values[n - 1] : 0);
}

static json_t *
make_columns(const json_t *results, const json_t *book)
{
	json_t *columns = json_array(), *column;
	const json_t *design;
	size_t i;

	json_array_foreach(json_object_get(results, "designs"), i, design)
	{
		struct series s = series_of(results, figures_text(design, "id"), 0);

		if (json_is_true(json_object_get(design, "herd")) || s.n == 0)
			continue;
		column = named(design);
		put_book(column, json_object_get(book, "clients"), figures_text(design, "column"));
		put_clients(column, &s);
		if (json_array_size(json_object_get(column, "today")) > 0)
			json_array_append_new(columns, column);
		else
			json_decref(column);
	}
	return columns;
}

static json_t *
make_ways(const json_t *results, json_int_t children)
{
	json_t *ways = json_array();
	const json_t *design;
	size_t i;

	json_array_foreach(json_object_get(results, "designs"), i, design)
	{
		struct series s = series_of(results, figures_text(design, "id"), children);
		json_t *way;

		if (!json_is_true(json_object_get(design, "herd")) || s.n == 0)
			continue;
		way = named(design);
		put_cost(way, &s);
		json_object_set_new(way, "idle", json_boolean(s.connections <= 0));
		json_array_append_new(ways, way);
	}
	return ways;
}

/* Is this number of children in the list already? */
static bool
has_herd(const json_t *herd, json_int_t children)
{
	const json_t *one;
	size_t i;

	json_array_foreach(herd, i, one)
	{
		if (json_integer_value(json_object_get(one, "children")) == children)
			return true;
	}
	return false;
}

static bool
is_herd(const json_t *results, const char *id)
{
	const json_t *design;
	size_t i;

	json_array_foreach(json_object_get(results, "designs"), i, design)
	{
		if (strcmp(figures_text(design, "id"), id) == 0)
			return json_is_true(json_object_get(design, "herd"));
	}
	return false;
}

static json_t *
make_herd(const json_t *results)
{
	json_t *herd = json_array();
	const json_t *run;
	size_t i;

	json_array_foreach(json_object_get(results, "runs"), i, run)
	{
		json_int_t children = json_integer_value(json_object_get(run, "children"));

		if (is_herd(results, figures_text(run, "design")) && !has_herd(herd, children))
			json_array_append_new(herd, json_pack("{s:I, s:o}", "children", children,
							"ways", make_ways(results, children)));
	}
	return herd;
}

json_t *
figures_make(const json_t *results, const json_t *book)
{
	if (json_integer_value(json_object_get(results, "schema")) != 1) {
		fputs("bench: these are no results of this benchmark\n", stderr);
		return NULL;
	}
	return json_pack("{s:o, s:o, s:o}", "rows", make_rows(results, book), "columns",
	    make_columns(results, book), "herd", make_herd(results));
}
