/* turn_mutex.c - one child is in accept(); the others wait for a mutex. See prefork.h. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "prefork.h"
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* STUDENT: the mutex, and functions that lock and unlock it */
static pthread_mutex_t *mutex;

static int
turn_take(void)
{
	int error = pthread_mutex_lock(mutex);

	if (error == EOWNERDEAD) /* its owner was killed; there is nothing to mend but the mutex */
		error = pthread_mutex_consistent(mutex);
	errno = error;
	return error == 0 ? 0 : -1;
}

/* Whoever has it can give it back: no failure. */
static void
turn_give(void)
{
	pthread_mutex_unlock(mutex);
}

/* Attributes fail only when their arguments are wrong: nowhere here. Returns an errno, or 0. */
static int
make_mutex(void)
{
	pthread_mutexattr_t attributes;
	int error;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	error = pthread_mutex_init(mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return error;
}
/* END */

int
turn_open(int listener, size_t n)
{
	(void)listener;
	(void)n;
	/* STUDENT: a robust mutex of several processes, in memory that they share */
	void *memory =
	    mmap(NULL, sizeof *mutex, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return -1;
	mutex = memory;
	errno = make_mutex();
	return errno == 0 ? 0 : -1;
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
