/*
 * lock_figures.h - what the runs of the lock daemons say together.
 */
#ifndef BENCH_LOCK_FIGURES_H
#define BENCH_LOCK_FIGURES_H

#include <jansson.h>

/*
 * Makes of what bench-locks has written one object:
 *
 *	floors   link, ping_pong: as often a second
 *	ways     in the order of the runs; each has mode ("own" or "one": the lock that the clients
 *	         take), clients, and daemons: daemon, runs, per_second (pairs of lock and release),
 *	         least, most, p99 (of a pair), used (microseconds of CPU time for a pair); for "one"
 *	         also handover with p50, p99, p999, longest, and ratio: its p999 in parts of that
 *	         of the last daemon, the leanest, in the same round
 *	idle     clients, and daemons: daemon, cpu (milliseconds of CPU time in a second, of all
 *	         who wait together), wakes (of each who waits, in a second)
 *
 * All are medians of the rounds, least and most are the ends of per_second. Times are
 * milliseconds unless said otherwise. Returns NULL after a line on standard error.
 */
json_t *lock_figures_make(const json_t *locks);

#endif
