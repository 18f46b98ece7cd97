/* The rules by which verdicts become points, and the result's way through JSON and back. */
#include "../src/verdict/result.h"
#include "../src/verdict/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

static char *
copy(const char *s)
{
	char *text = strdup(s);

	assert_non_null(text);
	return text;
}

static struct result *
result_of(size_t n, const enum verdict verdicts[n])
{
	struct result *r = result_new();

	assert_non_null(r);
	r->lab = copy("01-processes");
	r->n_checks = n;
	r->checks = calloc(n, sizeof *r->checks);
	assert_non_null(r->checks);
	for (size_t i = 0; i < n; i++) {
		char id[] = {(char)('a' + i), '\0'};

		r->checks[i].id = copy(id);
		r->checks[i].title = copy(id);
		r->checks[i].max_points = 10;
		r->checks[i].verdict = verdicts[i];
	}
	return r;
}

/* ---- tokens -------------------------------------------------------------------- */

static void
every_verdict_has_its_own_token(void **state)
{
	(void)state;
	for (int v = PASSED; v <= GRADER_FAULT; v++) {
		enum verdict back = PASSED;

		assert_int_equal(verdict_from_token(verdict_token((enum verdict)v), &back), 0);
		assert_int_equal(back, v);
	}
	assert_string_equal(verdict_token(OUT_OF_MEMORY), "out of memory");
}

static void
unknown_token_is_refused(void **state)
{
	enum verdict v = FAILED;

	(void)state;
	assert_int_equal(verdict_from_token("Passed", &v), -1);
	assert_int_equal(verdict_from_token("passed ", &v), -1);
	assert_int_equal(verdict_from_token("", &v), -1);
	assert_int_equal(v, FAILED);
}

/* ---- points -------------------------------------------------------------------- */

static void
only_passed_earns(void **state)
{
	(void)state;
	for (int v = FAILED; v < GRADER_FAULT; v++) {
		struct result *r = result_of(2, (const enum verdict[]){PASSED, (enum verdict)v});

		r->checks[1].points = 10; /* a claim from elsewhere does not count */
		result_settle(r);
		assert_int_equal(r->score, 10);
		assert_int_equal(r->max_score, 20);
		assert_int_equal(r->points_gradable, 20);
		assert_int_equal(r->checks[1].points, 0);
		assert_int_equal(r->status, RESULT_GRADED);
		assert_int_equal(result_exit_status(r), 1);
		result_free(r);
	}
}

static void
grader_fault_neither_gives_nor_costs(void **state)
{
	struct result *r = result_of(3, (const enum verdict[]){PASSED, GRADER_FAULT, FAILED});

	(void)state;
	result_settle(r);
	assert_int_equal(r->score, 10);
	assert_int_equal(r->max_score, 30);
	assert_int_equal(r->points_gradable, 20);
	assert_int_equal(r->status, RESULT_GRADER_FAULT);
	assert_int_equal(result_exit_status(r), 3);
	result_free(r);
}

static void
exit_status_tells_the_outcome(void **state)
{
	struct result *r = result_of(1, (const enum verdict[]){PASSED});

	(void)state;
	result_settle(r);
	assert_int_equal(result_exit_status(r), 0);
	r->status = RESULT_DOES_NOT_BUILD;
	assert_int_equal(result_exit_status(r), 1);
	r->status = RESULT_CANNOT_BE_GRADED;
	assert_int_equal(result_exit_status(r), 2);
	r->status = RESULT_GRADER_FAULT;
	assert_int_equal(result_exit_status(r), 3);
	result_free(r);
}

/* ---- requirements ---------------------------------------------------------------- */

static enum verdict
requiring(const char *id, const char *other, enum verdict a, enum verdict b, const char **because)
{
	char *ids[] = {(char *)id, (char *)other};
	const struct check_spec spec = {.id = "x", .requires = {.n = 2, .at = ids}};
	struct result *r = result_of(2, (const enum verdict[]){a, b});
	enum verdict v = verdict_of_requirements(&spec, r->checks, r->n_checks, because);

	result_free(r);
	return v;
}

static void
requirements_decide_whether_a_check_runs(void **state)
{
	const char *because;

	(void)state;
	assert_int_equal(requiring("a", "b", PASSED, PASSED, &because), PASSED);
	assert_null(because);
	assert_int_equal(requiring("a", "b", PASSED, TIMED_OUT, &because), NOT_REACHED);
	assert_string_equal(because, "b");
	assert_int_equal(requiring("a", "b", NOT_REACHED, PASSED, &because), NOT_REACHED);
	assert_string_equal(because, "a");
}

/* Were it "not reached", the student would lose points by our fault. */
static void
a_requirement_nobody_could_judge_is_our_fault(void **state)
{
	const char *because;

	(void)state;
	assert_int_equal(requiring("a", "b", FAILED, GRADER_FAULT, &because), GRADER_FAULT);
	assert_string_equal(because, "b");
	assert_int_equal(requiring("a", "gone", PASSED, PASSED, &because), GRADER_FAULT);
	assert_string_equal(because, "gone");
}

/* ---- JSON ------------------------------------------------------------------------ */

static struct result *
full_result(void)
{
	struct result *r = result_of(2, (const enum verdict[]){PASSED, CRASHED});
	struct check_result *c = &r->checks[1];

	r->title = copy("Prozesse");
	r->submission = copy("student-01");
	r->kit_version = copy("1");
	r->isolation = copy("sandbox");
	r->isolation_lost = json_pack("[s]", "own-network");
	r->language = copy("de");
	r->seed = 7193;
	r->compiler = copy("warning: \"x\"\n");
	r->files_missing = json_pack("[s]", "runner.c");
	r->n_files_ignored = 99980;
	r->seconds = 1.5;
	c->hidden = true;
	c->key = copy("zombies");
	c->message = copy("2 von 5 Kindern sind Zombies");
	c->expected = copy("e");
	c->seen = copy("s");
	c->why = copy("w");
	c->hint = copy("h");
	c->more = copy("m");
	c->man = copy("waitpid(2)");
	c->lecture = copy("01#zombies");
	c->ran = copy("children run_children 5");
	c->arguments = json_pack("[i,s]", 2, "x");
	c->faults = json_pack("[{s:s,s:i,s:i}]", "name", "fork fails", "asked", 1, "delivered", 1);
	c->seconds = 0.25;
	result_settle(r);
	return r;
}

static void
json_and_back_loses_nothing(void **state)
{
	struct result *r = full_result(), *back;
	json_t *document = result_to_json(r), *again;

	(void)state;
	assert_non_null(document);
	back = result_from_json(document);
	assert_non_null(back);
	again = result_to_json(back);
	assert_true(json_equal(document, again));
	assert_int_equal(back->seed, 7193);
	assert_int_equal(back->checks[1].verdict, CRASHED);
	assert_string_equal(back->checks[1].lecture, "01#zombies");
	assert_true(back->checks[1].hidden);
	assert_int_equal(back->n_files_ignored, 99980);
	json_decref(document);
	json_decref(again);
	result_free(back);
	result_free(r);
}

/* Scripts outside of this repository read these names. */
static void
document_has_the_fields_that_are_promised(void **state)
{
	static const char *const top[] = {"schema", "kit_version", "lab", "seed", "status",
	    "isolation", "isolation_lost", "score", "max_score", "points_gradable", "checks",
	    "reason", "title", "compiler", "files_missing", "files_ignored"};
	static const char *const of_check[] = {"id", "points", "max_points", "verdict", "key",
	    "arguments", "message", "hint", "lecture", "faults", "seconds", "expected", "seen",
	    "why", "more", "man", "ran", "title", "hidden"};
	struct result *r = result_of(1, (const enum verdict[]){FAILED});
	json_t *document = result_to_json(r);
	const json_t *check = json_array_get(json_object_get(document, "checks"), 0);

	(void)state;
	for (size_t i = 0; i < sizeof top / sizeof *top; i++)
		assert_non_null(json_object_get(document, top[i]));
	for (size_t i = 0; i < sizeof of_check / sizeof *of_check; i++)
		assert_non_null(json_object_get(check, of_check[i]));
	assert_true(json_is_array(json_object_get(check, "faults")));
	assert_int_equal(json_integer_value(json_object_get(document, "schema")), 1);
	json_decref(document);
	result_free(r);
}

static void
bytes_that_are_no_text_do_not_lose_the_result(void **state)
{
	struct result *r = result_of(1, (const enum verdict[]){FAILED});
	json_t *document;

	(void)state;
	r->submission = copy("M\xFCller \xE2\x82");
	document = result_to_json(r);
	assert_non_null(document);
	assert_string_equal(json_string_value(json_object_get(document, "submission")),
	    "M\xEF\xBF\xBDller \xEF\xBF\xBD\xEF\xBF\xBD");
	json_decref(document);
	result_free(r);
}

/* Each change makes a document that no reader may take for a result. */
static void
what_is_no_result_is_refused(void **state)
{
	static const char *const changes[] = {
	    "{\"schema\":2}",
	    "{\"schema\":\"1\"}",
	    "{\"lab\":null}",
	    "{\"lab\":\"a\\u0000b\"}",
	    "{\"score\":-1}",
	    "{\"score\":99999999999}",
	    "{\"score\":\"10\"}",
	    "{\"status\":\"fine\"}",
	    "{\"checks\":{}}",
	    "{\"checks\":[1]}",
	    "{\"checks\":[{\"id\":\"a\",\"title\":\"a\",\"points\":1,\"max_points\":1,\"verdict\":"
	    "\"ok\"}]}",
	    "{\"checks\":[{\"id\":\"a\",\"title\":\"a\",\"points\":2,\"max_points\":1,\"verdict\":"
	    "\"passed\"}]}",
	    "{\"files_missing\":\"x\"}",
	    "{\"seconds\":\"1\"}",
	};
	struct result *r = full_result();

	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		json_t *document = result_to_json(r),
		       *change = json_loads(changes[i], JSON_ALLOW_NUL, NULL);

		assert_non_null(change);
		assert_int_equal(json_object_update(document, change), 0);
		errno = 0;
		assert_null(result_from_json(document));
		assert_int_equal(errno, EINVAL);
		json_decref(change);
		json_decref(document);
	}
	result_free(r);
	assert_null(result_from_json(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_verdict_has_its_own_token),
	    cmocka_unit_test(unknown_token_is_refused),
	    cmocka_unit_test(only_passed_earns),
	    cmocka_unit_test(grader_fault_neither_gives_nor_costs),
	    cmocka_unit_test(exit_status_tells_the_outcome),
	    cmocka_unit_test(requirements_decide_whether_a_check_runs),
	    cmocka_unit_test(a_requirement_nobody_could_judge_is_our_fault),
	    cmocka_unit_test(json_and_back_loses_nothing),
	    cmocka_unit_test(document_has_the_fields_that_are_promised),
	    cmocka_unit_test(bytes_that_are_no_text_do_not_lose_the_result),
	    cmocka_unit_test(what_is_no_result_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
