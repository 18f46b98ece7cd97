/* proof_parts.c - what each function earns alone. */
#define _GNU_SOURCE
#include "proof_steps.h"

#include "tap.h"

bool
case_is_part(const struct proof_case *c)
{
	return c->kind == CASE_WITHOUT || c->kind == CASE_ONLY;
}

/* Bit i: without part i this check does not pass. */
static uint64_t
needed_by(const struct proof *p, size_t check)
{
	uint64_t needed = 0, all = 0;

	for (size_t i = 0; i < p->cases.n; i++)
		if (p->cases.at[i].kind == CASE_ONLY)
			all |= p->cases.at[i].parts;
	for (size_t i = 0; i < p->cases.n; i++) {
		struct result *r;

		if (p->cases.at[i].kind != CASE_WITHOUT)
			continue;
		r = result_from_json(p->results[i]);
		if (r == NULL || check >= r->n_checks || r->checks[check].verdict != PASSED)
			needed |= all & ~p->cases.at[i].parts;
		result_free(r);
	}
	return needed;
}

/* Does this answer get the points of the checks that need no other part, and of no others? */
static void
judge_only(const struct proof *p, const struct proof_case *c, const struct result *r,
    struct finding *f, FILE *words)
{
	f->fair = r->n_checks == p->lab->n_checks || r->status == RESULT_DOES_NOT_BUILD;
	for (size_t i = 0; i < r->n_checks; i++) {
		const struct check_result *check = &r->checks[i];
		bool enough = (needed_by(p, i) & ~c->parts) == 0;

		f->grader_fault = f->grader_fault || check->verdict == GRADER_FAULT;
		if (enough == (check->verdict == PASSED))
			continue;
		f->fair = false;
		describe_check(check,
		    enough ? ", but no other function is needed for it"
			   : ", but without another function it must not pass",
		    words);
	}
}

static void
judge_without(const struct result *r, struct finding *f, FILE *words)
{
	for (size_t i = 0; i < r->n_checks; i++)
		f->grader_fault = f->grader_fault || r->checks[i].verdict == GRADER_FAULT;
	f->fair = r->score < r->max_score;
	if (!f->fair)
		fprintf(words, "no check misses it\n");
}

static void
judge_part(struct proof *p, size_t i, FILE *words)
{
	const struct proof_case *c = &p->cases.at[i];
	struct finding *f = &p->findings[i];
	struct result *r = result_from_json(p->results[i]);

	if (r == NULL) {
		f->grader_fault = true;
		fprintf(words, "the grading left no result\n");
		return;
	}
	p->points[i] = r->score;
	if (c->kind == CASE_ONLY)
		judge_only(p, c, r, f, words);
	else
		judge_without(r, f, words);
	f->fair = f->fair && !f->grader_fault;
	result_free(r);
}

void
prove_parts(struct proof *p, unsigned *item)
{
	for (size_t i = 0; i < p->cases.n; i++) {
		const struct proof_case *c = &p->cases.at[i];
		struct tap tap;

		if (!case_is_part(c))
			continue;
		tap_begin(&tap);
		judge_part(p, i, tap.words);
		p->failed |= !p->findings[i].fair;
		tap_end(&tap, item, p->findings[i].fair, "%s: %s %s: %u points", p->lab->name,
		    c->kind == CASE_ONLY ? "only" : "all but", c->name, p->points[i]);
	}
}
