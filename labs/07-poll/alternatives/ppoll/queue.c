/* Different: a list of chunks, one for each addition; the server waits with ppoll() and a signal
 * mask. */
#include "queue.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct chunk {
	struct chunk *next;
	size_t n, done;
	char bytes[];
};

struct queue {
	struct chunk *first, **end;
	size_t n, limit;
};

struct queue *
queue_new(size_t limit)
{
	struct queue *q = malloc(sizeof *q);

	if (q) {
		q->first = NULL;
		q->end = &q->first;
		q->n = 0;
		q->limit = limit;
	}
	return q;
}

static void
drop_first(struct queue *q)
{
	struct chunk *c = q->first;

	q->first = c->next;
	if (q->first == NULL)
		q->end = &q->first;
	free(c);
}

void
queue_free(struct queue *q)
{
	if (!q)
		return;
	while (q->first)
		drop_first(q);
	free(q);
}

size_t
queue_size(const struct queue *q)
{
	return q->n;
}

int
queue_add(struct queue *q, const void *bytes, size_t n)
{
	struct chunk *c;

	if (n > q->limit || q->n > q->limit - n) {
		errno = ENOBUFS;
		return -1;
	}
	if (n == 0)
		return 0;
	c = malloc(sizeof *c + n);
	if (c == NULL)
		return -1;
	c->next = NULL;
	c->n = n;
	c->done = 0;
	memcpy(c->bytes, bytes, n);
	*q->end = c;
	q->end = &c->next;
	q->n += n;
	return 0;
}

int
queue_flush(struct queue *q, int fd)
{
	struct chunk *c;

	while ((c = q->first) != NULL) {
		ssize_t took = write(fd, c->bytes + c->done, c->n - c->done);

		if (took == -1) {
			if (errno == EINTR)
				continue;
			return errno == EAGAIN ? 0 : -1;
		}
		c->done += (size_t)took;
		q->n -= (size_t)took;
		if (c->done == c->n)
			drop_first(q);
	}
	return 0;
}
