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
	/* STUDENT: whoever comes too late must not wait in accept() */
	return do_not_block(listener);
	/* INSTEAD
	(void)listener;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

pid_t
turn_fork(int listener, size_t child)
{
	(void)listener;
	(void)child;
	/* STUDENT: nothing but a child is needed */
	return fork();
	/* INSTEAD
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

int
turn_next(int listener, size_t child)
{
	(void)child;
	/* STUDENT: wait in select(), then try to be the first in accept() */
	fd_set set;

	FD_ZERO(&set);
	FD_SET(listener, &set);
	if (select(listener + 1, &set, NULL, NULL, NULL) < 0)
		return -1;
	return accept(listener, NULL, NULL); /* EAGAIN: another child was faster */
					     /* INSTEAD
					     (void)listener;
					     errno = ENOSYS;
					     return -1;
					     */
					     /* END */
}

int
turn_watch(int listener, const sigset_t *awake)
{
	(void)listener;
	/* STUDENT: sleep until a signal has come */
	sigsuspend(awake);
	return 0;
	/* INSTEAD
	(void)awake;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
