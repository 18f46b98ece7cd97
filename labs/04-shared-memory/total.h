/*
 * total.h - one number in shared memory that several processes change.
 *
 * An addition reads, adds and writes. Two processes that do so at the same time
 * must not lose an addition: total_add() is one step for everybody else,
 * whatever you make it so with (a process-shared mutex or semaphore, an atomic
 * operation); nobody waits busily for it.
 */
#ifndef TOTAL_H
#define TOTAL_H

struct total; /* yours: define it in total.c */

/*
 * Makes a total of 0, shared with every child that is forked later. Returns
 * NULL with errno, as mmap(2), when there is no memory; nothing is left then.
 */
struct total *total_new(void);

/*
 * Adds amount, which may be negative, unless the total would be below 0.
 * Returns 0, or -1 with errno ERANGE when it would; it is as it was then. The
 * caller sees to it that it never exceeds LONG_MAX.
 */
int total_add(struct total *t, long amount);

/* The total as it is now. */
long total_read(struct total *t);

/* Gives everything back; nobody uses it any more. Returns 0, or -1 with errno. */
int total_free(struct total *t);

#endif
