/* belt.c - the buffer made of semaphores. See belt.h. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "belt.h"
#include <errno.h>
#include <semaphore.h>
#include <sys/mman.h>

/* STUDENT: struct belt, and helpers of your own */
struct belt {
	sem_t places; /* how many are free */
	sem_t items;  /* how many are inside */
	sem_t turn;   /* 1: nobody changes the belt */
	size_t n, put_at, take_from;
	int item[];
};

static size_t
bytes_of(size_t places)
{
	return sizeof(struct belt) + places * sizeof(int);
}

/* sem_wait() of a semaphore that is right fails for one reason only: a handler ran. */
static void
wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) < 0)
		;
}
/* END */

struct belt *
belt_new(size_t places)
{
	/* STUDENT: shared memory with the buffer and its three semaphores */
	struct belt *b;

	if (places == 0 || places > BELT_MAX) {
		errno = EINVAL;
		return NULL;
	}
	b = mmap(NULL, bytes_of(places), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (b == MAP_FAILED)
		return NULL;
	b->n = places;
	/* None of these can fail: the values are small, and Linux shares semaphores. */
	sem_init(&b->places, 1, (unsigned)places);
	sem_init(&b->items, 1, 0);
	sem_init(&b->turn, 1, 1);
	return b;
	/* INSTEAD
	(void)places;
	errno = ENOSYS;
	return NULL;
	*/
	/* END */
}

void
belt_put(struct belt *b, int item)
{
	/* STUDENT: first wait for a place, then for your turn */
	wait_for(&b->places);
	wait_for(&b->turn);
	b->item[b->put_at] = item;
	b->put_at = (b->put_at + 1) % b->n;
	sem_post(&b->turn);
	sem_post(&b->items);
	/* INSTEAD
	(void)b;
	(void)item;
	*/
	/* END */
}

int
belt_take(struct belt *b)
{
	/* STUDENT: first wait for an item, then for your turn */
	int item;

	wait_for(&b->items);
	wait_for(&b->turn);
	item = b->item[b->take_from];
	b->take_from = (b->take_from + 1) % b->n;
	sem_post(&b->turn);
	sem_post(&b->places);
	return item;
	/* INSTEAD
	(void)b;
	return -1;
	*/
	/* END */
}

int
belt_free(struct belt *b)
{
	/* STUDENT: destroy the semaphores, unmap the memory */
	sem_destroy(&b->places);
	sem_destroy(&b->items);
	sem_destroy(&b->turn);
	return munmap(b, bytes_of(b->n));
	/* INSTEAD
	(void)b;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
