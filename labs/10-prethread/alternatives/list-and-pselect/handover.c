#include "pool.h"
#include "queue.h"
#include <stdlib.h>

struct clients {
	struct queue *q;
	struct pool *p;
};

void
clients_free(struct clients *c)
{
	if (c != NULL)
		queue_free(c->q);
	free(c);
}

struct clients *
clients_new(struct pool *pool, size_t threads)
{
	struct clients *c = calloc(1, sizeof *c);

	if (c == NULL)
		return NULL;
	c->p = pool;
	c->q = queue_new(threads);
	if (c->q != NULL)
		return c;
	clients_free(c);
	return NULL;
}

int
clients_next(struct clients *c)
{
	return queue_take(c->q);
}

void
clients_bring(struct clients *c)
{
	int fd;

	do
		fd = accept_client(c->p);
	while (fd >= 0 && queue_put(c->q, fd) == 0);
	queue_close(c->q);
}
