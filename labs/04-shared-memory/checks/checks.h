/* checks.h - what the files of this judge share. */
#ifndef SHARED_MEMORY_CHECKS_H
#define SHARED_MEMORY_CHECKS_H

#include "answers.h"
#include "judge.h"

/* meter_checks.c */
void meter_shared(void **state);
void meter_freed(void **state);
void metered_run(void **state);
void metered_together(void **state);
void metered_waits(void **state);
void metered_cannot_start(void **state);
void metered_any_order(void **state);
void meter_memory(void **state);

/* total_checks.c */
void total_adds(void **state);
void total_any_order(void **state);

/* handover_checks.c */
void handover_arrives(void **state);
void handover_early(void **state);
void handover_at_the_door(void **state);
void handover_message_first(void **state);
void handover_signal_alone(void **state);
void handover_mask(void **state);
void handover_refuses(void **state);

/* ring_checks.c */
void ring_in_order(void **state);
void ring_empty_waits(void **state);
void ring_full_waits(void **state);
void ring_stolen_item(void **state);
void ring_stolen_place(void **state);
void ring_every_item(void **state);
void ring_any_order(void **state);
void ring_closed(void **state);
void ring_refuses(void **state);

/* death_checks.c */
void ring_owner_dies(void **state);
void ring_dies_while_waking(void **state);

/* belt_checks.c */
void belt_in_order(void **state);
void belt_waits(void **state);
void belt_any_order(void **state);
void belt_interrupted(void **state);

/* ---- queue.c: what ring and belt have in common; both have a probe of queue_probe.h ---- */

/* What workers have written, in words. */
const char *said(const char *lines);

/* A queue with so many places: "new". The names are those of the student's functions. */
void new_queue(struct trial *t, const char *name, long long places);

/* The first process puts and takes, which must not sleep, nor fail. */
void put_item(struct trial *t, long long item, const char *key);
void take_item(struct trial *t, long long item, const char *key);

/* Items go round and round, in order. Both bounds of the number of places, and its memory. */
void goes_in_order(const char *program);
void refuses_places(const char *program, const char *name, long long most);

/* The first process sleeps in take until a worker puts, and in put until a worker takes. */
void sleeps_while_empty(const char *program);
void sleeps_while_full(const char *program);

/* Two workers at once, in every order: "p1" and "p2"; "t" and "t"; "p1" and "t". */
void two_put(const char *program, const char *name);
void two_take(const char *program, const char *name);
void one_puts_one_takes(const char *program, const char *name, long long places);

/* ---- common.c ------------------------------------------------------------------------ */

/* The first process as it is; the check fails if it is gone. */
const struct process *first_now(struct trial *t);

/* "name fails with errno ...": failure is -1, or 0 for a pointer that is NULL. */
void expect_failed(
    const struct answer *a, const char *name, long long failure, int error, const char *key);

/* The probe's verb "new": fails unless the student's function returned memory. */
void expect_new(const struct answer *a, const char *name);

/* Memory of the first process that is mapped shared and writable: how many pieces. */
unsigned shared_now(struct trial *t);

/* A worker of the probe (workers.h) that does this. Returns its pid. */
pid_t worker(struct trial *t, const char *word);

/* The same, but it begins only when the hold that is returned is released. */
fault_id late_worker(struct trial *t, const char *word);

/* Until the n-th worker has ended, or everybody sleeps: has it? */
bool workers_ended(struct trial *t, unsigned n);

/* How many of these lines the workers have written. */
unsigned lines(struct trial *t, const char *line);

/* The next mapping of shared memory by the first process fails. The trial watches CALL_MMAP. */
void mapping_fails(struct trial *t);
/*
 * What is there is given back, and munmap() fails: then the result says so. There may be ways that
 * need no munmap(). Needs trial_watch(t, CALL_UNMAP).
 */
void free_tells_failure(struct trial *t, const char *name);

#endif
