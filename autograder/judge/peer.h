/*
 * peer.h - the other end of a student's socket, held by the check.
 *
 * A peer is a socket in the trial's own network (a loopback and nothing else)
 * that the judge holds: it plays the client of a student's server, or the
 * server of a student's client. It never blocks: what is to be sent waits in
 * the judge until the program reads, and what has come is kept until the check
 * asks for it, unless peer_stop_reading() says that it must not be taken.
 *
 *	struct trial *t = trial("echo", "127.0.0.1:0");
 *	struct peer *client;
 *	const char *line;
 *
 *	trial_start(t);
 *	client = peer_connect(t, await_listening(t));
 *	peer_send(client, "hello\n", 6);
 *	line = peer_line(client);
 *	expect(line != NULL, ...);
 *
 * Addresses are texts, "127.0.0.1:4711" or "[::1]:4711"; never a name. No port
 * is fixed: a program is told port 0, and await_listening() says which it got.
 *
 * A wait here ends when it came true, or at once when it can no more: the
 * program has ended, the connection has, or everybody rests and nothing is on
 * its way. Where the answer is a value (NULL, false) the check says what that
 * means; a program that flies apart or runs out of time ends the check by
 * itself, as in trial.h. Peers are closed at the end of the check.
 */
#ifndef GABEL_JUDGE_PEER_H
#define GABEL_JUDGE_PEER_H

#include "trial.h"

struct peer;

/* Has the trial's loopback an ::1? After trial_start(). */
bool trial_has_ipv6(struct trial *t);

/*
 * Waits until a process of the trial listens for connections, and returns the
 * address to connect to: 127.0.0.1 or [::1] where it listens on all. The first
 * that is found; peers' own listeners do not count. Fails the check when the
 * program ends or rests before.
 */
const char *await_listening(struct trial *t);
/* The same of a bound datagram socket. */
const char *await_datagram_socket(struct trial *t);

/* ---- streams ----------------------------------------------------------------- */

/*
 * Connects. The kernel answers for a listening program, whether it accepts or
 * not; refused, the check fails with the key "refused".
 */
struct peer *peer_connect(struct trial *t, const char *address);
/* The same with a small receive buffer, so that less lies in the kernel than it usually does. */
struct peer *peer_connect_narrow(struct trial *t, const char *address);
/* As peer_connect, but NULL when it is refused: for a server that may have ended by now. */
struct peer *peer_try_connect(struct trial *t, const char *address);

/* A listening socket on this host ("127.0.0.1", "::1") with a port of the kernel's choice. */
struct peer *peer_listen(struct trial *t, const char *host);
/* One that answers no connection: its queue is full, as that of a busy server. */
struct peer *peer_listen_deaf(struct trial *t, const char *host);
/* Waits until the program connects to the listener; NULL when it can no more. */
struct peer *peer_accept(struct peer *listener);

/* Its own address. Lives until the check ends. */
const char *peer_address(const struct peer *p);

/* Waits until the kernel has taken all of it. Returns false when the program takes no more: it
 * rests and does not read, or the connection has ended. The rest of the bytes is dropped then. */
bool peer_send(struct peer *p, const void *bytes, size_t n);
/* A text without its NUL. */
bool peer_say(struct peer *p, const char *text);
/* Sends what the kernel takes until everybody rests; returns how many bytes those were. */
size_t peer_fill(struct peer *p, const void *bytes, size_t n);

/* No more is sent: the program reads end of file, and may still answer. */
void peer_shutdown(struct peer *p);
/* Closes; the program reads end of file, and a later write of its is answered by a reset. */
void peer_close(struct peer *p);
/* Closes with a reset: the program's next call fails with ECONNRESET. */
void peer_reset(struct peer *p);

/* From now on nothing is taken from the kernel, so that the program's writes fill its buffers. */
void peer_stop_reading(struct peer *p);
void peer_read_on(struct peer *p);

/*
 * The next line, without its newline; NULL when none can come any more: the
 * connection has ended, or everybody rests. A rest without a newline is no line.
 */
const char *peer_line(struct peer *p);
/* The next n bytes; NULL as above. */
const char *peer_bytes(struct peer *p, size_t n);
/* Waits for the end of the connection: true at end of file or reset, false when it can't come. */
bool peer_end(struct peer *p);
/* How it ended so far: nothing yet, end of file, or an error (ECONNRESET). */
enum peer_state { PEER_OPEN, PEER_EOF, PEER_ERROR };
enum peer_state peer_state(struct peer *p);
int peer_error(const struct peer *p); /* errno of PEER_ERROR, else 0 */
/* What has come and was not yet asked for; *n bytes and a NUL. */
const char *peer_unread(struct peer *p, size_t *n);

/* ---- datagrams ---------------------------------------------------------------- */

/* A datagram socket on this host with a port of the kernel's choice. */
struct peer *peer_datagram(struct trial *t, const char *host);
void peer_send_to(struct peer *p, const char *address, const void *bytes, size_t n);
/* The next datagram and who sent it; NULL when none can come any more. */
const char *peer_receive(struct peer *p, size_t *n, const char **from);

#endif
