/*
 * page.c - see page.h.
 *
 * jansson's functions take NULL where something before them failed and fail in
 * turn, so most of what is put together here is checked once, at its end.
 */
#define _GNU_SOURCE
#include "page.h"

#include "../src/base/files.h"
#include "../src/base/text.h"
#include "../src/report/page.h"
#include "figures.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a cell of a table shows: its class in the style sheet, a sign, words for who cannot see. */
struct cell {
	const char *class, *sign, *words;
};

static json_t *
cell_json(struct cell c)
{
	return json_pack("{s:s, s:s, s:s}", "class", c.class, "sign", c.sign, "words", c.words);
}

static const struct cell nothing = {"", "", ""};

static const struct cell legend[] = {
    {"passed", "✓", "caught by the named check, with the right hint"},
    {"skipped", "•", "also loses these points, as its head says"},
    {"ours", "?", "caught by the named check, with another hint"},
    {"failed", "✗", "not caught by the check that its head names"},
    {"failed", "!", "loses points that have nothing to do with it"},
};

enum { CAUGHT, ALSO, OTHER_HINT, MISSED, UNRELATED, LEGEND };

/* ---- mistakes x checks -------------------------------------------------------------------- */

static struct cell
cell_of(const struct mistake *m, const struct finding *f, const struct check_result *check)
{
	bool lost = check->verdict != PASSED;

	if (strcmp(check->id, m->caught_by) == 0)
		return legend[f->hint_right ? CAUGHT : f->by_named ? OTHER_HINT : MISSED];
	if (strings_have(&m->also_fails, check->id))
		return legend[lost ? ALSO : MISSED];
	return lost ? legend[UNRELATED] : nothing;
}

static json_t *
mistake_row(const struct proof *p, size_t i)
{
	const struct proof_case *c = &p->cases.at[i];
	struct result *r = c->directory == NULL ? NULL : result_from_json(p->results[i]);
	json_t *cells = json_array();

	for (size_t k = 0; r != NULL && k < r->n_checks; k++)
		json_array_append_new(
		    cells, cell_json(cell_of(&c->mistake, &p->findings[i], &r->checks[k])));
	result_free(r);
	return json_pack("{s:s, s:s, s:o}", "name", c->name, "who",
	    c->mistake.who == NULL ? "" : c->mistake.who, "cells", cells);
}

static json_t *
columns(const struct lab *lab)
{
	json_t *list = json_array();

	for (size_t i = 0; i < lab->n_checks; i++)
		json_array_append_new(list, json_string(lab->checks[i].id));
	return list;
}

static json_t *
mistakes(const struct proof *p)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < p->cases.n; i++)
		if (p->cases.at[i].kind == CASE_MISTAKE)
			json_array_append_new(rows, mistake_row(p, i));
	return rows;
}

/* ---- the other answers --------------------------------------------------------------------------
 */

static const char *
kind_words(enum case_kind kind)
{
	static const char *const words[] = {"the solution", "the skeleton", "empty files",
	    "an alternative", "a mistake", "without", "only"};

	return words[kind];
}

static json_t *
answers(const struct proof *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->cases.n; i++) {
		const struct proof_case *c = &p->cases.at[i];

		if (c->kind == CASE_MISTAKE)
			continue;
		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:i, s:s, s:s}", "kind", kind_words(c->kind),
			      "name", c->name, "points", (int)p->points[i], "class",
			      p->findings[i].fair ? "passed" : "failed", "sign",
			      p->findings[i].fair ? "✓" : "✗"));
	}
	return list;
}

/* ---- mutants
 * ---------------------------------------------------------------------------------------- */

static json_t *
survivor(const struct mutants_way *w, const struct mutant *m)
{
	char *diff = mutant_diff(w, m);
	char *place = text_format(
	    "%s:%ld, %s()", mutant_word(m, "file"), mutant_line(m), mutant_word(m, "function"));
	json_t *values = json_pack("{s:s?, s:s, s:s?, s:s}", "place", place, "what",
	    mutant_word(m, "what"), "diff", diff, "id", mutant_word(m, "id"));

	free(place);
	free(diff);
	return values;
}

static json_t *
of_fate(const struct proof *p, enum fate fate)
{
	const struct mutants_way w = {.root = p->way->root, .lab = p->lab};
	json_t *list = json_array();

	for (size_t i = 0; i < p->mutants.n; i++) {
		const struct mutant *m = &p->mutants.at[i];
		json_t *values;

		if (m->fate != fate)
			continue;
		values = survivor(&w, m);
		json_object_set_new(
		    values, "why", json_string(m->equivalent == NULL ? "" : m->equivalent->why));
		json_array_append_new(list, values);
	}
	return list;
}

/* Of each operator: how many there are, how many were killed. */
static json_t *
operators(const struct mutants *m)
{
	json_t *list = json_array(), *seen = json_object();

	for (size_t i = 0; i < m->n; i++) {
		const char *name = mutant_word(&m->at[i], "operator");
		json_t *row = json_object_get(seen, name), *fate;

		if (row == NULL) {
			row = json_pack("{s:s, s:i, s:i, s:i, s:i}", "name", name, "killed", 0,
			    "survived", 0, "equivalent", 0, "other", 0);
			json_object_set_new(seen, name, row);
			json_array_append(list, row);
		}
		fate = json_object_get(row, fate_name(m->at[i].fate));
		if (fate == NULL)
			fate = json_object_get(row, "other");
		json_integer_set(fate, json_integer_value(fate) + 1);
	}
	json_decref(seen);
	return list;
}

static json_t *
mutants(const struct proof *p)
{
	if (!p->way->mutants)
		return json_false();
	return json_pack("{s:o, s:o, s:o}", "operators", operators(&p->mutants), "survivors",
	    of_fate(p, FATE_SURVIVED), "equivalents", of_fate(p, FATE_EQUIVALENT));
}

/* ---- repeated runs
 * ----------------------------------------------------------------------------------- */

static json_t *
repeated_row(const struct proof *p, size_t i)
{
	const struct repeated *r = &p->repeated[i];
	json_t *cells = json_array();

	for (enum condition c = 0; c < CONDITIONS; c++) {
		unsigned wrong = r->deviations[c] + r->faults[c];
		char *words = wrong == 0 ? text_format("%u", r->runs[c])
					 : text_format("%u of %u", wrong, r->runs[c]);

		json_array_append_new(cells, json_pack("{s:s, s:s?}", "class",
						 wrong == 0 ? "passed" : "failed", "words", words));
		free(words);
	}
	return json_pack("{s:s, s:s, s:o}", "kind", kind_words(p->cases.at[i].kind), "name",
	    p->cases.at[i].name, "cells", cells);
}

static json_t *
repeats(const struct proof *p)
{
	json_t *rows, *conditions;

	if (p->repeated == NULL)
		return json_false();
	rows = json_array();
	conditions = json_array();
	for (enum condition c = 0; c < CONDITIONS; c++)
		json_array_append_new(conditions, json_string(condition_name(c)));
	for (size_t i = 0; i < p->cases.n; i++)
		if (case_repeats(&p->cases.at[i]))
			json_array_append_new(rows, repeated_row(p, i));
	return json_pack("{s:o, s:o}", "conditions", conditions, "rows", rows);
}

/* ---- figures
 * ------------------------------------------------------------------------------------------- */

static void
add_figure(json_t *list, const char *words, char *number)
{
	json_array_append_new(list, json_pack("{s:s, s:s?}", "words", words, "number", number));
	free(number);
}

static json_t *
figures(const struct proof *p)
{
	struct figures f = {0};
	json_t *list = json_array();

	figures_add(&f, p);
	add_figure(list, "alternatives at full points",
	    text_format("%u/%u", f.fair[CASE_ALTERNATIVE], f.cases[CASE_ALTERNATIVE]));
	add_figure(list, "mistakes caught", text_format("%u/%u", f.caught, f.cases[CASE_MISTAKE]));
	add_figure(list, "by the check they name", text_format("%u", f.by_named));
	add_figure(list, "with the hint they name", text_format("%u", f.hints));
	if (f.sanitized > 0)
		add_figure(list, "right answers clean with sanitizers",
		    text_format("%u/%u", f.clean, f.sanitized));
	if (p->way->mutants) {
		add_figure(
		    list, "mutants killed", text_format("%.1f %%", proof_killed(&p->mutants)));
		add_figure(list, "recorded as equivalent",
		    text_format("%.1f %%", proof_equivalent(&p->mutants)));
	}
	if (f.runs > 0) {
		add_figure(list, "runs repeated", text_format("%u", f.runs));
		add_figure(list, "deviations", text_format("%u", f.deviations));
	}
	add_figure(list, "grader faults", text_format("%u", f.faults));
	return list;
}

/* ---- the page
 * ------------------------------------------------------------------------------------------ */

static json_t *
legend_json(void)
{
	json_t *list = json_array();

	for (size_t i = 0; i < LEGEND; i++)
		json_array_append_new(list, cell_json(legend[i]));
	return list;
}

int
page_add(const char *out, const struct proof *p)
{
	char *path = text_format("%s/%s.json", out, p->lab->name);
	json_t *values = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "lab",
	    p->lab->name, "title", p->lab->title, "sentence",
	    p->failed ? "Not everything was as it must be." : "Everything was as it must be.",
	    "figures", figures(p), "columns", columns(p->lab), "mistakes", mistakes(p), "legend",
	    legend_json(), "answers", answers(p), "mutants", mutants(p), "repeats", repeats(p));
	int result = -1;

	errno = ENOMEM;
	if (path != NULL && values != NULL)
		result = json_dump_file(values, path, JSON_COMPACT);
	json_decref(values);
	free(path);
	return result;
}

static bool
ends_with_json(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".json") == 0;
}

/* The values of all labs that were proved, now or earlier. */
static json_t *
all_labs(const char *out)
{
	json_t *labs = json_array();
	char **names = NULL;
	size_t n = 0;

	if (list_directory(out, &names, &n) < 0) {
		json_decref(labs);
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		char *path = ends_with_json(names[i]) ? join_path(out, names[i], NULL) : NULL;
		json_t *lab = path == NULL ? NULL : json_load_file(path, 0, NULL);

		if (lab != NULL)
			json_array_append_new(labs, lab);
		free(path);
	}
	free_names(names, n);
	return labs;
}

int
page_make(const char *root, const char *out)
{
	char *path = join_path(out, "index.html", NULL), *text = NULL;
	json_t *values = page_frame("How fair the checks are"), *labs = all_labs(out);
	size_t n = 0;
	FILE *stream = open_memstream(&text, &n);
	int result = -1;

	if (labs != NULL && json_object_set(values, "labs", labs) == 0 && path != NULL &&
	    stream != NULL)
		result = page_write(root, "proof.html", json_incref(values), stream);
	if (stream != NULL && fclose(stream) == EOF)
		result = -1;
	if (result == 0)
		result = write_file_atomic(path, text, n, 0644);
	json_decref(labs);
	json_decref(values);
	free(text);
	free(path);
	return result;
}
