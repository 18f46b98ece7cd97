/* plumbing.c - commands that are joined by pipes. See plumbing.h. */
#include "plumbing.h"
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* YOUR WORK: helpers of your own: become a command, start one, wait for all */

int
run_pipeline(size_t n, char *const *const commands[], int status[])
{
	/* YOUR WORK: start all commands, each with its ends only, and wait for all of them */
	(void)n;
	(void)commands;
	(void)status;
	errno = ENOSYS;
	return -1;
}
