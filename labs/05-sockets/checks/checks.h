/* checks.h - what the files of this judge share. */
#ifndef SOCKETS_CHECKS_H
#define SOCKETS_CHECKS_H

#include "answers.h"
#include "judge.h"
#include "peer.h"

/* hostport_checks.c */
void hostport_names(void **state);
void hostport_ipv6(void **state);
void hostport_bad(void **state);
void hostport_limits(void **state);
void hostport_memory(void **state);

/* net_checks.c */
void listen_on_address(void **state);
void listen_next(void **state);
void listen_again(void **state);
void connect_to_address(void **state);
void connect_next(void **state);
void connect_interrupted(void **state);
void own_address(void **state);
void net_memory(void **state);

/* lines_checks.c */
void line_by_line(void **state);
void line_in_pieces(void **state);
void line_too_long(void **state);
void line_any_bytes(void **state);
void write_all_bytes(void **state);
void lines_memory(void **state);

/* server_checks.c */
void server_answers(void **state);
void server_cut(void **state);
void server_bad_counts(void **state);
void server_vanished(void **state);
void server_accept(void **state);
void server_ends(void **state);
void server_memory(void **state);

/* client_checks.c */
void client_turns(void **state);
void client_failures(void **state);
void stream_half_close(void **state);
void stream_both_ways(void **state);
void client_memory(void **state);

/* program_checks.c */
void command_lines(void **state);

/* patience_checks.c */
void connect_within_limit(void **state);
void connect_gives_up(void **state);
void udp_answers(void **state);
void udp_lost(void **state);
void udp_others(void **state);
void udp_interrupted(void **state);
void patience_memory(void **state);

/* ---- common.c -------------------------------------------------------------------- */

/* The next poll() and the next select() fail; who waits with another call is not asked. */
struct failing_wait {
	fault_id poll, select;
};
struct failing_wait next_wait_fails(struct trial *t, int error);
bool wait_has_failed(struct trial *t, struct failing_wait wait);

/* The port of "127.0.0.1:4711", as a word for ask(). */
const char *port_of(const char *address);

/* How many sockets the first process holds now. */
size_t sockets_open(struct trial *t);

/* Fails unless the first process holds n of them. */
void expect_sockets(struct trial *t, size_t n, const char *key);

/* Fails unless the first process ends with this status, and says so on standard error. */
void expect_ends(struct trial *t, int status, const char *key);

#endif
