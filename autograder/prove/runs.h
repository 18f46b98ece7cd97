/*
 * runs.h - many gradings, several at a time, each only once.
 *
 * A run is named by what it depends on: what is graded (with a digest of it),
 * under which condition, the how manieth time. One that the journal knows is
 * not made again.
 */
#ifndef GABEL_PROVE_RUNS_H
#define GABEL_PROVE_RUNS_H

#include "journal.h"
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct run {
	char *name;    /* in the journal; owned */
	uint64_t seed; /* to grade with */
	size_t of;     /* of what: the caller's index */
	unsigned how;  /* in which way: the caller's number */
};

struct batch {
	const char *title; /* what the progress line says, or NULL: none */
	size_t n;
	struct run *at;
	unsigned jobs;
	const char *temporary; /* a directory for what is on the way */
	struct journal *journal;
	pid_t load; /* of load_begin(), which goes on meanwhile */
	/*
	 * In a process of its own: grades. Returns what the journal is to
	 * remember, a new reference, or NULL when the grader could not.
	 */
	json_t *(*work)(const struct run *run, void *with);
	void *with;
};

/* Adds a run; name is taken over, NULL is a failure. Returns 0, or -1 with errno ENOMEM. */
int batch_add(struct batch *b, char *name, uint64_t seed, size_t of, unsigned how);

/*
 * Makes every run that the journal does not know. Afterwards the journal knows
 * all; {"fault": "..."} stands for one that did not come to its end. Returns
 * 0, the number of the signal that interrupted us, or -1 with errno.
 */
int batch_run(struct batch *b);

/* What the journal knows about it; NULL before batch_run(). */
json_t *batch_record(const struct batch *b, size_t i);

void batch_free(struct batch *b);

#endif
