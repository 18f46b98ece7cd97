/* waiting.c - signals, and the wait for a client. See waiting.h. */
#define _GNU_SOURCE /* ppoll() */
#include "waiting.h"
#include "listener.h"
#include "preforked.h"
#include <errno.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* YOUR WORK: which signals, what a handler remembers, and which failures of accept() are passing */

void
take_signals(struct signals *s)
{
	/* YOUR WORK: block the three, then catch them: none comes before sleep_until() */
	(void)s;
}

void
give_signals_back(const struct signals *s)
{
	/* YOUR WORK: take what is still pending; then the actions, and then the mask */
	(void)s;
}

void
release_stop_signals(const struct signals *s)
{
	/* YOUR WORK: SIGCHLD stays caught and blocked; the others get their default action */
	(void)s;
}

void
be_ready_for_sessions(const struct signals *s)
{
	/* YOUR WORK: no handler of ours may be there when the mask opens */
	(void)s;
}

bool
is_stopping(void)
{
	/* YOUR WORK: what the handler has remembered */
	return true;
}

bool
sleep_until(const struct signals *s, struct pollfd fds[], nfds_t n, int ms)
{
	/*
	 * YOUR WORK: sleep with the mask open; a ppoll() that finds something ready takes no signal
	 */
	(void)s;
	(void)fds;
	(void)n;
	(void)ms;
	return false;
}

int
next_client(int listener, int channel)
{
	/* YOUR WORK: wait for a client or the end of the channel; accept() must not block */
	(void)listener;
	(void)channel;
	return -1;
}

int
open_for_many(const char *hostport)
{
	/*
	 * YOUR WORK: several wake for one client, and those who are late must not stay in accept()
	 */
	(void)hostport;
	errno = ENOSYS;
	return -1;
}
