/*
 * stage_test.c - directories for sandboxes, made by many at once.
 *
 * Each that makes one also sweeps away what dead processes have left. What
 * belongs to the living must stay: GABEL_REPEAT=N tries longer.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../src/base/files.h"
#include "../src/sandbox/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAKERS = 8, EACH = 150, NOT_MADE = 1, SWEPT_AWAY = 2 };

static int
make_a_place(void **state)
{
	static char place[] = "/tmp/gabel-stage-test.XXXXXX";

	memset(place + sizeof place - 7, 'X', 6); /* from the test before */
	*state = place;
	return mkdtemp(place) == NULL || setenv("TMPDIR", place, 1) < 0 ? -1 : 0;
}

static int
remove_the_place(void **state)
{
	int result = remove_tree(*state);

	unsetenv("TMPDIR");
	return result;
}

/* A life with one stage: what is put into it is there until the end. */
static int
one_life(void)
{
	char *stage = stage_create();
	struct stat st;
	int result = stage == NULL ? NOT_MADE : stat(stage, &st) < 0 ? SWEPT_AWAY : 0;

	stage_remove(stage);
	free(stage);
	return result;
}

static _Noreturn void
lives(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		int result = one_life();

		if (result != 0)
			_exit(result);
	}
	_exit(0);
}

static void
nobody_sweeps_away_what_lives(void **state)
{
	const char *repeat = getenv("GABEL_REPEAT");
	unsigned n = EACH * (repeat == NULL ? 1 : (unsigned)strtoul(repeat, NULL, 10));
	int status;

	(void)state;
	for (int i = 0; i < MAKERS; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			lives(n);
	}
	for (int i = 0; i < MAKERS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
}

/* Whoever dies without cleaning up leaves a lock that nobody holds. */
static void
what_the_dead_have_left_goes(void **state)
{
	char **names, *stage;
	size_t n;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(stage_create() == NULL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	stage = stage_create();
	assert_non_null(stage);
	assert_int_equal(list_directory(*state, &names, &n), 0);
	assert_int_equal(n, 1);
	assert_non_null(strstr(stage, names[0]));
	stage_remove(stage);
	free(names[0]);
	free(names);
	free(stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		nobody_sweeps_away_what_lives, make_a_place, remove_the_place),
	    cmocka_unit_test_setup_teardown(
		what_the_dead_have_left_goes, make_a_place, remove_the_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
