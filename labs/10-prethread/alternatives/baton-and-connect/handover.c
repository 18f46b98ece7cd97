#include "pool.h"
#include "queue.h"
#include <stdlib.h>
#include <unistd.h>

struct clients {
	struct pool *accepts;
	struct queue *line;
};

/* The queue first: if there is none, there is nothing to give back. */
struct clients *
clients_new(struct pool *pool, size_t threads)
{
	struct queue *line = queue_new(threads);
	struct clients *c = line == NULL ? NULL : malloc(sizeof *c);

	if (c == NULL) {
		queue_free(line);
		return NULL;
	}
	c->line = line;
	c->accepts = pool;
	return c;
}

void
clients_bring(struct clients *c)
{
	for (int fd = accept_client(c->accepts); fd >= 0; fd = accept_client(c->accepts))
		if (queue_put(c->line, fd) < 0)
			close(fd);
	queue_close(c->line);
}

int
clients_next(struct clients *c)
{
	return queue_take(c->line);
}

void
clients_free(struct clients *c)
{
	queue_free(c->line);
	free(c);
}
