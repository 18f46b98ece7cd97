/* prefork.c - the pool of children that all designs share, and main(). See prefork.h. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "prefork.h"
#include "listener.h"
#include "report.h"
#include "web.h"
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* YOUR WORK: what the pool remembers, its handlers, and a function for each thing that it does */

int
main(int argc, char *argv[])
{
	/* YOUR WORK: make the children, keep their number, end them all, and report */
	(void)argc;
	(void)argv;
	return EXIT_FAILURE;
}
