/*
 * threaded.h - what you write in threaded.c: a server with one thread per session.
 */
#ifndef THREADED_H
#define THREADED_H

#include "session.h"

/*
 * As run_service() of service.h, but a session is a thread of the caller's process.
 *
 * Each thread calls handler with its own connection, whatever other clients come before it has
 * begun. When handler returns, the connection is closed, and the thread ends and leaves
 * nothing behind: nobody has to join it, its stack can be used again, its memory is freed. A
 * session's thread has all signals blocked, so that handlers of signals run in the thread that
 * has called run_threaded_service(), whose mask is as it was. Sessions share everything: what
 * crashes one of them ends them all, and the server.
 *
 * Failures of accept() are survived as there; when nothing is left to accept with, the server
 * sleeps for at most ACCEPT_PAUSE and tries again, whether a session has ended or not. When no
 * thread can be made, or there is no memory for what it has to know, this client's connection
 * is closed, its memory is freed, a line on standard error has the reason as strerror(3) says it,
 * and the next client is accepted.
 *
 * Returns only after a failure, as run_service() does, with the listening socket closed. Sessions
 * that still run go on: what they need is theirs, but for argv, which stays the caller's.
 */
int run_threaded_service(const char *hostport, session_handler *handler, int argc, char *argv[]);

#endif
