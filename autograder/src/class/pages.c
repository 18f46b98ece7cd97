/*
 * The class as pages: out/index.html with a table for each lab, and a page for
 * each student. Cells of the same verdict share one value, so that a class of
 * thousands needs little memory.
 */
#include "../base/files.h"
#include "../base/messages.h"
#include "../report/page.h"
#include "../report/template.h"
#include "../report/words.h"
#include "tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { VERDICTS = GRADER_FAULT + 1 };

struct pages {
	const struct tally *tally;
	json_t *cells[VERDICTS]; /* one value for each verdict */
};

/* Sets object[key] to text, which it takes over; NULL is a failure. */
static int
put_made(json_t *object, const char *key, char *text)
{
	int result = text ? page_put(object, key, text) : -1;

	free(text);
	return result;
}

static int
put_link(json_t *object, const char *key, const char *folder, const char *file, const char *anchor)
{
	struct text link = {0};

	text_printf(&link, "%s/", folder);
	html_link(&link, file);
	text_put(&link, ".html");
	if (anchor)
		text_printf(&link, "#%s", anchor);
	return put_made(object, key, text_take(&link));
}

/* ---- a lab's table ----------------------------------------------------------------------- */

static json_t *
cell_of(enum verdict v)
{
	json_t *cell = json_object();

	if (cell && page_put(cell, "class", page_class(v)) == 0 &&
	    page_put(cell, "sign", page_sign(v)) == 0 &&
	    page_put(cell, "verdict", words_verdict(v)) == 0)
		return cell;
	json_decref(cell);
	return NULL;
}

static json_t *
columns_of_lab(const struct lab_tally *lab)
{
	json_t *columns = json_array();

	for (size_t i = 0; i < lab->n; i++) {
		json_t *column = json_object();

		if (json_array_append_new(columns, column) < 0 ||
		    page_put(column, "title", lab->columns[i].title) < 0 ||
		    page_put_count(column, "points", lab->columns[i].points) < 0 ||
		    (lab->columns[i].hidden && page_put(column, "hidden", _(" (hidden)")) < 0)) {
			json_decref(columns);
			return NULL;
		}
	}
	return columns;
}

static int
put_cells(const struct pages *p, json_t *row, const struct submission *s)
{
	const struct outcome *o = &s->outcome;
	json_t *cells = json_array();

	if (cells == NULL || json_object_set_new(row, "cells", cells) < 0)
		return -1;
	for (size_t i = 0; i < o->n_checks; i++)
		if (json_array_append(cells, p->cells[o->verdicts[i]]) < 0)
			return -1;
	return 0;
}

static int
put_trouble(json_t *row, const struct lab_tally *lab, const struct outcome *o)
{
	const char *sentence = _("cannot be graded");

	if (!o->known)
		sentence = _("not judged");
	else if (o->status == RESULT_GRADER_FAULT)
		sentence = words_verdict(GRADER_FAULT);
	if (page_put(row, "trouble_class",
		o->known && o->status == RESULT_GRADER_FAULT ? "ours" : "failed") < 0 ||
	    page_put_count(row, "span", lab->n ? lab->n : 1) < 0)
		return -1;
	if (o->reason)
		return put_made(row, "trouble", text_format("%s: %s", sentence, o->reason));
	return page_put(row, "trouble", sentence);
}

static json_t *
row_of(const struct pages *p, const struct lab_tally *lab, const struct submission *s)
{
	const struct outcome *o = &s->outcome;
	json_t *row = json_object();
	int result = row ? 0 : -1;

	if (result == 0 && (page_put(row, "student", s->shown) < 0 ||
			       put_link(row, "link", "students", s->file, s->lab) < 0))
		result = -1;
	if (result == 0 && o->known && o->n_checks > 0)
		result = page_put_count(row, "score", o->score) < 0 ||
				 page_put_count(row, "gradable", o->points_gradable) < 0 ||
				 json_object_set_new(row, "scored", json_true()) < 0 ||
				 put_cells(p, row, s) < 0
			     ? -1
			     : 0;
	else if (result == 0)
		result = put_trouble(row, lab, o);
	if (result == 0)
		return row;
	json_decref(row);
	return NULL;
}

/* How many of those whose check was judged passed it, in percent. */
static json_t *
rates_of(const struct pages *p, const struct lab_tally *lab)
{
	const struct roster *roster = p->tally->roster;
	json_t *rates = json_array();

	for (size_t c = 0; c < lab->n; c++) {
		unsigned long passed = 0, judged = 0;
		char *rate;

		for (size_t i = 0; i < roster->n; i++) {
			const struct outcome *o = &roster->at[i].outcome;

			if (strcmp(roster->at[i].lab, lab->name) != 0 || c >= o->n_checks ||
			    o->verdicts[c] == GRADER_FAULT)
				continue;
			judged++;
			passed += o->verdicts[c] == PASSED;
		}
		rate = judged ? text_format("%lu %%", (100 * passed + judged / 2) / judged)
			      : strdup("–");
		if (json_array_append_new(rates, rate ? json_string(rate) : NULL) < 0) {
			free(rate);
			json_decref(rates);
			return NULL;
		}
		free(rate);
	}
	return rates;
}

static json_t *
table_of(const struct pages *p, const struct lab_tally *lab)
{
	const struct roster *roster = p->tally->roster;
	json_t *rows = json_array(), *table;

	for (size_t i = 0; i < roster->n; i++)
		if (strcmp(roster->at[i].lab, lab->name) == 0 &&
		    json_array_append_new(rows, row_of(p, lab, &roster->at[i])) < 0) {
			json_decref(rows);
			return NULL;
		}
	table = json_pack("{s:s, s:s, s:i, s:b, s:o, s:o, s:o}", "lab", lab->name, "title",
	    lab->title ? lab->title : "", "max_score", (int)lab->max_score, "has_checks",
	    (int)(lab->n > 0), "columns", columns_of_lab(lab), "rates", rates_of(p, lab), "rows",
	    rows);
	return table;
}

/* ---- all labs ------------------------------------------------------------------------------ */

static int
put_score(json_t *score, const struct submission *s)
{
	const struct outcome *o = &s->outcome;
	char shown[32];

	if (o->n_checks == 0)
		snprintf(shown, sizeof shown, "%s", o->status == RESULT_GRADER_FAULT ? "!" : "?");
	else
		snprintf(shown, sizeof shown, "%u%s", o->score,
		    o->status == RESULT_GRADER_FAULT ? " !" : "");
	if (put_link(score, "at", "students", s->file, s->lab) < 0 ||
	    page_put(score, "score", shown) < 0)
		return -1;
	return json_object_set_new(score, "handed_in", json_true());
}

/* The student whose first submission is *i; moves *i to the next student. */
static json_t *
overview_row(const struct roster *roster, size_t *i)
{
	const struct submission *first = &roster->at[*i];
	json_t *row = json_object(), *scores = json_array();
	unsigned long sum = 0;
	int result = json_object_set_new(row, "scores", scores);

	for (size_t lab = 0; lab < roster->labs.n && result == 0; lab++) {
		const struct submission *s = &roster->at[*i];
		json_t *score = json_object();

		result = json_array_append_new(scores, score);
		if (result == 0 && *i < roster->n && strcmp(s->student, first->student) == 0 &&
		    strcmp(s->lab, roster->labs.at[lab]) == 0) {
			result = put_score(score, s);
			sum += s->outcome.score;
			(*i)++;
		}
	}
	if (result == 0 && page_put(row, "student", first->shown) == 0 &&
	    put_link(row, "link", "students", first->file, NULL) == 0 &&
	    page_put_count(row, "sum", sum) == 0)
		return row;
	json_decref(row);
	return NULL;
}

static json_t *
overview_of(const struct roster *roster)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < roster->n;)
		if (json_array_append_new(rows, overview_row(roster, &i)) < 0) {
			json_decref(rows);
			return NULL;
		}
	return rows;
}

static size_t
count_students(const struct roster *roster)
{
	size_t n = 0;

	for (size_t i = 0; i < roster->n; i++)
		n += roster_begins_student(roster, i);
	return n;
}

static int
by_number(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

/* The median of what the submissions with points reached, in percent; "–" without any. */
static char *
median_of(const struct roster *roster)
{
	unsigned *percent = calloc(roster->n + 1, sizeof *percent);
	size_t n = 0;
	char *median;

	if (percent == NULL)
		return NULL;
	for (size_t i = 0; i < roster->n; i++) {
		const struct outcome *o = &roster->at[i].outcome;

		if (o->n_checks > 0 && o->points_gradable > 0)
			percent[n++] =
			    (100 * o->score + o->points_gradable / 2) / o->points_gradable;
	}
	qsort(percent, n, sizeof *percent, by_number);
	median =
	    n ? text_format("%u %%", (percent[(n - 1) / 2] + percent[n / 2] + 1) / 2) : strdup("–");
	free(percent);
	return median;
}

static int
put_figure(json_t *figures, char *number, const char *words)
{
	json_t *figure = json_object();

	if (json_array_append_new(figures, figure) < 0) {
		free(number);
		return -1;
	}
	return put_made(figure, "number", number) < 0 ? -1 : page_put(figure, "words", words);
}

static int
put_figures(json_t *values, const struct tally *t)
{
	json_t *figures = json_array();
	size_t students = count_students(t->roster);

	if (json_object_set_new(values, "figures", figures) < 0 ||
	    put_figure(figures, text_format("%zu", students),
		ngettext("student", "students", students)) < 0 ||
	    put_figure(figures, text_format("%zu", t->judged),
		ngettext("submission judged", "submissions judged", t->judged)) < 0 ||
	    put_figure(figures, median_of(t->roster), _("median of the points")) < 0)
		return -1;
	if (t->refused > 0 &&
	    put_figure(figures, text_format("%zu", t->refused), _("cannot be graded")) < 0)
		return -1;
	if (t->faults > 0 &&
	    put_figure(figures, text_format("%zu", t->faults), words_verdict(GRADER_FAULT)) < 0)
		return -1;
	if (t->missing > 0 &&
	    put_figure(figures, text_format("%zu", t->missing), _("not judged")) < 0)
		return -1;
	return 0;
}

static int
put_legend(struct pages *p, json_t *values)
{
	json_t *legend = json_array();

	if (json_object_set_new(values, "legend", legend) < 0)
		return -1;
	for (int v = 0; v < VERDICTS; v++) {
		p->cells[v] = cell_of((enum verdict)v);
		if (p->cells[v] == NULL || json_array_append(legend, p->cells[v]) < 0)
			return -1;
	}
	return 0;
}

static int
put_labs(const struct pages *p, json_t *values)
{
	const struct roster *roster = p->tally->roster;
	json_t *tables = json_array();

	if (json_object_set_new(values, "tables", tables) < 0)
		return -1;
	for (size_t i = 0; i < roster->labs.n; i++)
		if (json_array_append_new(tables, table_of(p, &p->tally->labs[i])) < 0)
			return -1;
	if (roster->labs.n < 2)
		return 0;
	return json_object_set_new(values, "any_overview", json_true()) < 0
		   ? -1
		   : json_object_set_new(values, "overview", overview_of(roster));
}

static int
put_notes(json_t *values, const struct strings *notes)
{
	json_t *list = json_array();

	if (json_object_set_new(values, "notes", list) < 0)
		return -1;
	for (size_t i = 0; i < notes->n; i++)
		if (json_array_append_new(list, json_string(notes->at[i])) < 0)
			return -1;
	return json_object_set_new(values, "any_notes", json_boolean(notes->n > 0));
}

static json_t *
class_values(const struct tally *tally)
{
	struct pages p = {.tally = tally};
	json_t *values = page_frame(_("Class"));
	int result = -1;

	if (values && put_figures(values, tally) == 0 && put_legend(&p, values) == 0 &&
	    put_labs(&p, values) == 0 && put_notes(values, &tally->roster->notes) == 0)
		result = 0;
	for (int v = 0; v < VERDICTS; v++)
		json_decref(p.cells[v]);
	if (result == 0)
		return values;
	json_decref(values);
	errno = ENOMEM;
	return NULL;
}

/* ---- files ------------------------------------------------------------------------------------
 */

/* Takes over values and path. */
static int
write_page(const char *root, const char *template, json_t *values, char *path)
{
	char *bytes = NULL;
	size_t n = 0;
	FILE *page = path && values ? open_memstream(&bytes, &n) : NULL;
	int result = -1, error = errno;

	if (page) {
		result = page_write(root, template, values, page);
		values = NULL;
		error = errno;
		if (fclose(page) == EOF && result == 0) {
			result = -1;
			error = errno;
		}
		if (result == 0) {
			result = write_file_atomic(path, bytes, n, 0600);
			error = errno;
		}
	}
	json_decref(values);
	free(bytes);
	free(path);
	errno = error;
	return result;
}

int
tally_page(const struct tally *tally, const struct class_options *options)
{
	return write_page(options->root, "class.html", class_values(tally),
	    join_path(options->out, "index.html", NULL));
}

static json_t *
student_values(const struct class_options *options, const struct submission *s,
    const struct result *const results[], size_t n)
{
	struct report_options o = {.hints = 2, .root = options->root};
	json_t *values = page_frame(s->shown), *labs = json_array();
	int result = values ? json_object_set_new(values, "labs", labs) : -1;

	for (size_t i = 0; i < n && result == 0; i++)
		if (results[i])
			result = json_array_append_new(labs, page_result(results[i], &o));
	if (result == 0)
		return values;
	if (values == NULL)
		json_decref(labs);
	json_decref(values);
	errno = ENOMEM;
	return NULL;
}

int
student_page(const struct class_options *options, const struct submission *s,
    const struct result *const results[], size_t n)
{
	char *name = text_format("%s.html", s->file);
	char *path = name ? join_path(options->out, "students", name, NULL) : NULL;

	free(name);
	return write_page(
	    options->root, "student.html", student_values(options, s, results, n), path);
}
