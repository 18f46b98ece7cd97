/* checks.h - what the files of this judge share. */
#ifndef PREFORK_CHECKS_H
#define PREFORK_CHECKS_H

#include "judge.h"
#include "peer.h"

/* pass_checks.c */
void pass_descriptor(void **state);
void pass_owner(void **state);
void pass_failures(void **state);
void pass_stray(void **state);
void pass_memory(void **state);

/* pool_checks.c */
void pool_serves(void **state);
void pool_serves_on(void **state);
void pool_sleeps(void **state);
void pool_closes(void **state);
void pool_clients(void **state);
void usage(void **state);
void memory(void **state);

/* replace_checks.c */
void pool_replaces(void **state);
void pool_many_die(void **state);
void pool_fork_fails(void **state);
void pool_gives_up(void **state);

/* stop_checks.c */
void pool_stops(void **state);
void pool_any_time(void **state);
void pool_meter(void **state);
void pool_meter_successor(void **state);
void pool_meter_exact(void **state);

/* turn_checks.c */
void select_wakes(void **state);
void file_turn(void **state);
void file_killed(void **state);
void mutex_turn(void **state);
void mutex_killed(void **state);

/* passing_checks.c */
void stream_serves(void **state);
void stream_free(void **state);
void stream_full(void **state);
void stream_holds(void **state);
void datagram_serves(void **state);
void datagram_full(void **state);

/* dying_checks.c */
void stream_dies(void **state);
void stream_stops(void **state);

/* ---- passing_checks.c, for dying_checks.c, too ---------------------------------------------- */

/* Each of n children serves one client, all at the same time. */
void each_serves(struct trial *t, unsigned n);
/* Unix sockets of everybody, and the listening socket. */
void expect_ends(struct trial *t, unsigned n, unsigned of_parent);
/* So many processes hold the socket of this client when everybody rests. */
void expect_holders(struct trial *t, struct peer *p, unsigned n);

/* ---- servers.c: a server with its children, and clients ------------------------------------- */

/*
 * The program at a free port of 127.0.0.1 with n children; whoever waits with a timeout rests, too.
 * It is stopped when it makes far more calls than any check needs: sleeps() says so.
 */
struct trial *server(const char *program, unsigned n);
/* Instead of trial_start(). */
void start(struct trial *t);
/* Starts it, and waits until it sleeps and has n children. */
void serves(struct trial *t, unsigned n);
/* Where the last one listens. */
const char *where(void);

/* Until everybody rests; fails when the server has ended, or does not come to rest. */
void sleeps(struct trial *t);
/* Waits for the end; it must end with this status, leave no process and have waited for all. */
void ends(struct trial *t, int status, const char *key);

/* It ends with this status, or waits for its children, whose end is another check's affair. */
void gives_up(struct trial *t, int status, const char *key);
/* Starts it; a child must exit. What the server does then is another check's affair. */
void a_child_gives_up(struct trial *t);
/* It says what failed, and nothing of clients. */
void expect_not_begun(struct trial *t);
/* A server that lacks what it needs before its first client gives up, and says why. */
void cannot_begin(struct trial *t);
/* The same when a process may have only so many descriptors. */
void begins_with(const char *program, unsigned descriptors);
/* The same when one fcntl() with a socket fails, each that the program calls in its turn. */
void begins_without_fcntl(const char *program);

/* Does the parent have n children, and is none of them a zombie? */
void expect_children(struct trial *t, unsigned n, const char *key);

/* A new client. */
struct peer *client(struct trial *t);
/* Asks for so many bytes and gets them, or the check fails with the key. */
void is_served(struct trial *t, struct peer *p, const char *key);
/* Asks, and gets no answer while everybody rests. */
void asks(struct peer *p, size_t n);
void waits(struct trial *t, struct peer *p, const char *key);
/* The answer to what asks() asked for. */
void gets(struct trial *t, struct peer *p, size_t n, const char *key);
/* The client goes, and the server comes to rest. */
void goes(struct trial *t, struct peer *p);

/* The child that holds the socket of this client; 0 when nobody does, or the parent. */
pid_t server_of(struct trial *t, const struct peer *p);
/* How many processes hold a socket of this client. */
unsigned holders_of(struct trial *t, const struct peer *p);
/* The children now, by pid. Returns how many. */
enum { CHILDREN_MOST = 16 };
unsigned children_now(struct trial *t, pid_t pids[CHILDREN_MOST]);
/* How many children are blocked in this call; *one is one of them. */
unsigned blocked_in(struct trial *t, enum call call, pid_t *one);
/* "1 in accept(), 2 in fcntl()" - where the children are. */
const char *where_children_are(struct trial *t);
/* Kills a child and waits for its end, and until everybody rests. */
void dies(struct trial *t, pid_t child);

/* Sockets a process holds, standard descriptors aside. */
unsigned sockets_of(const struct process *p, enum socket_state state);
/* The listening socket as this process holds it, or NULL. */
const struct descriptor *listener_of(const struct process *p);

#endif
