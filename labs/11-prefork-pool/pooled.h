/*
 * pooled.h - what you write in pooled.c: a pool that grows under load and shrinks after it.
 *
 * The server's process makes workers and serves nobody. A worker serves one client after the
 * other, waits for clients in between, and reports to the server over a channel when it has
 * become busy and when it is idle again. The server waits for all channels with poll() and keeps
 * the number of idle workers within bounds.
 */
#ifndef POOLED_H
#define POOLED_H

#include "preforked.h" /* PAUSE_S */
#include "session.h"

enum { POOL_MAX = 256 }; /* workers at most */

/* 1 <= min <= max <= total <= POOL_MAX */
struct pool_size {
	unsigned min;   /* so many workers are idle, unless total forbids it */
	unsigned max;   /* no more are idle */
	unsigned total; /* no more workers live, busy or idle, at any moment */
};

/*
 * Listens, calls handler, says that clients can come, and serves until SIGINT or SIGTERM, as
 * run_preforked_service() does; before the line of say_ready() min workers are made.
 *
 * At rest at least min workers are idle, or total live; at most max are idle. Whenever fewer
 * than min are idle, as many are made as are missing, and no more. Whenever more than max are idle,
 * as many are ended as are too many, and no more. Where total workers are busy, clients wait.
 * A worker whose client has gone serves the next one; no process is made for that.
 *
 * Nobody is ended in a session. A worker may accept a client in the very moment in which the
 * server takes it for idle and tells it to end: then it serves this client to the end, and
 * ends afterwards. Until then it lives, and counts for total.
 *
 * A worker holds the listening socket, its end of its channel and, while it is busy, its
 * connection; 0, 1 and 2 are the caller's in all processes. It shares no other descriptor with
 * another worker. A connection is open in its worker and nowhere else. The server holds the
 * listening socket and its end of the channel of each worker that lives; nothing is left over
 * from a worker that has ended. A channel may be two pipes or one pair of sockets. The signals of
 * a worker are those of a session's process in preforked.h. The caller may have ignored or blocked
 * SIGCHLD: nevertheless no process is a zombie at rest.
 *
 * A worker that is killed, in a session or not, no longer counts, and if now too few are idle
 * others are made. All other sessions go on.
 *
 * accept() may fail: as in preforked.h; the worker does not end. fork() may fail, and so may
 * what the server needs for a worker besides. Before the line of say_ready(): -1, and no process
 * is left. Later the others serve on, and it is tried again after PAUSE_S seconds, or as soon as
 * a worker has ended or reported, and not before.
 *
 * SIGINT and SIGTERM, at whatever moment they come from the first fork() on, and how often
 * ever, end the server as in preforked.h: idle workers end at once, busy ones when their session
 * is over, and then the server returns. Nobody accepts a client any more; as long as a busy
 * worker holds the listening socket, clients may still connect, and are turned away when it
 * ends. When the server is killed by SIGKILL, idle workers end, and busy ones when their session
 * is over.
 *
 * Returns as run_preforked_service() does, EINVAL if size is not as said above.
 */
int run_pooled_service(
    const char *hostport, session_handler *handler, struct pool_size size, int argc, char *argv[]);

#endif
