/*
 * webd.h - what you write in webd.c: all that the programs forkd and threadd have in common.
 *
 *	forkd HOST:PORT         run_service() of service.h
 *	threadd HOST:PORT       run_threaded_service() of threaded.h
 *
 * Both serve web_session() of web.h to each client. As soon as clients can come, they write the
 * line of say_ready() to standard output, with the name "forkd" or "threadd":
 *
 *	forkd: 127.0.0.1:4711
 *
 * SIGINT, at whatever moment, ends the server with status 0, after the two lines of cputime.h
 * on standard output. Nobody waits for sessions that still run; those of forkd are processes, go
 * on, and write nothing of the kind. Ctrl-C reaches them as well: then it ends them, and only the
 * server writes.
 *
 * With any other arguments they write "usage: forkd HOST:PORT", with their own name, to standard
 * error, and end with status 2. If the server cannot serve (any more), they write why to standard
 * error, and end with status 1.
 */
#ifndef WEBD_H
#define WEBD_H

#include "session.h"

/* run_service() or another function of its kind. */
typedef int server(const char *hostport, session_handler *handler, int argc, char *argv[]);

/*
 * The main program, but for its name and the server: what main() does with its argc and argv.
 * Returns the exit status. forkd.c and threadd.c differ in these two words, and no check calls
 * it by itself.
 */
int webd(const char *name, server *run, int argc, char *argv[]);

#endif
