/* turn_none.c - all children wait in accept(), and the kernel chooses. See prefork.h. */
#include "prefork.h"
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int
turn_open(int listener, size_t n)
{
	(void)listener;
	(void)n;
	/* STUDENT: nothing has to be made */
	return 0;
	/* INSTEAD
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
	/* STUDENT: wait in accept() */
	return accept(listener, NULL, NULL);
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
