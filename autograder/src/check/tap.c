/* tap.c - see tap.h. */
#include "tap.h"

#include <stdio.h>
#include <string.h>

/* The line at *at, without its newline; *at goes to the next. False at the end. */
static bool
next_line(const char **at, const char *end, const char **line, size_t *n)
{
	const char *newline;

	if (*at >= end)
		return false;
	newline = memchr(*at, '\n', (size_t)(end - *at));
	*line = *at;
	*n = (size_t)((newline == NULL ? end : newline) - *at);
	*at = newline == NULL ? end : newline + 1;
	return true;
}

static bool
begins_with(const char **line, size_t *n, const char *word)
{
	size_t length = strlen(word);

	if (*n < length || memcmp(*line, word, length) != 0)
		return false;
	*line += length;
	*n -= length;
	return true;
}

static bool
take_number(const char **line, size_t *n, unsigned long *number)
{
	size_t digits = 0;

	*number = 0;
	while (digits < *n && digits < 6 && (*line)[digits] >= '0' && (*line)[digits] <= '9')
		*number = 10 * *number + (unsigned long)((*line)[digits++] - '0');
	*line += digits;
	*n -= digits;
	return digits > 0;
}

/* bats writes "# skip" or "# SKIP" behind the name, with or without a reason. */
static bool
is_skipped(const char *name, size_t n)
{
	for (size_t i = 0; i + 7 <= n; i++)
		if (memcmp(name + i, " # skip", 7) == 0 || memcmp(name + i, " # SKIP", 7) == 0)
			return true;
	return false;
}

static struct tap_test *
find(struct tap_test *tests, size_t n_tests, const char *name, size_t n)
{
	for (size_t i = 0; i < n_tests; i++) {
		size_t length = strlen(tests[i].id);

		if (n > length && memcmp(name, tests[i].id, length) == 0 &&
		    (name[length] == ':' || name[length] == ' '))
			return &tests[i];
	}
	return NULL;
}

/* "ok 2 name" and "not ok 2 name": the test, or NULL when the line is neither or none of ours. */
static struct tap_test *
take_result(const char *line, size_t n, struct tap_test *tests, size_t n_tests)
{
	bool negative = begins_with(&line, &n, "not ");
	unsigned long number;
	struct tap_test *test;

	if (!begins_with(&line, &n, "ok ") || !take_number(&line, &n, &number) ||
	    !begins_with(&line, &n, " "))
		return NULL;
	test = find(tests, n_tests, line, n);
	if (test == NULL)
		return NULL;
	if (test->outcome != TAP_MISSING)
		test->outcome = TAP_TWICE;
	else if (is_skipped(line, n))
		test->outcome = TAP_SKIPPED;
	else
		test->outcome = negative ? TAP_NOT_OK : TAP_OK;
	test->words = line + n;
	test->n_words = 0;
	return test;
}

/* "1..n" */
static bool
take_plan(const char *line, size_t n, unsigned long *planned)
{
	return begins_with(&line, &n, "1..") && take_number(&line, &n, planned) && n == 0;
}

int
tap_read(const char *report, size_t n, struct tap_test *tests, size_t n_tests)
{
	const char *at = report, *end = report + n, *line;
	struct tap_test *current = NULL;
	unsigned long planned;
	size_t length, plans = 0;

	for (size_t i = 0; i < n_tests; i++)
		tests[i].outcome = TAP_MISSING;
	while (next_line(&at, end, &line, &length)) {
		if (length == 0 || line[0] == ' ' || line[0] == '#') {
			if (current != NULL)
				current->n_words = (size_t)(at - current->words);
		} else if (take_plan(line, length, &planned)) {
			if (plans++ > 0 || planned != n_tests)
				return -1;
		} else if (length < 4 || memcmp(line, "TAP ", 4) != 0) {
			current = take_result(line, length, tests, n_tests);
			if (current == NULL)
				return -1;
		}
	}
	return plans == 1 ? 0 : -1;
}
