/* Different: what waits lies at the front of a buffer that grows; the server writes at once,
 * without waiting for POLLOUT. */
#include "queue.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

struct queue {
	char *data;
	size_t size, capacity, limit;
};

struct queue *
queue_new(size_t limit)
{
	struct queue *q = calloc(1, sizeof(struct queue));

	if (q != NULL)
		q->limit = limit;
	return q;
}

void
queue_free(struct queue *q)
{
	if (q != NULL)
		free(q->data);
	free(q);
}

size_t
queue_size(const struct queue *q)
{
	return q->size;
}

int
queue_add(struct queue *q, const void *bytes, size_t n)
{
	if (q->limit - q->size < n) {
		errno = ENOBUFS;
		return -1;
	}
	if (q->capacity - q->size < n) {
		char *data = realloc(q->data, q->size + n);

		if (data == NULL) {
			errno = ENOMEM;
			return -1;
		}
		q->data = data;
		q->capacity = q->size + n;
	}
	for (size_t i = 0; i < n; i++)
		q->data[q->size + i] = ((const char *)bytes)[i];
	q->size += n;
	return 0;
}

int
queue_flush(struct queue *q, int fd)
{
	size_t done = 0;
	int result = 0;

	while (done < q->size && result == 0) {
		ssize_t n = write(fd, q->data + done, q->size - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			result = -1;
	}
	if (done > 0)
		memmove(q->data, q->data + done, q->size - done);
	q->size -= done;
	if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		result = 0;
	return result;
}
