/*
 * service.h - what you write in service.c: a server with one process per session.
 *
 * A well-known short cut, to get rid of zombies by ignoring SIGCHLD or by SA_NOCLDWAIT, will not
 * do here: see "Ended sessions".
 */
#ifndef SERVICE_H
#define SERVICE_H

#include "session.h"

/* The pause after which accept() is tried again when nothing is left to accept with, seconds. */
enum { ACCEPT_PAUSE = 5 };

/*
 * Listens at hostport (open_listener() of listener.h), says so with the line of say_ready() and
 * the name argv[0], and then calls handler for each client that comes, each in a process of its
 * own, with the connection, argc and argv. argc is at least 1; argv, and all that it points to,
 * belongs to the caller. Serves for ever; sessions run side by side.
 *
 * A session's process: the listening socket is closed in it, and of all connections it has only
 * its own. The action of SIGCHLD and the signal mask are those that the caller of run_service()
 * had, so that the handler can have children and wait for them; SIGINT has its default action.
 * It is so from the process's first moment on: no handler of the server's ever runs in it. When
 * handler returns, the process ends at once with status 0: no atexit() handler runs, nothing
 * that the caller of run_service() had left in a buffer of stdio is written, and nothing else
 * happens in this process. However else a session ends - by a signal, for instance -, it ends
 * nobody else's.
 *
 * The server's process closes each connection as soon as its session has been started. It keeps
 * the caller's signal mask but for SIGCHLD; all signals may be blocked for a moment.
 *
 * Ended sessions: whatever the caller has done with SIGCHLD (ignored it, blocked it), each
 * session's process is waited for as soon as it has ended, also when several end at once, when
 * no further client comes, and at whatever moment. There is no zombie at rest, and
 * RUSAGE_CHILDREN counts every session that has ended. Children that the caller had before may
 * be waited for, too; what became of them is then lost.
 *
 * Interruptions and failures that the server survives:
 *   - accept() fails with EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENETUNREACH, EHOSTDOWN,
 *     EHOSTUNREACH, ENONET or ENOPROTOOPT: that was the end of one connection at most, and the
 *     next is accepted.
 *   - accept() fails with EMFILE, ENFILE, ENOBUFS or ENOMEM: new clients wait. The server
 *     sleeps until the process of a session has ended or ACCEPT_PAUSE is over, whichever comes
 *     first, and tries again.
 *   - fork() fails, with EAGAIN for instance: this client's connection is closed, a line on
 *     standard error has the reason as strerror(3) says it, and the next client is accepted.
 * A handler of the caller's may run at any time and changes nothing.
 *
 * Returns only after a failure: -1 with errno. If the address cannot be used or the line cannot
 * be written: that of open_listener() or say_ready(). Later: that of accept(), all but those
 * above. Then the listening socket is closed, and SIGCHLD's action and the signal mask are
 * those of before; sessions that still run go on, as children of the caller.
 */
int run_service(const char *hostport, session_handler *handler, int argc, char *argv[]);

#endif
