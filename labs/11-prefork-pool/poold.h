/*
 * poold.h - what you write in poold.c: all that the programs have in common.
 *
 *	preforkd HOST:PORT N                    run_preforked_service() of preforked.h
 *	poolpreforkd HOST:PORT MIN MAX TOTAL    run_pooled_service() of pooled.h
 *
 * Both serve web_session() of web.h to each client. As soon as clients can come, they write the
 * line of say_ready() to standard output, with their name, "preforkd" or "poolpreforkd":
 *
 *	preforkd: 127.0.0.1:4711
 *
 * N is a number in decimal digits, 1 to READY_MAX; MIN, MAX and TOTAL are as struct pool_size
 * says. With any other arguments a line that begins with "usage:" goes to standard error, and
 * the status is 2. If the server cannot begin, standard error says why, and the status is 1.
 *
 * After SIGINT or SIGTERM, when the server has returned, they write the two lines of report_cpu()
 * of report.h to standard output, and end with status 0.
 */
#ifndef POOLD_H
#define POOLD_H

#include "session.h"

/* Starts one of the servers with the numbers of the command line. */
typedef int starter(const char *hostport, session_handler *handler, const unsigned numbers[],
    int argc, char *argv[]);

/*
 * The main program, but for its name, its numbers and its server: what main() does with its
 * argc and argv. words is the usage behind the name, "HOST:PORT N"; so many numbers follow the
 * address, each from 1 to most, and none is less than the one before it. Returns the exit
 * status. preforkd.c and poolpreforkd.c have nothing else, and no check calls it by itself.
 */
int poold(const char *name, const char *words, unsigned n_numbers, unsigned most, starter *start,
    int argc, char *argv[]);

#endif
