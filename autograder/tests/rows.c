/* rows.c - runs checks as gabel does, one process each, and compares their verdicts. */
#define _GNU_SOURCE
#include "rows.h"

#include "../judge/inside.h"

#include "../src/base/files.h"
#include "../src/base/text.h"
#include "../src/sandbox/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *stage;
static const char *program;

static void
put_into_stage(const char *from, const char *name)
{
	char *to = join_path(stage, name, NULL);

	assert_non_null(to);
	if (copy_file(from, to, 0755, 64 << 20) < 0)
		fail_msg("%s: %s", from, strerror(errno));
	free(to);
}

static void
make_in_stage(const char *name)
{
	char *directory = join_path(stage, name, NULL);

	assert_non_null(directory);
	assert_int_equal(mkdir(directory, 0755), 0);
	free(directory);
}

/* As src/build/submission.mk does it. */
static void
put_sanitized_into_stage(const char *source, const char *name)
{
	char *to = join_path(stage, name, NULL);
	pid_t pid = fork();
	int status;

	assert_non_null(to);
	if (pid == 0) {
		execlp("gcc", "gcc", "-w", "-g", "-O1", "-fsanitize=address,undefined",
		    "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer", "-pthread", "-o",
		    to, source, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	free(to);
}

static int
make_stage(void **state)
{
	(void)state;
	stage = stage_create();
	assert_non_null(stage);
	make_in_stage("bin");
	make_in_stage("asan");
	put_into_stage("build/keeper", "keeper");
	put_into_stage(
	    keep_format("build/tests/programs/%s", program), keep_format("bin/%s", program));
	put_sanitized_into_stage(keep_format("autograder/tests/programs/%s.c", program),
	    keep_format("asan/%s", program));
	return 0;
}

static int
remove_stage(void **state)
{
	(void)state;
	stage_remove(stage);
	free(stage);
	return 0;
}

static _Noreturn void
judge_one(const struct row *row, const char *isolation, int channel)
{
	enum { NEVER_S = 300 };
	char number[16];
	char *argv[] = {"judge", NULL};
	int nothing = open("/dev/null", O_RDWR);

	/* cmocka's own words about the inner check are no news of this test */
	if (nothing < 0 || dup2(nothing, 1) < 0 || dup2(nothing, 2) < 0)
		_exit(99);
	alarm(NEVER_S); /* for a judge that hangs; what it starts ends with it */
	snprintf(number, sizeof number, "%d", channel);
	setenv("GABEL_CHANNEL", number, 1);
	setenv("GABEL_ROOT", ".", 1);
	setenv("GABEL_LAB", "/labs/00-rows", 1);
	setenv("GABEL_STAGE", stage, 1);
	setenv("GABEL_SEED", "1", 1);
	setenv("GABEL_ISOLATION", isolation, 1);
	setenv("GABEL_LIMITS", "cpu-ms=1000,memory-mib=64", 1);
	unsetenv("GABEL_CHECKS");
	unsetenv("CMOCKA_MESSAGE_OUTPUT");
	_exit(judge_main(1, argv, &row->check, 1));
}

static json_t *
verdict_line(FILE *channel)
{
	json_t *line;

	while ((line = json_loadf(channel, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
		const char *type = json_string_value(json_object_get(line, "type"));

		if (strcmp(type, "end") == 0 || strcmp(type, "fault") == 0)
			return line;
		json_decref(line);
	}
	return NULL;
}

/* Nothing in the line does anything to a terminal that shows it. */
static void
expect_harmless(const json_t *line)
{
	char *all = json_dumps(line, 0);
	struct text shown = {0};

	assert_non_null(all);
	text_put_foreign(&shown, all, strlen(all));
	assert_string_equal(text_string(&shown), all);
	text_free(&shown);
	free(all);
}

static void
expect_verdict(const struct row *row, const json_t *line)
{
	const char *type = json_string_value(json_object_get(line, "type"));
	const char *verdict = json_string_value(json_object_get(line, "verdict"));
	const char *key = json_string_value(json_object_get(line, "key"));
	bool right;

	if (strcmp(type, "fault") == 0)
		verdict = "grader fault";
	right = strcmp(verdict, row->verdict) == 0 &&
		(row->key == NULL || (key != NULL && strcmp(key, row->key) == 0));
	if (!right) {
		char *all = json_dumps(line, JSON_INDENT(1));

		print_message("%s\n", all);
		free(all);
		fail_msg("%s: %s (%s) instead of %s (%s)", row->check.id, verdict,
		    key == NULL ? "" : key, row->verdict, row->key == NULL ? "" : row->key);
	}
}

static void
judge_row(const struct row *row, const char *isolation)
{
	int ends[2], status;
	json_t *line;
	FILE *channel;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		judge_one(row, isolation, ends[1]);
	close(ends[1]);
	channel = fdopen(ends[0], "r");
	assert_non_null(channel);
	line = verdict_line(channel);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_non_null(line);
	expect_harmless(line);
	expect_verdict(row, line);
	json_decref(line);
	fclose(channel);
}

static void
test_row(void **state)
{
	judge_row(*state, "sandbox");
}

static void
test_row_in_container(void **state)
{
	judge_row(*state, "container");
}

static unsigned
repeats(void)
{
	const char *n = getenv("GABEL_REPEAT");

	return n == NULL ? 1 : (unsigned)strtoul(n, NULL, 10);
}

/* Adds these rows; returns where the next go. */
static struct CMUnitTest *
add_rows(struct CMUnitTest *at, const struct row *from, size_t n, CMUnitTestFunction test)
{
	for (size_t i = 0; i < n; i++)
		*at++ = (struct CMUnitTest){from[i].check.id, test, NULL, NULL, (void *)&from[i]};
	return at;
}

int
run_rows(const char *runs, const struct row *rows, size_t n_rows, const struct row *contained,
    size_t n_contained)
{
	size_t n = (size_t)repeats() * (n_rows + n_contained);
	struct CMUnitTest *tests = calloc(n + 1, sizeof *tests), *at = tests;
	int failed;

	if (tests == NULL)
		return 1;
	program = runs;
	if (getenv("GABEL_ROWS") != NULL)
		cmocka_set_test_filter(getenv("GABEL_ROWS"));
	while (at < tests + n) {
		at = add_rows(at, rows, n_rows, test_row);
		at = add_rows(at, contained, n_contained, test_row_in_container);
	}
	failed = _cmocka_run_group_tests(runs, tests, n, make_stage, remove_stage);
	keep_nothing();
	free(tests);
	return failed;
}
