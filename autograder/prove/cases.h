/*
 * cases.h - the submissions by which a lab's checks are proved fair.
 *
 * Each is made ready in a folder of its own below a work directory:
 *	the solution                  must get all points
 *	the skeleton, empty files     must get none
 *	every alternative             must get all points
 *	every mistake                 must lose the points that its head names, and no others
 *	the solution without one of its functions, or with only one of them
 *	                              see parts.h; what they must get is not known beforehand
 */
#ifndef GABEL_PROVE_CASES_H
#define GABEL_PROVE_CASES_H

#include "../src/class/digest.h"
#include "mistake.h"
#include "parts.h"
#include <stdbool.h>

enum case_kind {
	CASE_SOLUTION,
	CASE_SKELETON,
	CASE_EMPTY,
	CASE_ALTERNATIVE,
	CASE_MISTAKE,
	CASE_WITHOUT,
	CASE_ONLY,
	CASE_KINDS
};

struct proof_case {
	enum case_kind kind;
	char *name;               /* "solution", "no-wait" */
	char *directory;          /* ready to be graded; NULL: it could not be made */
	char *trouble;            /* why not */
	char digest[DIGEST_TEXT]; /* of the files to be graded */
	struct mistake mistake;
	struct strings changed; /* CASE_MISTAKE: the lab's files that are not the solution's */
	uint64_t parts;         /* CASE_WITHOUT, CASE_ONLY: those that it has; see parts.h */
};

struct cases {
	size_t n;
	struct proof_case *at;
};

/* Makes all cases of a lab ready below work. Returns 0, or -1 with errno; troubles are in the
 * cases. */
int cases_make(const char *root, const struct lab *lab, const char *work, struct cases *cases);
/* Adds those of the solution's parts. */
int cases_add_parts(const char *root, const struct lab *lab, const struct parts *parts,
    const char *work, struct cases *cases);
void cases_free(struct cases *cases);

const char *case_kind_name(enum case_kind kind);

#endif
