/* turn_file.c - one child is in accept(); the others wait for a file lock. See prefork.h. */
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* YOUR WORK: the file, and functions that lock and unlock it */

int
turn_open(int listener, size_t n)
{
	(void)listener;
	(void)n;
	/* YOUR WORK: open a file of a name that nobody has, and take the name away */
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
