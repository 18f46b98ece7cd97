/* pipeline.c - runs commands as one pipeline. See plumbing.h. */
#include "plumbing.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* YOUR WORK: helpers, for instance one that finds the commands among the words */

int
main(int argc, char *argv[])
{
	/* YOUR WORK: find the commands, run them, and end as the last one did */
	(void)argc;
	(void)argv;
	return 1;
}
