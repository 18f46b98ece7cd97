/* Different: a ring, written with writev(); the server waits with epoll, and for SIGTERM with
 * signalfd. */
#include "queue.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

struct queue {
	unsigned char *ring;
	size_t room, head, used;
};

struct queue *
queue_new(size_t limit)
{
	struct queue *q = calloc(1, sizeof *q);

	if (q == NULL)
		return NULL;
	q->ring = malloc(limit);
	if (q->ring == NULL) {
		free(q);
		return NULL;
	}
	q->room = limit;
	return q;
}

void
queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	free(q->ring);
	free(q);
}

size_t
queue_size(const struct queue *q)
{
	return q->used;
}

int
queue_add(struct queue *q, const void *bytes, size_t n)
{
	const unsigned char *from = bytes;

	if (q->room - q->used < n) {
		errno = ENOBUFS;
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		q->ring[(q->head + q->used++) % q->room] = from[i];
	return 0;
}

int
queue_flush(struct queue *q, int fd)
{
	while (q->used != 0) {
		size_t first = q->room - q->head < q->used ? q->room - q->head : q->used;
		struct iovec parts[2] = {{q->ring + q->head, first}, {q->ring, q->used - first}};
		ssize_t done = writev(fd, parts, parts[1].iov_len == 0 ? 1 : 2);

		if (done >= 0) {
			q->head = (q->head + (size_t)done) % q->room;
			q->used -= (size_t)done;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			break;
		} else if (errno != EINTR) {
			return -1;
		}
	}
	return 0;
}
