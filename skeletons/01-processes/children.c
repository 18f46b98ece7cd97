/* Runs a job in n child processes at once; children.h says what it promises. */
#include "children.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* YOUR WORK: helper functions, if you like: one that starts, one that waits, one that ends */

int
run_children(size_t n, int (*job)(size_t index, void *context), void *context, int status[])
{
	/* YOUR WORK: start all children, wait for each; when a fork fails, end those that run */
	(void)n;
	(void)job;
	(void)context;
	(void)status;
	errno = ENOSYS;
	return -1;
}
