/*
 * round.h - the checks that are judged together, and what they have come to.
 *
 * run.c makes the rounds; cmocka.c and bats.c have one judged. Verdicts become
 * final here, and here the reader is told of them.
 */
#ifndef GABEL_ROUND_H
#define GABEL_ROUND_H

#include "check.h"
#include "judge_process.h"

struct run {
	const struct checking *c;
	struct result *r;
	bool *settled;             /* of each check of r: its verdict stands */
	const struct round *round; /* the one under way, or NULL */
	size_t told;               /* of its checks, finished() has been called for so many */
};

/* The checks of one round, or of one process' share: what the channel and the TAP reader read. */
struct round {
	struct run *run;
	const char *judge; /* NULL: the lab's cmocka judge; else a bats file */
	size_t n;
	size_t *index; /* of r->checks */
	struct check_result **checks;
	enum progress *progress;
};

/* Room for n checks. Returns 0, or -1 with errno ENOMEM; round_free() is due in both cases. */
int round_make(struct round *round, struct run *run, size_t n);
void round_add(struct round *round, size_t check);
void round_free(struct round *round);

/* Between these two, checks are told of in the round's order. */
void round_begin(struct run *run, const struct round *round);
void round_end(struct run *run);

/* This check of r has its verdict. */
void settle(struct run *run, size_t check);

/* It is a grader fault with this sentence; detail (of several lines) may be NULL. */
__attribute__((format(printf, 4, 5))) void grader_fault(
    struct run *run, size_t check, const char *detail, const char *format, ...);

/* The ids with this between them. */
void round_put_ids(struct text *t, const struct round *round, const char *between);

/*
 * Sets what a judge of these checks needs besides its arguments. Returns 0, or
 * -1 with errno; judge_discard() is due in both cases.
 */
int judge_prepare(struct round *round, struct judge_process *p);
void judge_discard(struct judge_process *p);

/* Everything of the round that is not settled is a grader fault, for the reason p gives. */
void fail_rest(struct round *round, const struct judge_process *p);

/* Have the round judged. Return 0, or -1 with errno. Checks may be left for another round. */
int round_by_cmocka(struct round *round);
int round_by_bats(struct round *round);

#endif
