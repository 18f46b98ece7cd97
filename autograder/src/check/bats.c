/* bats.c - has a round judged by one of the lab's bats files. */
#define _GNU_SOURCE
#include "../base/files.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "round.h"
#include "tap.h"

#include <stdlib.h>

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
read_report(struct round *round, struct judge_process *p)
{
	struct tap_test *tests = calloc(round->n, sizeof *tests);

	if (tests == NULL)
		return -1;
	for (size_t i = 0; i < round->n; i++)
		tests[i].id = round->checks[i]->id;
	if (p->end != JUDGE_ENDED) {
		fail_rest(round, p);
	} else if (tap_read(text_string(&p->report), p->report.n, tests, round->n) < 0) {
		/* What bats says instead, of a slip in the file, tells the author most. */
		text_put_bytes(&p->log, text_string(&p->report), p->report.n);
		fail_rest(round, p);
	} else {
		for (size_t i = 0; i < round->n; i++)
			reconcile(round, i, &tests[i]);
	}
	free(tests);
	return 0;
}

int
round_by_bats(struct round *round)
{
	char *file = join_path(round->run->c->lab->directory, "checks", round->judge, NULL);
	struct judge_process p = {.reports = true}, *one[] = {&p};
	struct text filter = {0};
	int result = -1;

	text_put(&filter, "^(");
	round_put_ids(&filter, round, "|");
	text_put(&filter, ")[: ]");
	if (file != NULL && !text_failed(&filter)) {
		char *arguments[] = {"/usr/bin/bats", "--formatter", "tap13", "-f",
		    (char *)text_string(&filter), file, NULL};

		p.arguments = arguments;
		result = judge_prepare(round, &p);
		if (result == 0)
			result = judge_processes_run(one, 1);
		if (result == 0)
			result = read_report(round, &p);
	}
	judge_discard(&p);
	text_free(&filter);
	free(file);
	return result;
}
