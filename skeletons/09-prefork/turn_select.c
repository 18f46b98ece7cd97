/* turn_select.c - all children wait in select(), and race for the client. See prefork.h. */
#include "listener.h"
#include "prefork.h"
#include <errno.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

int
turn_open(int listener, size_t n)
{
	(void)n;
	/* YOUR WORK: whoever comes too late must not wait in accept() */
	(void)listener;
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
	/* YOUR WORK: wait in select(), then try to be the first in accept() */
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
