/* threaded.c - a server with one thread per session. See threaded.h. */
#include "threaded.h"
#include "accepting.h"
#include "listener.h"
#include "service.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* YOUR WORK: what a thread has to know, and functions for the parts of the work */

int
run_threaded_service(const char *hostport, session_handler *handler, int argc, char *argv[])
{
	/* YOUR WORK: open, say so, serve; and close after a failure */
	(void)hostport;
	(void)handler;
	(void)argc;
	(void)argv;
	errno = ENOSYS;
	return -1;
}
