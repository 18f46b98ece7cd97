#include "pool.h"
#include "queue.h"
#include <unistd.h>

/* The queue is all there is; whose clients they are, the main thread remembers here. */
static struct pool *source;

struct clients *
clients_new(struct pool *pool, size_t threads)
{
	source = pool;
	return (struct clients *)queue_new(threads);
}

void
clients_bring(struct clients *c)
{
	for (;;) {
		int fd = accept_client(source);

		if (fd < 0)
			break;
		if (queue_put((struct queue *)c, fd) < 0)
			close(fd);
	}
	queue_close((struct queue *)c);
}

int
clients_next(struct clients *c)
{
	return queue_take((struct queue *)c);
}

void
clients_free(struct clients *c)
{
	queue_free((struct queue *)c);
}
