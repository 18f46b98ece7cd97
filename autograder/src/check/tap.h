/*
 * tap.h - what bats says about its tests, in TAP 13.
 *
 * bats indents everything that a test printed, so a line at the left margin
 * is bats' own.
 */
#ifndef GABEL_TAP_H
#define GABEL_TAP_H

#include <stdbool.h>
#include <stddef.h>

enum tap_outcome { TAP_MISSING, TAP_OK, TAP_NOT_OK, TAP_SKIPPED, TAP_TWICE };

struct tap_test {
	const char *id; /* set by the caller: the test's name begins with it and a colon or blank */
	enum tap_outcome outcome;
	const char *words; /* what the test printed, not NUL-terminated, within the report */
	size_t n_words;
};

/*
 * Finds each test in a whole report. Returns 0, or -1 when it is no report of
 * these tests: no plan, another number of tests, or one that is none of them.
 */
int tap_read(const char *report, size_t n, struct tap_test *tests, size_t n_tests);

#endif
