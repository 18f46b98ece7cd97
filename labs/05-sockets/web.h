/*
 * web.h - a server that answers with as many bytes as it is asked for, and its client.
 *
 * What a client of the web does, made as small as can be: a short request, a long
 * answer.
 *
 *	request  = count newline     the count: digits, 1 to WEB_MAX, and nothing else
 *	answer   = count bytes       byte i, from 0, is WEB_BYTE(i)
 *
 * Requests come one after the other over the same connection, and each gets its
 * answer in turn; a client may send the next one before it has the answer.
 * There is no answer to a bad request: the server closes the connection.
 *
 * Whoever calls these functions ignores SIGPIPE.
 *
 * Functions and programs use only memory that they own and have set. What a session
 * or a request needs, memory and descriptors, is given back when that is over,
 * however it ends.
 */
#ifndef WEB_H
#define WEB_H

#include <stddef.h>

enum {
	WEB_MAX = 16384, /* bytes of one answer, at most */
	WEB_LINE = 32,   /* room for a request: read_line() refuses what does not fit */
	WEB_PORT = 4005, /* when nobody says which */
};

#define WEB_BYTE(i) ((char)('a' + (i) % 26))

/*
 * The count of a request: n bytes without the newline, less than WEB_LINE, for read_line()
 * has refused what is longer. Leading zeros mean nothing.
 * Returns it, or -1 when it is no digits only, or not from 1 to WEB_MAX.
 */
int parse_count(const char *line, size_t n);

/*
 * Serves one client, at the other end of fd, until it sends no more. fd stays open.
 *
 * Returns 0 at the end of the file, or -1 with errno:
 *   EPROTO     The count is bad, or the end of the file came inside of a request.
 *   EMSGSIZE   A request is too long for WEB_LINE. As EPROTO, it ends the session: the
 *              requests behind it are not answered.
 *   otherwise  as read(2) or write(2): ECONNRESET or EPIPE when the client is gone.
 */
int web_child(int fd);

/* ---- webserver HOST[:PORT] -----------------------------------------------------
 *
 * Serves one client after the other, for ever. As soon as clients can come it
 * writes WEBSERVER_READY with its address to standard output.
 *
 * A session that fails, or an accept() that fails, is the end of nothing: the
 * next client is served. What went wrong it may write to standard error.
 * SIGTERM ends it at once with status 0, whatever it is doing.
 */
#define WEBSERVER_READY "webserver: %s\n"

/* On standard error, and the status is 2: no argument, too many, or not a hostport. */
#define WEBSERVER_USAGE "usage: webserver HOST[:PORT]\n"

/* On standard error, and the status is 1: argv[1] and strerror(3), when listen_on() fails. */
#define WEBSERVER_FAILED "webserver: %s: %s\n"

/* ---- webclient [--stream] HOST[:PORT] ------------------------------------------
 *
 * Sends the requests that it reads from its standard input to the server, and
 * writes the answers, and nothing else, to its standard output. Its status is 0
 * when the input has ended and every answer has arrived.
 *
 * Without --stream, one after the other ("stop and wait"): it reads a line, sends
 * it, and writes the whole answer, each part as soon as it has come, before it reads
 * the next line. A bad count is not sent: it is a failure, EPROTO, and so is an end of the file
 * inside of a line or an answer that ends too early.
 *
 * With --stream, without waiting: what comes from the input goes to the server, and
 * what comes from the server goes to the output, at the same time and whatever the
 * other direction does. It takes neither requests nor answers apart: a bad count goes
 * out like any other, and nobody counts what comes back. When the input has ended, it
 * tells the server so and still takes all that comes; the end of the connection is
 * then the end of the answers, status 0. When the server ends the connection first,
 * the client does not wait for its input: what has come is written, and it is a
 * failure, EPROTO, or the errno of the read() or write() that failed.
 */
#define WEBCLIENT_STREAM "--stream"

/*
 * On standard error, and the status is 2: not called like this, or not a hostport.
 * --stream as the first argument is never a host.
 */
#define WEBCLIENT_USAGE "usage: webclient [--stream] HOST[:PORT]\n"

/* On standard error, and the status is 1: strerror(3) of what failed. */
#define WEBCLIENT_FAILED "webclient: %s\n"

#endif
