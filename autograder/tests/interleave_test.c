/*
 * interleave_test.c - the interleaver finds a lost addition every time, at the
 * same schedule, and finds none where there is none (programs/twins.c).
 *
 * Each row is explored 50 times. A process of its own does so, as a judge does.
 */
#define _GNU_SOURCE
#include "../judge/judge.h"

#include "../judge/inside.h"
#include "../judge/interleave.h"

#include "../src/base/files.h"
#include "../src/sandbox/sandbox.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMES = 50, EXPLORED = 40, LOST = 41 /* the judge's exit status tells which it was */ };

const struct hint hints[] = {{NULL, NULL, NULL, NULL, NULL, NULL}};

static char *stage;
static const char *how;         /* twins' argument */
static unsigned lost, explored; /* as found by the check */

/* The last line of the output: what the twins came to. */
static long
last_number(struct trial *t)
{
	const char *out = trial_output(t);
	const char *at = out + trial_output_size(t);

	if (at > out)
		at--;
	while (at > out && at[-1] != '\n')
		at--;
	return atol(at);
}

/* Returns the number of the first schedule that loses an addition, or 0; all: how many there are.
 */
static unsigned
explore(struct trial *t, unsigned *all)
{
	struct schedule s = {0};

	*all = 0;
	while (schedule_next(t, &s)) {
		trial_send(t, "!", 1);
		schedule_run(t, &s);
		await_quiet(t);
		expect(s.accesses >= 2, "no-access", "accesses", "%u", s.accesses);
		++*all;
		if (last_number(t) != 2)
			return s.number;
	}
	return 0;
}

static void
twins(void **state)
{
	(void)state;
	struct trial *t = trial("twins", how);
	unsigned first, all;

	trial_limit(t, LIMIT_FORKS, 100000);
	trial_limit(t, LIMIT_WALL_MS, 120000);
	trial_limit(t, LIMIT_CPU_MS, 60000); /* all of it is one trial */
	trial_interleave(t);
	trial_open_input(t);
	trial_start(t);
	first = explore(t, &all);
	for (int i = 1; i < TIMES; i++) {
		unsigned n, again = explore(t, &n);

		expect(again == first && n == all, "deterministic", "every time the same",
		    "%u of %u", again, n);
	}
	trial_close_input(t);
	trial_finish(t);
	lost = first; /* told only when all went well */
	explored = all;
}

/* ---- the stage --------------------------------------------------------------------------- */

static void
in_stage(const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", stage, name);
}

static void
copy_into_stage(const char *source, const char *name)
{
	char path[256];
	size_t n;
	char *bytes = read_file(source, 64 << 20, &n);
	int fd;

	assert_non_null(bytes);
	in_stage(name, path, sizeof path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	assert_true(fd >= 0 && write_all(fd, bytes, n) == 0 && fchmod(fd, 0755) == 0);
	close(fd);
	free(bytes);
}

/* As submission.mk builds it. */
static void
build_twins(void)
{
	char command[2048], to[256];

	in_stage("interleave/twins", to, sizeof to);
	snprintf(command, sizeof command,
	    "gcc -w -g -O1 -std=c17 -D_XOPEN_SOURCE=700 -fsanitize=thread -c -o '%s.o' "
	    "autograder/tests/programs/twins.c && gcc -pthread -o '%s' '%s.o' build/interleave.o "
	    "&& rm '%s.o' && chmod 755 '%s'",
	    to, to, to, to, to);
	assert_int_equal(system(command), 0);
}

static int
make_stage(void **state)
{
	char path[256];

	(void)state;
	stage = stage_create();
	assert_non_null(stage);
	in_stage("interleave", path, sizeof path);
	assert_int_equal(mkdir(path, 0755), 0);
	assert_int_equal(chmod(path, 0755), 0);
	copy_into_stage("build/keeper", "keeper");
	build_twins();
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

/* ---- the rows ----------------------------------------------------------------------------- */

static _Noreturn void
judge(const char *argument)
{
	const struct check check = {"twins", twins};
	char *argv[] = {"judge", NULL};
	int channel = open("/dev/null", O_RDWR);
	char number[16];

	snprintf(number, sizeof number, "%d", channel);
	setenv("GABEL_CHANNEL", number, 1);
	setenv("GABEL_ROOT", ".", 1);
	setenv("GABEL_LAB", "/labs/00-twins", 1);
	setenv("GABEL_STAGE", stage, 1);
	setenv("GABEL_SEED", "1", 1);
	unsetenv("GABEL_ISOLATION");
	unsetenv("GABEL_LIMITS");
	unsetenv("GABEL_CHECKS");
	dup2(channel, STDERR_FILENO);
	dup2(channel, STDOUT_FILENO); /* cmocka's own words about the inner check are no news */
	how = argument;
	judge_main(1, argv, &check, 1);
	_exit(explored == 0 ? 1 : lost > 0 ? LOST : EXPLORED);
}

/* Explores one row 50 times; what is expected is the judge's exit status. */
static void
row(const char *argument, int expected)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		judge(argument);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), expected);
}

#define ROW(name, argument, expected)                                                              \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		row(argument, expected);                                                           \
	}

ROW(locked, "locked", EXPLORED)
ROW(atomic, "atomic", EXPLORED)
ROW(one_each, "one-each", EXPLORED)
ROW(unlocked, "unlocked", LOST)
ROW(half_locked, "half-locked", LOST)
ROW(load_store, "load-store", LOST)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(locked),
	    cmocka_unit_test(atomic),
	    cmocka_unit_test(one_each),
	    cmocka_unit_test(unlocked),
	    cmocka_unit_test(half_locked),
	    cmocka_unit_test(load_store),
	};

	return cmocka_run_group_tests_name("interleave", tests, make_stage, remove_stage);
}
