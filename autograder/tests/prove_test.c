/*
 * prove_test.c - what the proof of a lab rests on: a journal that survives
 * being killed, labs with some of their checks, solutions with some of their
 * parts, the list of equivalent mutants, and who judges what a run showed.
 */
#define _GNU_SOURCE
#include "../prove/finding.h"
#include "../prove/journal.h"
#include "../prove/narrow.h"
#include "../prove/parts.h"
#include "../prove/runs.h"
#include "../src/base/files.h"
#include "../src/base/text.h"
#include "../src/lab/equivalents.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

static int
make_directory(void **state)
{
	char *directory = strdup("/tmp/gabel-prove-test.XXXXXX");

	*state = directory;
	return directory == NULL || mkdtemp(directory) == NULL ? -1 : 0;
}

static int
drop_directory(void **state)
{
	int result = remove_tree(*state);

	free(*state);
	return result;
}

static void
write_text(const char *directory, const char *name, const char *text)
{
	char *path = join_path(directory, name, NULL);

	assert_int_equal(write_file_atomic(path, text, strlen(text), 0600), 0);
	free(path);
}

static char *
read_text(const char *directory, const char *name)
{
	char *path = join_path(directory, name, NULL);
	char *text = read_file(path, 1 << 20, NULL);

	free(path);
	assert_non_null(text);
	return text;
}

/* ---- the journal ---------------------------------------------------------------------------- */

static json_t *
record(int n)
{
	return json_pack("{s:i}", "n", n);
}

static int
recorded(const struct journal *j, const char *run)
{
	return (int)json_integer_value(json_object_get(journal_find(j, run), "n"));
}

static void
journal_goes_on(void **state)
{
	struct journal *j = journal_open(*state, "lab", "kit 1", 7);

	assert_non_null(j);
	assert_int_equal(journal_add(j, "first", record(1)), 0);
	assert_int_equal(journal_add_for_now(j, "a fault of ours", record(2)), 0);
	journal_close(j);
	j = journal_open(*state, "lab", "kit 1", 8);
	assert_int_equal(recorded(j, "first"), 1);
	assert_null(journal_find(j, "a fault of ours"));
	assert_int_equal(journal_seed(j), 7);
	journal_close(j);
}

static void
journal_of_another_kit_begins_anew(void **state)
{
	struct journal *j = journal_open(*state, "lab", "kit 1", 7);

	assert_int_equal(journal_add(j, "first", record(1)), 0);
	journal_close(j);
	j = journal_open(*state, "lab", "kit 2", 8);
	assert_null(journal_find(j, "first"));
	assert_int_equal(journal_seed(j), 8);
	assert_int_equal(journal_add(j, "second", record(2)), 0);
	journal_close(j);
	j = journal_open(*state, "lab", "kit 2", 9);
	assert_int_equal(recorded(j, "second"), 2);
	journal_close(j);
}

/* Whatever the proof was writing when it was killed, what was whole before stays. */
static void
journal_cut_anywhere(void **state)
{
	struct journal *j = journal_open(*state, "lab", "kit", 7);
	char *whole;
	size_t first;

	assert_int_equal(journal_add(j, "first", record(1)), 0);
	journal_close(j);
	whole = read_text(*state, "lab.journal");
	first = strlen(whole);
	free(whole);
	j = journal_open(*state, "lab", "kit", 7);
	assert_int_equal(journal_add(j, "second", record(2)), 0);
	journal_close(j);
	whole = read_text(*state, "lab.journal");
	for (size_t n = first; n < strlen(whole); n++) {
		char *cut = strndup(whole, n);

		write_text(*state, "lab.journal", cut);
		free(cut);
		j = journal_open(*state, "lab", "kit", 9);
		assert_int_equal(recorded(j, "first"), 1);
		assert_null(journal_find(j, "second"));
		assert_int_equal(journal_add(j, "third", record(3)), 0);
		journal_close(j);
		j = journal_open(*state, "lab", "kit", 9);
		assert_int_equal(recorded(j, "first"), 1);
		assert_int_equal(recorded(j, "third"), 3);
		journal_close(j);
	}
	free(whole);
}

static void
journal_is_one_proofs(void **state)
{
	struct journal *j = journal_open(*state, "lab", "kit", 7);

	assert_null(journal_open(*state, "lab", "kit", 7));
	assert_int_equal(errno, EWOULDBLOCK);
	journal_close(j);
	j = journal_open(*state, "lab", "kit", 7);
	assert_non_null(j);
	journal_close(j);
}

/* ---- batches --------------------------------------------------------------------------------- */

/* Dies at run 2; otherwise says which run it was, and with which seed. */
static json_t *
work(const struct run *run, void *with)
{
	(void)with;
	if (run->of == 2)
		raise(SIGKILL);
	return json_pack("{s:i, s:I}", "n", (int)run->of, "seed", (json_int_t)run->seed);
}

static void
batch_makes_only_what_is_missing(void **state)
{
	struct journal *j = journal_open(NULL, "lab", "kit", 7);
	struct batch b = {.jobs = 2, .temporary = *state, .journal = j, .work = work};

	for (size_t i = 0; i < 5; i++)
		assert_int_equal(batch_add(&b, text_format("run %zu", i), 100 + i, i, 0), 0);
	assert_int_equal(journal_add(j, "run 1", record(11)), 0);
	assert_int_equal(batch_run(&b), 0);
	assert_int_equal(recorded(j, "run 0"), 0);
	assert_int_equal(recorded(j, "run 1"), 11);
	assert_int_equal(recorded(j, "run 4"), 4);
	assert_int_equal(json_integer_value(json_object_get(batch_record(&b, 4), "seed")), 104);
	assert_non_null(json_object_get(batch_record(&b, 2), "fault"));
	batch_free(&b);
	journal_close(j);
}

/* ---- narrowed labs ----------------------------------------------------------------------------
 */

static const char lab_yaml[] =
    "schema: 1\n"
    "title: A lab\n"
    "files: [one.c, two.c]\n"
    "contract: [one.h]\n"
    "programs:\n"
    "  one:\n    student: [one.c]\n"
    "  two:\n    student: [two.c]\n"
    "  both:\n    student: [one.c, two.c]\n"
    "checks:\n"
    "  - {id: a, title: A, points: 10, visibility: public, programs: [one]}\n"
    "  - {id: b, title: B, points: 20, visibility: public, programs: [two], requires: [a]}\n"
    "  - {id: c, title: C, points: 30, visibility: public, programs: [two], profile: valgrind}\n"
    "  - {id: d, title: D, points: 15, visibility: public, programs: [two], requires: [c]}\n"
    "  - {id: e, title: E, points: 25, visibility: public, programs: [both]}\n";

static struct lab *
a_lab(const char *directory)
{
	char *path = join_path(directory, "01-a-lab", NULL);
	char *checks = join_path(path, "checks", NULL);
	struct lab *lab;

	assert_int_equal(make_path(checks, 0700), 0);
	write_text(path, "lab.yaml", lab_yaml);
	write_text(path, "one.h", "");
	write_text(checks, "judge.c", "");
	free(checks);
	lab = lab_load(path, stderr);
	free(path);
	assert_non_null(lab);
	return lab;
}

/* The ids in order, "a b". */
static void
assert_checks(const struct lab *lab, const char *expected)
{
	struct text ids = {0};

	assert_non_null(lab);
	for (size_t i = 0; i < lab->n_checks; i++)
		text_printf(&ids, "%s%s", i == 0 ? "" : " ", lab->checks[i].id);
	assert_string_equal(text_string(&ids), expected);
	text_free(&ids);
}

static void
narrowed_labs(void **state)
{
	static const double cost[] = {0.5, 0.4, 9, 0.1, 0.2};
	const struct strings one = {.n = 1, .at = (char *[]){"one.c"}};
	const struct strings two = {.n = 1, .at = (char *[]){"two.c"}};
	const struct strings both = {.n = 2, .at = (char *[]){"two.c", "one.c"}};
	struct lab *lab = a_lab(*state), *narrowed;

	assert_checks(narrowed = narrow_to_check(lab, "a", NULL), "a");
	assert_int_equal(narrowed->max_points, 10);
	narrow_free(narrowed);
	assert_checks(narrowed = narrow_to_check(lab, "b", NULL), "a b");
	narrow_free(narrowed);
	assert_checks(narrowed = narrow_without_memory(lab), "a b e");
	assert_int_equal(narrowed->max_points, 55);
	narrow_free(narrowed);
	assert_checks(narrowed = narrow_sanitized(lab), "a b e");
	assert_true(narrowed->sanitized && !lab->sanitized);
	for (size_t i = 0; i < narrowed->n_checks; i++)
		assert_int_equal(narrowed->checks[i].profile, PROFILE_ASAN);
	narrow_free(narrowed);
	assert_checks(narrowed = narrow_to_files(lab, &one, cost), "e a");
	narrow_free(narrowed);
	/* b needs a, which runs another file. */
	assert_checks(narrowed = narrow_to_files(lab, &two, cost), "d e b a c");
	narrow_free(narrowed);
	assert_checks(narrowed = narrow_to_files(lab, &one, NULL), "a e");
	narrow_free(narrowed);
	assert_checks(narrowed = narrow_to_files(lab, &both, NULL), "a b c d e");
	narrow_free(narrowed);
	lab_free(lab);
}

/* ---- parts --------------------------------------------------------------------------------------
 */

static const char one_c[] = "int before;\n"
			    "/* STUDENT: helpers that you may want,\n"
			    " * if you like */\n"
			    "static int help(void) { return 1; }\n"
			    "/* END */\n"
			    "int\n"
			    "first(int n)\n"
			    "{\n"
			    "	/* STUDENT: write the first one */\n"
			    "	return help() + n;\n"
			    "	/* INSTEAD\n"
			    "	(void)n;\n"
			    "	return -1;\n"
			    "	*/\n"
			    "	/* END */\n"
			    "}\n"
			    "int\n"
			    "second(void)\n"
			    "{\n"
			    "	/* STUDENT: write the second one */\n"
			    "	return 2;\n"
			    "	/* INSTEAD\n"
			    "	return -2;\n"
			    "	*/\n"
			    "	/* END */\n"
			    "}\n";

static const char two_c[] = "int\n"
			    "main(void)\n"
			    "{\n"
			    "	/* STUDENT: write all of it */\n"
			    "	return 3;\n"
			    "	/* END */\n"
			    "}\n";

/* Is text in the file of this name that parts_write() made? */
static bool
holds(const char *directory, const char *name, const char *text)
{
	char *bytes = read_text(directory, name);
	bool there = strstr(bytes, text) != NULL;

	free(bytes);
	return there;
}

static void
parts_of_a_solution(void **state)
{
	struct lab *lab = a_lab(*state);
	char *made = join_path(*state, "made", NULL);
	struct parts parts;

	write_text(*state, "one.c", one_c);
	write_text(*state, "two.c", two_c);
	assert_int_equal(parts_find(*state, lab, &parts), 0);
	assert_int_equal(parts.n, 3);
	assert_string_equal(parts.at[0].function, "first");
	assert_string_equal(parts.at[1].function, "second");
	assert_string_equal(parts.at[2].function, "main");
	assert_string_equal(parts.at[2].file, "two.c");
	assert_int_equal(parts_of_file(&parts, 1), 3);
	assert_int_equal(parts_of_file(&parts, 2), 4);
	assert_int_equal(parts_write(*state, lab, 2, made), 0);
	assert_true(holds(made, "one.c", "return -1;"));
	assert_true(holds(made, "one.c", "return 2;"));
	assert_false(holds(made, "one.c", "return -2;"));
	assert_true(holds(made, "one.c", "static int help"));
	assert_true(holds(made, "one.c", " * if you like */"));
	assert_true(holds(made, "one.c", "int before;"));
	assert_false(holds(made, "two.c", "return 3;"));
	assert_int_equal(parts_write(*state, lab, 4, made), 0);
	assert_true(holds(made, "two.c", "return 3;"));
	assert_false(holds(made, "one.c", "static int help"));
	assert_false(holds(made, "one.c", "if you like"));
	parts_free(&parts);
	free(made);
	lab_free(lab);
}

/* ---- equivalent mutants -------------------------------------------------------------------------
 */

static int
load_equivalents(const char *directory, struct equivalents *e, char **errors)
{
	size_t n;
	FILE *stream = open_memstream(errors, &n);
	int result = equivalents_load(directory, e, stream);

	fclose(stream);
	return result;
}

static void
equivalents_are_read(void **state)
{
	struct equivalents e;
	char *errors;

	assert_int_equal(load_equivalents(*state, &e, &errors), 0);
	assert_int_equal(e.n, 0);
	free(errors);
	write_text(*state, "equivalents.yaml",
	    "- mutant: abc\n  file: one.c\n  line: return help() + n;\n"
	    "  change: + has become -\n  why: Nobody can tell the difference.\n");
	assert_int_equal(load_equivalents(*state, &e, &errors), 0);
	assert_int_equal(e.n, 1);
	assert_string_equal(equivalents_find(&e, "abc")->line, "return help() + n;");
	assert_null(equivalents_find(&e, "abd"));
	equivalents_free(&e);
	free(errors);
}

static void
wrong_equivalents_are_named_by_line(void **state)
{
	static const struct {
		const char *yaml, *error;
	} wrong[] = {
	    {"- mutant: abc\n  file: one.c\n", "equivalents.yaml:1: "},
	    {"- mutant: abc\n  file: one.c\n  line: x\n  change: y\n  why: because\n",
		"why is one sentence"},
	    {"- mutant: abc\n  reason: one.c\n", "equivalents.yaml:2: "},
	    {"mutant: abc\n", "is a list"},
	    {"- mutant: [a\n", "equivalents.yaml:"},
	};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct equivalents e;
		char *errors;

		write_text(*state, "equivalents.yaml", wrong[i].yaml);
		assert_int_equal(load_equivalents(*state, &e, &errors), -1);
		assert_int_equal(errno, EINVAL);
		if (strstr(errors, wrong[i].error) == NULL)
			fail_msg("no \"%s\" in \"%s\"", wrong[i].error, errors);
		equivalents_free(&e);
		free(errors);
	}
}

/* ---- who judges
 * ----------------------------------------------------------------------------------- */

struct judged {
	struct check_result checks[3];
	struct result r;
	struct proof_case c;
};

/* A mistake that a must catch with key k, and that may fail b. */
static void
begin_judged(struct judged *j)
{
	static char *also[] = {"b"};

	memset(j, 0, sizeof *j);
	for (int i = 0; i < 3; i++)
		j->checks[i] = (struct check_result){.id = (char *[]){"a", "b", "c"}[i],
		    .title = "t",
		    .max_points = 10,
		    .points = 10,
		    .verdict = PASSED};
	j->checks[0].verdict = FAILED;
	j->checks[0].key = "k";
	j->checks[1].verdict = FAILED;
	j->r = (struct result){.status = RESULT_GRADED, .n_checks = 3, .checks = j->checks};
	j->c = (struct proof_case){.kind = CASE_MISTAKE, .name = "m"};
	j->c.mistake =
	    (struct mistake){.caught_by = "a", .hint = "k", .also_fails = {.n = 1, .at = also}};
}

static struct finding
judge(const struct judged *j,
    struct finding (*by)(const struct proof_case *, const struct result *, FILE *))
{
	char *words = NULL;
	size_t n;
	FILE *stream = open_memstream(&words, &n);
	struct finding f = by(&j->c, &j->r, stream);

	fclose(stream);
	/* What is not fair is always told. */
	assert_true(f.fair == (n == 0));
	free(words);
	return f;
}

static void
mistakes_lose_what_they_name(void **state)
{
	struct judged j;

	(void)state;
	begin_judged(&j);
	assert_true(judge(&j, case_judge).fair);
	j.checks[2].verdict = TIMED_OUT; /* has nothing to do with it */
	assert_false(judge(&j, case_judge).fair);
	begin_judged(&j);
	j.checks[1].verdict = PASSED; /* but is named */
	assert_false(judge(&j, case_judge).fair);
	begin_judged(&j);
	j.checks[0].key = "other";
	assert_true(judge(&j, case_judge).by_named);
	assert_false(judge(&j, case_judge).hint_right);
	begin_judged(&j);
	j.checks[0].verdict = NOT_REACHED; /* is no answer */
	assert_false(judge(&j, case_judge).by_named);
	begin_judged(&j);
	j.checks[2].verdict = GRADER_FAULT;
	assert_true(judge(&j, case_judge).grader_fault);
	assert_false(judge(&j, case_judge).fair);
}

static void
repeats_look_at_the_named_check(void **state)
{
	struct judged j;

	(void)state;
	begin_judged(&j);
	j.r.n_checks = 1;
	assert_true(judge(&j, repeat_judge).fair);
	j.checks[0].verdict = PASSED;
	assert_false(judge(&j, repeat_judge).fair);
	begin_judged(&j);
	j.c.kind = CASE_SOLUTION;
	j.r.score = j.r.max_score = 30;
	j.r.n_checks = 0; /* the journal keeps only those that did not pass */
	assert_true(judge(&j, repeat_judge).fair);
	j.r.score = 20;
	j.r.n_checks = 1;
	assert_false(judge(&j, repeat_judge).fair);
}

int
main(void)
{
#define WITH_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, drop_directory)
	const struct CMUnitTest tests[] = {
	    WITH_DIRECTORY(journal_goes_on),
	    WITH_DIRECTORY(journal_of_another_kit_begins_anew),
	    WITH_DIRECTORY(journal_cut_anywhere),
	    WITH_DIRECTORY(journal_is_one_proofs),
	    WITH_DIRECTORY(batch_makes_only_what_is_missing),
	    WITH_DIRECTORY(narrowed_labs),
	    WITH_DIRECTORY(parts_of_a_solution),
	    WITH_DIRECTORY(equivalents_are_read),
	    WITH_DIRECTORY(wrong_equivalents_are_named_by_line),
	    cmocka_unit_test(mistakes_lose_what_they_name),
	    cmocka_unit_test(repeats_look_at_the_named_check),
	};

	return cmocka_run_group_tests_name("prove", tests, NULL, NULL);
}
