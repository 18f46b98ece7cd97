/*
 * validate.h - everything about a lab that can be told without running it.
 */
#ifndef GABEL_VALIDATE_H
#define GABEL_VALIDATE_H

#include <stdio.h>

/* What a finished lab ships at least. */
enum { LAB_MISTAKES_MIN = 8, LAB_ALTERNATIVES_MIN = 3 };

/*
 * Looks at all that belongs to the lab of this name (NN-name): lab.yaml, the
 * task sheets, the contract headers, the checks and their hints, the mistakes,
 * the alternatives, solution and skeleton, the catalogs, and the places in the
 * notes that it refers to. Each finding goes to out as "FILE:LINE: what is
 * wrong and what to do", FILE relative to root. As long as lab.yaml has
 * mistakes, only they are said, since all else depends on it.
 * Returns how many findings there are, or -1 with errno when the looking
 * itself failed.
 */
int lab_validate(const char *root, const char *lab_name, FILE *out);

#endif
