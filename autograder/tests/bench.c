/*
 * bench.c - what grading costs: make bench-grader.
 *
 * Every figure comes from this run and stands beside the one it is compared
 * with, so that the machine's own speed falls out. Run in the root of the
 * repository. Prints one line for each figure and its bound; exit status 1
 * when a bound is missed.
 */
#define _GNU_SOURCE
#include "../judge/judge.h"

#include "../src/base/files.h"
#include "../src/base/text.h"
#include "../src/sandbox/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TRIALS = 200, CLASS = 40, SOURCE_MAX = 1 << 20, BINARY_MAX = 64 << 20 };

const struct hint hints[] = {{NULL, NULL, NULL, NULL, NULL, NULL}};

extern char **environ;

static bool missed;

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static _Noreturn void
give_up(const char *what)
{
	fprintf(stderr, "bench-grader: %s: %s\n", what, strerror(errno));
	exit(3);
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values, size_t n)
{
	qsort(values, n, sizeof *values, by_size);
	return values[n / 2];
}

static void
line(const char *what, double figure, const char *unit, double bound)
{
	bool held = figure <= bound;

	missed = missed || !held;
	printf(
	    "%-58s %8.2f %-3s (at most %g)%s\n", what, figure, unit, bound, held ? "" : "  MISSED");
	fflush(stdout);
}

/* ---- a trial beside the bare program --------------------------------------------------- */

static double bare[TRIALS], boxed[TRIALS];

static double
run_bare(const char *path)
{
	char *const argv[] = {(char *)path, "wait-for-children", NULL};
	double from = now_ms();
	int status;
	pid_t pid;

	if (posix_spawn(&pid, path, NULL, NULL, argv, environ) != 0 ||
	    waitpid(pid, &status, 0) < 0 || status != 0)
		give_up(path);
	return now_ms() - from;
}

static double
run_boxed(void)
{
	struct trial *t = trial("victim", "wait-for-children");
	double from = now_ms();

	trial_run(t);
	expect_exit(t, 0, "exit");
	return now_ms() - from;
}

/* By turns, so that both meet the same moments of the machine. */
static void
compare(void **state)
{
	char *path = text_format("%s/bin/victim", getenv("GABEL_STAGE"));
	double difference;

	(void)state;
	for (int i = 0; i < TRIALS; i++) {
		bare[i] = run_bare(path);
		boxed[i] = run_boxed();
	}
	difference = median(boxed, TRIALS) - median(bare, TRIALS);
	fprintf(stderr, "%f\n", difference);
	free(path);
}

static void
put_into(const char *stage, const char *from, const char *name)
{
	char *to = join_path(stage, name, NULL);

	if (to == NULL || copy_file(from, to, 0755, BINARY_MAX) < 0)
		give_up(from);
	free(to);
}

static char *
make_stage(void)
{
	char *stage = stage_create();
	char *bin = stage == NULL ? NULL : join_path(stage, "bin", NULL);

	if (bin == NULL || mkdir(bin, 0755) < 0)
		give_up("stage");
	put_into(stage, "build/keeper", "keeper");
	put_into(stage, "build/tests/programs/victim", "bin/victim");
	free(bin);
	return stage;
}

/* The judge library speaks to a channel and ends with its process: it gets one of its own. */
static double
cost_of_a_trial(void)
{
	static const struct check check = {"cost", compare};
	char *argv[] = {"judge", NULL}, *stage = make_stage();
	int figure[2], status;
	double difference = -1;
	FILE *in;
	pid_t pid;

	if (pipe2(figure, O_CLOEXEC) < 0)
		give_up("pipe");
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		setenv("GABEL_ROOT", ".", 1);
		setenv("GABEL_LAB", "/labs/00-victim", 1);
		setenv("GABEL_STAGE", stage, 1);
		setenv("GABEL_SEED", "1", 1);
		if (null < 0 || dup2(null, 1) < 0 || dup2(figure[1], 2) < 0)
			_exit(3);
		_exit(judge_main(1, argv, &check, 1));
	}
	close(figure[1]);
	in = fdopen(figure[0], "r");
	if (pid < 0 || in == NULL)
		give_up("fork");
	if (fscanf(in, "%lf", &difference) != 1)
		difference = -1;
	fclose(in);
	waitpid(pid, &status, 0);
	stage_remove(stage);
	free(stage);
	if (difference < 0)
		give_up("the trials");
	return difference;
}

/* ---- commands -------------------------------------------------------------------------- */

/* Runs it; its standard output goes to out (-1: nowhere). Returns the pid. */
static pid_t
start(char *const argv[], int out)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&actions, out, 1);
	else
		posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawn(&pid, argv[0], &actions, NULL, argv, environ) != 0)
		give_up(argv[0]);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static double
seconds_of(char *const argv[], int wanted)
{
	double from = now_ms();
	pid_t pid = start(argv, -1);
	int status;

	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != wanted) {
		errno = EPROTO;
		give_up(argv[1]);
	}
	return (now_ms() - from) / 1000;
}

static double
check_of_the_solution(void)
{
	enum { TIMES = 3 };
	char *const argv[] = {
	    "build/gabel", "check", "--lab", "01", "solutions/01-processes", NULL};
	double seconds[TIMES];

	for (int i = 0; i < TIMES; i++)
		seconds[i] = seconds_of(argv, 0);
	return median(seconds, TIMES);
}

/* From the start of the command to the first line that says "failed" or its like. */
static double
first_failing_line(void)
{
	char *const argv[] = {
	    "build/gabel", "check", "--lab", "01", "--lang", "en", "skeletons/01-processes", NULL};
	double from = now_ms(), took = -1;
	char *text = NULL;
	size_t room = 0;
	int ends[2];
	FILE *out;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		give_up("pipe");
	pid = start(argv, ends[1]);
	close(ends[1]);
	out = fdopen(ends[0], "r");
	if (out == NULL)
		give_up("fdopen");
	while (getline(&text, &room, out) > 0)
		if (took < 0 &&
		    (strstr(text, "failed") != NULL || strstr(text, "timed out") != NULL))
			took = (now_ms() - from) / 1000;
	fclose(out);
	free(text);
	waitpid(pid, NULL, 0);
	if (took < 0) {
		errno = EPROTO;
		give_up("the skeleton fails no check");
	}
	return took;
}

static double
class_with(const char *jobs, const char *class)
{
	char *out = text_format("%s.out-%s", class, jobs);
	char *const argv[] = {"build/gabel", "grade", "--lab", "01", "-j", (char *)jobs, "--out",
	    out, (char *)class, NULL};
	double seconds = seconds_of(argv, 0);

	remove_tree(out);
	free(out);
	return seconds;
}

static char *
make_class(void)
{
	char *class = strdup("/tmp/gabel-bench.XXXXXX");

	if (class == NULL || mkdtemp(class) == NULL)
		give_up("mkdtemp");
	for (int i = 0; i < CLASS; i++) {
		char *student = text_format("%s/student-%02d", class, i + 1);

		if (student == NULL || copy_tree("solutions/01-processes", student, SOURCE_MAX) < 0)
			give_up("copying the class");
		free(student);
	}
	return class;
}

int
main(void)
{
	char *class;
	double one, two;

	line("a trial in the sandbox, more than bare (median of 200)", cost_of_a_trial(), "ms", 15);
	line("lab 01, the solution, all checks (median of 3)", check_of_the_solution(), "s", 5);
	line("lab 01, the skeleton, until the first failing line", first_failing_line(), "s", 1.5);
	class = make_class();
	one = class_with("1", class);
	two = class_with("2", class);
	remove_tree(class);
	free(class);
	printf("a class of %d: %.1f s with -j 1, %.1f s with -j 2\n", CLASS, one, two);
	line("a class of 40, -j 2 by -j 1", two / one, "", 0.6);
	return missed ? 1 : 0;
}
