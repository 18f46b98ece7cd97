/*
 * kit_digest.h - what a verdict depends on besides the answer that is judged.
 */
#ifndef GABEL_PROVE_KIT_DIGEST_H
#define GABEL_PROVE_KIT_DIGEST_H

#include "../src/class/digest.h"
#include "../src/lab/lab.h"

/*
 * A digest of the lab's description, contract and checks, of the rooms of the
 * grader that build and judge, of this one, and of the compiler's name and
 * version. Returns 0, or -1 with errno.
 */
int kit_digest(const char *root, const struct lab *lab, char text[DIGEST_TEXT]);

#endif
