/*
 * supervisor WORKERS RESTARTS COMMAND [ARG...]
 *
 * Keeps WORKERS processes of COMMAND running. A worker that ends is replaced,
 * at most RESTARTS times altogether; the next end after that makes the
 * supervisor give up. On SIGTERM it stops. Both times it sends every worker
 * SIGTERM and waits for all of them.
 *
 * Standard output gets a line for each start and each end:
 *	start PID
 *	end PID exit STATUS
 *	end PID signal NUMBER
 * Exit status: 0 after SIGTERM, 1 when it gave up or fork() failed, 2 when it
 * was called wrongly.
 */
#include <ctype.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS_MAX = 64, GAVE_UP = 1, CALLED_WRONGLY = 2 };

/* YOUR WORK: the handlers, what they set, and the functions that you need */

int
main(int argc, char *argv[])
{
	/* YOUR WORK: read the arguments, prepare the signals, supervise */
	(void)argc;
	fprintf(stderr, "%s: there is nothing here yet\n", argv[0]);
	return GAVE_UP;
}
