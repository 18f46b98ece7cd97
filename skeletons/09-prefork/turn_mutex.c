/* turn_mutex.c - one child is in accept(); the others wait for a mutex. See prefork.h. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "prefork.h"
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* YOUR WORK: the mutex, and functions that lock and unlock it */

int
turn_open(int listener, size_t n)
{
	(void)listener;
	(void)n;
	/* YOUR WORK: a robust mutex of several processes, in memory that they share */
	errno = ENOSYS;
	return -1;
}

pid_t
turn_fork(int listener, size_t child)
{
	(void)listener;
	(void)child;
	/* YOUR WORK: nothing but a child is needed */
	errno = ENOSYS;
	return -1;
}

int
turn_next(int listener, size_t child)
{
	(void)child;
	/* YOUR WORK: take the turn, accept, and give the turn back before the session */
	(void)listener;
	errno = ENOSYS;
	return -1;
}

int
turn_watch(int listener, const sigset_t *awake)
{
	(void)listener;
	/* YOUR WORK: sleep until a signal has come */
	(void)awake;
	errno = ENOSYS;
	return -1;
}
