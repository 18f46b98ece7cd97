/* meter.c - counters in shared memory, one for each child. See meter.h. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "meter.h"
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

long *
meter_new(size_t n)
{
	/* YOUR WORK: map memory that is shared with the children; it is all zeros */
	(void)n;
	errno = ENOSYS;
	return NULL;
}

int
meter_free(long *meter, size_t n)
{
	/* YOUR WORK: unmap as many bytes as were mapped */
	(void)meter;
	(void)n;
	errno = ENOSYS;
	return -1;
}

/* YOUR WORK: helpers of your own: what a child does, how to start all, how to wait for all */

int
run_metered(size_t n, int (*work)(size_t child), long count[])
{
	/*
	 * YOUR WORK: share the counters before you fork; when all have ended, copy what they
	 * counted
	 */
	(void)n;
	(void)work;
	(void)count;
	errno = ENOSYS;
	return -1;
}
