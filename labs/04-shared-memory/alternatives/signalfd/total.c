/* Different: a robust mutex, and a condition that is asked the other way round. */
#define _DEFAULT_SOURCE
#include "total.h"
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

struct total {
	long value;
	pthread_mutex_t mutex;
};

static void
lock(struct total *t)
{
	if (pthread_mutex_lock(&t->mutex) == EOWNERDEAD)
		pthread_mutex_consistent(&t->mutex); /* one store: it is right */
}

struct total *
total_new(void)
{
	pthread_mutexattr_t a;
	struct total *t =
	    mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (t == MAP_FAILED)
		return NULL;
	pthread_mutexattr_init(&a);
	pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&t->mutex, &a);
	pthread_mutexattr_destroy(&a);
	return t;
}

int
total_add(struct total *t, long amount)
{
	long next;

	lock(t);
	next = t->value + amount;
	if (next >= 0)
		t->value = next;
	pthread_mutex_unlock(&t->mutex);
	if (next >= 0)
		return 0;
	errno = ERANGE;
	return -1;
}

long
total_read(struct total *t)
{
	long now;

	lock(t);
	now = t->value;
	pthread_mutex_unlock(&t->mutex);
	return now;
}

int
total_free(struct total *t)
{
	pthread_mutex_destroy(&t->mutex);
	return munmap(t, sizeof *t);
}
