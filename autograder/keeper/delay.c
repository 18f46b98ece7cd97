#define _GNU_SOURCE
#include "delay.h"

#include "proc_file.h"

#include <inttypes.h>
#include <stdio.h>

/* Three numbers: time on a processor and time in the queue, in nanoseconds; number of turns. */
int
delay_read(pid_t tid, uint64_t *us)
{
	enum { NANOSECONDS = 1000 };
	char text[128];
	uint64_t waited, turns;

	if (proc_file_read(tid, "schedstat", text, sizeof text) < 0 ||
	    sscanf(text, "%*u %" SCNu64 " %" SCNu64, &waited, &turns) != 2 || turns == 0)
		return -1;
	*us = waited / NANOSECONDS;
	return 0;
}
