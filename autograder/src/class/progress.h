/*
 * progress.h - how far grading is, in one line that is written over; only when
 * standard error is a terminal.
 */
#ifndef GABEL_PROGRESS_H
#define GABEL_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct progress {
	bool shown;
	size_t done, n;
	struct timespec start;
};

void progress_begin(struct progress *p, size_t n);
void progress_step(struct progress *p);
void progress_end(struct progress *p); /* takes the line away */

#endif
