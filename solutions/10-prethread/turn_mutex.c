/* turn_mutex.c - each thread accepts its clients itself, one thread at a time. See pool.h. */
#include "pool.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/* STUDENT: define struct clients: whose turn it is to accept */
struct clients {
	struct pool *pool;
	pthread_mutex_t turn; /* who has it waits in accept() */
};
/* END */

struct clients *
clients_new(struct pool *pool, size_t threads)
{
	/* STUDENT: make it, or return NULL with errno */
	struct clients *c = malloc(sizeof *c);

	(void)threads;
	if (c == NULL)
		return NULL;
	c->pool = pool;
	pthread_mutex_init(&c->turn, NULL);
	return c;
	/* INSTEAD
	(void)pool;
	(void)threads;
	errno = ENOSYS;
	return NULL;
	*/
	/* END */
}

void
clients_bring(struct clients *c)
{
	(void)c; /* the threads fetch their clients themselves */
}

int
clients_next(struct clients *c)
{
	/* STUDENT: accept when it is this thread's turn; the session is no part of the turn */
	int fd;

	pthread_mutex_lock(&c->turn);
	fd = accept_client(c->pool);
	pthread_mutex_unlock(&c->turn);
	return fd;
	/* INSTEAD
	(void)c;
	return -1;
	*/
	/* END */
}

void
clients_free(struct clients *c)
{
	/* STUDENT: free all that clients_new() has made */
	pthread_mutex_destroy(&c->turn);
	free(c);
	/* INSTEAD
	(void)c;
	*/
	/* END */
}
