/*
 * narrow.h - a lab with only some of its checks.
 *
 * Everything but the list of checks is the whole lab's, which must outlive it.
 * What builds and judges looks at nothing else, so programs that none of the
 * checks left runs are not built either.
 */
#ifndef GABEL_PROVE_NARROW_H
#define GABEL_PROVE_NARROW_H

#include "../src/lab/lab.h"

/* Only the check with this id, those of more (or NULL), and what they require. NULL with errno
 * ENOMEM. */
struct lab *narrow_to_check(const struct lab *lab, const char *id, const struct strings *more);

/* Without the checks that need valgrind, nor those that require one. */
struct lab *narrow_without_memory(const struct lab *lab);

/*
 * Every trial of every check is of the build with sanitizers; without the
 * checks that run programs under other tools.
 */
struct lab *narrow_sanitized(const struct lab *lab);

/*
 * The checks of every program that is made of one of these files of the
 * student's, and what they require: all others run what the solution's files alone
 * make. The cheapest first when cost gives seconds, in the lab's order; else as in
 * the lab.
 */
struct lab *narrow_to_files(const struct lab *lab, const struct strings *files, const double *cost);

/* Frees the list, not what is in it. */
void narrow_free(struct lab *lab);

#endif
