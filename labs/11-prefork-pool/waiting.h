/*
 * waiting.h - what you write in waiting.c: signals, and the wait for a client, as both servers
 * need them. No check calls these functions by themselves; what they are for says preforked.h.
 */
#ifndef WAITING_H
#define WAITING_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>

enum { CAUGHT = 3 }; /* SIGINT, SIGTERM and SIGCHLD */

/* What the caller had, and what the server makes of it. */
struct signals {
	struct sigaction before[CAUGHT];
	sigset_t callers; /* the signal mask of before */
	sigset_t awake;   /* the same without the three: only with it does one of them come */
};

/* Catches and blocks the three, and forgets an earlier SIGINT or SIGTERM. */
void take_signals(struct signals *s);

/* Gives all back as the caller had it. One of the three that is still pending does no harm. */
void give_signals_back(const struct signals *s);

/* In a child that has processes below it: SIGINT and SIGTERM as by default, SIGCHLD as it is. */
void release_stop_signals(const struct signals *s);

/* In a new process that serves: SIGINT and SIGTERM as by default, the rest as the caller had it. */
void be_ready_for_sessions(const struct signals *s);

/* Has SIGINT or SIGTERM come since take_signals()? Changes only in sleep_until(). */
bool is_stopping(void);

/*
 * Sleeps until one of n descriptors is ready as poll() says it, one of the three signals has come
 * or ms milliseconds are over (-1: never). A signal that came before comes now, also when a
 * descriptor is ready at once. Returns true when a descriptor is ready; then and only then
 * revents are set.
 */
bool sleep_until(const struct signals *s, struct pollfd fds[], nfds_t n, int ms);

/*
 * In a process that serves: waits for a client and returns its connection, which belongs to
 * the caller; or -1 as soon as nobody is at the other end of the channel any more: this process
 * is to end. What accept() fails with it sees to. The listening socket does not block.
 */
int next_client(int listener, int channel);

/* Opens the socket for next_client(). Returns it, or -1 with errno. */
int open_for_many(const char *hostport);

#endif
