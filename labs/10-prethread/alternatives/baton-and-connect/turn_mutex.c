#include "pool.h"
#include <pthread.h>
#include <stdlib.h>

/* The mutex checks for errors, and it is told to be robust against nothing else. */
struct clients {
	struct pool *pool;
	pthread_mutex_t accepting;
};

static int
make_mutex(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t kind;
	int error;

	if (pthread_mutexattr_init(&kind) != 0)
		return -1;
	pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
	error = pthread_mutex_init(mutex, &kind);
	pthread_mutexattr_destroy(&kind);
	return error == 0 ? 0 : -1;
}

struct clients *
clients_new(struct pool *pool, size_t threads)
{
	struct clients *c = malloc(sizeof(struct clients));

	(void)threads;
	if (c != NULL && make_mutex(&c->accepting) < 0) {
		free(c);
		c = NULL;
	}
	if (c != NULL)
		c->pool = pool;
	return c;
}

int
clients_next(struct clients *c)
{
	int fd = -1;

	if (pthread_mutex_lock(&c->accepting) == 0) {
		fd = accept_client(c->pool);
		if (pthread_mutex_unlock(&c->accepting) != 0)
			abort();
	}
	return fd;
}

void
clients_bring(struct clients *c)
{
	(void)c;
}

void
clients_free(struct clients *c)
{
	pthread_mutex_destroy(&c->accepting);
	free(c);
}
