/* handover.c - the main thread accepts all clients and hands them over. See pool.h. */
#include "pool.h"
#include "queue.h"
#include <errno.h>
#include <stdlib.h>

/* STUDENT: define struct clients: where those who have been accepted wait for a thread */
struct clients {
	struct pool *pool;
	struct queue *waiting;
};
/* END */

struct clients *
clients_new(struct pool *pool, size_t threads)
{
	/* STUDENT: make it, or return NULL with errno */
	struct clients *c = malloc(sizeof *c);

	if (c == NULL)
		return NULL;
	c->pool = pool;
	c->waiting = queue_new(threads);
	if (c->waiting == NULL) {
		free(c);
		return NULL;
	}
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
	/* STUDENT: accept clients and put them into the queue; then say that no more will come */
	int fd;

	while ((fd = accept_client(c->pool)) >= 0)
		queue_put(c->waiting, fd);
	queue_close(c->waiting);
	/* INSTEAD
	(void)c;
	*/
	/* END */
}

int
clients_next(struct clients *c)
{
	/* STUDENT: take the client that has waited longest */
	return queue_take(c->waiting);
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
	queue_free(c->waiting);
	free(c);
	/* INSTEAD
	(void)c;
	*/
	/* END */
}
