/*
 * interleave.h - explores in which order two processes touch shared memory.
 *
 *	struct schedule s = {0};
 *
 *	trial_interleave(t);
 *	trial_start(t);
 *	while (schedule_next(t, &s)) {
 *		ask_begin(t, "race");		the probe forks two children and waits
 *		schedule_run(t, &s);
 *		a = ask_end(t);			the final value: the verdict
 *	}
 *
 * The program is the one that was built for profile `interleave`
 * (autograder/interleave): each of its descendants is held at each access to
 * memory that is mapped shared and writable, and before that at its birth, so that
 * it matters to nobody who was started faster. The first process is never held.
 *
 * A schedule lets exactly one process go on at a time, one access after the
 * other: the one begins and makes so many accesses; then the other makes so
 * many; then the one goes on to its end, and the other after it. These are all
 * schedules with at most two preemptions, which is where almost every race
 * shows. Who sleeps for a lock, or has ended, gives way to the other; both are
 * states that the eye sees, and nothing here depends on time. The same program
 * gives the same schedules, numbered from 1, in every run.
 */
#ifndef GABEL_JUDGE_INTERLEAVE_H
#define GABEL_JUDGE_INTERLEAVE_H

#include "trial.h"

/* Preemptions after more accesses than this, and more schedules, are not tried. */
enum { SCHEDULE_ACCESSES = 10, SCHEDULES_MOST = 250 };

/* Zero before the first schedule_next(); the rest is interleave.c's business. */
struct schedule {
	unsigned number;   /* from 1 */
	bool alike;        /* yours: both do the same, so only the elder begins */
	unsigned begins;   /* who begins: 0 the elder, 1 the younger */
	unsigned after[2]; /* accesses before the first and the second preemption; 0: none */
	bool preempted[2]; /* did it come to them? */
	/* Accesses of the other one until it gave way by itself, when it was not preempted. */
	unsigned others;
	unsigned accesses; /* made in the last run, by all descendants together */
};

/* Before the start: runs what was built for profile interleave, and holds descendants. */
void trial_interleave(struct trial *t);

/*
 * The next schedule; false when all have been tried. Knows from the last run which
 * remain. Processes that are made from now on take part.
 */
bool schedule_next(struct trial *t, struct schedule *s);

/* Runs until everybody rests or has ended, and nobody is held. */
void schedule_run(struct trial *t, struct schedule *s);

/* "schedule 3: process A makes 1 access, then B 2, then A" in the student's language. */
const char *schedule_words(const struct schedule *s);

/*
 * One process by itself, for a check that wants it at a certain access: it
 * makes up to n accesses more and then stands before the next one. Returns how
 * many it made: fewer when it ended or fell asleep before.
 */
unsigned accesses_make(struct trial *t, pid_t pid, unsigned n);

/* Until it ends or sleeps. */
enum { ALL_ACCESSES = 400 };

#endif
