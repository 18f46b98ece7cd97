/* checks.h - what the files of this judge share. */
#ifndef SELECT_CHECKS_H
#define SELECT_CHECKS_H

#include "judge.h"
#include "peer.h"

/* timeouts_checks.c */
void timeout_order(void **state);
void timeout_equal(void **state);
void timeout_removed(void **state);
void timeout_is_due(void **state);
void timeout_is_left(void **state);

/* lines_checks.c: what is said, and who hears it */
void chat_echo(void **state);
void chat_everybody(void **state);
void chat_pieces(void **state);
void chat_half_line(void **state);
void chat_long_lines(void **state);
void chat_any_bytes(void **state);
void chat_short_writes(void **state);

/* clients_checks.c: who comes, who goes, who does not read */
void chat_come_and_go(void **state);
void chat_nobody_waits(void **state);
void chat_slow_reader(void **state);
void chat_resets(void **state);
void chat_same_round(void **state);
void accept_gone(void **state);
void accept_full(void **state);
void fd_setsize(void **state);

/* waiting_checks.c: how it waits, and how it ends */
void chat_interrupted(void **state);
void chat_no_busy_waiting(void **state);
void idle_goes(void **state);
void idle_renewed(void **state);
void idle_left(void **state);
void sigterm_ends(void **state);
void sigterm_not_lost(void **state);
void chat_leaves_nothing(void **state);
void chat_memory(void **state);
void chatd_usage(void **state);

/* ---- room.c: a server with its clients ---------------------------------------------- */

enum { IDLE_FOR_EVER = 1000000, MANY_CLIENTS = 32 };

struct room {
	struct trial *t;
	const char *address; /* where the server listens */
	size_t n;            /* clients that have come, the ones that are gone included */
	struct peer *clients[MANY_CLIENTS]; /* number i + 1 is clients[i] */
	bool numbers_count;                 /* a line under another number is another line */
	bool probed;                        /* the probe serves, not the program chatd */
	bool gone[MANY_CLIENTS];            /* of whom nothing more is to be asked */
};

/* The program chatd with the check's clock, not started yet. */
struct room *room(long idle);
/* The same without a word about how long a client may be silent. */
struct room *room_of_usual_idle(void);
/* The same as room() under valgrind, where there is no such clock. */
struct room *room_without_clock(long idle);
/* Starts it, and waits until it listens. */
void open_room(struct room *r);

/* The probe serves instead. Not started yet; the probe opens the listener. */
struct room *probe_room(void);
/* Waits until it listens and lets it serve. */
void open_probe_room(struct room *r, long idle);

/* Somebody connects; refused, the server has ended, and the check fails with this key. */
struct peer *comes(struct room *r, const char *key);
/* The same with small buffers on the way. */
struct peer *comes_narrow(struct room *r);
/* Somebody connects and says a word, and all who are there hear it. */
struct peer *comes_in(struct room *r, const char *key);

/* p says the line. */
void says(struct peer *p, const char *line);
/* As others hear it: with p's number. */
const char *said_by(struct room *r, struct peer *p, const char *line);
/* A word of small letters that nobody knows beforehand. */
const char *drawn_word(void);

/* Is this the line? Its number counts only where the check is about numbers. */
bool is_line(const struct room *r, const char *got, const char *line);
/* The next line that p receives is this one; otherwise what came, or where the server waits. */
void hears(struct room *r, struct peer *p, const char *key, const char *line);
/* Everybody who has come and was not forgotten hears it. */
void all_hear(struct room *r, const char *key, const char *line);
/* p receives this line, whatever it receives before. */
void hears_at_last(struct room *r, struct peer *p, const char *key, const char *line);
/* all_hear() does not ask p any more. */
void forget(struct room *r, struct peer *p);
/* Until all rest; a server that has ended is a failure. */
void settle(struct room *r, const char *key);
/* When all rest, nothing has come to p, and it is connected. */
void hears_nothing(struct room *r, struct peer *p, const char *key, const char *expected);
/* The server ends the connection with p; nothing more comes before. It is
 * forgotten. */
void is_disconnected(struct room *r, struct peer *p, const char *key, const char *expected);

/* From now on the server is held before each select(); a word of p brings it there. */
fault_id hold_selects(struct room *r, struct peer *p);
/* It makes this one, and stands before the next one, or has ended. */
void next_select(struct room *r, fault_id door);

/* How many connections the server has a descriptor of, now. */
size_t clients_of(struct room *r);
/* So many. */
void expect_clients(struct room *r, size_t n, const char *key);

/* "the server waits in read()" */
const char *where(struct room *r);

#endif
