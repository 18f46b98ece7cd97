/*
 * rows.h - a test that is a table: each row is a check as a lab's author writes
 * it, run on a program of programs/ whose every behaviour is known, and what
 * must become of it. For what must be caught there is a right twin that passes.
 *
 * GABEL_REPEAT=N runs every row N times: the same verdict every time.
 * GABEL_ROWS=PATTERN runs only rows with such names, "clock*".
 */
#ifndef GABEL_TESTS_ROWS_H
#define GABEL_TESTS_ROWS_H

#include "../judge/judge.h"

struct row {
	struct check check;
	const char *verdict, *key; /* key NULL: whatever it is */
};

/*
 * Runs all of them, the contained ones without namespaces. program is the name
 * of a source in programs/. Returns how many failed, for main.
 */
int run_rows(const char *program, const struct row *rows, size_t n_rows,
    const struct row *contained, size_t n_contained);

#endif
