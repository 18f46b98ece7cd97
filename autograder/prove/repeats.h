/*
 * repeats.h - the same answer again and again, on a quiet machine and on busy
 * ones: the verdict must never differ.
 *
 * Each answer is built once. The solution and the alternatives are judged by
 * all checks but those under valgrind; a mistake by the check that it names.
 */
#ifndef GABEL_PROVE_REPEATS_H
#define GABEL_PROVE_REPEATS_H

#include "cases.h"
#include "journal.h"
#include "load.h"

/* Of one case. */
struct repeated {
	unsigned runs[CONDITIONS], deviations[CONDITIONS], faults[CONDITIONS];
	char *words; /* what deviated, and the command that shows it again; NULL: nothing */
};

enum { MISTAKES_SHARE = 4 };

struct repeats_way {
	const char *root, *temporary;
	const struct lab *lab;
	struct journal *journal;
	unsigned jobs;
	unsigned times; /* of each right answer, shared out among the conditions, the first get
			   more; a mistake is repeated MISTAKES_SHARE times less often */
};

/*
 * Fills repeated[i] for each case that repeats (kinds solution, alternative,
 * mistake). Returns 0, the number of the signal that interrupted us, or -1 with
 * errno after a sentence on standard error.
 */
int repeats_run(const struct repeats_way *w, const struct cases *cases, struct repeated *repeated);

bool case_repeats(const struct proof_case *c);

#endif
