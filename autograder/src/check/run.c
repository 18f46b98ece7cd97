/*
 * run.c - which judge judges what, and when.
 *
 * Judges run in rounds. A round takes the first check that may run and every
 * other one of the same judge that may run too: its requirements have been
 * judged, and passed. So a check whose requirement fails never starts.
 */
#define _GNU_SOURCE
#include "../base/messages.h"
#include "../base/text.h"
#include "../verdict/verdict.h"
#include "round.h"

#include <stdlib.h>
#include <string.h>

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

/* ---- rounds ----------------------------------------------------------------------- */

static bool
same_judge(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
may_run(const struct run *run, size_t check)
{
	return !run->settled[check] && requirements_settled(run, spec_of(run, check));
}

/* valgrind takes as long as many others together. */
static bool
is_slow(const struct check_spec *check)
{
	return check->profile == PROFILE_VALGRIND;
}

static bool
only_slow_ones_may_run(const struct run *run)
{
	for (size_t i = 0; i < run->r->n_checks; i++)
		if (may_run(run, i) && !is_slow(spec_of(run, i)))
			return false;
	return true;
}

/* Adds everything of one judge that may run now, the slow ones or the others. */
static void
collect(struct round *round, const struct run *run, bool slow)
{
	for (size_t i = 0; i < run->r->n_checks; i++) {
		const struct check_spec *check = spec_of(run, i);

		if (!may_run(run, i) || is_slow(check) != slow)
			continue;
		if (round->n == 0)
			round->judge = check->judge;
		if (!same_judge(round->judge, check->judge))
			continue;
		round_add(round, i);
		if (run->c->first_failure_ends)
			return;
	}
}

/* Is one that is not slow left for a later round? */
static bool
others_follow(const struct round *round, const struct run *run)
{
	size_t left = 0;

	for (size_t i = 0; i < run->r->n_checks; i++)
		left += !run->settled[i] && !is_slow(spec_of(run, i));
	return left > round->n;
}

/*
 * Everything of one judge that may run now; n is 0 when nothing may. The slow ones come last: who
 * waits for the first failure does not wait for them. They begin beside the last of the others.
 */
static int
round_collect(struct round *round, struct run *run)
{
	bool slow = only_slow_ones_may_run(run);

	if (round_make(round, run, run->r->n_checks) < 0)
		return -1;
	collect(round, run, slow);
	if (!slow && !run->c->first_failure_ends && !others_follow(round, run))
		collect(round, run, true);
	return 0;
}

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
		round_begin(run, &round);
		result = round.judge == NULL ? round_by_cmocka(&round) : round_by_bats(&round);
		round_end(run);
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
