/*
 * timeout.c - a program that may run only so long. See timeout.h.
 */
#include "timeout.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* YOUR WORK: what the handler of SIGALRM needs, and the functions that you need */

int
run_with_timeout(char *const argv[], unsigned milliseconds, int *status)
{
	/* YOUR WORK: start the program, set the alarm, wait for the end, put everything back */
	(void)argv;
	(void)milliseconds;
	(void)status;
	errno = ENOSYS;
	return -1;
}
