/* figures.c - see figures.h. */
#include "figures.h"

#include <inttypes.h>

static void
add_case(struct figures *f, const struct proof_case *c, const struct finding *finding)
{
	f->cases[c->kind]++;
	f->fair[c->kind] += finding->fair;
	f->faults += finding->grader_fault;
	if (c->kind == CASE_MISTAKE) {
		f->caught += finding->caught;
		f->by_named += finding->by_named;
		f->hints += finding->hint_right;
	}
}

void
figures_add(struct figures *f, const struct proof *p)
{
	f->labs++;
	f->failed = f->failed || p->failed;
	f->named = p->way->named;
	for (size_t i = 0; i < p->cases.n; i++) {
		add_case(f, &p->cases.at[i], &p->findings[i]);
		for (enum condition c = 0; p->repeated != NULL && c < CONDITIONS; c++) {
			f->runs += p->repeated[i].runs[c];
			f->deviations += p->repeated[i].deviations[c];
			f->faults += p->repeated[i].faults[c];
		}
	}
	f->sanitized += p->sanitized;
	f->clean += p->sanitized_clean;
	f->faults += p->sanitized_faults;
	for (enum fate fate = 0; fate < FATES; fate++)
		f->mutants[fate] += p->mutants.of[fate];
	f->faults += p->mutants.of[FATE_GRADER_FAULT];
}

void
figures_print(const struct figures *f, uint64_t seed, FILE *out)
{
	fprintf(out,
	    "# %u labs: solutions %u/%u, skeletons and empty files at 0: %u/%u, alternatives "
	    "passed %u/%u, mistakes caught %u/%u (by the named check %u, hints right %u",
	    f->labs, f->fair[CASE_SOLUTION], f->cases[CASE_SOLUTION],
	    f->fair[CASE_SKELETON] + f->fair[CASE_EMPTY],
	    f->cases[CASE_SKELETON] + f->cases[CASE_EMPTY], f->fair[CASE_ALTERNATIVE],
	    f->cases[CASE_ALTERNATIVE], f->caught, f->cases[CASE_MISTAKE], f->by_named, f->hints);
	if (!f->named)
		fprintf(out, ", losing no other points %u", f->fair[CASE_MISTAKE]);
	fprintf(out, ")");
	if (f->cases[CASE_ONLY] + f->cases[CASE_WITHOUT] > 0)
		fprintf(out, ", parts %u/%u", f->fair[CASE_ONLY] + f->fair[CASE_WITHOUT],
		    f->cases[CASE_ONLY] + f->cases[CASE_WITHOUT]);
	if (f->sanitized > 0)
		fprintf(out, ", clean with sanitizers %u/%u", f->clean, f->sanitized);
	if (f->mutants[FATE_KILLED] + f->mutants[FATE_SURVIVED] > 0)
		fprintf(out, ", mutants killed %u/%u", f->mutants[FATE_KILLED],
		    f->mutants[FATE_KILLED] + f->mutants[FATE_SURVIVED]);
	if (f->runs > 0)
		fprintf(out, ", runs repeated %u, deviations %u", f->runs, f->deviations);
	fprintf(out, ", grader faults %u, seed %" PRIu64 "\n", f->faults, seed);
}

int
figures_exit_status(const struct figures *f)
{
	if (f->faults > 0)
		return 3;
	return f->failed || f->labs == 0 ? 1 : 0;
}
