/*
 * checks.h - what the files of this judge share.
 */
#ifndef SIGNALS_CHECKS_H
#define SIGNALS_CHECKS_H

#include "judge.h"

/* waiting_checks.c */
void catch_signal_stays(void **state);
void read_retrying_hides_handlers(void **state);
void wait_for_flag_waits(void **state);
void wait_for_flag_loses_nothing(void **state);

/* reaper_checks.c */
void reaper_every_status(void **state);
void reaper_takes_all(void **state);
void reaper_early_end(void **state);
void reaper_wait_loses_no_end(void **state);
void reaper_stopped_child(void **state);
void reaper_keeps_errno(void **state);
void reaper_handler_is_safe(void **state);
void reaper_fork_is_like_fork(void **state);

/* timeout_checks.c */
void timeout_in_time(void **state);
void timeout_ends_program(void **state);
void timeout_early_alarm(void **state);
void timeout_leaves_no_trace(void **state);
void timeout_hands_on_mask(void **state);

/* supervisor_checks.c */
void supervisor_restarts(void **state);
void supervisor_restarts_all(void **state);
void supervisor_stops(void **state);
void supervisor_loses_no_sigterm(void **state);
void supervisor_young_worker(void **state);
void supervisor_fork_fails(void **state);
void supervisor_gives_up(void **state);
void supervisor_clean_start(void **state);
void supervisor_memory(void **state);

/* command_line_checks.c */
void supervisor_command_line(void **state);

/* ---- sleeping.c: asleep, answered, and where ------------------------------------ */

/*
 * Before the start: a program that sleeps a little and looks again will be
 * held at one of its naps, so that await_sleep() can tell it from one that sleeps.
 */
void detect_polling(struct trial *t);

/* Until everybody rests. Fails with "polls" when the first process only naps. */
void await_sleep(struct trial *t);

/* The same, for a program that may also have come to its end: says whether it has. */
bool has_come_to_its_end(struct trial *t);

/*
 * After ask_begin(): until the probe has answered, or sleeps in the student's
 * function where only a signal, a child or some input can wake it.
 */
bool answered(struct trial *t);

/* A call that can be met again by a fault in a second, equal trial. */
struct place {
	enum call call;
	enum fd_kind fd;
	unsigned nth;
};

/* Where the first process sleeps now; everything that one can sleep in is watched. */
void watch_sleeps(struct trial *t);
struct place place_of_sleep(struct trial *t);

/* Puts a signal exactly before the call at this place, after all that the program tested before. */
fault_id signal_before(struct trial *t, struct place place, int signal);

/* ---- words.c ------------------------------------------------------------------------ */

/* As ending_of(), for a status that may never have been stored. */
const char *ending(int status);

/* A signal that is not otherwise used in this lab, drawn from the seed. */
int draw_signal(void);

#endif
