/* checks.h - what the files of this judge share. */
#ifndef LOCKSET_CHECKS_H
#define LOCKSET_CHECKS_H

#include "judge.h"

#include <errno.h>
#include <signal.h>

/* names_checks.c */
void lm_init_begins(void **state);
void file_holds_name(void **state);
void session_names(void **state);
void lock_names(void **state);
void name_taken(void **state);
void name_race(void **state);

/* lock_checks.c */
void lock_taken(void **state);
void lock_is_a_link(void **state);
void stat_tells(void **state);
void lock_held(void **state);
void lock_own(void **state);
void one_winner(void **state);
void holder_whole(void **state);
void release_gives(void **state);
void release_foreign(void **state);

/* wait_checks.c */
void lock_waits(void **state);
void no_busy_wait(void **state);
void no_lost_release(void **state);
void many_wait(void **state);
void waits_through_signals(void **state);

/* dead_checks.c */
void dead_holder(void **state);
void dead_name(void **state);
void dead_again(void **state);
void dead_stat(void **state);
void dead_while_waiting(void **state);
void alive_kept(void **state);
void one_thief(void **state);
void killed_anywhere(void **state);

/* beginning_checks.c */
void init_fails(void **state);

/* failing_checks.c */
void lock_fails(void **state);
void release_fails(void **state);
void stat_fails(void **state);
void dead_fails(void **state);
void free_fails(void **state);

/* waiting_checks.c */
void wait_fails(void **state);

/* free_checks.c */
void free_releases(void **state);
void free_in_order(void **state);
void descriptors(void **state);
void memory(void **state);

/* ---- common.c: sessions and their steps -------------------------------------------------- */

/* MOST_FAULTS: so many may a check have in one trial, besides those of common.c. */
enum { SESSIONS = 8, MOST_FAULTS = 40 };

/* A directory "d", empty, and nobody there yet. The trial has the check's clock. */
struct trial *directory(void);
/* The same in two steps, for a trial that watches more. */
struct trial *prepared(void);
/* For sessions that may have to look for a long time: only who makes far more calls is stopped. */
struct trial *prepared_patiently(void);
void start(struct trial *t);

/* A new process, number i from 0, without a session. */
pid_t newcomer(struct trial *t, int i);
/* The same, and lm_init() gives it a session of this name. */
pid_t session(struct trial *t, int i, const char *name);
/* Its pid, as newcomer() returned it last. */
pid_t pid_of_session(int i);

/* The name of the function that a step calls. */
const char *function_of(const char *verb);
/* A step begins: "init", "stat", "lock", "try", "release", "free"; and "handle",
 * "lend", "starve", "room", see the probe. */
void tell(struct trial *t, int i, const char *verb, const char *name);
/* Until everybody rests, or is stopped because it makes calls without end. */
void rests(struct trial *t);
/* Nobody has been stopped for that: "busy". */
void expect_sleeps(struct trial *t);
/*
 * Who is stopped for that in a step goes on a few times, or does not: while every call of a kind
 * fails nobody could stop it again.
 */
void give_turns(bool give);
/* Has its step come back, and with what? NULL: it has not, and everybody rests. */
const struct answer *heard(struct trial *t, int i);

/* A step, which must come back at once: "stuck". */
const struct answer *step(struct trial *t, int i, const char *verb, const char *name);
/* The same, and it must succeed, or fail with this errno. */
void succeeds(struct trial *t, int i, const char *verb, const char *name, const char *key);
void refused(
    struct trial *t, int i, const char *verb, const char *name, int error, const char *key);
/* lm_init() in another directory fails. */
void refused_in(
    struct trial *t, int i, const char *name, const char *dir, int error, const char *key);
/* Did the step succeed; what it returned, in words. */
bool is_success(const struct answer *a);
const char *returned(const struct answer *a);
/* What has been heard must be a success. */
void succeeded(const struct answer *a, const char *verb, const char *key);
/* The step of this session is not over: it waits. */
void still_waits(struct trial *t, int i, const char *key);
/* It has come back, at the latest after LM_NOTICE_MS, and it has the lock. */
void has_it_in_time(struct trial *t, int i, const char *key, const char *expected);

/* lm_stat() by session i says that this one has the lock, or nobody (""). */
void tells_holder(struct trial *t, int i, const char *lock, const char *holder, const char *key);

/*
 * Session i gives the lock back, and d/l.LOCK is gone: whether lm_release removes it, and what it
 * returns, is another check's business.
 */
void gives_back(struct trial *t, int i, const char *lock);

/* How many its process has open, now. */
size_t descriptors_of(struct trial *t, int i);

/* SIGKILL; nobody waits for it. */
void dies(struct trial *t, int i);

/* ---- files.c: what the kernel says ------------------------------------------------------- */

/* d/u.NAME holds this name, no more and no less. */
void holds_name(struct trial *t, const char *name);
/* It holds the whole name; a NUL or a newline behind it is another check's business. */
void begins_with_name(struct trial *t, const char *name);
/* The kernel's word: the inode of d/PREFIXNAME, 0 when there is none. */
long long inode_of(struct trial *t, const char *prefix, const char *name);
/*
 * d/l.LOCK is a link to d/u.NAME: "link". Other checks are content when it is so, or when the
 * sessions do not make any links and d/l.LOCK says NAME.
 */
void hard_linked(struct trial *t, const char *lock, const char *name);
bool is_linked(struct trial *t, const char *lock, const char *name);
void linked(struct trial *t, const char *lock, const char *name, const char *key);
/* There is no d/l.LOCK. */
void not_linked(struct trial *t, const char *lock, const char *key);
/* The names in the directory, those with a dot among them only when dots is true. */
const char *names_in(struct trial *t, bool dots);

/* ---- common.c: sessions that are stopped -------------------------------------------------- */

/*
 * Calls at which a session is stopped. Session i begins the step and stands before (HOLD_BEFORE) or
 * behind its k-th call of this kind; false when it does not come that far: it has come back or
 * waits. goes_on() must follow in both cases.
 */
struct door {
	enum call call;
	enum fd_kind fd;
};
extern const struct door doors[];
extern const size_t n_doors;
/* The trial if it has room for n more stops, else another one, prepared by set (NULL: not). */
struct trial *with_stops(struct trial *t, unsigned n, void (*set)(struct trial *t));
bool stands_at(struct trial *t, int i, const char *verb, const char *name, const struct door *door,
    unsigned k, enum fault_action action);
void goes_on(struct trial *t);
/* "before the 2nd call of link()", for messages. */
const char *where_it_stood(void);

/* A name of so many letters, digits and so on. */
const char *some_name(size_t n);

#endif
