/*
 * session.h - given: what a server does for one client.
 *
 * All servers from lab 08 on have one: whoever accepts connections calls it for
 * each of them, and it does not know in which process or thread it runs.
 */
#ifndef SESSION_H
#define SESSION_H

/*
 * Serves the client at the other end of fd, and returns when that is over. fd
 * belongs to the caller, who closes it. argc and argv are handed on as the caller of the
 * server gave them: the server does not look into them, but for its own name, argv[0].
 */
typedef void session_handler(int fd, int argc, char *argv[]);

#endif
