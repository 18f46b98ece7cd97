/* checks.h - what the files of this judge share. */
#ifndef LOCKSET_CHECKS_H
#define LOCKSET_CHECKS_H

#include "judge.h"

#include <errno.h>
#include <signal.h>

/* names_checks.c */
void session_file(void **state);
void session_names(void **state);
void lock_names(void **state);
void name_taken(void **state);
void name_race(void **state);

/* lock_checks.c */
void lock_taken(void **state);
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
void dead_while_waiting(void **state);
void alive_kept(void **state);
void one_thief(void **state);
void killed_anywhere(void **state);

/* beginning_checks.c */
void init_fails(void **state);

/* failing_checks.c */
void call_fails(void **state);
void wait_fails(void **state);
void dead_fails(void **state);

/* free_checks.c */
void free_releases(void **state);
void free_in_order(void **state);
void descriptors(void **state);
void memory(void **state);

/* ---- common.c: sessions and their steps -------------------------------------------------- */

enum { SESSIONS = 8 };

/* A directory "d", empty, and nobody there yet. The trial has the check's clock. */
struct trial *directory(void);
/* The same in two steps, for a trial that watches more. */
struct trial *prepared(void);
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
/* Until everybody rests; a session that makes calls without end fails the check. */
void rests(struct trial *t);
/* Once everybody rests: has its step come back, and with what? NULL: not yet. */
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

/* d/u.NAME holds this name, no more and no less. */
void holds_name(struct trial *t, const char *name);
/* The kernel's word: the inode of d/PREFIXNAME, 0 when there is none. */
long long inode_of(struct trial *t, const char *prefix, const char *name);
/* d/l.LOCK is a link to d/u.NAME; or there is none. */
void linked(struct trial *t, const char *lock, const char *name, const char *key);
void not_linked(struct trial *t, const char *lock, const char *key);
/* The names in the directory, those with a dot among them only when dots is true. */
const char *names_in(struct trial *t, bool dots);

/* How many its process has open, now. */
size_t descriptors_of(struct trial *t, int i);

/* SIGKILL; nobody waits for it. */
void dies(struct trial *t, int i);

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
bool stands_at(struct trial *t, int i, const char *verb, const char *name, const struct door *door,
    unsigned k, enum fault_action action);
void goes_on(struct trial *t);
/* "before the 2nd call of link()", for messages. */
const char *where_it_stood(void);

/* A name of so many letters, digits and so on. */
const char *some_name(size_t n);

#endif
