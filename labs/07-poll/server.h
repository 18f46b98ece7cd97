/*
 * server.h - one process, many clients: what server.c does for echo.c and bus.c.
 *
 * The first half is the contract: how a server behaves, whatever its lines
 * mean. It is checked from outside, through the programs echo and bus.
 *
 * The second half is the seam between server.c and the two programs. No check
 * calls these functions; if you would rather cut differently, do, but keep the files.
 *
 * Who waits where
 *   The server sleeps in poll(2), without a timeout, and nowhere else: its
 *   listening socket and every socket of a client have O_NONBLOCK. It wakes only
 *   when there is something to do; in particular
 *     - POLLOUT is asked for only while something waits for that client;
 *     - a client that has gone is closed and no longer asked about, whether
 *       its end shows as the end of the file, as POLLHUP or as POLLERR.
 *   A closed descriptor never stays in the set (POLLNVAL would be the answer).
 *
 * Clients
 *   Any number, as long as there are descriptors. They come and go at any time.
 *   A connection that is gone before accept(2) takes it (ECONNABORTED, EPROTO) is no failure.
 *   When no descriptor is left (EMFILE, ENFILE, ENOBUFS, ENOMEM), the server waits for no new
 *   clients until one has gone, and then goes on; those that wait stay waiting. With no
 *   client there that could go, it cannot go on.
 *   A client that has been accepted and for which there is no memory is closed; the others stay.
 *
 * Lines
 *   Of at most LINES_LONGEST bytes, as in lines.h. Nobody waits for anybody
 *   else's line to become whole.
 *
 * Slow readers
 *   What is to be sent and is not taken at once waits in a queue of the client's
 *   own, at most QUEUE_LIMIT bytes.
 *     - Answers to its own lines never bring a client to this limit: while
 *       QUEUE_HIGH bytes or more wait for it, no line of it is read or handled.
 *       When less wait, it goes on, also with lines that have been read before.
 *     - What others send it can. If something does not fit, although the
 *       client's socket has been given all that it takes now, the client is too slow:
 *       its connection is closed at once, and what waits is thrown away.
 *   Nobody else notices anything of it.
 *
 * The end of a client
 *   When a client sends the end of the file, its whole lines are handled, what
 *   waits for it is sent, and then its connection is closed. When its connection fails
 *   (reset, any error), it is closed at once.
 *
 * The end of the server
 *   SIGTERM, at whatever moment it comes once serve() has begun (its handler is
 *   there before the first poll(2)), ends the server: it gives every
 *   client's socket what that takes at once of what waits, closes everything,
 *   frees everything and ends with status 0. SIGPIPE does not end it, nor does a
 *   call that a signal interrupts.
 */
#ifndef SERVER_H
#define SERVER_H

#include <stddef.h>

enum {
	LINES_LONGEST = 512, /* bytes of a line, its newline not counted */
	QUEUE_LIMIT = 16384, /* bytes that wait for one client at most */
	QUEUE_HIGH = 4096,   /* while so many wait for it, a client is not read */
};

/* ---- the programs ---------------------------------------------------------------
 *
 *	echo HOST:PORT
 *	bus HOST:PORT
 *
 * Each listens at this address and serves until SIGTERM. With another number of
 * arguments it writes one line that begins with "usage:" to standard error and ends
 * with status 2. If it cannot listen there, or cannot go on (because poll(2), accept(2) or what
 * it needs to begin has failed for another reason than those above), it writes the address and
 * the reason to standard error and ends with status 1.
 *
 * echo answers every line with the same line, and one that is too long with ECHO_TOO_LONG.
 */
#define ECHO_TOO_LONG "error too long\n"

/* ---- the seam --------------------------------------------------------------------- */

struct client; /* server.c defines it */

/* Why a client has left. */
enum farewell {
	LEFT_QUIT,   /* client_quit() */
	LEFT_CLOSED, /* end of file */
	LEFT_FAILED, /* reset, or another error */
	LEFT_SLOW,   /* too slow */
};

/* What the lines mean. Each function is given what serve() was given as with. */
struct service {
	/* A whole line, as lines_next() gives it. */
	void (*line)(void *with, struct client *c, char *line, size_t n);
	/* A line was too long. */
	void (*too_long)(void *with, struct client *c);
	/*
	 * The client has left, why ever; called once for each, but not when the
	 * server itself ends. Afterwards c is not used any more. NULL: nobody wants to know.
	 */
	void (*left)(void *with, struct client *c, enum farewell why);
};

/*
 * Serves whoever connects to listener, a listening socket, which it closes at the end.
 * Returns 0 after SIGTERM, or -1 with errno.
 */
int serve(int listener, const struct service *service, void *with);

/*
 * Sends the client n bytes, sooner or later. Any client may be meant, also in
 * left(). It may be found too slow here; that shows later, as a call of left().
 * To a client that is leaving nothing is sent.
 */
void client_say(struct client *c, const void *bytes, size_t n);

/* The client is to leave when what waits for it has been sent. No line of it is handled any more.
 */
void client_quit(struct client *c);

/* One pointer for each client, NULL at first, for what the program knows about it. */
void client_set(struct client *c, void *mine);
void *client_get(const struct client *c);

#endif
