/*
 * belt.h - the same buffer, made of semaphores.
 *
 * Two semaphores count, one the free places and one the items; a third one lets
 * one process at a time change the buffer. They lie in shared memory beside it,
 * without a name (sem_init(3)). A semaphore has no owner: who is killed between
 * wait and post leaves it as it is, so here nobody is killed.
 *
 * Handlers may run at any time: no function here fails with EINTR.
 */
#ifndef BELT_H
#define BELT_H

#include <stddef.h>

/* The most places. */
enum { BELT_MAX = 1000 };

struct belt; /* yours: define it in belt.c */

/*
 * Makes an empty belt with so many places, shared with every child that is
 * forked later. Returns NULL with errno: EINVAL when places is 0 or greater than
 * BELT_MAX, otherwise as mmap(2).
 */
struct belt *belt_new(size_t places);

/* Puts an item behind the others; sleeps while the belt is full. */
void belt_put(struct belt *b, int item);

/* Takes the oldest item; sleeps while the belt is empty. */
int belt_take(struct belt *b);

/* Gives everything back; nobody uses it any more. Returns 0, or -1 with errno. */
int belt_free(struct belt *b);

#endif
