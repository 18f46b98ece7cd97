/*
 * gradescope.c - results.json of a Gradescope autograder. When the grader itself failed in a check,
 * there is no score anywhere: Gradescope then says that the autograder failed, and nobody loses a
 * point by it.
 */
#include "plain.h"

#include <errno.h>
#include <stdlib.h>

/* Takes over the text. NULL when there is none. */
static json_t *
taken(char *text)
{
	json_t *value = text != NULL ? json_from_text(text) : NULL;

	free(text);
	return value;
}

/* Scores of tests would be added up to one of the whole. */
static int
put_score(json_t *test, const struct result *r, const struct check_result *c)
{
	if (r->status == RESULT_GRADER_FAULT)
		return 0;
	return json_object_set_new(test, "score", json_integer((json_int_t)c->points)) < 0 ||
		       json_object_set_new(
			   test, "max_score", json_integer((json_int_t)c->max_points)) < 0
		   ? -1
		   : 0;
}

static json_t *
test_of(const struct result *r, size_t check, const struct report_options *o)
{
	const struct check_result *c = &r->checks[check];
	json_t *test = json_pack("{s:s, s:o, s:s, s:o, s:s, s:s, s:[s], s:{s:s, s:b}}", "status",
	    c->verdict == PASSED ? "passed" : "failed", "name", json_from_text(c->title),
	    "name_format", "text", "output", taken(plain_check(r, check, o)), "output_format",
	    "text", "visibility", "visible", "tags", c->id, "extra_data", "verdict",
	    verdict_token(c->verdict), "hidden", c->hidden);

	if (test != NULL && put_score(test, r, c) < 0) {
		json_decref(test);
		test = NULL;
	}
	return test;
}

static json_t *
tests_of(const struct result *r, const struct report_options *o)
{
	json_t *tests = json_array();

	for (size_t i = 0; tests != NULL && i < r->n_checks; i++)
		if (json_array_append_new(tests, test_of(r, i, o)) < 0) {
			json_decref(tests);
			tests = NULL;
		}
	return tests;
}

static json_t *
document_of(const struct result *r, const struct report_options *o)
{
	json_t *document = json_pack("{s:f, s:o, s:s, s:s, s:s, s:o, s:{s:o, s:I, s:o, s:o, s:s}}",
	    "execution_time", r->seconds, "output", taken(plain_around(r, o)), "output_format",
	    "text", "visibility", "visible", "stdout_visibility", "hidden", "tests", tests_of(r, o),
	    "extra_data", "lab", json_from_text(r->lab != NULL ? r->lab : ""), "seed",
	    (json_int_t)r->seed, "kit_version",
	    json_from_text(r->kit_version != NULL ? r->kit_version : ""), "isolation",
	    json_from_text(r->isolation != NULL ? r->isolation : ""), "status",
	    result_status_token(r->status));

	if (document != NULL && r->status != RESULT_GRADER_FAULT &&
	    json_object_set_new(document, "score", json_integer((json_int_t)r->score)) < 0) {
		json_decref(document);
		document = NULL;
	}
	return document;
}

int
report_gradescope(const struct result *r, FILE *out, const struct report_options *o)
{
	json_t *document = document_of(r, o);
	int result;

	if (document == NULL) {
		errno = ENOMEM;
		return -1;
	}
	result = json_dumpf(document, out, JSON_INDENT(2) | JSON_SORT_KEYS);
	json_decref(document);
	return result < 0 || putc('\n', out) == EOF || fflush(out) == EOF ? -1 : 0;
}
