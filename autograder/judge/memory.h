/*
 * memory.h - memory errors and leaks, as valgrind sees them.
 *
 * For a check of profile valgrind. A program that runs by itself:
 *
 *	memory_check(trial("runner", "true"), "memory-error", "leak");
 *
 * A probe that is asked something:
 *
 *	struct trial *t = trial("children");
 *
 *	memory_watch(t);
 *	trial_start(t);
 *	ask(t, "run_children", word(3));
 *	trial_finish(t);
 *	memory_verdict(t, "memory-error", "leak");
 *
 * Counted is what student's code did: an error anywhere in her program, in
 * every process that it made by fork; a leak only in the first process and
 * only when the memory was asked for by her code. A child that ends by _exit()
 * or execs has nothing to free. Memory that something still points to at the
 * end is no leak. Open descriptors are the eye's business: refute_open_fds()
 * in a check of the graded profile.
 *
 * The eye does not run here: no faults, no holds, no counted calls.
 */
#ifndef GABEL_JUDGE_MEMORY_H
#define GABEL_JUDGE_MEMORY_H

#include "trial.h"

/* Before trial_start(): the program will run under valgrind. */
void memory_watch(struct trial *t);

/* After the trial's end: fails the check with the first error, or else the first leak. */
void memory_verdict(struct trial *t, const char *error_key, const char *leak_key);

/* All three steps. */
void memory_check(struct trial *t, const char *error_key, const char *leak_key);

/* ---- reading valgrind's report ------------------------------------------------- */

enum { MEMORY_NAME_MAX = 96, MEMORY_FAULTS_MAX = 64 };

/* A place in the student's code; function is "" when there is none. */
struct memory_place {
	char function[MEMORY_NAME_MAX];
	char file[MEMORY_NAME_MAX]; /* "" in code that is not hers (a probe) */
	long line;
};

struct memory_fault {
	char kind[MEMORY_NAME_MAX]; /* valgrind's: "InvalidRead" */
	bool leak;
	pid_t pid;                 /* the process in which it was seen */
	struct memory_place place; /* where it happened; a leak: where it was allocated */
	struct memory_place freed; /* an error with memory that had been freed: where */
	unsigned long bytes;       /* lost, with what only the lost memory pointed to */
};

struct memory_report {
	size_t n_processes;
	struct {
		pid_t pid, parent;
	} processes[MEMORY_FAULTS_MAX];
	size_t n;
	struct memory_fault faults[MEMORY_FAULTS_MAX];
};

/*
 * Adds the report of one process. A report that ends in the middle (the
 * process was killed or called exec) counts as far as it goes. Returns 0, or
 * -1 when it is no report of valgrind's at all.
 */
int memory_read(struct memory_report *report, const char *xml, size_t n);

/* Was it seen in the process that the trial started? */
bool memory_in_first(const struct memory_report *report, const struct memory_fault *fault);

/* The first one to tell the student about, errors before leaks; or NULL. */
const struct memory_fault *memory_worst(const struct memory_report *report);

#endif
