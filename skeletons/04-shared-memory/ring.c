/* ring.c - a ring buffer that survives the death of its users. See ring.h. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "ring.h"
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>

/* YOUR WORK: struct ring, and helpers of your own: make it, lock it, wait */

struct ring *
ring_new(size_t places)
{
	/* YOUR WORK: shared memory with the ring, its lock and what it waits with */
	(void)places;
	errno = ENOSYS;
	return NULL;
}

int
ring_put(struct ring *r, int item)
{
	/* YOUR WORK: lock; wait while it is full; put; wake one who waits for an item; unlock */
	(void)r;
	(void)item;
	errno = ENOSYS;
	return -1;
}

int
ring_take(struct ring *r, int *item)
{
	/* YOUR WORK: lock; wait while it is empty and open; take; wake one who waits for a place */
	(void)r;
	(void)item;
	return -1;
}

void
ring_close(struct ring *r)
{
	/* YOUR WORK: under the lock, and nobody goes on sleeping */
	(void)r;
}

int
ring_free(struct ring *r)
{
	/* YOUR WORK: destroy what was initialised, unmap the memory */
	(void)r;
	errno = ENOSYS;
	return -1;
}
