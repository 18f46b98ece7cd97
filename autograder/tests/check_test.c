/*
 * What gabel believes of a judge: hostile words on the channel, and judges
 * that die, hang, lie, or leave somebody behind. The judges here are small
 * shell scripts in a kit made for each test.
 */
#define _GNU_SOURCE
#include "../src/base/files.h"
#include "../src/base/messages.h"
#include "../src/base/text.h"
#include "../src/check/channel.h"
#include "../src/check/check.h"
#include "../src/check/judge_process.h"
#include "../src/check/tap.h"
#include "../src/verdict/verdict.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHECKS = 3 };

/* ---- the channel by itself ---------------------------------------------------------- */

struct listening {
	struct channel *channel;
	struct check_result results[CHECKS], *checks[CHECKS];
	enum progress progress[CHECKS];
};

static void
listening_begin(struct listening *l)
{
	static const char *const ids[] = {"a", "b", "c"};

	*l = (struct listening){.channel = calloc(1, sizeof *l->channel)};
	assert_non_null(l->channel);
	for (int i = 0; i < CHECKS; i++) {
		l->results[i].id = (char *)ids[i];
		l->results[i].verdict = GRADER_FAULT;
		l->checks[i] = &l->results[i];
	}
	l->channel->checks = l->checks;
	l->channel->progress = l->progress;
	l->channel->n = l->channel->blamed = CHECKS;
	l->channel->announced = true;
}

static void
listening_end(struct listening *l)
{
	for (int i = 0; i < CHECKS; i++) {
		struct check_result *c = &l->results[i];
		char *texts[] = {c->key, c->message, c->expected, c->seen, c->why, c->hint, c->more,
		    c->man, c->lecture, c->ran};

		for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
			free(texts[t]);
		json_decref(c->arguments);
		json_decref(c->faults);
	}
	free(l->channel);
}

#define PLAN "{\"type\":\"plan\",\"checks\":[\"a\",\"b\",\"c\"]}\n"
#define BEGIN(id) "{\"type\":\"begin\",\"check\":\"" id "\"}\n"
#define END(id, verdict) "{\"type\":\"end\",\"check\":\"" id "\",\"verdict\":\"" verdict "\"}\n"

static void
an_honest_judge_is_understood(void **state)
{
	static const char words[] = PLAN BEGIN("a") END("a", "passed")
	    BEGIN("b") "{\"type\":\"end\",\"check\":\"b\",\"verdict\":\"timed "
		       "out\",\"key\":\"k\",\"expected\":\"e\","
		       "\"seen\":\"s\",\"message\":\"m\",\"why\":\"w\",\"hint\":\"h\",\"more\":"
		       "\"o\",\"man\":\"fork(2)\","
		       "\"lecture\":\"01#x\",\"arguments\":[2,\"x\"],\"ran\":\"r\",\"faults\":[{"
		       "\"name\":\"n\","
		       "\"asked\":1,\"delivered\":1}],\"seconds\":0.5,\"later\":\"unknown fields "
		       "are skipped\"}\n"
		       "{\"type\":\"fault\",\"check\":\"c\",\"text\":\"no memory\"}\n";

	(void)state;
	/* In one piece, and byte by byte: pipes cut where they like. */
	for (size_t piece = sizeof words - 1; piece != 0; piece = piece == 1 ? 0 : 1) {
		struct listening l;

		listening_begin(&l);
		for (size_t at = 0; at < sizeof words - 1; at += piece)
			assert_int_equal(channel_feed(l.channel, words + at, piece), 0);
		assert_int_equal(channel_close(l.channel), 0);
		assert_int_equal(l.results[0].verdict, PASSED);
		assert_int_equal(l.results[1].verdict, TIMED_OUT);
		assert_string_equal(l.results[1].lecture, "01#x");
		assert_string_equal(l.results[1].more, "o");
		assert_int_equal(json_array_size(l.results[1].faults), 1);
		assert_true(l.results[1].seconds > 0.4 && l.results[1].seconds < 0.6);
		assert_int_equal(l.results[2].verdict, GRADER_FAULT);
		assert_string_equal(l.results[2].message, "no memory");
		listening_end(&l);
	}
}

/* What breaks the rules, and which check it hits (3: the judge as a whole). */
static void
who_breaks_the_rules_is_not_believed(void **state)
{
	static const struct {
		const char *words;
		size_t blamed;
	} cases[] = {
	    {"hello\n", 3},
	    {"\n", 3},
	    {"[]\n", 3},
	    {"{}\n", 3},
	    {"{\"type\":\"end\"}\n", 3},
	    {"{\"type\":7}\n", 3},
	    {PLAN "{\"type\":\"verdict\",\"check\":\"a\"}\n", 3},
	    {PLAN PLAN, 3},
	    {"{\"type\":\"plan\",\"checks\":[\"a\",\"z\"]}\n", 3},
	    {"{\"type\":\"plan\",\"checks\":[1]}\n", 3},
	    {"{\"type\":\"plan\",\"checks\":\"a\"}\n", 3},
	    {BEGIN("a"), 0},
	    {PLAN BEGIN("z"), 3},
	    {PLAN "{\"type\":\"begin\"}\n", 3},
	    {PLAN END("a", "passed"), 0},
	    {PLAN BEGIN("b") END("a", "passed"), 0},
	    {PLAN BEGIN("b") BEGIN("c"), 1},
	    {PLAN BEGIN("a") END("a", "failed") BEGIN("a"), 0},
	    {PLAN BEGIN("a") END("a", "passed") END("a", "passed"), 0},
	    {PLAN BEGIN("b") "garbage\n", 1},
	    {PLAN BEGIN("b") END("z", "passed"), 1},
	    {PLAN BEGIN("a") END("a", "Passed"), 0},
	    {PLAN BEGIN("a") END("a", "not reached"), 0},
	    {PLAN BEGIN("a") END("a", "does not build"), 0},
	    {PLAN BEGIN("a") END("a", "grader fault"), 0},
	    {PLAN BEGIN("a") "{\"type\":\"end\",\"check\":\"a\"}\n", 0},
	    {PLAN BEGIN("a") "{\"type\":\"end\",\"check\":\"a\",\"verdict\":\"failed\",\"verdict\":"
			     "\"passed\"}\n",
		0},
	    {PLAN BEGIN(
		 "a") "{\"type\":\"end\",\"check\":\"a\",\"verdict\":\"passed\",\"key\":1}\n",
		0},
	    {PLAN BEGIN(
		 "a") "{\"type\":\"end\",\"check\":\"a\",\"verdict\":\"passed\",\"seconds\":-1}\n",
		0},
	    {PLAN BEGIN("a") "{\"type\":\"end\",\"check\":\"a\",\"verdict\":\"passed\",\"faults\":["
			     "{\"name\":\"n\"}]}\n",
		0},
	    {PLAN BEGIN("a") "{\"type\":\"end\",\"check\":\"a\",\"verdict\":\"passed\","
			     "\"arguments\":[[]]}\n",
		0},
	    {PLAN BEGIN("a") "{\"type\":\"end\",\"check\":\"a\",\"verdict\":\"failed\",\"seen\":"
			     "\"\xFF\"}\n",
		0},
	    {PLAN BEGIN("a") END("a", "passed") "{\"type\":\"fault\",\"text\":\"\"}\n", 3},
	    {PLAN BEGIN("a") "{\"type\":\"end\",\"check\":\"a\",\"verdict\":\"passed\"}", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct listening l;
		int fed;

		listening_begin(&l);
		fed = channel_feed(l.channel, cases[i].words, strlen(cases[i].words));
		if (fed == 0)
			fed = channel_close(l.channel);
		if (fed != -1 || l.channel->blamed != cases[i].blamed)
			fail_msg("not refused, or the wrong one blamed (%zu): %s",
			    l.channel->blamed, cases[i].words);
		/* Nothing that comes later is heard. */
		assert_int_equal(channel_feed(l.channel, "{}\n", 3), -1);
		assert_int_equal(channel_close(l.channel), -1);
		listening_end(&l);
	}
}

static void
an_endless_line_is_refused(void **state)
{
	struct listening l;
	char block[4096];
	size_t blocks = 0;

	(void)state;
	memset(block, 'x', sizeof block);
	listening_begin(&l);
	while (blocks < 1000 && channel_feed(l.channel, block, sizeof block) == 0)
		blocks++;
	assert_int_equal(blocks, CHANNEL_LINE_MAX / sizeof block);
	listening_end(&l);
}

static void
endless_lines_are_refused(void **state)
{
	static const char faults[] = "{\"type\":\"fault\",\"check\":\"a\",\"text\":\"again\"}\n";
	struct listening l;
	size_t n = 0;

	(void)state;
	listening_begin(&l);
	while (
	    n < CHANNEL_TOTAL_MAX + 1000 && channel_feed(l.channel, faults, sizeof faults - 1) == 0)
		n += sizeof faults - 1;
	assert_true(n <= CHANNEL_TOTAL_MAX);
	listening_end(&l);
}

/* ---- TAP ------------------------------------------------------------------------------- */

static void
tap_is_read_at_the_left_margin_only(void **state)
{
	static const char report[] = "TAP version 13\n"
				     "1..3\n"
				     "not ok 1 a: the first\n"
				     "  ---\n"
				     "  message: |\n"
				     "    ok 1 a: forged\n"
				     "  ...\n"
				     "ok 2 b: the second\n"
				     "ok 3 ab: the third # skip no reason\n";
	struct tap_test tests[] = {{.id = "a"}, {.id = "b"}, {.id = "ab"}};

	(void)state;
	assert_int_equal(tap_read(report, sizeof report - 1, tests, 3), 0);
	assert_int_equal(tests[0].outcome, TAP_NOT_OK);
	assert_int_equal(tests[1].outcome, TAP_OK);
	assert_int_equal(tests[2].outcome, TAP_SKIPPED);
	assert_non_null(memmem(tests[0].words, tests[0].n_words, "forged", 6));
	assert_null(memmem(tests[0].words, tests[0].n_words, "second", 6));
}

static void
a_report_of_something_else_is_refused(void **state)
{
	static const char *const reports[] = {
	    "",
	    "ok 1 a: no plan\n",
	    "1..2\nok 1 a: one too few\n",
	    "1..1\n1..1\nok 1 a: twice\n",
	    "1..1\nok 1 z: another\n",
	    "1..1\nok 1 a\n",
	    "1..1\nok a: no number\n",
	    "1..1x\nok 1 a: x\n",
	    "1..1\nbash: line 3: syntax error\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
		struct tap_test test = {.id = "a"};

		if (tap_read(reports[i], strlen(reports[i]), &test, 1) != -1)
			fail_msg("taken: %s", reports[i]);
	}
}

static void
two_results_of_one_test_are_noticed(void **state)
{
	static const char report[] = "1..2\nok 1 a: x\nnot ok 2 a: y\n";
	struct tap_test tests[] = {{.id = "a"}, {.id = "b"}};

	(void)state;
	assert_int_equal(tap_read(report, sizeof report - 1, tests, 2), 0);
	assert_int_equal(tests[0].outcome, TAP_TWICE);
	assert_int_equal(tests[1].outcome, TAP_MISSING);
}

/* ---- a kit with judges of our own ---------------------------------------------------------- */

struct kit {
	char root[64];
	struct check_spec checks[CHECKS];
	struct program program;
	struct lab lab;
	struct program_built built;
	struct build build;
	struct checking checking;
	struct result *r;
	char finished[64]; /* ids in the order in which they came */
};

static void
note_finished(const struct result *r, size_t check, void *with)
{
	struct kit *kit = with;

	strcat(kit->finished, r->checks[check].id);
}

static void
in_kit(const struct kit *kit, char *path, const char *name)
{
	assert_true(snprintf(path, 128, "%s/%s", kit->root, name) < 128);
}

/* Writes a script; the judge's functions stand before it. */
static void
write_judge(const struct kit *kit, const char *name, const char *script)
{
	static const char functions[] =
	    "#!/bin/sh\n"
	    "say() { printf '%s\\n' \"$1\" >&9; }\n"
	    "plan() { say '{\"type\":\"plan\",\"checks\":[\"'$(echo $GABEL_CHECKS | sed "
	    "'s/,/\",\"/g')'\"]}'; }\n"
	    "begin() { say '{\"type\":\"begin\",\"check\":\"'$1'\"}'; }\n"
	    "end() { say '{\"type\":\"end\",\"check\":\"'$1'\",\"verdict\":\"'\"$2\"'\"}'; }\n"
	    "judge() { begin $1; end $1 \"$2\"; }\n"
	    "asked() { case ,$GABEL_CHECKS, in *,$1,*) ;; *) return 1;; esac; }\n";
	struct text t = {0};
	char path[128];

	in_kit(kit, path, name);
	if (strstr(name, ".bats") == NULL)
		text_put(&t, functions);
	text_put(&t, script);
	assert_int_equal(write_file_atomic(path, text_string(&t), t.n, 0755), 0);
	text_free(&t);
}

static int
make_kit(void **state)
{
	static char *ids[] = {"a", "b", "c"};
	static char *program[] = {"p"};
	struct kit *kit = calloc(1, sizeof *kit);
	char path[128];

	assert_non_null(kit);
	strcpy(kit->root, "/tmp/check_test.XXXXXX");
	assert_non_null(mkdtemp(kit->root));
	in_kit(kit, path, "build/labs/99-fake");
	assert_int_equal(make_path(path, 0755), 0);
	in_kit(kit, path, "labs/99-fake/checks");
	assert_int_equal(make_path(path, 0755), 0);
	for (int i = 0; i < CHECKS; i++)
		kit->checks[i] = (struct check_spec){.id = ids[i],
		    .title = ids[i],
		    .points = 10,
		    .programs = {.n = 1, .at = program}};
	in_kit(kit, path, "labs/99-fake");
	kit->program = (struct program){.name = "p"};
	kit->lab = (struct lab){.name = "99-fake",
	    .directory = strdup(path),
	    .title = "Fake",
	    .n_programs = 1,
	    .programs = &kit->program,
	    .limits = lab_default_limits,
	    .n_checks = CHECKS,
	    .checks = kit->checks};
	kit->built = (struct program_built){.name = "p", .built = true};
	kit->build = (struct build){.programs = &kit->built, .n = 1};
	kit->checking = (struct checking){.lab = &kit->lab,
	    .root = kit->root,
	    .stage = "/nowhere",
	    .build = &kit->build,
	    .finished = note_finished,
	    .with = kit};
	kit->r = result_new();
	assert_non_null(kit->r);
	kit->r->seed = 7193;
	*state = kit;
	return 0;
}

static int
remove_kit(void **state)
{
	struct kit *kit = *state;

	assert_int_equal(remove_tree(kit->root), 0);
	result_free(kit->r);
	free(kit->lab.directory);
	free(kit);
	return 0;
}

static void
run_judge(struct kit *kit, const char *script)
{
	static const struct strings all = {0};

	if (script != NULL)
		write_judge(kit, "build/labs/99-fake/judge", script);
	assert_int_equal(checks_prepare(kit->r, &kit->lab, &all), 0);
	assert_int_equal(checks_run(&kit->checking, kit->r), 0);
}

static void
expect_verdicts(const struct kit *kit, enum verdict a, enum verdict b, enum verdict c)
{
	const enum verdict wanted[] = {a, b, c};

	for (int i = 0; i < CHECKS; i++)
		if (kit->r->checks[i].verdict != wanted[i])
			fail_msg("%s: %s, not %s (%s)", kit->r->checks[i].id,
			    verdict_token(kit->r->checks[i].verdict), verdict_token(wanted[i]),
			    kit->r->checks[i].message ? kit->r->checks[i].message : "");
}

static void
a_judge_is_told_all_and_given_nothing_else(void **state)
{
	struct kit *kit = *state;
	char path[128], *seen;

	/* A descriptor and a variable of ours that a judge must not find. */
	assert_true(dup2(STDERR_FILENO, 57) == 57);
	assert_int_equal(setenv("GABEL_TEST_SECRET", "1", 1), 0);
	run_judge(kit,
	    "plan; judge a passed; judge b failed; judge c 'left processes'\n"
	    "{ env | sort; ls /proc/$$/fd; echo stdin=$(cat | wc -c); ps -o pgid= -p $$ "
	    "2>/dev/null;\n"
	    "  echo own=$(awk '{print ($1 == $5)}' /proc/$$/stat); } >$GABEL_ROOT/seen\n");
	assert_int_equal(close(57), 0);
	unsetenv("GABEL_TEST_SECRET");
	expect_verdicts(kit, PASSED, FAILED, LEFT_PROCESSES);
	assert_string_equal(kit->finished, "abc");
	in_kit(kit, path, "seen");
	seen = read_file(path, 100000, NULL);
	assert_non_null(seen);
	assert_non_null(strstr(seen, "GABEL_CHECKS=a,b,c\n"));
	assert_non_null(strstr(seen, "GABEL_CHANNEL=9\n"));
	assert_non_null(strstr(seen, "GABEL_SEED=7193\n"));
	assert_non_null(strstr(seen, "GABEL_STAGE=/nowhere\n"));
	assert_non_null(strstr(seen, "GABEL_ISOLATION=sandbox\n"));
	assert_non_null(strstr(seen, "GABEL_LIMITS=cpu-ms=2000,memory-mib=256,processes=64,"));
	assert_non_null(strstr(seen, "LANGUAGE=en\n"));
	assert_non_null(strstr(seen, "stdin=0\n"));
	assert_non_null(strstr(seen, "own=1\n"));
	assert_null(strstr(seen, "SECRET"));
	assert_null(strstr(seen, "\n57\n"));
	assert_non_null(strstr(seen, "\n9\n"));
	free(seen);
}

static void
a_judge_that_dies_costs_one_check(void **state)
{
	struct kit *kit = *state;

	run_judge(kit, "plan\n"
		       "asked a && judge a passed\n"
		       "asked b && { begin b; echo last words >&2; kill -KILL $$; }\n"
		       "judge c passed\n");
	expect_verdicts(kit, PASSED, GRADER_FAULT, PASSED);
	assert_non_null(strstr(kit->r->checks[1].message, "SIGKILL"));
	assert_non_null(strstr(kit->r->checks[1].seen, "last words"));
	result_settle(kit->r);
	assert_int_equal(kit->r->points_gradable, 20);
}

static void
a_judge_without_a_word_judges_nothing(void **state)
{
	struct kit *kit = *state;

	/* Success as exit status says nothing. */
	run_judge(kit, "echo [  PASSED  ] 3 tests.\nexit 0\n");
	expect_verdicts(kit, GRADER_FAULT, GRADER_FAULT, GRADER_FAULT);
	assert_non_null(strstr(kit->r->checks[0].seen, "PASSED"));
}

static void
a_check_that_the_judge_leaves_out_is_our_fault(void **state)
{
	struct kit *kit = *state;

	run_judge(kit, "say '{\"type\":\"plan\",\"checks\":[\"a\",\"c\"]}'\n"
		       "asked a && judge a passed\nasked c && judge c passed\nexit 0\n");
	expect_verdicts(kit, PASSED, GRADER_FAULT, PASSED);
}

static void
a_second_verdict_takes_back_the_first(void **state)
{
	struct kit *kit = *state;

	run_judge(kit, "plan\nasked a && { judge a passed; end a passed; }\n"
		       "asked b && judge b passed\nasked c && judge c passed\n");
	expect_verdicts(kit, GRADER_FAULT, PASSED, PASSED);
}

static void
garbage_ends_the_judge_but_not_the_grading(void **state)
{
	struct kit *kit = *state;

	run_judge(kit, "plan\nasked a && { begin a; say garbage; kill -STOP $$; }\n"
		       "judge b failed; judge c passed\n");
	expect_verdicts(kit, GRADER_FAULT, FAILED, PASSED);
}

static void
a_missing_judge_is_our_fault(void **state)
{
	struct kit *kit = *state;

	run_judge(kit, NULL);
	expect_verdicts(kit, GRADER_FAULT, GRADER_FAULT, GRADER_FAULT);
	assert_non_null(strstr(kit->r->checks[2].message, strerror(ENOENT)));
}

static void
a_judge_that_falls_silent_is_ended(void **state)
{
	struct kit *kit = *state;

	kit->checking.silence_ms = 300;
	run_judge(
	    kit, "plan\nasked a && { judge a passed; begin b; kill -STOP $$; }\njudge c passed\n");
	expect_verdicts(kit, PASSED, GRADER_FAULT, PASSED);
}

/* Noise must neither fill our memory nor block the judge. */
static void
a_noisy_judge_is_heard_all_the_same(void **state)
{
	struct kit *kit = *state;

	run_judge(kit, "plan; head -c 3000000 /dev/zero; judge a passed\n"
		       "head -c 3000000 /dev/zero >&2; judge b passed\n"
		       "begin c; echo the end; exit 5\n");
	expect_verdicts(kit, PASSED, PASSED, GRADER_FAULT);
	assert_non_null(strstr(kit->r->checks[2].seen, "the end"));
	assert_true(strlen(kit->r->checks[2].seen) < 200000);
}

/* It holds the channel open, too: we must not wait for it. */
static void
whom_a_judge_leaves_behind_is_killed(void **state)
{
	struct kit *kit = *state;
	char path[128], *text;
	pid_t pid;
	int status;

	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	run_judge(kit,
	    "plan; judge a passed; judge b passed; judge c passed\n"
	    "cd $GABEL_ROOT; mkfifo told silent\n"
	    "sh -c 'echo $$ >told; exec cat silent' & read pid <told; echo $pid >left\n");
	expect_verdicts(kit, PASSED, PASSED, PASSED);
	in_kit(kit, path, "left");
	text = read_file(path, 100, NULL);
	assert_non_null(text);
	pid = (pid_t)strtol(text, NULL, 10);
	free(text);
	alarm(60); /* or we wait for ever for one who lives */
	assert_int_equal(waitpid(pid, &status, 0), pid);
	alarm(0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
}

/* ---- several judges at a time ---------------------------------------------------------------- */

/* One after the other, the first would wait for ever; the second is over before it. */
static void
judges_work_beside_each_other_and_are_told_of_in_order(void **state)
{
	struct kit *kit = *state;
	char path[128];

	kit->checking.judges = 2;
	in_kit(kit, path, "pid");
	assert_int_equal(mkfifo(path, 0600), 0);
	run_judge(kit, "plan\n"
		       "asked b && { judge b failed; echo $$ >$GABEL_ROOT/pid; exit 0; }\n"
		       "begin a; read pid <$GABEL_ROOT/pid\n"
		       "while [ -d /proc/$pid ]; do :; done\n"
		       "end a passed; judge c passed\n");
	expect_verdicts(kit, PASSED, FAILED, PASSED);
	assert_string_equal(kit->finished, "abc");
}

/* What the judges of this kit have written to the file "asked". Malloc'd. */
static char *
what_was_asked(struct kit *kit)
{
	char path[128], *asked;

	in_kit(kit, path, "asked");
	asked = read_file(path, 100, NULL);
	assert_non_null(asked);
	return asked;
}

static void
each_check_has_one_judge(void **state)
{
	struct kit *kit = *state;
	char *asked;

	kit->checking.judges = JUDGES_MAX + 1;
	run_judge(
	    kit, "echo $GABEL_CHECKS >>$GABEL_ROOT/asked; plan; judge $GABEL_CHECKS passed\n");
	expect_verdicts(kit, PASSED, PASSED, PASSED);
	assert_string_equal(kit->finished, "abc");
	asked = what_was_asked(kit);
	assert_int_equal(strlen(asked), strlen("a\nb\nc\n"));
	for (int i = 0; i < CHECKS; i++)
		assert_non_null(strstr(asked, kit->checks[i].id));
	free(asked);
}

/* Also when nobody requires anybody, and when a slow one is the first or all that is left. */
static void
who_needs_valgrind_comes_last(void **state)
{
	struct kit *kit = *state;
	static char *required[] = {"b"};
	char *asked;

	kit->checks[0].profile = PROFILE_VALGRIND;
	kit->checks[2].requires = (struct strings){.n = 1, .at = required};
	run_judge(kit, "echo $GABEL_CHECKS >>$GABEL_ROOT/asked; plan\n"
		       "for c in a b c; do asked $c && judge $c passed; done\n");
	expect_verdicts(kit, PASSED, PASSED, PASSED);
	assert_string_equal(kit->finished, "bca");
	asked = what_was_asked(kit);
	assert_string_equal(asked, "b\nc,a\n");
	free(asked);
}

static void
one_judge_that_dies_leaves_the_other_one_alone(void **state)
{
	struct kit *kit = *state;

	kit->checking.judges = 2;
	run_judge(kit, "plan\n"
		       "asked a && { begin a; kill -KILL $$; }\n"
		       "asked b && judge b passed\nasked c && judge c failed\n");
	expect_verdicts(kit, GRADER_FAULT, PASSED, FAILED);
	assert_non_null(strstr(kit->r->checks[0].message, "SIGKILL"));
	assert_string_equal(kit->finished, "abc");
}

static void
one_judge_that_falls_silent_is_ended_alone(void **state)
{
	struct kit *kit = *state;

	kit->checking.judges = 2;
	kit->checking.silence_ms = 300;
	run_judge(kit, "plan\nasked b && { begin b; kill -STOP $$; }\n"
		       "judge a passed; judge c passed\n");
	expect_verdicts(kit, PASSED, GRADER_FAULT, PASSED);
	assert_string_equal(kit->finished, "abc");
}

/* What stands before them in the round has no verdict yet; they are told of all the same. */
static void
verdicts_after_a_lost_one_are_told(void **state)
{
	struct kit *kit = *state;

	kit->checking.judges = 2;
	run_judge(kit, "plan\n"
		       "[ -e $GABEL_ROOT/again ] || asked b || { >$GABEL_ROOT/again; begin c; "
		       "kill -KILL $$; }\n"
		       "asked a && judge a passed\nasked b && judge b passed\n"
		       "asked c && judge c passed\n");
	expect_verdicts(kit, PASSED, PASSED, GRADER_FAULT);
	assert_string_equal(kit->finished, "bca");
}

/* ---- what is not run ------------------------------------------------------------------------- */

static char *require_a[] = {"a"}, *require_b[] = {"b"};

static void
chain_checks(struct kit *kit)
{
	kit->checks[1].requires = (struct strings){.n = 1, .at = require_a};
	kit->checks[2].requires = (struct strings){.n = 1, .at = require_b};
}

static void
requirements_run_first(void **state)
{
	struct kit *kit = *state;
	char path[128], *rounds;

	chain_checks(kit);
	run_judge(
	    kit, "echo $GABEL_CHECKS >>$GABEL_ROOT/rounds; plan; judge $GABEL_CHECKS passed\n");
	expect_verdicts(kit, PASSED, PASSED, PASSED);
	in_kit(kit, path, "rounds");
	rounds = read_file(path, 100, NULL);
	assert_string_equal(rounds, "a\nb\nc\n");
	free(rounds);
}

static void
a_failed_requirement_stops_what_follows(void **state)
{
	struct kit *kit = *state;
	char path[128], *rounds;

	chain_checks(kit);
	run_judge(
	    kit, "echo $GABEL_CHECKS >>$GABEL_ROOT/rounds; plan; judge $GABEL_CHECKS failed\n");
	expect_verdicts(kit, FAILED, NOT_REACHED, NOT_REACHED);
	in_kit(kit, path, "rounds");
	rounds = read_file(path, 100, NULL);
	assert_string_equal(rounds, "a\n");
	free(rounds);
}

static void
our_fault_in_a_requirement_is_our_fault_in_what_follows(void **state)
{
	struct kit *kit = *state;

	chain_checks(kit);
	run_judge(kit, "plan; begin a; exit 1\n");
	expect_verdicts(kit, GRADER_FAULT, GRADER_FAULT, GRADER_FAULT);
}

static void
what_does_not_build_is_not_run(void **state)
{
	struct kit *kit = *state;
	char path[128];

	kit->built.built = false;
	run_judge(kit, "touch $GABEL_ROOT/ran\n");
	expect_verdicts(kit, DOES_NOT_BUILD, DOES_NOT_BUILD, DOES_NOT_BUILD);
	in_kit(kit, path, "ran");
	assert_false(is_file(path));
	assert_string_equal(kit->finished, "abc");
}

static void
only_brings_what_it_requires(void **state)
{
	struct kit *kit = *state;
	struct strings only = {.n = 1, .at = require_b}, unknown = {.n = 1, .at = &kit->lab.title};

	chain_checks(kit);
	assert_int_equal(checks_prepare(kit->r, &kit->lab, &only), 0);
	assert_int_equal(kit->r->n_checks, 2);
	assert_string_equal(kit->r->checks[0].id, "a");
	result_free(kit->r);
	kit->r = result_new();
	assert_int_equal(checks_prepare(kit->r, &kit->lab, &unknown), -1);
	assert_int_equal(errno, ENOENT);
}

/* ---- bats -------------------------------------------------------------------------------------
 */

/* Each test ends as its line over the channel and its exit say. */
static void
run_bats(struct kit *kit, const char *file)
{
	for (int i = 0; i < CHECKS; i++)
		kit->checks[i].judge = "fake.bats";
	write_judge(kit, "labs/99-fake/checks/fake.bats", file);
	run_judge(kit, NULL);
}

static void
bats_and_the_channel_agree(void **state)
{
	struct kit *kit = *state;

	run_bats(kit, "end() { printf "
		      "'{\"type\":\"end\",\"check\":\"%s\",\"verdict\":\"%s\",\"key\":\"k\"}\\n' "
		      "\"$1\" \"$2\" >&$GABEL_CHANNEL; }\n"
		      "@test \"a: passes without a word\" { true; }\n"
		      "@test \"b: fails and says why\" { end b crashed; false; }\n"
		      "@test \"c: passes and says so\" { end c passed; }\n"
		      "@test \"d: was not asked for\" { false; }\n");
	expect_verdicts(kit, PASSED, CRASHED, PASSED);
	assert_string_equal(kit->r->checks[1].key, "k");
}

static void
bats_and_the_channel_contradict_each_other(void **state)
{
	struct kit *kit = *state;

	run_bats(kit,
	    "end() { printf '{\"type\":\"end\",\"check\":\"%s\",\"verdict\":\"%s\"}\\n' \"$1\" "
	    "\"$2\" >&$GABEL_CHANNEL; }\n"
	    "@test \"a: fails over the channel\" { end a failed; }\n"
	    "@test \"b: passes over the channel\" { end b passed; false; }\n"
	    "@test \"c: fails without a word\" { nosuchcommand; }\n");
	expect_verdicts(kit, GRADER_FAULT, GRADER_FAULT, GRADER_FAULT);
	assert_non_null(strstr(kit->r->checks[2].seen, "nosuchcommand"));
}

static void
tests_that_bats_does_not_run_are_our_fault(void **state)
{
	struct kit *kit = *state;

	run_bats(kit, "@test \"a: runs\" { true; }\n@test \"c: is skipped\" { skip; }\n");
	/* The number of tests is wrong already, so nothing in the report counts. */
	expect_verdicts(kit, GRADER_FAULT, GRADER_FAULT, GRADER_FAULT);
}

static void
a_skipped_test_is_our_fault(void **state)
{
	struct kit *kit = *state;

	run_bats(kit, "@test \"a: runs\" { true; }\n@test \"b: runs\" { true; }\n"
		      "@test \"c: is skipped\" { skip; }\n");
	expect_verdicts(kit, PASSED, PASSED, GRADER_FAULT);
}

static void
a_broken_bats_file_is_our_fault(void **state)
{
	struct kit *kit = *state;

	run_bats(kit, "@test \"a: never ends\" {\n");
	expect_verdicts(kit, GRADER_FAULT, GRADER_FAULT, GRADER_FAULT);
}

int
main(void)
{
#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, make_kit, remove_kit)
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_honest_judge_is_understood),
	    cmocka_unit_test(who_breaks_the_rules_is_not_believed),
	    cmocka_unit_test(an_endless_line_is_refused),
	    cmocka_unit_test(endless_lines_are_refused),
	    cmocka_unit_test(tap_is_read_at_the_left_margin_only),
	    cmocka_unit_test(a_report_of_something_else_is_refused),
	    cmocka_unit_test(two_results_of_one_test_are_noticed),
	    WITH_KIT(a_judge_is_told_all_and_given_nothing_else),
	    WITH_KIT(a_judge_that_dies_costs_one_check),
	    WITH_KIT(a_judge_without_a_word_judges_nothing),
	    WITH_KIT(a_check_that_the_judge_leaves_out_is_our_fault),
	    WITH_KIT(a_second_verdict_takes_back_the_first),
	    WITH_KIT(garbage_ends_the_judge_but_not_the_grading),
	    WITH_KIT(a_missing_judge_is_our_fault),
	    WITH_KIT(a_judge_that_falls_silent_is_ended),
	    WITH_KIT(a_noisy_judge_is_heard_all_the_same),
	    WITH_KIT(whom_a_judge_leaves_behind_is_killed),
	    WITH_KIT(judges_work_beside_each_other_and_are_told_of_in_order),
	    WITH_KIT(each_check_has_one_judge),
	    WITH_KIT(who_needs_valgrind_comes_last),
	    WITH_KIT(one_judge_that_dies_leaves_the_other_one_alone),
	    WITH_KIT(one_judge_that_falls_silent_is_ended_alone),
	    WITH_KIT(verdicts_after_a_lost_one_are_told),
	    WITH_KIT(requirements_run_first),
	    WITH_KIT(a_failed_requirement_stops_what_follows),
	    WITH_KIT(our_fault_in_a_requirement_is_our_fault_in_what_follows),
	    WITH_KIT(what_does_not_build_is_not_run),
	    WITH_KIT(only_brings_what_it_requires),
	    WITH_KIT(bats_and_the_channel_agree),
	    WITH_KIT(bats_and_the_channel_contradict_each_other),
	    WITH_KIT(tests_that_bats_does_not_run_are_our_fault),
	    WITH_KIT(a_skipped_test_is_our_fault),
	    WITH_KIT(a_broken_bats_file_is_our_fault),
	};

	/* The texts are compared in English, whoever runs this. */
	if (messages_init("/", "en") < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
