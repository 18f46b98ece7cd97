/*
 * report.h - shows a result: in a terminal, as a page, and as what other systems read.
 *
 * Every function writes to out and returns 0, or -1 with errno when something
 * could not be written (a full disk is noticed: out is flushed and checked).
 * Texts of the grader are in the language that messages_init() chose; texts of
 * the result are in the language it was graded in. Everything foreign (names,
 * the compiler's words, what a student's program printed) is shown harmless.
 */
#ifndef GABEL_REPORT_H
#define GABEL_REPORT_H

#include "../verdict/result.h"
#include <stdbool.h>
#include <stdio.h>

struct report_options {
	bool colour;    /* colours and bold type, for a terminal */
	unsigned width; /* columns of the terminal; less than 20 counts as 20 */
	int hints;      /* 0: none, 1: the first step, 2: both steps */
	bool verbose;   /* also check ids, and all that the compiler said */
	/* The kit's root, for templates and the titles of lecture sections. May be NULL. */
	const char *root;
	/* DIR= of the command that replays a check. NULL: make's default. */
	const char *directory;
	/* --lang of this run, for the same command. NULL: the environment decides. */
	const char *language;
};

/*
 * What suits out: colour on a terminal unless NO_COLOR is set or TERM is
 * "dumb"; the terminal's width, else COLUMNS, else 80; the first step of each
 * hint; not verbose; neither root nor directory.
 */
struct report_options report_options_for(FILE *out);

/*
 * A result in a terminal, whole; or in steps as it comes about: the head as
 * soon as the submission is built, each check when it is finished (index of
 * r->checks; earlier ones may be referred to), the foot with the points.
 */
int report_terminal(const struct result *r, FILE *out, const struct report_options *o);
int report_terminal_head(const struct result *r, FILE *out, const struct report_options *o);
int report_terminal_check(
    const struct result *r, size_t check, FILE *out, const struct report_options *o);
int report_terminal_foot(const struct result *r, FILE *out, const struct report_options *o);

/* The document of gabel-lab(5), indented, the same bytes for the same result. */
int report_json(const struct result *r, FILE *out, const struct report_options *o);

/* One file that needs nothing else: no network, no script. Needs o->root. */
int report_html(const struct result *r, FILE *out, const struct report_options *o);

/*
 * What other systems read, each with the text for people that they show. A submission without any
 * judged check is one test that fails (TAP, JUnit), or has no score when the grader itself failed
 * (Gradescope, Autolab).
 */
int report_junit(const struct result *r, FILE *out, const struct report_options *o);
int report_tap(const struct result *r, FILE *out, const struct report_options *o);
int report_gradescope(const struct result *r, FILE *out, const struct report_options *o);
int report_autolab(const struct result *r, FILE *out, const struct report_options *o);

#endif
