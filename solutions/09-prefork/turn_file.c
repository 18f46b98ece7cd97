/* turn_file.c - one child is in accept(); the others wait for a file lock. See prefork.h. */
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* STUDENT: the file, and functions that lock and unlock it */
static int lock_file;

static int
turn_take(void)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(lock_file, F_SETLKW, &lock); /* after EINTR turn_next() is called again */
}

/* Whoever has it can give it back: no failure. */
static void
turn_give(void)
{
	struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};

	fcntl(lock_file, F_SETLK, &lock);
}
/* END */

int
turn_open(int listener, size_t n)
{
	(void)listener;
	(void)n;
	/* STUDENT: open a file of a name that nobody has, and take the name away */
	char name[] = "/tmp/prefork.XXXXXX";

	lock_file = mkstemp(name);
	return lock_file < 0 ? -1 : unlink(name);
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
	/* STUDENT: take the turn, accept, and give the turn back before the session */
	int fd, error;

	if (turn_take() < 0)
		return -1;
	fd = accept(listener, NULL, NULL);
	error = errno;
	turn_give();
	errno = error;
	return fd;
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
