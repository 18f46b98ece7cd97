/*
 * preforked.h - what you write in preforked.c: always n processes are ready for a client.
 *
 * The server's process makes n children and serves nobody. Each child makes a process of its
 * own, a grandchild, that waits for a client: with no session there are 2n + 1 processes.
 * A grandchild serves one client and ends. Its parent learns when it has a client, and then makes
 * the next one: behind every session another process is ready.
 *
 *	server ─┬─ child ─┬─ session
 *	        │         ├─ session
 *	        │         └─ waits for a client
 *	        └─ child ─── waits for a client
 */
#ifndef PREFORKED_H
#define PREFORKED_H

#include "session.h"

enum {
	READY_MAX = 64,            /* processes that may be asked to be ready */
	PAUSE_S = 5,               /* seconds after a failure, until the same is tried again */
	PAUSE_MS = PAUSE_S * 1000, /* the same for poll() */
};

/*
 * Listens at hostport (open_listener() of listener.h), makes n children, 1 to READY_MAX, says so
 * with the line of say_ready() and the name argv[0], and serves until SIGINT or SIGTERM. handler
 * is called for each client with the connection, argc and argv; argc is at least 1. Sessions run
 * side by side, as many as come. Who has nothing to do sleeps, and does not wake by itself. The
 * caller has no children and one thread.
 *
 * A session's process has of all descriptors beyond 0, 1 and 2 only its connection, besides those
 * that the caller had. The signal mask and the action of SIGCHLD are the caller's in it, so that
 * the handler can have children and wait for them; SIGINT and SIGTERM have their default
 * actions. No handler of the server's runs in it. When handler returns, the process ends at once
 * with status 0: nothing that the caller has left in a buffer of stdio is written. A connection is
 * open in its session's process and nowhere else.
 *
 * At rest n processes wait for a client, one under each child, however many sessions run. The
 * caller may have ignored or blocked SIGCHLD: nevertheless no process is a zombie at rest. No
 * descriptor is left over from a session in any process.
 *
 * Who is killed: a child is replaced by the server, and what waited under it ends. A grandchild
 * that waits is replaced by its parent. A session that is killed takes its own client with it. In
 * all cases n processes are ready at rest, and all other sessions go on.
 *
 * accept() may fail. After EINTR, EAGAIN, ECONNABORTED, EPROTO, ENETDOWN, ENETUNREACH,
 * EHOSTDOWN, EHOSTUNREACH, ENONET and ENOPROTOOPT the same process waits for the next client.
 * After any other failure, EMFILE for instance, it sleeps for PAUSE_S seconds and tries again. It
 * does not end, so that nobody replaces it: where accept() fails, no process is made.
 *
 * fork() may fail, and so may what a child needs besides. Before the line of say_ready():
 * run_preforked_service() returns -1, and no process is left. Later, here and in a child: the
 * others serve on, and it is tried again after PAUSE_S seconds, or as soon as a process
 * has ended, and not before.
 *
 * SIGINT and SIGTERM, at whatever moment they come from the first fork() on, and how often
 * ever, end the server. Nobody listens any more: clients that nobody has accepted are turned
 * away. Who waits for a client ends at once. Who has accepted one, be it in this very moment,
 * serves it to its end. So long the server waits; when all processes that it has made have ended
 * it returns. Children may end before it or stay with their sessions.
 * The caller may have handlers for other signals: a call that one of them interrupts is made again.
 * What it has blocked of them stays blocked in all processes. In a child SIGINT and SIGTERM have
 * their default actions.
 *
 * When the server or a child is killed by SIGKILL, nothing runs in it any more. Who waits
 * for a client below it ends nevertheless, and so does a child whose server is gone; sessions go
 * on.
 *
 * Returns 0 after SIGINT or SIGTERM; -1 with errno if n or the address cannot be used (EINVAL; that
 * of open_listener()), the line cannot be written or not all children can be made. Then the
 * listening socket is closed, and the signal mask and the actions of SIGCHLD, SIGINT and SIGTERM
 * are those of before.
 */
int run_preforked_service(
    const char *hostport, session_handler *handler, unsigned n, int argc, char *argv[]);

#endif
