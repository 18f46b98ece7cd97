/*
 * proof_steps.h - the steps of a proof, for proof.c alone. See proof.h.
 *
 * Each prints its items, fills its part of the struct and sets p->failed.
 * Returns 0, the number of the signal that interrupted us, or -1 with errno.
 */
#ifndef GABEL_PROVE_PROOF_STEPS_H
#define GABEL_PROVE_PROOF_STEPS_H

#include "proof.h"

/* Grades all cases, the parts among them; judges all but those. */
int prove_answers(struct proof *p, unsigned *item);
/* After prove_answers(): judges what the parts got. Cannot fail. */
void prove_parts(struct proof *p, unsigned *item);
int prove_sanitized(struct proof *p, unsigned *item);
/* After prove_answers(), which measured what each check costs. */
int prove_mutants(struct proof *p, unsigned *item);
int prove_repeats(struct proof *p, unsigned *item);

bool case_is_part(const struct proof_case *c);

#endif
