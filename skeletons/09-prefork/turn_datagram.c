/* turn_datagram.c - the parent accepts; whoever is free takes the next message. See prefork.h. */
#include "listener.h"
#include "pass.h"
#include "prefork.h"
#include <errno.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

/* YOUR WORK: the channel, the client that waits for room in it, and what is done with both */

int
turn_open(int listener, size_t n)
{
	/* YOUR WORK: one pair for all; the parent must wait neither in accept() nor in sendmsg() */
	(void)listener;
	(void)n;
	errno = ENOSYS;
	return -1;
}

pid_t
turn_fork(int listener, size_t child)
{
	(void)child;
	/* YOUR WORK: the child closes what is the parent's; the parent keeps both ends */
	(void)listener;
	errno = ENOSYS;
	return -1;
}

int
turn_next(int listener, size_t child)
{
	(void)listener;
	(void)child;
	/* YOUR WORK: wait for the next message */
	errno = ENOSYS;
	return -1;
}

int
turn_watch(int listener, const sigset_t *awake)
{
	/* YOUR WORK: wait for a client; while one is in hand, for room in the channel instead */
	(void)listener;
	(void)awake;
	errno = ENOSYS;
	return -1;
}
