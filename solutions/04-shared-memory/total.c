/* total.c - one number that several processes change. See total.h. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "total.h"
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>

/* STUDENT: struct total, and helpers of your own */
struct total {
	pthread_mutex_t lock;
	long sum; /* only under lock */
};

/* None of these can fail: Linux has what the attributes ask for. */
static void
lock_init(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
}
/* END */

struct total *
total_new(void)
{
	/* STUDENT: shared memory with the total, and with the lock beside it */
	struct total *t =
	    mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (t == MAP_FAILED)
		return NULL;
	lock_init(&t->lock);
	return t;
	/* INSTEAD
	errno = ENOSYS;
	return NULL;
	*/
	/* END */
}

int
total_add(struct total *t, long amount)
{
	/* STUDENT: look and add in one step, or refuse */
	int result = -1;

	pthread_mutex_lock(&t->lock);
	if (t->sum + amount >= 0) {
		t->sum += amount;
		result = 0;
	}
	pthread_mutex_unlock(&t->lock); /* on every way out */
	if (result < 0)
		errno = ERANGE;
	return result;
	/* INSTEAD
	(void)t;
	(void)amount;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

long
total_read(struct total *t)
{
	/* STUDENT: nobody may be in the middle of adding */
	long sum;

	pthread_mutex_lock(&t->lock);
	sum = t->sum;
	pthread_mutex_unlock(&t->lock);
	return sum;
	/* INSTEAD
	(void)t;
	return -1;
	*/
	/* END */
}

int
total_free(struct total *t)
{
	/* STUDENT: destroy the lock, unmap the memory */
	pthread_mutex_destroy(&t->lock);
	return munmap(t, sizeof *t);
	/* INSTEAD
	(void)t;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
