/*
 * chat.h - a room in which many talk to each other: one process, one select().
 *
 * The protocol
 *
 *	A client connects and sends lines: up to LINE_LIMIT bytes of any kind but
 *	newline, and then a newline. Every client has a number: 1 for the first that
 *	comes, 2 for the second, and so on; a number is never used again, and who is
 *	refused has none.
 *	Each line goes to everybody, to its sender too, as "NUMBER: " and the line,
 *	a newline at its end; all see the lines of one client in the same order.
 *
 *	A line may come in any pieces, and many lines in one. What is left without a
 *	newline when the client closes is dropped. A client that sends the end of
 *	the file is disconnected when all lines before it have gone out.
 *
 *	A line that is longer than LINE_LIMIT goes to nobody. Its sender gets CHAT_TOO_LONG,
 *	once for each such line, and stays; the next line begins behind the newline.
 *
 * Who waits for whom
 *
 *	The server waits in select() or pselect() and nowhere else. A client that says
 *	nothing, or half a line, holds up nobody. Nor does one that does not read: if
 *	a line for it does not fit into the buffer of its socket as a whole, it is
 *	disconnected; nothing is kept for it. But if a write takes a part of a line,
 *	the rest is sent as well: no client that reads ever loses a byte.
 *
 *	The server wakes when something has happened, and sleeps when all of that is
 *	done: for n events it calls select() about n times. It never asks with
 *	a timeout of 0 what it could wait for. (If a timeout is due at that very
 *	moment, 0 is what is left.)
 *
 * Who is idle
 *
 *	A client from which no byte has come for the given time is sent CHAT_IDLE and
 *	disconnected; whoever has sent something by then is not idle. The timeout that
 *	select() is given is what is left until the first client's time is over.
 *	Time is what CLOCK_MONOTONIC measures: who sets the clock of the day changes nothing.
 *	Without clients there is none (unless accepting pauses, see below).
 */
#ifndef CHAT_H
#define CHAT_H

enum {
	LINE_LIMIT = 512,  /* the longest line, in bytes, without its newline */
	ACCEPT_PAUSE = 60, /* seconds, see serve_chat() */
};

#define CHAT_TOO_LONG "! line too long\n"
#define CHAT_IDLE "! idle\n"
#define CHAT_FULL "! full\n"

/*
 * Serves a chat on the listening socket until SIGTERM comes, whenever that is and however much is
 * said; the caller has not blocked it. Clients that are silent for idle seconds (at least 1) are
 * disconnected.
 *
 * A descriptor whose number is FD_SETSIZE or greater does not fit into an fd_set: such a client
 * is sent CHAT_FULL and disconnected; the others notice nothing. Every number below is one like
 * any other, 0 too: the caller may have closed its standard input.
 *
 * A connection that is gone before it is accepted (accept() fails with EAGAIN, EWOULDBLOCK,
 * ECONNABORTED, EPROTO or EINTR) is none: the server goes on. So the listening socket does not
 * block. Any other failure of accept() will still be there if one asks at once again (EMFILE: no
 * descriptor is free): accepting pauses until a client has gone, at the latest ACCEPT_PAUSE
 * seconds. Until then who comes waits in the kernel's queue, and the server sleeps.
 *
 * Whatever happens to the connection of one client (reset, closed, EPIPE) ends that client only.
 * Calls that handlers of the caller interrupt are made again: nobody notices. What is read from a
 * client is read with O_NONBLOCK or MSG_DONTWAIT: a socket that was ready, but then has nothing
 * to read (EAGAIN), holds up nobody and stays as well.
 *
 * The function puts O_NONBLOCK on the listening socket, which keeps its other flags, stays open
 * and belongs to the caller. It installs a handler for SIGTERM, and may block SIGTERM, but no
 * other signal, while it runs; it may ignore SIGPIPE. What SIGTERM and SIGPIPE do after it has
 * returned is its own business.
 *
 * It may be called again after it has returned; then everything begins anew, with client 1.
 *
 * Returns 0 after SIGTERM, or -1 with errno:
 *   EINVAL     The number of the listening socket is FD_SETSIZE or greater.
 *   ENOMEM     There is no memory to begin with.
 *   otherwise  as fcntl(2), sigaction(2) or select(2)
 * However it returns, all clients are disconnected, and no descriptor is open that was not open
 * before.
 */
int serve_chat(int listener, long idle);

/*
 * The program chatd, in chatd.c
 *
 *	chatd HOST:PORT [IDLE]
 *
 * serves a chat at HOST:PORT with open_listener() of listener.h; IDLE is a whole number of seconds,
 * 1 to IDLE_LONGEST, IDLE_USUAL if it is missing. It is started with descriptors 0, 1 and 2 open,
 * and ends with status 0 after SIGTERM. If it is called otherwise, it writes CHATD_USAGE to
 * standard error and ends with CHATD_BAD_USAGE. If it cannot listen (a HOST without PORT is such an
 * address), or serve_chat() fails, why stands on standard error, in one line (for the first,
 * open_listener() has written it), and it ends with CHATD_FAULTY.
 */
#define CHATD_USAGE "usage: chatd HOST:PORT [IDLE]\n"

enum {
	IDLE_USUAL = 300,
	IDLE_LONGEST = 1000000,
	CHATD_FAULTY = 1,
	CHATD_BAD_USAGE = 2,
};

#endif
