/*
 * machine.h - what the figures come from: the machine's name, and how fast it makes processes.
 */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <jansson.h>

/*
 * {"processor", "processors", "memory_mib", "kernel", "system", "virtual"}; NULL when there is no
 * memory.
 */
json_t *machine_describe(void);

/*
 * {"fork", "thread"}: how many processes, and how many threads, one process makes and waits for in
 * a second (medians of several batches). A hypervisor makes fork() dear, and then every figure of
 * a server that forks. Leaves no child. NULL after a failure.
 */
json_t *machine_rates(void);

#endif
