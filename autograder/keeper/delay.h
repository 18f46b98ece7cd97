/*
 * delay.h - how long a thread was ready to run but was not let.
 *
 * On a busy machine wall time says nothing about a program. The kernel keeps
 * for each thread the time it stood in the queue for a processor; whoever must
 * be given up in the end is given that time back first.
 */
#ifndef GABEL_KEEPER_DELAY_H
#define GABEL_KEEPER_DELAY_H

#include <stdint.h>
#include <sys/types.h>

/*
 * Microseconds since the thread's birth. Returns 0; or -1 when it is gone, or
 * when this kernel does not count (CONFIG_SCHED_INFO).
 */
int delay_read(pid_t tid, uint64_t *us);

#endif
