/* Runs commands one after the other and says how each one ended; runner.h has the rules. */
#include "runner.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* YOUR WORK: helper functions of your own, for instance one that runs a single command */

int
main(int argc, char *argv[])
{
	/* YOUR WORK: run each command, say how it ended, and end as the last one did */
	(void)argc;
	(void)argv;
	return 1;
}
