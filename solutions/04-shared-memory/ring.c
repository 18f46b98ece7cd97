/* ring.c - a ring buffer that survives the death of its users. See ring.h. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "ring.h"
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>

/* STUDENT: struct ring, and helpers of your own: make it, lock it, wait */
/*
 * Both counts only grow, and each change of the ring is complete with the one
 * store that moves a count. So whoever dies with the lock leaves a ring that is
 * right: as before that store, or as after it.
 */
struct ring {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
	bool closed;
	size_t places;
	size_t n_put, n_taken; /* since the beginning; put - taken items are inside */
	int items[];           /* item number i is in place i % places */
};

static size_t
bytes_of(size_t places)
{
	return sizeof(struct ring) + places * sizeof(int);
}

/* None of these can fail: Linux has what the attributes ask for. */
static void
init_lock(struct ring *r)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&r->lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

static void
init_conditions(struct ring *r)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&r->not_empty, &attributes);
	pthread_cond_init(&r->not_full, &attributes);
	pthread_condattr_destroy(&attributes);
}

/*
 * After every call that took the lock. The dead owner may have changed the ring
 * without waking anybody: everybody looks again.
 */
static void
mend(struct ring *r, int error)
{
	if (error != EOWNERDEAD)
		return;
	pthread_mutex_consistent(&r->lock);
	pthread_cond_broadcast(&r->not_empty);
	pthread_cond_broadcast(&r->not_full);
}

static void
lock(struct ring *r)
{
	mend(r, pthread_mutex_lock(&r->lock));
}

static void
sleep_until(struct ring *r, pthread_cond_t *condition)
{
	mend(r, pthread_cond_wait(condition, &r->lock));
}
/* END */

struct ring *
ring_new(size_t places)
{
	/* STUDENT: shared memory with the ring, its lock and what it waits with */
	struct ring *r;

	if (places == 0 || places > RING_MAX) {
		errno = EINVAL;
		return NULL;
	}
	r = mmap(NULL, bytes_of(places), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (r == MAP_FAILED)
		return NULL;
	r->places = places;
	init_lock(r);
	init_conditions(r);
	return r;
	/* INSTEAD
	(void)places;
	errno = ENOSYS;
	return NULL;
	*/
	/* END */
}

int
ring_put(struct ring *r, int item)
{
	/* STUDENT: lock; wait while it is full; put; wake one who waits for an item; unlock */
	bool closed;

	lock(r);
	while (!r->closed && r->n_put - r->n_taken == r->places)
		sleep_until(r, &r->not_full);
	closed = r->closed;
	if (!closed) {
		r->items[r->n_put % r->places] = item;
		r->n_put++; /* from here on it is in the ring */
		pthread_cond_signal(&r->not_empty);
	}
	pthread_mutex_unlock(&r->lock);
	if (!closed)
		return 0;
	errno = EPIPE;
	return -1;
	/* INSTEAD
	(void)r;
	(void)item;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

int
ring_take(struct ring *r, int *item)
{
	/* STUDENT: lock; wait while it is empty and open; take; wake one who waits for a place */
	bool empty;

	lock(r);
	while (r->n_put == r->n_taken && !r->closed)
		sleep_until(r, &r->not_empty);
	empty = r->n_put == r->n_taken;
	if (!empty) {
		*item = r->items[r->n_taken % r->places];
		r->n_taken++; /* from here on its place is free */
		pthread_cond_signal(&r->not_full);
	}
	pthread_mutex_unlock(&r->lock);
	return !empty;
	/* INSTEAD
	(void)r;
	(void)item;
	return -1;
	*/
	/* END */
}

void
ring_close(struct ring *r)
{
	/* STUDENT: under the lock, and nobody goes on sleeping */
	lock(r);
	r->closed = true;
	pthread_cond_broadcast(&r->not_empty);
	pthread_cond_broadcast(&r->not_full);
	pthread_mutex_unlock(&r->lock);
	/* INSTEAD
	(void)r;
	*/
	/* END */
}

int
ring_free(struct ring *r)
{
	/* STUDENT: destroy what was initialised, unmap the memory */
	pthread_cond_destroy(&r->not_empty);
	pthread_cond_destroy(&r->not_full);
	pthread_mutex_destroy(&r->lock);
	return munmap(r, bytes_of(r->places));
	/* INSTEAD
	(void)r;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
