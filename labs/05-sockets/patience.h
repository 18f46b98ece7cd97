/*
 * patience.h - waiting for the other side, but not for ever.
 *
 * Times are in milliseconds. A handler that runs while a function waits is not
 * noticed: the function does not fail with EINTR, and the time does not begin
 * again. It sleeps while it waits. A clock that is set by hand changes nothing:
 * CLOCK_MONOTONIC (clock_gettime(2)) never is.
 *
 * Nothing behind a question or behind the room of an answer is touched; what memory a
 * function asks for, it frees.
 */
#ifndef PATIENCE_H
#define PATIENCE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * Connects a stream socket that blocks, but waits for timeout_ms at most, 0 or
 * more. However it returns, fd has the flags that it had (fcntl(2)), so that it
 * blocks as before, and stays open.
 *
 * Returns 0, or -1 with errno:
 *   ETIMEDOUT  The time is over. All that can be done with fd is to close it.
 *   otherwise  As the call that failed has set it, connect(2) or the one that waits:
 *              for instance ECONNREFUSED.
 */
int connect_within(int fd, const struct sockaddr *to, socklen_t size, int timeout_ms);

/*
 * A question and its answer, each one datagram:
 *
 *	4 bytes    the id of the question, high byte first (network byte order)
 *	the rest   any bytes, 0 to UDP_MAX
 *
 * An answer has the id of its question.
 */
enum { UDP_MAX = 1400 };

struct udp_call {
	uint32_t id;
	const void *question; /* n bytes, at most UDP_MAX */
	size_t n;
	void *answer; /* has room for room bytes, at most UDP_MAX */
	size_t room;
	size_t got;     /* udp_call() sets it: bytes of the answer */
	int timeout_ms; /* for each try, 0 or more */
	int tries;      /* 1 or more */
};

/*
 * Sends the question over fd, a UDP socket that blocks and is connected, and waits
 * for its answer. When none has come after timeout_ms, the same datagram is sent
 * again, tries times in all. Any answer with this id counts, also a late one to an
 * earlier try. Datagrams with another id, and those that are too short for one, are
 * not for us: they are thrown away and change nothing, not the time either.
 *
 * Returns 0 with c->got set, or -1 with errno:
 *   ETIMEDOUT  No answer after the last try.
 *   EMSGSIZE   The answer is longer than room.
 *   otherwise  as send(2) or recv(2): ECONNREFUSED when nobody has the port.
 * What is at c->answer is defined only after 0.
 */
int udp_call(int fd, struct udp_call *c);

#endif
