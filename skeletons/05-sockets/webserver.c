/* webserver.c - an iterative server: one client after the other. See web.h. */
#include "lines.h"
#include "net.h"
#include "web.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* YOUR WORK: helpers, for instance one that serves the next client */

int
main(int argc, char *argv[])
{
	/* YOUR WORK: signals first, then listen, say so, and serve for ever */
	(void)argc;
	(void)argv;
	return 1;
}
