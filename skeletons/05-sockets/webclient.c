/* webclient.c - asks a web server for bytes, in one of two designs. See web.h. */
#include "lines.h"
#include "net.h"
#include "web.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* YOUR WORK: a function for each design, and their helpers */

int
main(int argc, char *argv[])
{
	/* YOUR WORK: take the arguments apart, connect, and do as one of the designs does */
	(void)argc;
	(void)argv;
	return 1;
}
