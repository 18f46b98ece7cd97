/*
 * ring.h - a ring buffer between any number of producers and consumers.
 *
 * It lies in shared memory: the processes are forked after ring_new(). A mutex
 * guards it and condition variables wait for places and items; all of them are
 * process-shared. Nobody polls.
 *
 * The mutex is robust. A process may be killed at any moment, also between lock
 * and unlock, only not inside a pthread_cond_*() call. Then all others go on, as
 * if it had never called, or as if it had finished: at most the one item that it
 * was putting or taking is lost, and nothing comes twice.
 */
#ifndef RING_H
#define RING_H

#include <stddef.h>

/* The most places. */
enum { RING_MAX = 1000 };

struct ring; /* yours: define it in ring.c */

/*
 * Makes an empty ring with so many places, shared with every child that is
 * forked later. Returns NULL with errno: EINVAL when places is 0 or greater than
 * RING_MAX, otherwise as mmap(2) or what a pthread function returned.
 */
struct ring *ring_new(size_t places);

/*
 * Puts an item behind the others; sleeps while the ring is full.
 * Returns 0, or -1 with errno EPIPE when the ring is closed, also if it is
 * closed during the sleep.
 */
int ring_put(struct ring *r, int item);

/*
 * Takes the oldest item; sleeps while the ring is empty and not closed.
 * Returns 1, or 0 when the ring is closed and empty: nothing will come any more.
 */
int ring_take(struct ring *r, int *item);

/*
 * From now on nothing can be put, and everybody who sleeps in ring_put() wakes,
 * and so does everybody in ring_take() for whom nothing is left. What is in the
 * ring can still be taken.
 */
void ring_close(struct ring *r);

/* Gives everything back; nobody uses it any more. Returns 0, or -1 with errno. */
int ring_free(struct ring *r);

#endif
