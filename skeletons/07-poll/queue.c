/* queue.c - bytes that wait until a descriptor takes them. See queue.h. */
#include "queue.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* YOUR WORK: define struct queue: the bytes, where the first one is, how many there are */

struct queue *
queue_new(size_t limit)
{
	/* YOUR WORK: make an empty queue, or return NULL with ENOMEM */
	(void)limit;
	errno = ENOSYS;
	return NULL;
}

void
queue_free(struct queue *q)
{
	/* YOUR WORK: free all that queue_new() and queue_add() have asked for */
	(void)q;
}

size_t
queue_size(const struct queue *q)
{
	/* YOUR WORK: say how many bytes wait */
	(void)q;
	return 0;
}

int
queue_add(struct queue *q, const void *bytes, size_t n)
{
	/* YOUR WORK: put all n bytes at the end, or none: ENOBUFS */
	(void)q;
	(void)bytes;
	(void)n;
	errno = ENOSYS;
	return -1;
}

int
queue_flush(struct queue *q, int fd)
{
	/* YOUR WORK: write from the front until nothing waits or fd takes no more */
	(void)q;
	(void)fd;
	errno = ENOSYS;
	return -1;
}
