/*
 * answers.h - a function of the student's that a probe calls: has it come back,
 * and with what?
 *
 * For checks that include it; a judge that means something else by these names
 * does not. Sentences are the grader's own, keys are the lab's.
 */
#ifndef GABEL_JUDGE_ANSWERS_H
#define GABEL_JUDGE_ANSWERS_H

#include "trial.h"

/*
 * After ask_begin(), until everybody rests (await_quiet()): has the function come
 * back to the probe? Then ask_end() does not wait.
 */
bool answered(struct trial *t);

/* The answer, or a failure that says where everybody waits instead. */
const struct answer *answer_or(struct trial *t, const char *key, const char *expected);

/* It has not come back; an answer now is a failure that says what came. */
void expect_asleep(struct trial *t, const char *key, const char *expected);

/* The fields "result" and "errno" of an answer, for a function of this name: what it returns, and
 * that it fails with -1 and this errno. */
void expect_result(const struct answer *a, const char *name, long long result, const char *key);
void expect_failure(const struct answer *a, const char *name, int error, const char *key);

#endif
