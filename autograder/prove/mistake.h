/*
 * mistake.h - labs/NN/mistakes/NAME.patch: a wrong answer that real students
 * give, and what must become of it. The head's fields are in gabel-lab(5).
 */
#ifndef GABEL_PROVE_MISTAKE_H
#define GABEL_PROVE_MISTAKE_H

#include "../src/lab/lab.h"
#include <stddef.h>

struct mistake {
	char *who;                 /* "Mistake:", one sentence */
	char *caught_by;           /* the check that must not pass */
	char *hint;                /* the key it must name */
	struct strings also_fails; /* other checks that may cost points too, and do */
};

/*
 * Reads the head of a patch. Returns 0, or -1 with errno EINVAL and a sentence
 * in why when a field is missing or names a check that the lab does not have.
 */
int mistake_read(
    const char *path, const struct lab *lab, struct mistake *mistake, char *why, size_t size);
void mistake_free(struct mistake *mistake);

#endif
