/*
 * load.h - keeps the machine busy while something else must still be right.
 *
 * stress-ng does it, four stressors for each core, until it is ended: with
 * computing, forking, filling and touching memory, writing files. It gets what
 * it may fill from the caller and fills no more than half of the memory that
 * is free.
 */
#ifndef GABEL_PROVE_LOAD_H
#define GABEL_PROVE_LOAD_H

#include <stdbool.h>
#include <sys/types.h>

/* Memory last: what a guest gives back, its host takes, and it is slow for a while afterwards. */
enum condition { IDLE, CPU, FORK, DISK, MEMORY, CONDITIONS };

/* "idle", "cpu", "fork", "disk", "memory" */
const char *condition_name(enum condition c);

/*
 * Begins. directory is where files go. Returns the process that load_end()
 * ends (0 for IDLE), or -1 with errno: ENOENT when there is no stress-ng.
 */
pid_t load_begin(enum condition c, const char *directory);

/* Ends it and all it started. False: it had ended before, so what ran meanwhile ran without it. */
bool load_end(pid_t load);

#endif
