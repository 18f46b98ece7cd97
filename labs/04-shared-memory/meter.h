/*
 * meter.h - counters in shared memory, one for each child.
 *
 * fork() copies memory: what a child counts in an ordinary variable its parent
 * never sees. Here every child counts in memory that all of them share. Each
 * counter is written by one process only, so no lock is needed.
 *
 * MAP_ANONYMOUS is in <sys/mman.h> when _DEFAULT_SOURCE is defined before the
 * first #include; the skeleton does so.
 */
#ifndef METER_H
#define METER_H

#include <stddef.h>

/* The most counters. */
enum { METER_MAX = 1000 };

/*
 * Makes n counters, all 0, in memory that is shared with every child that is
 * forked later. Returns the first, or NULL with errno: EINVAL when n is 0 or
 * greater than METER_MAX, otherwise as mmap(2).
 */
long *meter_new(size_t n);

/* Gives back the memory of n counters. Returns 0, or -1 with errno. */
int meter_free(long *meter, size_t n);

/*
 * Starts n children that run at the same time. Child i calls work(i) again and
 * again, until it returns 0; each time it returned something else the child at
 * once counts one in its own counter. Then it ends with exit status 0, and
 * nothing of the parent's is flushed or run in it.
 *
 * Waits for these children, for no others, and through all signals. count[i] is
 * then what child i has counted, also when it was killed.
 *
 * Returns 0, or -1 with errno: EINVAL as above, otherwise as mmap(2) or fork(2).
 * Then no child is left (those that run already are ended with SIGKILL and
 * waited for), and count is as it was. In every case the shared memory is given
 * back. count itself is ordinary memory of the caller's.
 */
int run_metered(size_t n, int (*work)(size_t child), long count[]);

#endif
