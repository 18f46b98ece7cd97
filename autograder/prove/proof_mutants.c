/* proof_mutants.c - how many mutants are noticed, and which are not. */
#define _GNU_SOURCE
#include "proof_steps.h"

#include "tap.h"
#include <stdlib.h>

static unsigned
other_programs(const struct mutants *m)
{
	return m->of[FATE_KILLED] + m->of[FATE_SURVIVED] + m->of[FATE_EQUIVALENT];
}

double
proof_killed(const struct mutants *m)
{
	unsigned killable = m->of[FATE_KILLED] + m->of[FATE_SURVIVED];

	return killable == 0 ? 100 : 100.0 * m->of[FATE_KILLED] / killable;
}

double
proof_equivalent(const struct mutants *m)
{
	unsigned n = other_programs(m);

	return n == 0 ? 0 : 100.0 * m->of[FATE_EQUIVALENT] / n;
}

/* Ready to be copied into equivalents.yaml, if it is one. */
static void
describe_mutant(const struct mutants_way *w, const struct mutant *m, FILE *words)
{
	char *diff = mutant_diff(w, m);

	fprintf(words, "%s: %s:%ld (%s), %s\n%s", fate_name(m->fate), mutant_word(m, "file"),
	    mutant_line(m), mutant_word(m, "function"), mutant_word(m, "what"),
	    diff == NULL ? "" : diff);
	if (m->fate == FATE_GRADER_FAULT)
		fprintf(words, "%s: %s\n", m->killer == NULL ? "grading" : m->killer,
		    m->message == NULL ? "no result" : m->message);
	fprintf(words, "alone: build/prove --mutant %s %s\n", mutant_word(m, "id"), w->lab->name);
	free(diff);
}

/* An entry that says something untrue. Returns how many. */
static unsigned
judge_equivalents(const struct mutants *m, FILE *words)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < m->equivalents.n; i++) {
		const struct equivalent *e = &m->equivalents.all[i];

		if (e->used)
			continue;
		wrong++;
		fprintf(words,
		    "equivalents.yaml:%d: stale: there is no mutant %s of a line \"%s\" in %s\n",
		    e->at, e->mutant, e->line, e->file);
	}
	for (size_t i = 0; i < m->n; i++) {
		if (m->at[i].equivalent == NULL || m->at[i].fate == FATE_EQUIVALENT)
			continue;
		wrong++;
		fprintf(words, "equivalents.yaml:%d: not equivalent: %s %s\n",
		    m->at[i].equivalent->at, fate_name(m->at[i].fate),
		    m->at[i].killer == NULL ? "" : m->at[i].killer);
	}
	return wrong;
}

/* One that was asked for by its id: what became of it. */
static void
judge_one_mutant(struct proof *p, unsigned *item)
{
	const struct mutant *m = p->mutants.at;
	struct tap tap;

	tap_begin(&tap);
	p->failed |= p->mutants.n != 1;
	tap_end(&tap, item, p->mutants.n == 1, "%s: mutant %s: %s %s (%s, %s)", p->lab->name,
	    p->way->mutant, p->mutants.n == 1 ? fate_name(m->fate) : "there is none",
	    p->mutants.n == 0 || m->killer == NULL ? "" : m->killer,
	    p->mutants.n == 0 || m->verdict == NULL ? "" : m->verdict,
	    p->mutants.n == 0 || m->key == NULL ? "" : m->key);
}

static void
judge_mutants(struct proof *p, const struct mutants_way *w, unsigned *item)
{
	const struct mutants *m = &p->mutants;
	struct tap tap;
	bool good;

	tap_begin(&tap);
	for (size_t i = 0; i < m->n; i++)
		if (m->at[i].fate == FATE_SURVIVED || m->at[i].fate == FATE_GRADER_FAULT)
			describe_mutant(w, &m->at[i], tap.words);
	good = judge_equivalents(m, tap.words) == 0 && m->of[FATE_GRADER_FAULT] == 0 &&
	       proof_killed(m) >= MUTANTS_KILLED_LEAST &&
	       proof_equivalent(m) <= MUTANTS_EQUIVALENT_MOST && other_programs(m) > 0;
	p->failed |= !good;
	tap.always = m->of[FATE_SURVIVED] > 0; /* a few may stay: they are listed */
	tap_end(&tap, item, good,
	    "%s: mutants: %u killed of %u that are not equivalent (%.1f %%), %u recorded as "
	    "equivalent (%.1f %%); %u others are the same program, %u do not build, %u met a "
	    "grader fault",
	    p->lab->name, m->of[FATE_KILLED], m->of[FATE_KILLED] + m->of[FATE_SURVIVED],
	    proof_killed(m), m->of[FATE_EQUIVALENT], proof_equivalent(m), m->of[FATE_SAME_PROGRAM],
	    m->of[FATE_DOES_NOT_BUILD], m->of[FATE_GRADER_FAULT]);
}

/* What each check cost with the solution. NULL when there is no memory. */
static double *
costs(const struct proof *p)
{
	double *cost = calloc(p->lab->n_checks + 1, sizeof *cost);
	const json_t *checks = NULL;

	for (size_t i = 0; i < p->cases.n; i++)
		if (p->cases.at[i].kind == CASE_SOLUTION)
			checks = json_object_get(p->results[i], "checks");
	for (size_t i = 0; cost != NULL && i < json_array_size(checks); i++)
		if (i < p->lab->n_checks)
			cost[i] = json_number_value(
			    json_object_get(json_array_get(checks, i), "seconds"));
	/* What bats does is not measured, and starting bats costs more than most checks. */
	for (size_t i = 0; cost != NULL && i < p->lab->n_checks; i++)
		if (p->lab->checks[i].judge != NULL)
			cost[i] += 0.5;
	return cost;
}

int
prove_mutants(struct proof *p, unsigned *item)
{
	double *cost = costs(p);
	const struct mutants_way w = {.root = p->way->root,
	    .temporary = p->way->work,
	    .lab = p->lab,
	    .journal = p->journal,
	    .only = p->way->mutant,
	    .cost = cost,
	    .jobs = p->way->jobs};
	int result = cost == NULL ? -1 : mutants_run(&w, &p->mutants);

	if (result == 0 && w.only != NULL)
		judge_one_mutant(p, item);
	else if (result == 0)
		judge_mutants(p, &w, item);
	free(cost);
	return result;
}
