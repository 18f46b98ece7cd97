/*
 * mutants.h - the solution with one small thing wrong, hundreds of times.
 *
 * build/mutate lists them. Each is graded, only by the checks that run the
 * changed file, up to the first that does not pass: cheap ones first, and those
 * that its neighbours died of. So its killer depends on which neighbours were
 * graded before, its fate does not. What the compiler refuses is no mutant, and
 * a survivor that it translates into the very same machine code (without
 * debugging information, -O2) is no other program.
 */
#ifndef GABEL_PROVE_MUTANTS_H
#define GABEL_PROVE_MUTANTS_H

#include "../src/lab/equivalents.h"
#include "../src/lab/lab.h"
#include "journal.h"
#include <stdint.h>

enum fate {
	FATE_KILLED,       /* a check did not pass */
	FATE_SURVIVED,     /* all passed */
	FATE_EQUIVALENT,   /* all passed, and equivalents.yaml says why */
	FATE_SAME_PROGRAM, /* the same machine code */
	FATE_DOES_NOT_BUILD,
	FATE_GRADER_FAULT,
	FATES
};

struct mutant {
	const json_t *is; /* as build/mutate lists it; see autograder/mutate */
	enum fate fate;
	const char *killer;                  /* FATE_KILLED: the check */
	const char *verdict, *key;           /* ... and what it said */
	const char *message;                 /* FATE_GRADER_FAULT: what went wrong; or NULL */
	const struct equivalent *equivalent; /* what equivalents.yaml says about it, if anything */
};

struct mutants {
	json_t *list;
	struct equivalents equivalents;
	size_t n;
	struct mutant *at;
	unsigned of[FATES];
};

struct mutants_way {
	const char *root, *temporary;
	const struct lab *lab;
	struct journal *journal;
	const char *only;   /* the id of one mutant, or NULL: all */
	const double *cost; /* seconds of each check of the lab */
	unsigned jobs;
};

/*
 * Makes and grades them all. Returns 0, the number of a signal that
 * interrupted us, or -1 with errno after a sentence on standard error.
 */
int mutants_run(const struct mutants_way *w, struct mutants *m);
void mutants_free(struct mutants *m);

const char *fate_name(enum fate fate);

/* Words of the list: "id", "file", "function", "operator", "text", "what" ... never NULL. */
const char *mutant_word(const struct mutant *m, const char *name);
long mutant_line(const struct mutant *m);

/* The changed lines as a diff's, malloc'd; NULL with errno. */
char *mutant_diff(const struct mutants_way *w, const struct mutant *m);

#endif
