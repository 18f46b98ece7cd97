/* proof_repeats.c - the same verdict every time? */
#define _GNU_SOURCE
#include "proof_steps.h"

#include "tap.h"
#include <stdlib.h>

static void
judge_repeated(struct proof *p, size_t i, unsigned *item)
{
	const struct proof_case *c = &p->cases.at[i];
	const struct repeated *r = &p->repeated[i];
	unsigned runs = 0, deviations = 0, faults = 0;
	struct tap tap;

	tap_begin(&tap);
	for (enum condition k = 0; k < CONDITIONS; k++) {
		runs += r->runs[k];
		deviations += r->deviations[k];
		faults += r->faults[k];
	}
	if (r->words != NULL)
		fputs(r->words, tap.words);
	p->failed |= deviations + faults > 0;
	tap_end(&tap, item, deviations + faults == 0,
	    "%s: %s %s, %u times: %u deviations, %u grader faults", p->lab->name,
	    case_kind_name(c->kind), c->name, runs, deviations, faults);
}

int
prove_repeats(struct proof *p, unsigned *item)
{
	const struct repeats_way w = {.root = p->way->root,
	    .temporary = p->way->work,
	    .lab = p->lab,
	    .journal = p->journal,
	    .jobs = p->way->jobs,
	    .times = p->way->repeat};
	int result;

	p->repeated = calloc(p->cases.n + 1, sizeof *p->repeated);
	result = p->repeated == NULL ? -1 : repeats_run(&w, &p->cases, p->repeated);
	for (size_t i = 0; i < p->cases.n && result == 0; i++)
		if (case_repeats(&p->cases.at[i]))
			judge_repeated(p, i, item);
	return result;
}
