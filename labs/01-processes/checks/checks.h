/* checks.h - what the files of this judge share. */
#ifndef PROCESSES_CHECKS_H
#define PROCESSES_CHECKS_H

#include "judge.h"

/* children_checks.c */
void every_status(void **state);
void status_by_index(void **state);
void killed_child(void **state);
void all_at_once(void **state);
void leaves_no_zombie(void **state);
void child_stays_child(void **state);
void flushed_once(void **state);
void interrupted_wait(void **state);
void stopped_child(void **state);
void own_children_only(void **state);
void lost_child(void **state);

/* failure_checks.c */
void fork_fails(void **state);
void fork_fails_midway(void **state);
void children_memory(void **state);
void no_memory(void **state);

/* runner_checks.c */
void runner_reports(void **state);
void runner_killed(void **state);
void runner_exec_fails(void **state);
void runner_output_order(void **state);
void runner_waits_for_its_command(void **state);
void runner_fork_fails(void **state);
void runner_gives_up(void **state);

/* ---- words.c --------------------------------------------------------------- */

/* As ending_of(), for an element of status[]: it may also be CHILD_LOST, or never set. */
const char *ending(int status);

/* ---- plan.c: what the children are to do, and how each must end ------------- */

enum { FEWEST = 3, MOST = 6 };

struct plan {
	size_t n;
	char deeds[128];  /* for the probe: see children_probe.c */
	int status[MOST]; /* as waitpid stores it */
};

/* Adds one child. value is the exit status; for 'k' and 'p' the signal that ends it. */
void plan_add(struct plan *p, char deed, int value);

/* Three to six children who all do this deed, with exit statuses that differ, all from the seed. */
struct plan plan_drawn(char deed);

/* Starts the probe's "run"; ask_end() has its answer. */
void plan_begin(struct trial *t, const struct plan *p);

/* Starts the trial, asks for "run" and waits for the answer. */
const struct answer *plan_run(struct trial *t, const struct plan *p);

long long status_at(const struct answer *a, size_t i);

/* Fails unless the children were really made: what did not happen proves nothing without them. */
void expect_started(struct trial *t, size_t n);

/* Fails unless run_children returned 0. */
void expect_success(const struct answer *a, const char *key);

/*
 * Fails unless run_children returned 0 and every planned ending is in status[].
 * At which index is the question of one check only, which asks for in_order.
 */
void expect_statuses(const struct answer *a, const struct plan *p, const char *key);
void expect_in_order(const struct answer *a, const struct plan *p, const char *key);

/* Fails unless run_children returned -1 with this errno. */
void expect_failure(const struct answer *a, int error, const char *key);

/* Waits until everybody is at rest, and returns the process that SIGSTOP has stopped. */
pid_t await_stopped(struct trial *t);

#endif
