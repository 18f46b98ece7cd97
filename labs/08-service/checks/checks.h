/* checks.h - what the files of this judge share. */
#ifndef SERVICE_CHECKS_H
#define SERVICE_CHECKS_H

#include "judge.h"
#include "peer.h"

/* service_checks.c */
void service_serves(void **state);
void service_side_by_side(void **state);
void service_ready(void **state);
void service_parent_closes(void **state);
void service_child_closes(void **state);
void service_crash(void **state);
void service_exit(void **state);
void service_inherits(void **state);
void service_returns(void **state);
void service_opening(void **state);

/* ended_checks.c */
void service_no_zombie(void **state);
void service_many_end(void **state);
void service_ends_then(void **state);
void service_counts(void **state);

/* failing_checks.c */
void service_interrupted(void **state);
void service_accept(void **state);
void service_crowded(void **state);
void service_no_process(void **state);
void threaded_failures(void **state);

/* threaded_checks.c */
void threaded_serves(void **state);
void threaded_side_by_side(void **state);
void threaded_own(void **state);
void threaded_ends(void **state);
void threaded_signals(void **state);
void threaded_returns(void **state);

/* cputime_checks.c */
void cputime_lines(void **state);
void cputime_digits(void **state);
void cputime_safe(void **state);
/* Takes a line of CPU_SELF's or CPU_CHILDREN's kind apart; microseconds. False: it is none. */
bool cpu_line(const char *line, const char *format, long long *user, long long *system);
/* The line after this one, or NULL. */
const char *line_after(const char *text);

/* web_checks.c */
void web_serves(void **state);
void web_at_once(void **state);
void web_sigint(void **state);
void web_usage(void **state);
void web_memory(void **state);

/* ---- clients.c: how a check talks with a probe's server ------------------------------- */

/* Starts the trial of a probe and asks it to serve at a free port. */
void start_serving(struct trial *t);
/* The same of a new trial of this program. */
struct trial *serving(const char *program);
/* Its argv, as text: what a session answers to "words". */
const char *server_words(void);
/* The line with which it says where it listens. */
const char *server_line(void);
/* Asks the probe, which has been started, to serve. */
void serve_now(struct trial *t);

/* A new client; a server that has ended fails the check with the key. */
struct peer *client(struct trial *t, const char *key);
/* A client comes, and it does not matter what becomes of it. */
void knocks(struct trial *t);
/* The session does what the line says, and answers with this line. */
void asks(struct trial *t, struct peer *p, const char *line, const char *answer, const char *key);
/* A text that nobody can know comes back. */
void is_served(struct trial *t, struct peer *p, const char *key);
/* A new client is served: the server lives. It stays. */
struct peer *next_is_served(struct trial *t, const char *key);
/* The server ends the connection, and nothing had come before. */
void is_ended(struct trial *t, struct peer *p, const char *key, const char *expected);
/* Its session ends; that the connection does as well is the business of is_ended(). */
void leaves(struct trial *t, struct peer *p, const char *key);

/* Until everybody rests; a server that has returned fails the check with the key. */
void rests(struct trial *t, const char *key);

/* The server has no child that has ended and was not waited for. */
void expect_no_zombie(struct trial *t, const char *key);
/* Processes of sessions, those that have ended and were not waited for among them. */
size_t sessions(struct trial *t);
/* The i-th of them, by pid, from 0. */
const struct process *session(struct trial *t, size_t i);
/* How many sockets of this kind a process holds. */
size_t sockets(const struct process *p, enum socket_state state);

/* accept() fails: the nth to the last of them, with this error. Returns the first one's fault. */
fault_id accept_fails(struct trial *t, unsigned nth, unsigned last, int error);

#endif
