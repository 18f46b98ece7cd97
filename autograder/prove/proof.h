/*
 * proof.h - the proof that one lab's checks are fair.
 *
 *	1. every case is graded once and compared with what must become of it
 *	2. parts: what each function earns alone
 *	3. sanitizers find nothing in the right answers, whatever a check does to them
 *	4. mutants of the solution: how many are killed
 *	5. repeats: the same verdict every time, on a busy machine too
 *
 * Results go to standard output as TAP, to the struct for the figures and the
 * page, and, run by run, to the journal.
 */
#ifndef GABEL_PROVE_PROOF_H
#define GABEL_PROVE_PROOF_H

#include "cases.h"
#include "finding.h"
#include "journal.h"
#include "load.h"
#include "mutants.h"
#include "repeats.h"
#include <stdbool.h>
#include <stdint.h>

/* What was asked for. */
struct proof_way {
	const char *root;
	const char *work;      /* for temporary files; sandboxes can read below it */
	const char *out;       /* where journals stay; NULL: nowhere */
	const char *only;      /* the name of one case, or NULL */
	const char *mutant;    /* the id of one mutant, or NULL */
	enum condition under;  /* what keeps the machine busy in 1 and 2 */
	bool parts;            /* 2 as well */
	bool sanitized;        /* 3 as well */
	bool mutants;          /* 4 as well */
	bool named;            /* mistakes only by the checks that they name */
	bool without_memory;   /* mistakes without valgrind, where they do not name it */
	unsigned every;        /* one of so many mistakes, drawn by the seed; 0 and 1: all */
	unsigned repeat, jobs; /* 5: times; 0: not at all */
	uint64_t seed;
};

struct proof {
	const struct proof_way *way;
	struct lab *lab;
	struct journal *journal;
	struct cases cases;
	json_t **results;         /* of each case: as gabel-lab(5) says, the journal's */
	struct finding *findings; /* of each case */
	unsigned *points;         /* of each case: what it got */
	struct parts parts;
	/* Answers; those in which nothing was found; those that the grader could not judge. */
	unsigned sanitized, sanitized_clean, sanitized_faults;
	struct mutants mutants;
	struct repeated *repeated; /* of each case; NULL: not asked for */
	bool failed;               /* some item was not as it must be */
};

/* What a lab must keep to, in percent. */
enum { MUTANTS_KILLED_LEAST = 95, MUTANTS_EQUIVALENT_MOST = 10 };

/* The reached shares, in percent with one decimal; of the mutants that are other programs. */
double proof_killed(const struct mutants *m);
double proof_equivalent(const struct mutants *m);

/*
 * Proves the lab of this name. item counts TAP's items. Returns NULL after a
 * sentence on standard error, or when a signal (its number goes to stopped)
 * interrupted it.
 */
struct proof *proof_make(const struct proof_way *w, const char *lab, unsigned *item, int *stopped);
void proof_free(struct proof *p);

#endif
