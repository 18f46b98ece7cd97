/* pool.c - what both servers share: the threads, the sessions and the end. See pool.h. */
#include "pool.h"
#include "cputime.h"
#include "listener.h"
#include "web.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* YOUR WORK: define struct pool, and what each thread has for itself */

/* YOUR WORK: helpers: a message, and a way to end accept() in whatever thread, now and for ever */

int
accept_client(struct pool *pool)
{
	/* YOUR WORK: accept; what to do about an error depends on whose it is: see pool.h */
	(void)pool;
	errno = ENOSYS;
	return -1;
}

/* YOUR WORK: the threads: what one does, how all are started, how all are joined */

/* YOUR WORK: SIGINT and SIGTERM: who takes them, and what happens then */

/* YOUR WORK: what is printed at the end; the arguments; main() */

int
main(int argc, char *argv[])
{
	/* YOUR WORK: arguments, signals, listener; then serve */
	(void)argc;
	(void)argv;
	return 2;
}
