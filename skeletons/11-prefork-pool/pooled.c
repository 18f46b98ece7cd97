/* pooled.c - a pool that grows under load and shrinks after it. See pooled.h. */
#include "pooled.h"
#include "listener.h"
#include "waiting.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* YOUR WORK: what has to be remembered, and functions for worker and server */

int
run_pooled_service(
    const char *hostport, session_handler *handler, struct pool_size size, int argc, char *argv[])
{
	/* YOUR WORK: listen, make the first workers, say so, serve, and put everything back */
	(void)hostport;
	(void)handler;
	(void)size;
	(void)argc;
	(void)argv;
	errno = ENOSYS;
	return -1;
}
