/*
 * run.c - which judge judges what, and when.
 *
 * Judges run in rounds. A round takes the first check that may run and every
 * other one of the same judge that may run too: its requirements have been
 * judged, and passed. So a check whose requirement fails never starts.
 */
#define _GNU_SOURCE
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "../verdict/verdict.h"
#include "check.h"
#include "environment.h"
#include "judge_process.h"
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

struct run {
	const struct checking *c;
	struct result *r;
	bool *settled; /* of each check of r: its verdict stands */
};

/* The checks of one round: what the channel and the TAP reader work on. */
struct round {
	struct run *run;
	const char *judge; /* NULL: the lab's cmocka judge; else a bats file */
	size_t n;
	size_t *index; /* of r->checks */
	struct check_result **checks;
	enum progress *progress;
};

static void
settle(struct run *run, size_t check)
{
	run->settled[check] = true;
	if (run->c->finished != NULL)
		run->c->finished(run->r, check, run->c->with);
}

__attribute__((format(printf, 4, 5))) static void
grader_fault(struct run *run, size_t check, const char *detail, const char *format, ...)
{
	char sentence[600];
	va_list arguments;

	va_start(arguments, format);
	if (vsnprintf(sentence, sizeof sentence, format, arguments) < 0)
		sentence[0] = '\0';
	va_end(arguments);
	utf8_clip(sentence);
	check_is_grader_fault(&run->r->checks[check], sentence, detail);
	settle(run, check);
}

static const struct check_spec *
spec_of(const struct run *run, size_t check)
{
	return lab_check(run->c->lab, run->r->checks[check].id);
}

static size_t
find(const struct run *run, const char *id)
{
	size_t i = 0;

	while (i < run->r->n_checks && strcmp(run->r->checks[i].id, id) != 0)
		i++;
	return i;
}

/* ---- checks that need no judge -------------------------------------------------- */

static bool
one_did_not_pass(const struct run *run)
{
	for (size_t i = 0; i < run->r->n_checks; i++)
		if (run->settled[i] && run->r->checks[i].verdict != PASSED)
			return true;
	return false;
}

/* The first program of this check that was not built, or NULL. */
static const char *
missing_program(const struct run *run, const struct check_spec *check)
{
	const struct build *build = run->c->build;

	for (size_t i = 0; i < check->programs.n; i++)
		for (size_t j = 0; j < build->n; j++)
			if (strcmp(check->programs.at[i], build->programs[j].name) == 0 &&
			    !build->programs[j].built)
				return build->programs[j].name;
	return NULL;
}

static bool
requirements_settled(const struct run *run, const struct check_spec *check)
{
	for (size_t i = 0; i < check->requires.n; i++) {
		size_t required = find(run, check->requires.at[i]);

		if (required < run->r->n_checks && !run->settled[required])
			return false;
	}
	return true;
}

/* Gives a sentence of ours to a check that is not run. */
static int
not_run(struct run *run, size_t check, enum verdict verdict, const char *format, const char *name)
{
	struct text t = {0};
	char **message = &run->r->checks[check].message;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	text_printf(&t, format, name);
#pragma GCC diagnostic pop
	*message = text_take(&t);
	run->r->checks[check].verdict = verdict;
	settle(run, check);
	return *message == NULL ? -1 : 0;
}

static int
settle_rest(struct run *run)
{
	for (size_t i = 0; i < run->r->n_checks; i++)
		if (!run->settled[i] && not_run(run, i, NOT_REACHED,
					    "Not run: '%s' is asked for only if all before pass.",
					    run->r->checks[i].id) < 0)
			return -1;
	return 0;
}

/* Settles what can be said without running anything. Returns how many, or -1. */
static int
settle_without_running(struct run *run)
{
	int n = 0;

	for (size_t i = 0; i < run->r->n_checks; i++) {
		const struct check_spec *check = spec_of(run, i);
		const char *program, *because;
		int result = 0;

		if (run->settled[i] || !requirements_settled(run, check))
			continue;
		program = missing_program(run, check);
		if (program != NULL)
			result = not_run(run, i, DOES_NOT_BUILD,
			    _("The program '%s', which this check runs, does not build."), program);
		else
			switch (verdict_of_requirements(
			    check, run->r->checks, run->r->n_checks, &because)) {
			case PASSED:
				continue;
			case NOT_REACHED:
				result = not_run(run, i, NOT_REACHED,
				    _("Not run: first the check '%s' has to pass."),
				    run->r->checks[find(run, because)].title);
				break;
			default:
				result = not_run(run, i, GRADER_FAULT,
				    _("Not run: the check '%s', which comes before it, could not "
				      "be judged."),
				    because);
			}
		if (result < 0)
			return -1;
		n++;
	}
	return n;
}

/* ---- a round ---------------------------------------------------------------------- */

static bool
same_judge(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void
round_free(struct round *round)
{
	int keep = errno;

	free(round->index);
	free(round->checks);
	free(round->progress);
	errno = keep;
}

/* Everything of one judge that may run now; n is 0 when nothing may. */
static int
round_collect(struct round *round, struct run *run)
{
	size_t all = run->r->n_checks + 1;

	*round = (struct round){.run = run};
	round->index = calloc(all, sizeof *round->index);
	round->checks = calloc(all, sizeof(struct check_result *));
	round->progress = calloc(all, sizeof *round->progress);
	if (round->index == NULL || round->checks == NULL || round->progress == NULL)
		return -1;
	for (size_t i = 0; i < run->r->n_checks; i++) {
		const struct check_spec *check = spec_of(run, i);

		if (run->settled[i] || !requirements_settled(run, check))
			continue;
		if (round->n == 0)
			round->judge = check->judge;
		if (!same_judge(round->judge, check->judge))
			continue;
		round->index[round->n] = i;
		round->checks[round->n++] = &run->r->checks[i];
		if (run->c->first_failure_ends)
			break;
	}
	return 0;
}

/* The ids with this between them. */
static void
put_ids(struct text *t, const struct round *round, const char *between)
{
	for (size_t i = 0; i < round->n; i++)
		text_printf(t, "%s%s", i == 0 ? "" : between, round->checks[i]->id);
}

/*
 * A judge speaks before and after each check; a check is over when a trial has
 * used up its time. On a busy machine that may be twenty times the limit
 * (judge/session.c); the judge's own end of it must come before ours.
 */
static unsigned
silence_of(const struct checking *c)
{
	enum { TIMES = 24, BESIDES_MS = 30000 };

	return c->silence_ms != 0 ? c->silence_ms
				  : (unsigned)(BESIDES_MS + TIMES * c->lab->limits.wall_ms);
}

/* How a process ended, for a person. */
static void
put_end(struct text *t, int status)
{
	if (WIFSIGNALED(status))
		text_printf(t, _("killed by SIG%s"),
		    sigabbrev_np(WTERMSIG(status)) ? sigabbrev_np(WTERMSIG(status)) : "?");
	else
		text_printf(t, _("exit status %d"), WEXITSTATUS(status));
}

/* Everything of the round that is not settled is a grader fault, for the reason the process gives.
 */
static void
fail_rest(struct round *round, const struct judge_process *p, const struct channel *channel)
{
	struct text end = {0}, log = {0};

	put_end(&end, p->status);
	text_put_foreign(&log, text_string(&p->log), p->log.n);
	for (size_t i = 0; i < round->n; i++) {
		struct run *run = round->run;
		size_t check = round->index[i];

		if (run->settled[check])
			continue;
		switch (p->end) {
		case JUDGE_NOT_STARTED:
			grader_fault(run, check, NULL, _("The judge %s cannot be started: %s."),
			    p->arguments[0], strerror(p->error));
			break;
		case JUDGE_SILENT:
			grader_fault(run, check, text_string(&log),
			    _("The judge said nothing for %u seconds and was ended."),
			    p->silence_ms / 1000);
			break;
		case JUDGE_DISTRUSTED:
			grader_fault(run, check, text_string(&log),
			    _("The judge cannot be believed: %s."), channel->complaint);
			break;
		case JUDGE_ENDED:
			grader_fault(run, check, text_string(&log),
			    _("The judge ended (%s) without a verdict on this check."),
			    text_string(&end));
		}
	}
	text_free(&end);
	text_free(&log);
}

static int
run_judge(struct round *round, struct judge_process *p, struct channel *channel)
{
	struct text ids = {0};
	int result = -1;

	put_ids(&ids, round, ",");
	p->silence_ms = silence_of(round->run->c);
	p->environment = judge_environment(round->run->c, round->run->r, text_string(&ids));
	if (p->environment != NULL && !text_failed(&ids))
		result = judge_process_run(p, channel);
	judge_environment_free((char **)p->environment);
	text_free(&ids);
	return result;
}

static struct channel *
channel_for(struct round *round)
{
	struct channel *channel = calloc(1, sizeof *channel);

	if (channel == NULL)
		return NULL;
	channel->checks = round->checks;
	channel->progress = round->progress;
	channel->n = channel->blamed = round->n;
	channel->with = round;
	return channel;
}

/* ---- the lab's own judge ------------------------------------------------------------ */

static void
check_ended(size_t check, void *with)
{
	struct round *round = with;

	settle(round->run, round->index[check]);
}

/*
 * Of a judge that did not come to its end, only the check it was at is lost;
 * for the others it is started again, as long as it gets on.
 */
static void
blame_one(struct round *round, const struct judge_process *p, const struct channel *channel)
{
	size_t at = p->end == JUDGE_DISTRUSTED ? channel->blamed : channel_open_check(channel);
	struct round one = {.run = round->run, .n = 1};

	if (at == round->n)
		return;
	one.index = &round->index[at];
	one.checks = &round->checks[at];
	round->run->settled[one.index[0]] = false; /* a second verdict takes back the first */
	fail_rest(&one, p, channel);
}

static size_t
count_settled(const struct round *round)
{
	size_t n = 0;

	for (size_t i = 0; i < round->n; i++)
		n += round->run->settled[round->index[i]];
	return n;
}

static int
run_cmocka(struct round *round)
{
	const struct checking *c = round->run->c;
	char *path = join_path(c->root, "build/labs", c->lab->name, "judge", NULL);
	char *arguments[] = {path, NULL};
	struct judge_process p = {.arguments = arguments};
	struct channel *channel = channel_for(round);
	int result = -1;

	if (path != NULL && channel != NULL) {
		channel->announced = true;
		channel->ended = check_ended;
		result = run_judge(round, &p, channel);
	}
	if (result == 0) {
		blame_one(round, &p, channel);
		if (count_settled(round) == 0)
			fail_rest(round, &p, channel);
	}
	judge_process_clear(&p);
	free(channel);
	free(path);
	return result;
}

/* ---- bats ------------------------------------------------------------------------------ */

/* A failed test without an answer is our fault: a slip in the file must not cost points. */
static void
reconcile(struct round *round, size_t i, const struct tap_test *test)
{
	bool answered = round->progress[i] == ENDED;
	enum verdict verdict = round->checks[i]->verdict;
	size_t check = round->index[i];
	struct run *run = round->run;
	struct text words = {0};

	if (test->outcome == TAP_OK || test->outcome == TAP_NOT_OK)
		text_put_foreign(&words, test->words, test->n_words);
	if (test->outcome == TAP_MISSING)
		grader_fault(run, check, NULL, _("bats did not run a test of this name."));
	else if (test->outcome == TAP_TWICE)
		grader_fault(run, check, NULL, _("bats ran more than one test of this name."));
	else if (test->outcome == TAP_SKIPPED)
		grader_fault(run, check, NULL, _("The test was skipped."));
	else if (answered && verdict == GRADER_FAULT)
		settle(run, check);
	else if (answered && (verdict == PASSED) != (test->outcome == TAP_OK))
		grader_fault(run, check, text_string(&words),
		    _("bats and the channel contradict each other: '%s' over the channel."),
		    verdict_token(verdict));
	else if (!answered && test->outcome == TAP_NOT_OK)
		grader_fault(run, check, text_string(&words),
		    _("The test failed and did not say over the channel why."));
	else {
		if (!answered)
			round->checks[i]->verdict = PASSED;
		settle(run, check);
	}
	text_free(&words);
}

static int
read_report(struct round *round, struct judge_process *p, const struct channel *channel)
{
	struct tap_test *tests = calloc(round->n, sizeof *tests);

	if (tests == NULL)
		return -1;
	for (size_t i = 0; i < round->n; i++)
		tests[i].id = round->checks[i]->id;
	if (p->end != JUDGE_ENDED) {
		fail_rest(round, p, channel);
	} else if (tap_read(text_string(&p->report), p->report.n, tests, round->n) < 0) {
		/* What bats says instead, of a slip in the file, tells the author most. */
		text_put_bytes(&p->log, text_string(&p->report), p->report.n);
		fail_rest(round, p, channel);
	} else {
		for (size_t i = 0; i < round->n; i++)
			reconcile(round, i, &tests[i]);
	}
	free(tests);
	return 0;
}

static int
run_bats(struct round *round)
{
	char *file = join_path(round->run->c->lab->directory, "checks", round->judge, NULL);
	struct text filter = {0};
	struct channel *channel = channel_for(round);
	int result = -1;

	text_put(&filter, "^(");
	put_ids(&filter, round, "|");
	text_put(&filter, ")[: ]");
	if (file != NULL && channel != NULL && !text_failed(&filter)) {
		char *arguments[] = {"/usr/bin/bats", "--formatter", "tap13", "-f",
		    (char *)text_string(&filter), file, NULL};
		struct judge_process p = {.arguments = arguments, .reports = true};

		result = run_judge(round, &p, channel);
		if (result == 0)
			result = read_report(round, &p, channel);
		judge_process_clear(&p);
	}
	text_free(&filter);
	free(channel);
	free(file);
	return result;
}

/* ---- the whole ----------------------------------------------------------------------------- */

/* One round. Returns 1 when there may be more, 0 when all is settled, -1 with errno. */
static int
run_round(struct run *run)
{
	struct round round;
	int settled, result;

	do
		settled = settle_without_running(run);
	while (settled > 0);
	if (settled < 0 ||
	    (run->c->first_failure_ends && one_did_not_pass(run) && settle_rest(run) < 0))
		return -1;
	result = round_collect(&round, run);
	if (result == 0 && round.n > 0) {
		result = round.judge == NULL ? run_cmocka(&round) : run_bats(&round);
		if (result == 0)
			result = 1;
	}
	round_free(&round);
	return result;
}

int
checks_run(const struct checking *c, struct result *r)
{
	struct run run = {.c = c, .r = r};
	int more = 1;

	run.settled = calloc(r->n_checks + 1, sizeof *run.settled);
	if (run.settled == NULL)
		return -1;
	while (more == 1)
		more = run_round(&run);
	/* Left over is only what requires itself, which lab_load() refuses. */
	for (size_t i = 0; more == 0 && i < r->n_checks; i++)
		if (!run.settled[i])
			grader_fault(
			    &run, i, NULL, _("This check requires itself, by way of others."));
	free(run.settled);
	return more;
}
