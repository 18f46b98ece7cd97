/* checks.h - what the files of this judge share. */
#ifndef POLL_CHECKS_H
#define POLL_CHECKS_H

#include "judge.h"
#include "peer.h"

/* queue_checks.c */
void queue_order(void **state);
void queue_full_descriptor(void **state);
void queue_short_writes(void **state);
void queue_bound(void **state);
void queue_failures(void **state);
void queue_memory(void **state);

/* lines_checks.c */
void lines_split(void **state);
void lines_too_long(void **state);
void lines_read_once(void **state);
void lines_memory(void **state);

/* echo_checks.c */
void echo_lines(void **state);
void echo_bytes(void **state);
void echo_pieces(void **state);
void echo_nonblocking(void **state);
void echo_sleeps(void **state);
void echo_slow_reader(void **state);
void echo_half_close(void **state);
void echo_too_long(void **state);
void echo_interrupted(void **state);
void echo_sigterm(void **state);
void usage(void **state);
void bus_usage(void **state);

/* clients_checks.c */
void echo_hangups(void **state);
void echo_many(void **state);
void echo_accept(void **state);
void echo_no_descriptors(void **state);

/* bus_checks.c */
void bus_names(void **state);
void bus_name_rules(void **state);
void bus_publish(void **state);
void bus_send(void **state);
void bus_leaves(void **state);
void bus_bad_lines(void **state);
void bus_memory(void **state);

/* starved_checks.c */
void without_memory(void **state);

/* slow_checks.c */
void bus_slow(void **state);
void bus_slow_leaves(void **state);
void bus_burst(void **state);
void bus_own_answers(void **state);

/* ---- clients.c: how a check talks with a server ------------------------------------- */

/*
 * The program, at a free port of 127.0.0.1. Whoever waits with a timeout rests as well: that no
 * server should is the business of one check.
 */
struct trial *server(const char *program);
/* Starts it; clients connect to where it listens. When it makes far too many calls, it is stopped,
 * as may_call() says. */
struct trial *serving(const char *program);
/* The same of a trial that was prepared already. */
void start_serving(struct trial *t);
/* Where the last one that was started listens. */
const char *where(void);

/* A new client. */
struct peer *client(struct trial *t);
/* A new client that does not read, with little room on its way. */
struct peer *slow_client(struct trial *t);
/* So many lines of LINES_LONGEST bytes come from it at once. */
void floods(struct peer *p, size_t lines);

/* Sends a text; when the server takes no more, the check fails with the key. */
void say(struct trial *t, struct peer *p, const char *text, const char *key);

/* The next line; NULL when none comes although everybody rests, or as rests(). */
const char *next_line(struct trial *t, struct peer *p);
/* The next line must be this one, or the check fails with the key; or with why the server is
 * gone or waits in a wrong place. */
void hears(struct trial *t, struct peer *p, const char *line, const char *key);
/* Nothing more has come, although everybody rests. */
void hears_nothing(struct trial *t, struct peer *p, const char *key);
/* The connection is ended by the server. */
void is_put_out(struct trial *t, struct peer *p, const char *key);
/* It says the line, and hears the answer. */
void asks(struct trial *t, struct peer *p, const char *line, const char *answer, const char *key);

/*
 * Until everybody rests; a server that has ended, or waits in a wrong place, fails the check. One
 * that never sleeps does not: it is let go on for a while, and has done then what came before.
 */
void rests(struct trial *t);
/* Before the program is to end: one that never sleeps is not stopped any more. */
void let_go(struct trial *t);

/*
 * Before start_serving(): the server is stopped at its n-th call of a family that a sleeping
 * server does not make. sleeps() fails with the key when it had to be stopped.
 */
void may_call(struct trial *t, unsigned n);
void sleeps(struct trial *t, const char *key, const char *expected);

/* How many connected sockets the server holds. */
size_t connections(struct trial *t);

#endif
