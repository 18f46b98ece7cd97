/* finding.c - see finding.h. */
#include "finding.h"

#include <string.h>

void
describe_check(const struct check_result *check, const char *but, FILE *words)
{
	fprintf(words, "%s: %s%s%s%s, %s\n", check->id, verdict_token(check->verdict),
	    check->key == NULL ? "" : " (", check->key == NULL ? "" : check->key,
	    check->key == NULL ? "" : ")", but);
	if (check->expected != NULL)
		fprintf(words, "  expected: %s\n", check->expected);
	if (check->message != NULL)
		fprintf(words, "  seen: %s\n", check->message);
}

static void
all_points(const struct result *r, struct finding *f, FILE *words)
{
	for (size_t i = 0; i < r->n_checks; i++)
		if (r->checks[i].verdict != PASSED)
			describe_check(&r->checks[i], "but must pass", words);
	f->fair = r->status == RESULT_GRADED && r->score == r->max_score;
}

static void
no_points(const struct result *r, struct finding *f, FILE *words)
{
	for (size_t i = 0; i < r->n_checks; i++)
		if (r->checks[i].points > 0)
			describe_check(&r->checks[i], "but must earn nothing", words);
	f->fair = r->score == 0 && r->status != RESULT_CANNOT_BE_GRADED;
}

/* The named check must have looked and refused: not built or not reached is no answer. */
static void
named_check(
    const struct mistake *m, const struct check_result *check, struct finding *f, FILE *words)
{
	f->by_named = check->verdict != PASSED && check->verdict != NOT_REACHED &&
		      check->verdict != DOES_NOT_BUILD && check->verdict != GRADER_FAULT;
	f->hint_right = f->by_named && check->key != NULL && strcmp(check->key, m->hint) == 0;
	if (!f->by_named)
		describe_check(check, "but must catch the mistake", words);
	else if (!f->hint_right)
		describe_check(check, "but must name another key", words);
}

static void
named_points_only(const struct mistake *m, const struct result *r, struct finding *f, FILE *words)
{
	f->fair = true;
	for (size_t i = 0; i < r->n_checks; i++) {
		const struct check_result *check = &r->checks[i];
		bool lost = check->verdict != PASSED,
		     named = strings_have(&m->also_fails, check->id);

		f->caught = f->caught || lost;
		if (strcmp(check->id, m->caught_by) == 0) {
			named_check(m, check, f, words);
		} else if (lost && !named) {
			describe_check(check, "but has nothing to do with the mistake", words);
			f->fair = false;
		} else if (!lost && named) {
			describe_check(check, "but Also-fails names it", words);
			f->fair = false;
		}
	}
	f->fair = f->fair && f->hint_right;
}

/* Every fault of the grader's own, which must never be. */
static bool
grader_faults(const struct result *r, FILE *words)
{
	bool any = r->status == RESULT_GRADER_FAULT;

	if (r->reason != NULL && r->status != RESULT_GRADED)
		fprintf(words, "%s\n", r->reason);
	for (size_t i = 0; i < r->n_checks; i++) {
		if (r->checks[i].verdict != GRADER_FAULT)
			continue;
		any = true;
		describe_check(&r->checks[i], ", which must never be", words);
	}
	return any;
}

struct finding
case_judge(const struct proof_case *c, const struct result *r, FILE *words)
{
	struct finding f = {.grader_fault = grader_faults(r, words)};

	if (c->kind == CASE_MISTAKE)
		named_points_only(&c->mistake, r, &f, words);
	else if (c->kind == CASE_SKELETON || c->kind == CASE_EMPTY)
		no_points(r, &f, words);
	else
		all_points(r, &f, words);
	f.fair = f.fair && !f.grader_fault;
	return f;
}

static void
caught_again(const struct mistake *m, const struct result *r, struct finding *f, FILE *words)
{
	for (size_t i = 0; i < r->n_checks; i++)
		if (strcmp(r->checks[i].id, m->caught_by) == 0)
			named_check(m, &r->checks[i], f, words);
	f->caught = f->by_named;
	f->fair = f->hint_right;
}

struct finding
repeat_judge(const struct proof_case *c, const struct result *r, FILE *words)
{
	struct finding f = {.grader_fault = grader_faults(r, words)};

	if (c->kind == CASE_MISTAKE)
		caught_again(&c->mistake, r, &f, words);
	else
		all_points(r, &f, words);
	f.fair = f.fair && !f.grader_fault;
	return f;
}
