/* turn_stream.c - the parent accepts and passes to children that are free. See prefork.h. */
#include "listener.h"
#include "pass.h"
#include "prefork.h"
#include <errno.h>
#include <stdbool.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

/* YOUR WORK: what the parent knows about each child, and what happens between the two */

int
turn_open(int listener, size_t n)
{
	/* YOUR WORK: nobody is there yet; the parent must not wait in accept() */
	(void)listener;
	(void)n;
	errno = ENOSYS;
	return -1;
}

pid_t
turn_fork(int listener, size_t child)
{
	/* YOUR WORK: a new channel for each child; parent and child close what is not theirs */
	(void)listener;
	(void)child;
	errno = ENOSYS;
	return -1;
}

int
turn_next(int listener, size_t child)
{
	(void)listener;
	(void)child;
	/* YOUR WORK: tell the parent, and wait for what it passes */
	errno = ENOSYS;
	return -1;
}

int
turn_watch(int listener, const sigset_t *awake)
{
	/* YOUR WORK: wait for children, and for clients while one is free; pass clients on */
	(void)listener;
	(void)awake;
	errno = ENOSYS;
	return -1;
}
