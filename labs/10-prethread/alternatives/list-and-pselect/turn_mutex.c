#define _POSIX_C_SOURCE 200809L
#include "pool.h"
#include <pthread.h>

/* One mutex for the whole program; what is to be accepted from is the pool itself. */
static pthread_mutex_t mine = PTHREAD_MUTEX_INITIALIZER;

struct clients *
clients_new(struct pool *pool, size_t threads)
{
	(void)threads;
	return (struct clients *)pool;
}

void
clients_bring(struct clients *c)
{
	(void)c; /* pool.c waits for the signal when this returns */
}

int
clients_next(struct clients *c)
{
	int client = -1;

	pthread_mutex_lock(&mine);
	client = accept_client((struct pool *)c);
	pthread_mutex_unlock(&mine);
	return client;
}

void
clients_free(struct clients *c)
{
	(void)c;
}
