/*
 * fault_words.h - faults and limits as a shell writes them.
 *
 *	fail:fork:2:EAGAIN       the 2nd fork() fails with EAGAIN
 *	cut:read:1:3             the 1st read() moves at most 3 bytes
 *	interrupt:wait:1:USR1    SIGUSR1 comes as the 1st wait begins
 *	before:pause:1:TERM      SIGTERM is taken exactly before the 1st pause()
 *	swallow:CHLD             SIGCHLD never arrives
 *
 * 0 in place of a number means every one of these calls. Words after a comma
 * narrow it down: first or descendants (who), file, pipe, fifo, socket, tty or
 * device (what the descriptor is), each (counted in each process by itself),
 * optional (the program need not come by): "cut:read:1:3,pipe,descendants".
 *
 * Holds are for judges in C: a shell cannot act meanwhile.
 */
#ifndef GABEL_JUDGE_FAULT_WORDS_H
#define GABEL_JUDGE_FAULT_WORDS_H

#include "trial.h"

/* Returns NULL, or what is wrong with the words, in English, for the author of a test. */
const char *fault_from_words(const char *words, struct fault *fault);

/* "cpu-ms=2000", the names of lab.yaml. Returns as above. */
const char *limit_from_words(const char *words, enum limit *limit, uint64_t *value);

/* "TERM" or "SIGTERM" or "15"; 0 when it is none. "EAGAIN"; 0 when it is none. */
int signal_from_word(const char *word);
int error_from_word(const char *word);

#endif
