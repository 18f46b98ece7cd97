/* checks.h - what the files of this judge share. */
#ifndef MUTEXD_CHECKS_H
#define MUTEXD_CHECKS_H

#include "judge.h"
#include "peer.h"

/* hello_checks.c */
void greets(void **state);
void first_line(void **state);
void names(void **state);
void name_taken(void **state);

/* lock_checks.c */
void stat_tells(void **state);
void locks(void **state);
void releases(void **state);
void not_yours(void **state);
void unknown(void **state);
void lock_names(void **state);

/* wait_checks.c */
void waits(void **state);
void waiting_told(void **state);
void handover(void **state);
void no_busy_wait(void **state);
void ahead(void **state);
void bounded(void **state);

/* end_checks.c */
void ended(void **state);
void cancelled(void **state);
void gone(void **state);
void leaves_nothing(void **state);

/* lines_checks.c */
void pieces(void **state);
void too_long(void **state);
void stalled(void **state);

/* stop_checks.c */
void stops(void **state);
void stops_sessions(void **state);
void stops_anywhere(void **state);
void directory(void **state);
void command_line(void **state);

/* client_checks.c */
void mxp_runs(void **state);
void mxp_status(void **state);
void mxp_refused(void **state);
void mxp_alone(void **state);
void memory(void **state);

/* ---- talk.c: how a check talks with the daemon --------------------------------------------- */

/*
 * The daemon, at a free port of 127.0.0.1, with the directory in which it is started. The trial
 * has the check's clock: whoever waits with a timeout rests.
 */
struct trial *prepared(void);
/* The daemon without the check's clock, and without what stops a session that spins. */
struct trial *unwatched(void);
/* Starts it; clients connect to where it listens. */
void start(struct trial *t);
/* Both. */
struct trial *serving(void);
/* Where the last one that was started listens. */
const char *where(void);

/* Until everybody rests; a daemon that has ended, or a session that spins, fails the check. */
void rests(struct trial *t);

/* A client that has connected, and no more. */
struct peer *client(struct trial *t);
/*
 * One that has the lock of its own name, asks and asks, and does not read: until its session can
 * say no more. For a trial of unwatched().
 */
struct peer *stalls(struct trial *t, const char *name);
/* That one reads again, and its session says what is left to say. */
void goes_on(struct trial *t, struct peer *p);
/* One that is let in under this name; what it hears at that is the business of one check. */
struct peer *joins(struct trial *t, const char *name);
/* The same, and it has a lock. */
struct peer *holds(struct trial *t, const char *name, const char *lock);
/* The same, and it asks for a lock that another one has. */
struct peer *waits_for(struct trial *t, const char *name, const char *lock);

/* The next line must be this one. */
void hears(struct trial *t, struct peer *p, const char *line, const char *key);
/* The next line must begin with F. */
void hears_failure(struct trial *t, struct peer *p, const char *key);
/* It says the line, and hears the answer, or a failure. */
void asks(struct trial *t, struct peer *p, const char *line, const char *answer, const char *key);
void asks_in_vain(struct trial *t, struct peer *p, const char *line, const char *key);
/* Nothing more has come, although everybody rests; its connection may have ended. */
void hears_no_more(struct trial *t, struct peer *p, const char *key);
/* The same, and its connection is open. */
void hears_nothing(struct trial *t, struct peer *p, const char *key);
/* The daemon ends the connection, and nothing more has come before. */
void is_let_go(struct trial *t, struct peer *p, const char *key);

/* It has no answer yet, but for "C waiting". */
void still_waits(struct trial *t, struct peer *p, const char *key);
/*
 * It hears "S locked"; "C waiting" before is passed over. How soon is the business of one check:
 * here it may take ten times as long.
 */
void gets_lock(struct trial *t, struct peer *p, const char *key);
/* It hears F, and perhaps "C waiting" before. */
void waits_in_vain(struct trial *t, struct peer *p, const char *key);

/* What the lock set says, without the daemon: the session of this name holds the lock. */
void held_by(struct trial *t, const char *lock, const char *name, const char *key);
/* p takes the lock, which is free; nobody else asks for it after that. */
void is_free(struct trial *t, struct peer *p, const char *lock, const char *key);
/*
 * p gives the lock back, and goes: that one of the two is enough is the business of two checks. In
 * all others the lock is free after it, whichever of them a daemon has forgotten.
 */
void lets_go(struct trial *t, struct peer *p, const char *lock);

/* The process of this client's session, or NULL. */
const struct process *session_of(struct trial *t, struct peer *p);

/* Is there a file of a session, "u.", or of a lock, "l.", in the directory? */
bool has_file(struct trial *t, const char *prefix, const char *name);
void no_file(struct trial *t, const char *prefix, const char *name, const char *key);

/* SIGTERM ends the daemon, with all its processes; its status is the business of one check. */
void is_stopped(struct trial *t, const char *key);
/* The same, when the signal has been sent already. */
void has_stopped(struct trial *t, const char *key);

/* It has been told to end, and its first process does. */
void must_end(struct trial *t, const char *key);

/* SIGKILL for the process of this client's session. */
void is_killed(struct trial *t, struct peer *p, const char *key);

/* No session's process has been killed by a signal. */
void refute_killed(struct trial *t, const char *key);

#endif
