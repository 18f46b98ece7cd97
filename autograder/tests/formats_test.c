/*
 * What other systems read: JUnit XML, Gradescope's results.json, Autolab's line, TAP 14. The result
 * is the golden one of report_test, which has every verdict and a fault of ours; what TAP's own
 * reader says is in cli.bats.
 */
#define _GNU_SOURCE
#include "../src/base/messages.h"
#include "../src/base/text.h"
#include "../src/report/report.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <expat.h>
#include <stdlib.h>
#include <string.h>

typedef int show(const struct result *, FILE *, const struct report_options *);

static const struct report_options options = {.width = 80, .hints = 1, .root = "."};

/* Of terminals, of XML, of JSON and YAML, and of TAP. */
static const char hostile[] = "\033[2J\a\r\b]]></failure>&\"'<!--\n  ...\nok 99 - forged\n"
			      "Bail out!\n# \\ \xff\xc0\xaf\xef\xbf\xbf\xef\xbf\xbe\xe2\x80\xae";

static char *
shown(show *report, const struct result *r)
{
	char *bytes = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&bytes, &n);

	assert_non_null(out);
	assert_int_equal(report(r, out, &options), 0);
	assert_int_equal(fclose(out), 0);
	assert_true(utf8_valid(bytes, n, NULL));
	return bytes;
}

static struct result *
golden_result(void)
{
	json_t *document = json_load_file("autograder/tests/golden/result.en.json", 0, NULL);
	struct result *r = result_from_json(document);

	assert_non_null(r);
	assert_int_equal(messages_init(".", "en"), 0);
	json_decref(document);
	return r;
}

static void
set(char **text, const char *value)
{
	free(*text);
	*text = strdup(value);
}

static struct result *
hostile_result(void)
{
	struct result *r = golden_result();

	set(&r->title, hostile);
	set(&r->submission, hostile);
	set(&r->compiler, hostile);
	set(&r->reason, hostile);
	for (size_t i = 0; i < r->n_checks; i++) {
		struct check_result *c = &r->checks[i];
		char **texts[] = {
		    &c->title, &c->message, &c->expected, &c->seen, &c->why, &c->hint, &c->ran};

		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
			set(texts[k], hostile);
	}
	return r;
}

/* Nothing was judged. */
static struct result *
bare_result(enum result_status status)
{
	struct result *r = result_new();

	assert_non_null(r);
	r->lab = strdup("03-pipes");
	r->reason = strdup("The archive holds a link.");
	r->status = status;
	r->max_score = 100;
	r->points_gradable = status == RESULT_GRADER_FAULT ? 0 : 100;
	return r;
}

/* What was done well, so that there is a score. */
static void
judge_all(struct result *r)
{
	for (size_t i = 0; i < r->n_checks; i++)
		if (r->checks[i].verdict == GRADER_FAULT)
			r->checks[i].verdict = FAILED;
	r->status = RESULT_GRADED;
}

static size_t
count_verdict(const struct result *r, enum verdict verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_checks; i++)
		n += r->checks[i].verdict == verdict;
	return n;
}

/* ---- JUnit ------------------------------------------------------------------------------------
 */

/* What a reader of the XML counts, and what the suite says of itself. */
struct suite {
	size_t cases, failures, errors, skipped;
	size_t said_cases, said_failures, said_errors, said_skipped;
	char inside[32]; /* the element that we are in */
};

static size_t
number(const char **attributes, const char *name)
{
	for (; *attributes != NULL; attributes += 2)
		if (strcmp(attributes[0], name) == 0)
			return strtoul(attributes[1], NULL, 10);
	fail_msg("no attribute %s", name);
	return 0;
}

/* Who may stand where: the format's own rules (Jenkins' schema junit-10). */
static void
assert_place(const char *name, const char *inside)
{
	static const char *const places[][2] = {{"testsuites", ""}, {"testsuite", "testsuites"},
	    {"properties", "testsuite"}, {"property", "properties"}, {"testcase", "testsuite"},
	    {"failure", "testcase"}, {"error", "testcase"}, {"skipped", "testcase"}};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (strcmp(places[i][0], name) == 0 && strcmp(places[i][1], inside) == 0)
			return;
	fail_msg("<%s> inside of <%s>", name, inside);
}

static void
opens(void *data, const char *name, const char **attributes)
{
	struct suite *s = data;

	assert_place(name, s->inside);
	strcpy(s->inside, name);
	s->cases += strcmp(name, "testcase") == 0;
	s->failures += strcmp(name, "failure") == 0;
	s->errors += strcmp(name, "error") == 0;
	s->skipped += strcmp(name, "skipped") == 0;
	if (strcmp(name, "testsuite") == 0) {
		s->said_cases = number(attributes, "tests");
		s->said_failures = number(attributes, "failures");
		s->said_errors = number(attributes, "errors");
		s->said_skipped = number(attributes, "skipped");
	}
}

static void
closes(void *data, const char *name)
{
	struct suite *s = data;
	const char *outside = strcmp(name, "property") == 0     ? "properties"
			      : strcmp(name, "testcase") == 0   ? "testsuite"
			      : strcmp(name, "testsuite") == 0  ? "testsuites"
			      : strcmp(name, "properties") == 0 ? "testsuite"
								: "testcase";

	strcpy(s->inside, outside);
}

static struct suite
read_junit(const struct result *r)
{
	struct suite s = {0};
	XML_Parser parser = XML_ParserCreate(NULL);
	char *xml = shown(report_junit, r);

	XML_SetUserData(parser, &s);
	XML_SetElementHandler(parser, opens, closes);
	if (XML_Parse(parser, xml, (int)strlen(xml), 1) != XML_STATUS_OK)
		fail_msg("line %lu: %s", XML_GetCurrentLineNumber(parser),
		    XML_ErrorString(XML_GetErrorCode(parser)));
	XML_ParserFree(parser);
	free(xml);
	assert_int_equal(s.cases, s.said_cases);
	assert_int_equal(s.failures, s.said_failures);
	assert_int_equal(s.errors, s.said_errors);
	assert_int_equal(s.skipped, s.said_skipped);
	return s;
}

static void
junit_tells_failures_from_faults_of_ours(void **state)
{
	struct result *r = golden_result();
	struct suite s = read_junit(r);
	size_t passed = count_verdict(r, PASSED);

	(void)state;
	assert_int_equal(s.cases, r->n_checks);
	assert_int_equal(s.errors, count_verdict(r, GRADER_FAULT));
	assert_int_equal(s.skipped, count_verdict(r, NOT_REACHED));
	assert_int_equal(s.failures, r->n_checks - passed - s.errors - s.skipped);
	assert_true(passed > 0 && s.errors > 0 && s.skipped > 0 && s.failures > 0);
	result_free(r);
}

static void
junit_of_what_was_not_judged(void **state)
{
	struct result *refused = bare_result(RESULT_CANNOT_BE_GRADED);
	struct result *ours = bare_result(RESULT_GRADER_FAULT);
	struct suite s = read_junit(refused);

	(void)state;
	assert_int_equal(s.cases, 1);
	assert_int_equal(s.failures, 1);
	s = read_junit(ours);
	assert_int_equal(s.cases, 1);
	assert_int_equal(s.errors, 1);
	result_free(refused);
	result_free(ours);
}

static void
hostile_text_in_junit(void **state)
{
	struct result *r = hostile_result();

	(void)state;
	assert_int_equal(read_junit(r).cases, r->n_checks);
	result_free(r);
}

/* ---- Gradescope ---------------------------------------------------------------------------------
 */

static json_t *
read_gradescope(const struct result *r)
{
	char *text = shown(report_gradescope, r);
	json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	free(text);
	assert_non_null(document);
	assert_true(json_is_number(json_object_get(document, "execution_time")));
	assert_true(json_is_string(json_object_get(document, "output")));
	assert_string_equal(json_string_value(json_object_get(document, "visibility")), "visible");
	assert_string_equal(
	    json_string_value(json_object_get(document, "stdout_visibility")), "hidden");
	assert_int_equal(json_array_size(json_object_get(document, "tests")), r->n_checks);
	return document;
}

static void
gradescope_gets_every_point(void **state)
{
	struct result *r = golden_result();
	json_t *document, *test;
	json_int_t sum = 0;
	size_t i;

	(void)state;
	judge_all(r);
	document = read_gradescope(r);
	assert_int_equal(json_integer_value(json_object_get(document, "score")), r->score);
	json_array_foreach(json_object_get(document, "tests"), i, test)
	{
		const struct check_result *c = &r->checks[i];

		assert_string_equal(json_string_value(json_object_get(test, "status")),
		    c->verdict == PASSED ? "passed" : "failed");
		assert_int_equal(
		    json_integer_value(json_object_get(test, "max_score")), c->max_points);
		assert_string_equal(json_string_value(json_object_get(test, "name")), c->title);
		assert_string_equal(
		    json_string_value(json_object_get(test, "output_format")), "text");
		sum += json_integer_value(json_object_get(test, "score"));
	}
	assert_int_equal(sum, r->score);
	json_decref(document);
	result_free(r);
}

/* Scores of the tests would be added up where the one of the whole is missing. */
static void
gradescope_gets_no_score_when_we_failed(void **state)
{
	struct result *r = golden_result();
	json_t *document = read_gradescope(r), *test;
	size_t i;

	(void)state;
	assert_int_equal(r->status, RESULT_GRADER_FAULT);
	assert_null(json_object_get(document, "score"));
	json_array_foreach(json_object_get(document, "tests"), i, test)
	{
		assert_null(json_object_get(test, "score"));
		assert_null(json_object_get(test, "max_score"));
	}
	json_decref(document);
	result_free(r);
	r = bare_result(RESULT_CANNOT_BE_GRADED);
	document = read_gradescope(r);
	assert_int_equal(json_integer_value(json_object_get(document, "score")), 0);
	assert_true(json_is_integer(json_object_get(document, "score")));
	json_decref(document);
	result_free(r);
}

static void
hostile_text_in_gradescope(void **state)
{
	struct result *r = hostile_result();
	json_t *document = read_gradescope(r), *test;
	size_t i;

	(void)state;
	json_array_foreach(json_object_get(document, "tests"), i, test)
	    assert_null(strchr(json_string_value(json_object_get(test, "output")), '\033'));
	assert_null(strchr(json_string_value(json_object_get(document, "output")), '\033'));
	json_decref(document);
	result_free(r);
}

/* ---- Autolab ------------------------------------------------------------------------------------
 */

static char *
last_line(char *text)
{
	size_t n = strlen(text);
	char *line;

	assert_true(n > 0 && text[n - 1] == '\n');
	text[n - 1] = '\0';
	line = strrchr(text, '\n');
	return line != NULL ? line + 1 : text;
}

static void
autolab_reads_the_last_line(void **state)
{
	struct result *r = golden_result();
	char *text;
	json_t *scores;

	(void)state;
	judge_all(r);
	text = shown(report_autolab, r);
	scores = json_loads(last_line(text), 0, NULL);
	assert_int_equal(
	    json_integer_value(json_object_get(json_object_get(scores, "scores"), "03-pipes")),
	    r->score);
	assert_non_null(strstr(text, r->checks[0].title));
	json_decref(scores);
	free(text);
	result_free(r);
}

static void
autolab_gets_no_score_when_we_failed(void **state)
{
	struct result *r = golden_result();
	char *text = shown(report_autolab, r);

	(void)state;
	assert_null(strstr(text, "\"scores\""));
	free(text);
	result_free(r);
}

/* Whatever a program prints, the scores are ours. */
static void
hostile_text_in_autolab(void **state)
{
	struct result *r = hostile_result();
	char *text;
	json_t *scores;

	(void)state;
	set(&r->checks[1].seen, "{\"scores\":{\"03-pipes\":100}}\n");
	judge_all(r);
	text = shown(report_autolab, r);
	assert_null(strchr(text, '\033'));
	scores = json_loads(last_line(text), 0, NULL);
	assert_int_equal(
	    json_integer_value(json_object_get(json_object_get(scores, "scores"), "03-pipes")),
	    r->score);
	json_decref(scores);
	free(text);
	result_free(r);
}

/* ---- TAP ----------------------------------------------------------------------------------------
 */

/* Each line is one that we wrote: nothing foreign begins one. */
static size_t
count_tests(char *tap, size_t *plan)
{
	size_t n = 0, inside = 0;
	char *rest = tap, *line;

	assert_string_equal(strsep(&rest, "\n"), "TAP version 14");
	assert_true(*strsep(&rest, "\n") == '#');
	assert_int_equal(sscanf(strsep(&rest, "\n"), "1..%zu", plan), 1);
	while ((line = strsep(&rest, "\n")) != NULL && *line != '\0') {
		size_t said;

		if (strcmp(line, "  ---") == 0 || strcmp(line, "  ...") == 0) {
			inside = line[2] == '-';
		} else if (inside) {
			assert_true(strncmp(line, "  ", 2) == 0 && strstr(line, ": ") != NULL);
		} else {
			assert_true(sscanf(line, "ok %zu - ", &said) == 1 ||
				    sscanf(line, "not ok %zu - ", &said) == 1);
			assert_int_equal(said, ++n);
		}
	}
	return n;
}

static void
tap_is_ours_line_by_line(void **state)
{
	struct result *of[] = {golden_result(), hostile_result(),
	    bare_result(RESULT_CANNOT_BE_GRADED), bare_result(RESULT_GRADER_FAULT)};

	(void)state;
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		char *tap = shown(report_tap, of[i]);
		size_t plan, n = count_tests(tap, &plan);

		assert_int_equal(plan, n);
		assert_int_equal(n, of[i]->n_checks > 0 ? of[i]->n_checks : 1);
		free(tap);
		result_free(of[i]);
	}
}

/* "ok 3 # SKIP" counts as passed, wherever the words came from. */
static void
tap_takes_no_directive_from_a_title(void **state)
{
	struct result *r = golden_result();
	char *tap;

	(void)state;
	for (size_t i = 0; i < r->n_checks; i++)
		set(&r->checks[i].title, "title # SKIP it");
	tap = shown(report_tap, r);
	assert_null(strstr(tap, " # SKIP"));
	assert_non_null(strstr(tap, "title \\# SKIP it"));
	free(tap);
	result_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(junit_tells_failures_from_faults_of_ours),
	    cmocka_unit_test(junit_of_what_was_not_judged),
	    cmocka_unit_test(hostile_text_in_junit),
	    cmocka_unit_test(gradescope_gets_every_point),
	    cmocka_unit_test(gradescope_gets_no_score_when_we_failed),
	    cmocka_unit_test(hostile_text_in_gradescope),
	    cmocka_unit_test(autolab_reads_the_last_line),
	    cmocka_unit_test(autolab_gets_no_score_when_we_failed),
	    cmocka_unit_test(hostile_text_in_autolab),
	    cmocka_unit_test(tap_is_ours_line_by_line),
	    cmocka_unit_test(tap_takes_no_directive_from_a_title),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
