/*
 * figures.h - what the proofs of some labs come to.
 */
#ifndef GABEL_PROVE_FIGURES_H
#define GABEL_PROVE_FIGURES_H

#include "proof.h"

struct figures {
	unsigned labs;
	unsigned cases[CASE_KINDS], fair[CASE_KINDS];
	unsigned caught, by_named, hints; /* of the mistakes */
	unsigned sanitized, clean;        /* right answers with sanitizers; nothing found */
	unsigned mutants[FATES];
	unsigned runs, deviations; /* repeated runs, and those with another verdict */
	unsigned faults;           /* of the grader, wherever they were met */
	bool failed;
	bool named; /* nobody looked whether mistakes lose other points */
};

void figures_add(struct figures *f, const struct proof *p);

/* One line; seed is that of the first lab. */
void figures_print(const struct figures *f, uint64_t seed, FILE *out);

/* 0 everything as it must be, 1 not, 3 the grader failed somewhere. */
int figures_exit_status(const struct figures *f);

#endif
