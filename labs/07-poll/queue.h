/*
 * queue.h - bytes that wait until a descriptor takes them.
 *
 * A descriptor with O_NONBLOCK takes what there is room for and refuses the
 * rest with EAGAIN. The rest waits here: in order, complete, and never more of it than
 * was agreed on when the queue was made.
 *
 *	struct queue *q = queue_new(QUEUE_LIMIT);
 *
 *	queue_add(q, "hello\n", 6);	nothing is written yet
 *	queue_flush(q, fd);		now as much as fd takes
 *	if (queue_size(q) > 0)
 *		...			ask poll(2) for POLLOUT, then flush again
 *	queue_free(q);
 *
 * What a struct queue holds is your choice: queue.c defines it. The functions
 * keep no other state, so that there may be any number of queues.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include <stddef.h>

struct queue;

/*
 * An empty queue for at most limit bytes, limit > 0. It belongs to the caller,
 * who frees it with queue_free(). Returns NULL with ENOMEM when there is no memory.
 */
struct queue *queue_new(size_t limit);

/* Frees q with all that still waits in it. NULL is allowed and does nothing. */
void queue_free(struct queue *q);

/* How many bytes wait. */
size_t queue_size(const struct queue *q);

/*
 * Puts a copy of the n bytes at the end, all of them or none. Any bytes are
 * allowed, NUL among them.
 *
 * Returns 0, or -1 with errno:
 *   ENOBUFS   More than limit bytes would wait then. The queue is as it was.
 *   ENOMEM    There is no memory. The queue is as it was.
 */
int queue_add(struct queue *q, const void *bytes, size_t n);

/*
 * Writes from the front until nothing waits any more or fd takes no more
 * (EAGAIN). What is written has left the queue; what is not stays, in order.
 * A write may take a part only, and a handler may run at any time: nobody
 * notices. When nothing waits, nothing is written.
 *
 * fd has O_NONBLOCK and belongs to the caller, who ignores SIGPIPE.
 *
 * Returns 0 in both cases, or -1 with errno as write(2) for every other
 * failure; EPIPE and ECONNRESET mean that nobody reads any more. What has not
 * been written still waits then.
 */
int queue_flush(struct queue *q, int fd);

#endif
