/*
 * finding.h - what one grading showed about the checks: was it as it must be?
 */
#ifndef GABEL_PROVE_FINDING_H
#define GABEL_PROVE_FINDING_H

#include "../src/verdict/result.h"
#include "cases.h"
#include <stdio.h>

struct finding {
	bool fair;       /* everything as it must be */
	bool caught;     /* a mistake: some check did not pass */
	bool by_named;   /* ... the named one did not */
	bool hint_right; /* ... and it named the key */
	bool grader_fault;
};

/* Compares; what is not as it must be is described in words, one line each. */
struct finding case_judge(const struct proof_case *c, const struct result *r, FILE *words);

/*
 * The same for a repeated run, which may have had only some of the checks: a
 * solution or an alternative must pass them all, a mistake must be caught by
 * the named one, with the named key.
 */
struct finding repeat_judge(const struct proof_case *c, const struct result *r, FILE *words);

/* One line: the check, its verdict and key, then but; and what it saw. */
void describe_check(const struct check_result *check, const char *but, FILE *words);

#endif
