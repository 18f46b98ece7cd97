/* checks.h - what the files of this judge share. */
#ifndef POOL_CHECKS_H
#define POOL_CHECKS_H

#include "judge.h"
#include "peer.h"

/* ready_checks.c */
void ready_serves(void **state);
void ready_tree(void **state);
void ready_again(void **state);
void ready_holds(void **state);
void ready_ends(void **state);
void ready_clients(void **state);

/* deaths_checks.c */
void ready_child_dies(void **state);
void ready_waiting_dies(void **state);
void ready_accept_fails(void **state);
void ready_fork_fails(void **state);
void pool_dies(void **state);
void pool_fails(void **state);

/* stop_checks.c */
void ready_stops(void **state);
void ready_accepted(void **state);
void ready_any_time(void **state);
void pool_stops(void **state);

/* calling_checks.c */
void ready_orphans(void **state);
void ready_session(void **state);
void ready_returns(void **state);
void pool_orphans(void **state);
void pool_session(void **state);

/* pool_checks.c */
void pool_serves(void **state);
void pool_starts(void **state);
void pool_grows(void **state);
void pool_limit(void **state);
void pool_shrinks(void **state);
void pool_told(void **state);
void pool_holds(void **state);

/* program_checks.c */
void says_ready(void **state);
void usage(void **state);
void pool_bounds(void **state);
void memory(void **state);

/* ---- servers.c: a server with its processes, and clients ------------------------------------ */

/* preforkd with n, or poolpreforkd with these numbers, at a free port of 127.0.0.1. */
struct trial *readies(unsigned n);
struct trial *pool(unsigned min, unsigned max, unsigned total);
/*
 * Whoever waits with a timeout rests, too. The trial is stopped when a process makes far more
 * calls than any check needs: sleeps() says so. For trials that are not made by the two above.
 */
void be_patient(struct trial *t);
/* Instead of trial_start(): starts it, and waits until it listens and sleeps. */
void begins(struct trial *t);
/* It listens already: remembers where. The server is this process; 0: the first one. */
void listens(struct trial *t, pid_t server);
/* Where somebody may sleep until a signal comes. */
enum { SIGNAL_SLEEPS = 4 };
extern const enum call signal_sleeps[SIGNAL_SLEEPS];
/* Where the last one listens. */
const char *where(void);
/*
 * So many waited for a client when it first came to rest. Whether that is the right number one
 * check asks; the others expect this one, so that one too few costs little.
 */
unsigned at_first(void);

/* Until everybody rests; fails when the server has ended, or does not come to rest. */
void sleeps(struct trial *t);
/* Waits for the end; it must end with this status, leave no process and have waited for all. */
void ends(struct trial *t, int status, const char *key);

/* ---- who is there --------------------------------------------------------------------------- */

struct census {
	unsigned all;      /* that live, the server among them */
	unsigned below;    /* children of the server: children or workers */
	unsigned sessions; /* that hold a connection */
	unsigned waiting;  /* that hold the listening socket and no connection, and wait for clients
			      (a child of preforkd has this below it) */
	unsigned zombies;
	unsigned listening; /* that hold the listening socket */
	unsigned timed;     /* that will wake by themselves */
};

struct census count_all(struct trial *t);
/* Is this process one that waits for a client? */
bool is_waiting(const struct look *now, const struct process *p);
/* preforkd rests: n children, one process that waits below each, so many sessions, no zombie. */
void expect_ready(struct trial *t, unsigned n, unsigned sessions, const char *key);
/* poolpreforkd rests: so many workers are idle, so many busy, no zombie. */
void expect_pool(struct trial *t, unsigned idle, unsigned busy, const char *key);
/* So many processes have been made since the start. */
void expect_forks(struct trial *t, unsigned n, const char *key);
/* Descriptors that are open in all processes together. */
size_t open_in_all(struct trial *t);

/* A client is served, twice, and somebody else than the server has its connection. */
void is_served_below(struct trial *t);
/* The process that holds the connection of this client; 0: nobody. */
pid_t server_of(struct trial *t, const struct peer *p);
unsigned holders_of(struct trial *t, const struct peer *p);
/* One that waits for a client, the i-th from 0. */
pid_t waiting_one(struct trial *t, unsigned i);
/* The i-th child of the server, from 0, by pid. */
pid_t child_of_server(struct trial *t, unsigned i);
pid_t parent_of(struct trial *t, pid_t pid);

/* Sends it a signal that ends it, and waits for its end and until everybody rests. */
void dies(struct trial *t, pid_t pid, int signal);
/* The server is stopped and goes on: what happens in between comes at once. */
void stops_for_now(struct trial *t, pid_t pid);
void goes_on(struct trial *t, pid_t pid);

/* ---- clients -------------------------------------------------------------------------------- */

struct peer *client(struct trial *t);
/* Asks for so many bytes and gets them, or the check fails with the key. */
void is_served(struct trial *t, struct peer *p, const char *key);
/* A new client, and it is served; then everybody rests. */
struct peer *next_is_served(struct trial *t, const char *key);
/* Asks, and gets no answer while everybody rests. */
void waits(struct trial *t, struct peer *p, const char *key);
/* Of the PAUSE_S seconds of a pause one is over, and it still waits. The others are for busy
 * machines. */
void waits_on(struct trial *t, struct peer *p, const char *key);
/* The answer to what waits() has asked for. */
void gets(struct trial *t, struct peer *p, const char *key);
/* The client goes, and the server comes to rest. */
void goes(struct trial *t, struct peer *p);
/*
 * Of n clients the one goes whose worker was made first; its place in the array takes the last one.
 * Now this worker is idle, and the others, which are younger, are busy: an end of its channel that
 * one of them has kept is an end that stays open.
 */
void eldest_goes(struct trial *t, struct peer *p[], unsigned n);
/* Nobody listens. */
void expect_refused(struct trial *t, const char *key);

/* ---- moments -------------------------------------------------------------------------------- */

/* From the start on whoever has accepted is held before it knows. */
fault_id hold_accepted(struct trial *t);
/* Until somebody is held who has the connection of this client. Returns that process. */
pid_t await_accepted(struct trial *t, fault_id hold, struct peer *p);
/*
 * From the start on whoever wants to accept is held before: then all have come who wait for
 * clients, and go on together. One of them gets the client, and all others are late.
 */
fault_id hold_accepting(struct trial *t);
void all_go_on(struct trial *t, fault_id hold);
/* A new client is served, and not by this one, whoever else is faster. */
struct peer *another_serves(struct trial *t, pid_t one, const char *key);
/* accept() fails with this error: the first to the last; so many are for ever. */
enum { FAILURES = 30 };
void accept_fails(struct trial *t, unsigned last, int error);

#endif
