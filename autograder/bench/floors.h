/*
 * floors.h - what a lock daemon cannot be faster than on this machine.
 */
#ifndef BENCH_FLOORS_H
#define BENCH_FLOORS_H

#include "stage.h"

/*
 * How often in a second a file in this directory can be linked and the link be removed again; and
 * how often one byte goes to another process and back over a TCP connection of 127.0.0.1, between
 * the processors of server and clients. Medians of several batches. -1 with errno after a failure.
 * They leave no file and no child.
 */
double floor_link(const char *directory);
double floor_ping_pong(const struct stage *stage);

#endif
