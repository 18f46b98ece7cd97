/*
 * mxp.h - MXP, the mutex exchange protocol, version 1: what both ends keep to; and how an address
 * is completed, which both ends need (you write that in address.c).
 *
 * Requests and responses are lines of bytes over one TCP connection, which is a session.
 *
 *	request  = keyword [SP name] [CR] LF
 *	response = *("C" SP text LF) ("S" / "F") [SP text] LF
 *	keyword  = "id" / "stat" / "lock" / "release"        in small letters
 *	name     = 1*64(ALPHA / DIGIT / "." / "_" / "-")     without a "." at its beginning
 *	text     = bytes without LF
 *
 * C continues a response, S ends it with success, F with failure. The server answers each request
 * with one response, in the order of the requests; a client may send more before the answers to
 * those before have come.
 *
 *	what the client does      what the server answers
 *
 *	connects                  S
 *	first request: id NAME    S welcome
 *	                          F reason, and closes: NAME is no name, or a live session has it
 *	any other first line      closes, without an answer
 *	stat NAME                 C holder      and then   S held         if a session has the lock
 *	                          S free                                  if nobody has it
 *	                          F unable to check lock status           if that is not known
 *	lock NAME                 S locked                                now the session has it
 *	                          C waiting     at once, if another session has the lock, and
 *	                          S locked      as soon as this one has it
 *	                          F reason                                if NAME is no name, or it
 *	                                                                  has this lock already
 *	release NAME              S                                       now nobody has it
 *	                          F reason                                if NAME is no name, or it
 *	                                                                  has not got this lock
 *	anything else             F unknown command
 *
 * The reason is any text; all other words are as they stand here. A keyword is what stands before
 * the first space, all of it, and the name is everything behind this space. A second id, a keyword
 * without a space and a name, and an empty line are "anything else". A byte 0 may stand in a line
 * like any other byte that no name and no keyword has.
 *
 * A line has at most MXP_LINE bytes, with its LF. One that is longer is answered with one F reason,
 * once that is known, and skipped up to its LF; the session goes on. (As the first line it is
 * "any other first line".) What comes behind the last LF is no request.
 *
 * The session ends when the client's bytes have come to an end and all requests before have been
 * answered, when its connection is reset, or when its server's process ends. While a request waits
 * for its lock, the end of the client's bytes ends the session at once: the wait is cancelled.
 * However a session ends, its locks become free.
 *
 * Sessions that wait for each other in a circle wait until one of them ends.
 */
#ifndef MXP_H
#define MXP_H

enum {
	MXP_PORT = 21021, /* the port, when an address names none */
	MXP_LINE = 512,   /* bytes of a line, its LF among them, at most */
	MXP_ADDRESS = 300 /* room for an address, its NUL included */
};

/*
 * Completes an address: full becomes "HOST:PORT", with MXP_PORT when hostport has no port ("HOST"
 * or "HOST:"). HOST is a name, an IPv4 address, or an IPv6 address in brackets, and is not
 * looked up here; a port stays as it is. Returns 0, or -1 with EINVAL and full undefined: there
 * is no host, a bracket or what belongs behind it is missing, a host without brackets has a colon
 * in it, or there is not room for it.
 */
int mxp_address(char full[MXP_ADDRESS], const char *hostport);

#endif
