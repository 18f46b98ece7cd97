/*
 * cases.h - the submissions by which a lab's checks are proved fair.
 *
 * Each is made ready in a folder of its own below a work directory:
 *	the solution                  must get all points
 *	the skeleton, empty files     must get none
 *	every alternative             must get all points
 *	every mistake                 must lose the points that its head names, and no others
 */
#ifndef GABEL_PROVE_CASES_H
#define GABEL_PROVE_CASES_H

#include "../src/verdict/result.h"
#include "mistake.h"
#include <stdbool.h>

enum case_kind {
	CASE_SOLUTION,
	CASE_SKELETON,
	CASE_EMPTY,
	CASE_ALTERNATIVE,
	CASE_MISTAKE,
	CASE_KINDS
};

struct proof_case {
	enum case_kind kind;
	char *name;      /* "solution", "no-wait" */
	char *directory; /* ready to be graded; NULL: it could not be made */
	char *trouble;   /* why not */
	struct mistake mistake;
};

struct cases {
	size_t n;
	struct proof_case *at;
};

/* Makes all cases of a lab ready below work. Returns 0, or -1 with errno; troubles are in the
 * cases. */
int cases_make(const char *root, const struct lab *lab, const char *work, struct cases *cases);
void cases_free(struct cases *cases);

const char *case_kind_name(enum case_kind kind);

/* What one grading showed about a case. */
struct finding {
	bool fair;       /* everything as it must be */
	bool caught;     /* a mistake: some check did not pass */
	bool by_named;   /* ... the named one did not */
	bool hint_right; /* ... and it named the key */
	bool grader_fault;
};

/* Compares; what is not as it must be is described in words, one line each. */
struct finding case_judge(const struct proof_case *c, const struct result *r, FILE *words);

#endif
