/*
 * page.c - makes the page, and what gnuplot needs for its plots.
 *
 *	bench-page data RESULTS BOOK WORDS LANGUAGE [LOCKS]            for plots.gp
 *	bench-page html RESULTS BOOK WORDS TEMPLATES PLOTS [LOCKS]     the page
 *
 * Both print to standard output. RESULTS is what bench-run has written, LOCKS what bench-locks has,
 *BOOK is book.json, WORDS is words.json, LANGUAGE is en, de or ru. In PLOTS lie the plots that
 *there are, as NAME-LANGUAGE.svg; they go into the page, so that it is one file.
 */
#include "../src/base/files.h"
#include "../src/base/text.h"
#include "../src/report/template.h"
#include "figures.h"
#include "lock_figures.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LANGUAGES = 3, SVG_MAX = 4 << 20, NUMBER_SIZE = 32 };

static const char *const languages[LANGUAGES] = {"en", "de", "ru"};

struct source {
	json_t *results, *book, *words, *figures;
	json_t *locks; /* NULL: no lock daemon was measured */
};

/* ---- words and numbers -------------------------------------------------------------------- */

/* Returns 0 to 2, or -1. */
static int
language_of(const char *name)
{
	for (int i = 0; i < LANGUAGES; i++)
		if (strcmp(languages[i], name) == 0)
			return i;
	return -1;
}

/* {key: word} of one language. */
static json_t *
words_in(const json_t *words, int language)
{
	json_t *chosen = json_object(), *translations;
	const char *key;

	json_object_foreach((json_t *)words, key, translations)
	    json_object_set(chosen, key, json_array_get(translations, (size_t)language));
	return chosen;
}

/* A decimal comma, a true minus, and narrow spaces between thousands when there are many. */
static void
write_number(struct text *out, double value, int digits, int language)
{
	char plain[NUMBER_SIZE];
	size_t whole;

	snprintf(plain, sizeof plain, "%.*f", digits, value < 0 ? -value : value);
	if (value < 0 && strspn(plain, "0.") != strlen(plain))
		text_put(out, "\u2212");
	whole = strcspn(plain, ".");
	for (size_t i = 0; plain[i] != '\0'; i++) {
		if (i > 0 && i < whole && whole > 4 && (whole - i) % 3 == 0)
			text_put(out, "\u202f");
		text_put_char(out, plain[i] == '.' && language > 0 ? ',' : plain[i]);
	}
}

static json_t *
number_text(double value, int digits, int language)
{
	struct text text = {0};
	json_t *json;

	write_number(&text, value, digits, language);
	json = json_string(text_string(&text));
	text_free(&text);
	return json;
}

/* A number of the figures as a text; a dash where there is none. */
static void
put_number(json_t *to, const json_t *from, const char *key, int digits, int language)
{
	const json_t *value = json_object_get(from, key);

	json_object_set_new(to, key,
	    json_is_number(value) ? number_text(json_number_value(value), digits, language)
				  : json_string("–"));
}

/* The book's figures stand in it with a point. */
static json_t *
as_printed(const char *text, int language)
{
	char copy[NUMBER_SIZE];

	snprintf(copy, sizeof copy, "%s", *text != '\0' ? text : "–");
	for (char *c = copy; language > 0 && *c != '\0'; c++)
		if (*c == '.')
			*c = ',';
	return json_string(copy);
}

/* ---- rows of the tables --------------------------------------------------------------------- */

static json_t *
row_in(const json_t *row, int language)
{
	static const struct {
		const char *key;
		int digits;
	} numbers[] = {
	    {"control", 3},
	    {"cpu", 3},
	    {"least", 3},
	    {"most", 3},
	    {"ratio", 2},
	    {"per_second", 0},
	    {"p50", 2},
	    {"p99", 2},
	    {"switches", 1},
	    {"runs", 0},
	};
	json_t *made = json_object();

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		put_number(made, row, numbers[i].key, numbers[i].digits, language);
	json_object_set(made, "id", json_object_get(row, "id"));
	json_object_set(made, "name", json_object_get(row, languages[language]));
	json_object_set(made, "discarded", json_object_get(row, "discarded"));
	json_object_set(made, "disturbed", json_object_get(row, "disturbed"));
	json_object_set(made, "idle", json_object_get(row, "idle"));
	json_object_set_new(made, "book", as_printed(figures_text(row, "book"), language));
	return made;
}

/* All rows of a list, and in by_id (if it is not NULL) each under its id with a letter before it.
 */
static json_t *
rows_in(const json_t *rows, int language, json_t *by_id)
{
	json_t *list = json_array();
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		json_t *made = row_in(row, language);
		char name[NUMBER_SIZE];

		snprintf(name, sizeof name, "r%s", figures_text(row, "id"));
		if (by_id != NULL)
			json_object_set(by_id, name, made);
		json_array_append_new(list, made);
	}
	return list;
}

static json_t *
count_text(const json_t *counts, size_t i, int language)
{
	const json_t *count = json_array_get(counts, i);

	return count ? number_text(json_number_value(count), 0, language) : json_string("");
}

/* One line of Table 30.2. */
static json_t *
line_in(const json_t *columns, size_t child, int language)
{
	json_t *cells = json_array();
	const json_t *column;
	size_t i;

	json_array_foreach(columns, i, column) json_array_append_new(
	    cells, json_pack("{s:o, s:o}", "book",
		       count_text(json_object_get(column, "book"), child, language), "today",
		       count_text(json_object_get(column, "today"), child, language)));
	return json_pack(
	    "{s:o, s:o}", "child", number_text((double)child, 0, language), "cells", cells);
}

/* The values of one kind below Table 30.2. */
static json_t *
ends_in(const json_t *columns, const char *key, int language)
{
	json_t *cells = json_array();
	const json_t *column;
	size_t i;

	json_array_foreach(columns, i, column)
	    json_array_append_new(cells, number_text(figures_number(column, key), 0, language));
	return cells;
}

static void
put_clients(json_t *values, const json_t *columns, int language)
{
	json_t *titles = json_array(), *lines = json_array();
	const json_t *column;
	size_t i, longest = 0;

	json_array_foreach(columns, i, column)
	{
		size_t n = json_array_size(json_object_get(column, "today"));

		longest = n > longest ? n : longest;
		json_array_append(titles, json_object_get(column, languages[language]));
	}
	for (size_t child = 0; child < longest; child++)
		json_array_append_new(lines, line_in(columns, child, language));
	json_object_set_new(values, "has_columns", json_boolean(json_array_size(titles) > 0));
	json_object_set_new(values, "columns", titles);
	json_object_set_new(values, "lines", lines);
	json_object_set_new(values, "column_least", ends_in(columns, "least", language));
	json_object_set_new(values, "column_median", ends_in(columns, "median", language));
	json_object_set_new(values, "column_most", ends_in(columns, "most", language));
}

/* Each number of children, and the greatest one once more, its ways by their names. */
static void
put_herd(json_t *values, const json_t *herd, int language)
{
	json_t *list = json_array(), *greatest = json_object();
	const json_t *one;
	size_t i;

	json_array_foreach(herd, i, one)
	{
		json_t *children = number_text(figures_number(one, "children"), 0, language);

		json_object_clear(greatest);
		json_array_append_new(
		    list, json_pack("{s:O, s:o}", "children", children, "ways",
			      rows_in(json_object_get(one, "ways"), language, greatest)));
		json_object_set_new(greatest, "children", children);
	}
	json_object_set_new(values, "herd", list);
	json_object_set(
	    values, "greatest_herd", json_array_size(herd) > 0 ? greatest : json_null());
	json_decref(greatest);
}

/* ---- the lock daemon --------------------------------------------------------------------------
 */

static json_t *
handover_in(const json_t *handover, int language)
{
	static const char *const times[] = {"p50", "p99", "p999", "longest"};
	json_t *made = json_object();

	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		put_number(made, handover, times[i], 2, language);
	put_number(made, handover, "ratio", 1, language);
	return made;
}

static json_t *
daemon_in(const json_t *way, const json_t *daemon, const json_t *words, int language)
{
	static const struct {
		const char *key;
		int digits;
	} numbers[] = {{"per_second", 0}, {"least", 0}, {"most", 0}, {"p99", 2}, {"used", 0},
	    {"cpu", 2}, {"wakes", 1}};
	const char *id = figures_text(daemon, "daemon");
	json_t *made = json_object();

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		put_number(made, daemon, numbers[i].key, numbers[i].digits, language);
	put_number(made, way, "clients", 0, language);
	json_object_set_new(
	    made, "one", json_boolean(strcmp(figures_text(way, "mode"), "one") == 0));
	json_object_set_new(made, "daemon", json_string(id));
	json_object_set(made, "name", json_array_get(json_object_get(words, id), (size_t)language));
	json_object_set_new(
	    made, "handover", handover_in(json_object_get(daemon, "handover"), language));
	return made;
}

static json_t *
ways_in(const json_t *ways, const json_t *words, int language)
{
	json_t *list = json_array();
	const json_t *way, *daemon;
	size_t i, j;

	json_array_foreach(ways, i, way)
	{
		json_t *daemons = json_array();

		json_array_foreach(json_object_get(way, "daemons"), j, daemon)
		    json_array_append_new(daemons, daemon_in(way, daemon, words, language));
		json_array_append_new(list, json_pack("{s:o}", "daemons", daemons));
	}
	return list;
}

/* The first daemon where several clients first want the same lock; null when none do. */
static json_t *
contended_in(const json_t *ways, const json_t *words, int language)
{
	const json_t *way;
	size_t i;

	json_array_foreach(ways, i, way)
	{
		if (strcmp(figures_text(way, "mode"), "one") == 0)
			return daemon_in(way, json_array_get(json_object_get(way, "daemons"), 0),
			    words, language);
	}
	return json_null();
}

static void
put_locks(json_t *values, const struct source *s, int language)
{
	const json_t *ways = json_object_get(s->locks, "ways");
	const json_t *floors = json_object_get(s->locks, "floors");
	json_t *locks = json_object();

	put_number(locks, floors, "link", 0, language);
	put_number(locks, floors, "ping_pong", 0, language);
	json_object_set_new(locks, "ways", ways_in(ways, s->words, language));
	json_object_set_new(
	    locks, "idle", ways_in(json_object_get(s->locks, "idle"), s->words, language));
	json_object_set_new(locks, "contended", contended_in(ways, s->words, language));
	json_object_set_new(values, "locks", locks);
}

/* ---- the machine, the load, what was left out
 * ----------------------------------------------------- */

static void
put_frame(json_t *values, const struct source *s, int language)
{
	static const char *const numbers[] = {
	    "rounds", "clients", "processes", "connections", "bytes", "children"};
	const json_t *machine = json_object_get(s->results, "machine");
	const json_t *settings = json_object_get(s->results, "settings");
	const json_t *rates = json_object_get(s->results, "rates");
	json_t *load = json_object(), *skipped = json_array();
	const json_t *one;
	size_t i;

	for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
		put_number(load, settings, numbers[i], 0, language);
	json_object_set(load, "pinned", json_object_get(settings, "pinned"));
	json_array_foreach(json_object_get(s->results, "skipped"), i, one) json_array_append_new(
	    skipped, json_pack("{s:O, s:O}", "name", json_object_get(one, languages[language]),
			 "lab", json_object_get(one, "lab")));
	json_object_set_new(values, "load", load);
	json_object_set_new(values, "skipped", skipped);
	json_object_set(values, "machine", (json_t *)machine);
	json_object_set(values, "day", json_object_get(s->results, "day"));
	put_number(values, rates, "fork", 0, language);
	put_number(values, rates, "thread", 0, language);
}

static void
put_select(json_t *values, const json_t *book, int language)
{
	const json_t *select = json_object_get(book, "select");
	const json_t *collisions = json_object_get(select, "collisions");

	json_object_set_new(values, "book_select",
	    json_pack("{s:o, s:o, s:o, s:o, s:o}", "first", count_text(collisions, 0, language),
		"second", count_text(collisions, 1, language), "connections",
		number_text(figures_number(select, "connections"), 0, language), "cpu_accept",
		as_printed(figures_text(select, "cpu_accept"), language), "cpu_select",
		as_printed(figures_text(select, "cpu_select"), language)));
}

/* ---- plots
 * ------------------------------------------------------------------------------------------- */

static void
put_base64(struct text *out, const unsigned char *bytes, size_t n)
{
	static const char sign[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		uint32_t three = (uint32_t)bytes[i] << 16 |
				 (i + 1 < n ? (uint32_t)bytes[i + 1] << 8 : 0) |
				 (i + 2 < n ? (uint32_t)bytes[i + 2] : 0);

		text_put_char(out, sign[three >> 18]);
		text_put_char(out, sign[three >> 12 & 63]);
		text_put_char(out, i + 1 < n ? sign[three >> 6 & 63] : '=');
		text_put_char(out, i + 2 < n ? sign[three & 63] : '=');
	}
}

/* A plot as the source of an <img>, or null when there is none. */
static json_t *
plot_in(const char *folder, const char *name, int language)
{
	char *file = text_format("%s/%s-%s.svg", folder, name, languages[language]);
	struct text uri = {0};
	size_t n = 0;
	char *svg = file ? read_file(file, SVG_MAX, &n) : NULL;
	json_t *json = NULL;

	if (svg != NULL && n > 0) {
		text_put(&uri, "data:image/svg+xml;base64,");
		put_base64(&uri, (const unsigned char *)svg, n);
		json = json_string(text_string(&uri));
	}
	text_free(&uri);
	free(svg);
	free(file);
	return json ? json : json_null();
}

static void
put_plots(json_t *values, const char *folder, int language)
{
	static const char *const names[] = {
	    "costs", "control", "clients", "herd-switches", "herd-cpu", "handover"};
	json_t *plots = json_object();
	bool any = false;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		json_t *plot = plot_in(folder, names[i], language);

		any = any || json_is_string(plot);
		json_object_set_new(plots, names[i], plot);
	}
	json_object_set_new(values, "plots", plots);
	json_object_set_new(values, "no_plots", json_boolean(!any));
}

/* ---- the page
 * ------------------------------------------------------------------------------------------ */

static json_t *
page_in(const struct source *s, const char *plots, int language)
{
	json_t *values = json_object();

	json_object_set_new(values, "say", words_in(s->words, language));
	json_object_set_new(
	    values, "rows", rows_in(json_object_get(s->figures, "rows"), language, values));
	put_clients(values, json_object_get(s->figures, "columns"), language);
	put_herd(values, json_object_get(s->figures, "herd"), language);
	put_frame(values, s, language);
	put_select(values, s->book, language);
	put_plots(values, plots, language);
	if (s->locks != NULL)
		put_locks(values, s, language);
	return values;
}

static int
print_page(const struct source *s, const char *templates, const char *plots)
{
	json_t *values = json_pack("{s:s, s:s}", "lang", "en", "page_title", "Gabel: nine servers");
	struct text page = {0};
	int result = -1;

	for (int i = 0; i < LANGUAGES; i++)
		json_object_set_new(values, languages[i], page_in(s, plots, i));
	if (template_fill(templates, "bench.html", values, &page) == 0 &&
	    fwrite(text_string(&page), 1, page.n, stdout) == page.n)
		result = 0;
	text_free(&page);
	json_decref(values);
	return result;
}

/* ---- data for gnuplot
 * -------------------------------------------------------------------------------------- */

/* All texts as variables of gnuplot's, say_KEY. */
static void
print_words(const json_t *words, int language)
{
	json_t *chosen = words_in(words, language);
	const char *key;
	const json_t *word;

	json_object_foreach(chosen, key, word)
	    printf("say_%s = \"%s\"\n", key, json_string_value(word));
	printf("decimal = \"%s\"\n", language > 0 ? "," : ".");
	json_decref(chosen);
}

static void
print_costs(const json_t *rows, int language)
{
	const json_t *row;
	size_t i;

	puts("$costs << END");
	json_array_foreach(rows, i, row) printf("\"%s\" %f %f %f\n",
	    figures_text(row, languages[language]), figures_number(row, "cpu"),
	    figures_number(row, "least"), figures_number(row, "most"));
	puts("END");
}

static const json_t *
row_of_book(const json_t *rows, const char *number)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		if (strcmp(figures_text(row, "row"), number) == 0)
			return row;
	}
	return NULL;
}

/* In per cent of row 1; nothing without it, because then there is nothing to compare with. */
static void
print_control(const json_t *rows, int language)
{
	const json_t *forks = row_of_book(rows, "1"), *row;
	double today = figures_number(forks, "control");
	double book = strtod(figures_text(forks, "book"), NULL);
	size_t i;

	puts("$control << END");
	json_array_foreach(rows, i, row)
	{
		if (today <= 0 || book <= 0 || *figures_text(row, "book") == '\0' || row == forks ||
		    strcmp(figures_text(row, "row"), "0") == 0)
			continue;
		printf("\"%s\" %f %f\n", figures_text(row, languages[language]),
		    strtod(figures_text(row, "book"), NULL) / book * 100,
		    figures_number(row, "control") / today * 100);
	}
	puts("END");
}

/* In per cent, because the book's load may be another one. */
static void
print_shares(const char *name, const json_t *counts)
{
	double sum = 0;
	const json_t *one;
	size_t i;

	json_array_foreach(counts, i, one) sum += json_number_value(one);
	printf("$%s << END\n", name);
	json_array_foreach(counts, i, one)
	    printf("%zu %f\n", i, sum > 0 ? json_number_value(one) / sum * 100 : 0);
	puts("END");
}

/* Only the columns that the book has too: column_N has the design's name. */
static void
print_columns(const json_t *columns, int language)
{
	const json_t *column;
	char name[NUMBER_SIZE];
	size_t i, n = 0;

	json_array_foreach(columns, i, column)
	{
		if (!json_is_array(json_object_get(column, "book")))
			continue;
		n++;
		printf("column_%zu = \"%s\"\n", n, figures_text(column, languages[language]));
		snprintf(name, sizeof name, "book_%zu", n);
		print_shares(name, json_object_get(column, "book"));
		snprintf(name, sizeof name, "today_%zu", n);
		print_shares(name, json_object_get(column, "today"));
	}
	printf("columns = %zu\n", n);
}

/* One way's line: children, CPU time, context switches per request. */
static void
print_way(const json_t *herd, const char *id)
{
	const json_t *one, *way;
	size_t i, j;

	json_array_foreach(herd, i, one)
	{
		json_array_foreach(json_object_get(one, "ways"), j, way)
		{
			if (strcmp(figures_text(way, "id"), id) == 0)
				printf("%f %f %f\n", figures_number(one, "children"),
				    figures_number(way, "cpu"), figures_number(way, "switches"));
		}
	}
}

/* Those where somebody comes first: way_N for N up to busy_ways have switches per request. */
static void
print_herd(const json_t *herd, int language)
{
	const json_t *ways = json_object_get(json_array_get(herd, 0), "ways"), *way;
	size_t i, n = 0;

	fputs("herd_children = \"", stdout);
	json_array_foreach(herd, i, way) printf(" %.0f", figures_number(way, "children"));
	puts("\"");
	for (int idle = 0; idle < 2; idle++) {
		json_array_foreach(ways, i, way)
		{
			if (json_is_true(json_object_get(way, "idle")) != (idle == 1))
				continue;
			n++;
			printf("way_%zu = \"%s\"\n$herd_%zu << END\n", n,
			    figures_text(way, languages[language]), n);
			print_way(herd, figures_text(way, "id"));
			puts("END");
		}
		printf(idle == 0 ? "busy_ways = %zu\n" : "ways = %zu\n", n);
	}
}

/* Of each daemon with each number of clients that want the same lock. */
static void
print_handover(const json_t *locks, const json_t *words, int language)
{
	const json_t *way, *daemon;
	size_t i, j;

	puts("$handover << END");
	json_array_foreach(json_object_get(locks, "ways"), i, way)
	{
		json_array_foreach(json_object_get(way, "daemons"), j, daemon)
		{
			const json_t *times = json_object_get(daemon, "handover");

			if (times != NULL)
				printf("\"%.0f: %s\" %f %f %f %f\n", figures_number(way, "clients"),
				    json_string_value(json_array_get(
					json_object_get(words, figures_text(daemon, "daemon")),
					(size_t)language)),
				    figures_number(times, "p50"), figures_number(times, "p99"),
				    figures_number(times, "p999"),
				    figures_number(times, "longest"));
		}
	}
	puts("END");
}

static int
print_data(const struct source *s, const char *name)
{
	int language = language_of(name);

	if (language < 0) {
		fprintf(stderr, "bench: %s is none of en, de, ru\n", name);
		return -1;
	}
	print_words(s->words, language);
	print_costs(json_object_get(s->figures, "rows"), language);
	print_control(json_object_get(s->figures, "rows"), language);
	print_columns(json_object_get(s->figures, "columns"), language);
	print_herd(json_object_get(s->figures, "herd"), language);
	print_handover(s->locks, s->words, language);
	return 0;
}

/* ---- main
 * -------------------------------------------------------------------------------------------------------
 */

static int
read_source(struct source *s, char *argv[], const char *locks)
{
	json_t *read;

	s->results = figures_read(argv[2]);
	s->book = figures_read(argv[3]);
	s->words = figures_read(argv[4]);
	if (locks != NULL) {
		read = figures_read(locks);
		s->locks = read ? lock_figures_make(read) : NULL;
		json_decref(read);
		if (s->locks == NULL)
			return -1;
	}
	if (s->results != NULL && s->book != NULL && s->words != NULL)
		s->figures = figures_make(s->results, s->book);
	return s->figures != NULL ? 0 : -1;
}

int
main(int argc, char *argv[])
{
	bool data = (argc == 6 || argc == 7) && strcmp(argv[1], "data") == 0;
	bool html = (argc == 7 || argc == 8) && strcmp(argv[1], "html") == 0;
	struct source s = {0};
	int result = -1;

	if (!data && !html) {
		fputs("usage: bench-page data RESULTS BOOK WORDS LANGUAGE [LOCKS]\n"
		      "       bench-page html RESULTS BOOK WORDS TEMPLATES PLOTS [LOCKS]\n",
		    stderr);
		return 2;
	}
	if (read_source(&s, argv, argv[data ? 6 : 7]) == 0)
		result = data ? print_data(&s, argv[5]) : print_page(&s, argv[5], argv[6]);
	json_decref(s.locks);
	json_decref(s.figures);
	json_decref(s.words);
	json_decref(s.book);
	json_decref(s.results);
	return result == 0 && fflush(stdout) == 0 ? 0 : 1;
}
