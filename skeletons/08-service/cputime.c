/* cputime.c - what a server has cost. See cputime.h. */
#include "cputime.h"
#include <errno.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

/* YOUR WORK: a text is put together without stdio, and written whole */

void
report_cpu_time(int fd)
{
	/* YOUR WORK: both lines, and errno as it was */
	(void)fd;
}
