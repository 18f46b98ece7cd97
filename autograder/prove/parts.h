/*
 * parts.h - a solution of which only some functions are written.
 *
 * A part is what one STUDENT marker inside of a function stands for: that
 * function. A marker outside of functions stands for helpers, which come with
 * the parts of their file. What is left out is as in the skeleton.
 */
#ifndef GABEL_PROVE_PARTS_H
#define GABEL_PROVE_PARTS_H

#include "../src/lab/lab.h"
#include <stdint.h>

enum { PARTS_MAX = 64 };

struct part {
	char *file, *function;
};

struct parts {
	size_t n; /* at most PARTS_MAX */
	struct part at[PARTS_MAX];
};

/* The parts of the solution in this folder. Returns 0, or -1 with errno. */
int parts_find(const char *solution, const struct lab *lab, struct parts *parts);
void parts_free(struct parts *parts);

/* Writes a submission with these parts (bit i: parts->at[i]) into directory. 0, or -1 with errno.
 */
int parts_write(const char *solution, const struct lab *lab, uint64_t kept, const char *directory);

/* The parts of the same file as part i. */
uint64_t parts_of_file(const struct parts *parts, size_t i);

#endif
