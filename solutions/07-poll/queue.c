/* queue.c - bytes that wait until a descriptor takes them. See queue.h. */
#include "queue.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* STUDENT: define struct queue: the bytes, where the first one is, how many there are */
/* What waits are the n bytes from start on; start + n never goes beyond limit. */
struct queue {
	size_t limit, start, n;
	char bytes[];
};
/* END */

struct queue *
queue_new(size_t limit)
{
	/* STUDENT: make an empty queue, or return NULL with ENOMEM */
	struct queue *q = malloc(sizeof *q + limit);

	if (q != NULL)
		*q = (struct queue){.limit = limit};
	return q;
	/* INSTEAD
	(void)limit;
	errno = ENOSYS;
	return NULL;
	*/
	/* END */
}

void
queue_free(struct queue *q)
{
	/* STUDENT: free all that queue_new() and queue_add() have asked for */
	free(q);
	/* INSTEAD
	(void)q;
	*/
	/* END */
}

size_t
queue_size(const struct queue *q)
{
	/* STUDENT: say how many bytes wait */
	return q->n;
	/* INSTEAD
	(void)q;
	return 0;
	*/
	/* END */
}

int
queue_add(struct queue *q, const void *bytes, size_t n)
{
	/* STUDENT: put all n bytes at the end, or none: ENOBUFS */
	if (n > q->limit - q->n) {
		errno = ENOBUFS;
		return -1;
	}
	if (q->start + q->n + n > q->limit) { /* there is room, but at the front */
		memmove(q->bytes, q->bytes + q->start, q->n);
		q->start = 0;
	}
	memcpy(q->bytes + q->start + q->n, bytes, n);
	q->n += n;
	return 0;
	/* INSTEAD
	(void)q;
	(void)bytes;
	(void)n;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

int
queue_flush(struct queue *q, int fd)
{
	/* STUDENT: write from the front until nothing waits or fd takes no more */
	while (q->n > 0) {
		ssize_t done = write(fd, q->bytes + q->start, q->n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return errno == EAGAIN ? 0 : -1;
		q->start += (size_t)done;
		q->n -= (size_t)done;
	}
	return 0;
	/* INSTEAD
	(void)q;
	(void)fd;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
