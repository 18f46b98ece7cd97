/*
 * The class in a terminal. One lab: a line for each student, with what did not
 * pass. Several: a column for each lab.
 */
#include "../base/messages.h"
#include "../report/columns.h"
#include "../report/report.h"
#include "../report/words.h"
#include "tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_WIDEST = 32, NAME_LEAST = 8, POINTS = 9, CELL = 6 };

struct table {
	const struct tally *tally;
	struct text text;
	size_t width, name; /* of the terminal; of the column with the names */
};

/* The widest name, as far as the terminal has room for it. */
static size_t
name_width(const struct tally *tally, size_t width)
{
	size_t widest = NAME_LEAST, most = width / 2 < NAME_WIDEST ? width / 2 : NAME_WIDEST;

	for (size_t i = 0; i < tally->roster->n; i++) {
		size_t n = columns_of(tally->roster->at[i].shown);

		widest = n > widest ? n : widest;
	}
	return widest < most ? widest : most;
}

/* ---- one lab -------------------------------------------------------------------------- */

/* "failed: 2; timed out: 1" */
static void
put_verdicts(struct text *t, const struct outcome *o)
{
	for (int v = FAILED; v <= GRADER_FAULT; v++) {
		unsigned n = 0;

		for (size_t i = 0; i < o->n_checks; i++)
			n += o->verdicts[i] == v;
		if (n > 0)
			text_printf(
			    t, "%s%s: %u", t->n > 0 ? "; " : "", words_verdict((enum verdict)v), n);
	}
}

/* What there is to say beside the points. */
static void
put_remark(struct text *t, const struct outcome *o)
{
	if (!o->known) {
		text_put(t, _("not judged"));
		return;
	}
	put_verdicts(t, o);
	if (o->status == RESULT_CANNOT_BE_GRADED)
		text_put(t, _("cannot be graded"));
	else if (o->status == RESULT_GRADER_FAULT && o->n_checks == 0)
		text_put(t, words_verdict(GRADER_FAULT));
	if (o->reason) {
		text_put(t, ": ");
		text_put_foreign(t, o->reason, strlen(o->reason));
	}
}

static void
put_row(struct table *table, const struct submission *s)
{
	const struct outcome *o = &s->outcome;
	size_t column = table->name + POINTS + 4;
	struct text remark = {0};
	char points[32] = "–";

	columns_fit(&table->text, s->shown, table->name);
	if (o->known && o->n_checks > 0)
		snprintf(points, sizeof points, "%u/%u", o->score, o->points_gradable);
	columns_pad_left(&table->text, points, POINTS);
	put_remark(&remark, o);
	if (remark.n > 0) {
		columns_skip(&table->text, 4);
		columns_wrap(&table->text, text_string(&remark),
		    (struct margins){.at = column, .left = column, .right = table->width});
	}
	text_put_char(&table->text, '\n');
	text_free(&remark);
}

static void
put_list(struct table *table)
{
	const struct lab_tally *lab = &table->tally->labs[0];

	text_printf(&table->text, "%s  %s\n\n", lab->name, lab->title ? lab->title : "");
	for (size_t i = 0; i < table->tally->roster->n; i++)
		put_row(table, &table->tally->roster->at[i]);
}

/* ---- several labs ------------------------------------------------------------------------ */

static void
put_cell(struct table *table, const struct outcome *o)
{
	char cell[32];

	if (!o->known || o->status == RESULT_CANNOT_BE_GRADED)
		snprintf(cell, sizeof cell, "?");
	else if (o->status == RESULT_GRADER_FAULT)
		snprintf(cell, sizeof cell, "%u!", o->score);
	else
		snprintf(cell, sizeof cell, "%u", o->score);
	columns_pad_left(&table->text, cell, CELL);
}

/* The student whose first submission is i. */
static void
put_student(struct table *table, size_t i)
{
	const struct roster *roster = table->tally->roster;
	const char *student = roster->at[i].student;
	unsigned sum = 0;
	char number[16];

	columns_fit(&table->text, roster->at[i].shown, table->name);
	for (size_t lab = 0; lab < roster->labs.n; lab++) {
		const struct submission *s = &roster->at[i];

		if (i < roster->n && strcmp(s->student, student) == 0 &&
		    strcmp(s->lab, roster->labs.at[lab]) == 0) {
			put_cell(table, &s->outcome);
			sum += s->outcome.score;
			i++;
		} else {
			columns_pad_left(&table->text, "–", CELL);
		}
	}
	snprintf(number, sizeof number, "%u", sum);
	columns_pad_left(&table->text, number, CELL + 2);
	text_put_char(&table->text, '\n');
}

static void
put_matrix(struct table *table)
{
	const struct roster *roster = table->tally->roster;

	columns_skip(&table->text, table->name);
	for (size_t i = 0; i < roster->labs.n; i++) {
		char number[CELL];
		size_t digits = strspn(roster->labs.at[i], "0123456789");

		snprintf(number, sizeof number, "%.*s", digits ? (int)digits : CELL - 2,
		    roster->labs.at[i]);
		columns_pad_left(&table->text, number, CELL);
	}
	columns_pad_left(&table->text, _("Sum"), CELL + 2);
	text_put(&table->text, "\n");
	for (size_t i = 0; i < roster->n; i++)
		if (roster_begins_student(roster, i))
			put_student(table, i);
}

/* ---- below the table ------------------------------------------------------------------------ */

static void
put_line(struct table *table, const char *line)
{
	columns_wrap(
	    &table->text, line, (struct margins){.at = 0, .left = 2, .right = table->width});
	text_put_char(&table->text, '\n');
}

/* In the matrix there is no room for reasons: they stand here. */
static void
put_reasons(struct table *table)
{
	const struct roster *roster = table->tally->roster;

	for (size_t i = 0; i < roster->n && roster->labs.n > 1; i++) {
		const struct submission *s = &roster->at[i];
		struct text line = {0};

		if (s->outcome.known && (s->outcome.status == RESULT_GRADED ||
					    s->outcome.status == RESULT_DOES_NOT_BUILD))
			continue;
		text_printf(&line, "%s, %s: ", s->shown, s->lab);
		put_remark(&line, &s->outcome);
		put_line(table, text_string(&line));
		text_free(&line);
	}
	for (size_t i = 0; i < roster->notes.n; i++)
		put_line(table, roster->notes.at[i]);
}

static void
put_count(struct table *table, const char *sentence, unsigned long n)
{
	char *line;

	if (n == 0)
		return;
	line = text_format("%lu %s", n, sentence);
	if (line)
		put_line(table, line);
	else
		table->text.failed = true;
	free(line);
}

static void
put_sums(struct table *table, const struct class_options *options)
{
	const struct tally *t = table->tally;
	char *index;

	text_put_char(&table->text, '\n');
	put_reasons(table);
	put_count(table, ngettext("submission judged", "submissions judged", t->judged), t->judged);
	put_count(table,
	    ngettext("of them cannot be graded", "of them cannot be graded", t->refused),
	    t->refused);
	put_count(table,
	    ngettext(
		"submission met a fault of the grader: it costs no points; --resume tries again",
		"submissions met a fault of the grader: it costs no points; --resume tries again",
		t->faults),
	    t->faults);
	put_count(table,
	    ngettext("submission is not judged; --resume goes on",
		"submissions are not judged; --resume goes on", t->missing),
	    t->missing);
	index = text_format("%s/index.html", options->out);
	if (index)
		text_put_name(&table->text, index);
	text_put_char(&table->text, '\n');
	free(index);
}

int
tally_print(const struct tally *tally, const struct class_options *options, FILE *out)
{
	struct report_options o = report_options_for(out);
	struct table table = {.tally = tally, .width = o.width, .name = name_width(tally, o.width)};
	int result = 0;

	if (tally->roster->labs.n == 1)
		put_list(&table);
	else
		put_matrix(&table);
	put_sums(&table, options);
	if (text_failed(&table.text)) {
		errno = ENOMEM;
		result = -1;
	} else if (fwrite(text_string(&table.text), 1, table.text.n, out) != table.text.n ||
		   fflush(out) == EOF) {
		result = -1;
	}
	text_free(&table.text);
	return result;
}
