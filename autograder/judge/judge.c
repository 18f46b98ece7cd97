/*
 * judge.c - runs the checks of a lab with cmocka.
 *
 * cmocka calls the functions, catches a crash of the judge itself and goes on
 * with the next; what it prints and returns is for people only. The verdict of
 * a check is the one line that report.c wrote.
 */
#define _GNU_SOURCE
#include "judge.h"

#include "inside.h"
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_state;
static bool grader_failed;

/* A check draws the same numbers whichever checks ran before it. */
void
seed_for(const char *check)
{
	random_state = settings()->seed;
	for (; *check != '\0'; check++)
		random_state = (random_state ^ (unsigned char)*check) * UINT64_C(0x100000001b3);
}

uint64_t
check_seed(void)
{
	return settings()->seed;
}

/* splitmix64: small, well spread, and the same on every machine. */
static uint64_t
next_random(void)
{
	uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

long long
draw(long long low, long long high)
{
	if (low > high)
		grader_fault("draw(%lld, %lld)", low, high);
	return low + (long long)(next_random() % ((uint64_t)(high - low) + 1));
}

void
judge_stop_check(void)
{
	_fail("check", 0);
	abort(); /* _fail() does not return */
}

static int
begin(void **state)
{
	const struct check *check = *state;

	report_begin(check->id);
	seed_for(check->id);
	return 0;
}

static void
run_one(void **state)
{
	const struct check *check = *state;
	void *own = *state; /* a check may put its own there without changing what end() finds */

	check->run(&own);
	faults_must_have_come();
	report_end(NULL);
}

/* A check that ended without a word did not judge: an assertion of cmocka's, a crash of the judge.
 */
static int
end(void **state)
{
	const struct check *check = *state;

	if (report_is_open()) {
		report_fault("the check stopped without a verdict; see the judge's own output");
		grader_failed = true;
	}
	trials_end(check->id);
	keep_nothing();
	return 0;
}

static bool
is_wanted(const char *id)
{
	const char *at = settings()->checks;
	size_t n = strlen(id);

	if (at == NULL || at[0] == '\0')
		return true;
	while (at != NULL) {
		if (strncmp(at, id, n) == 0 && (at[n] == ',' || at[n] == '\0'))
			return true;
		at = strchr(at, ',');
		if (at != NULL)
			at++;
	}
	return false;
}

static void
run_wanted(const struct check *checks, size_t n)
{
	struct CMUnitTest *tests = calloc(n + 1, sizeof *tests);
	const char **ids = calloc(n + 1, sizeof *ids);
	size_t wanted = 0;

	if (tests == NULL || ids == NULL) {
		fprintf(stderr, "judge: out of memory\n");
		exit(3);
	}
	for (size_t i = 0; i < n; i++) {
		if (!is_wanted(checks[i].id))
			continue;
		ids[wanted] = checks[i].id;
		tests[wanted++] =
		    (struct CMUnitTest){checks[i].id, run_one, begin, end, (void *)&checks[i]};
	}
	report_plan(ids, wanted);
	_cmocka_run_group_tests("checks", tests, wanted, NULL, NULL);
	free(tests);
	free(ids);
}

static const char *
lab_name(void)
{
	const char *slash = strrchr(settings()->lab, '/');

	return slash == NULL ? settings()->lab : slash + 1;
}

static void
choose_language(void)
{
	char *directory;

	setlocale(LC_MESSAGES, "");
	setlocale(LC_CTYPE, "");
	directory = text_format("%s/build/locale", settings()->root);
	if (directory == NULL)
		return;
	bindtextdomain("gabel", directory);
	bindtextdomain(lab_name(), directory);
	bind_textdomain_codeset("gabel", "UTF-8");
	bind_textdomain_codeset(lab_name(), "UTF-8");
	textdomain(lab_name());
	free(directory);
}

static int
print_hint(const char *key)
{
	json_t *hint = hint_json(key);

	json_dumpf(hint, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(hint);
	return 0;
}

int
judge_main(int argc, char *argv[], const struct check *checks, size_t n)
{
	settings_read();
	choose_language();
	if (argc == 3 && strcmp(argv[1], "--hint") == 0)
		return print_hint(argv[2]);
	signal(SIGPIPE, SIG_IGN);
	run_wanted(checks, n);
	return grader_failed ? 3 : 0;
}
