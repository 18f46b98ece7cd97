/*
 * queue.h - descriptors that wait until a thread takes them.
 *
 * Threads of one process put descriptors in at the end, and others take them from the front.
 * There is room for a number of them that was agreed on when the queue was made. Whoever finds no
 * room, or nothing to take, sleeps until another thread has changed that.
 *
 *	struct queue *q = queue_new(8);
 *
 *	queue_put(q, fd);		one thread or several
 *	fd = queue_take(q);		any number of threads
 *	queue_close(q);			nothing more will come
 *	queue_free(q);			when no thread uses it any more
 *
 * What a struct queue holds is your choice: queue.c defines it. The functions keep no
 * other state, so that there may be any number of queues. queue_put(), queue_take() and
 * queue_close() may be called by any number of threads at the same time. Nobody calls anything else
 * of queue.c: a server works with any queue that keeps to this header.
 *
 * Whoever waits sleeps: no thread looks again and again whether there is something to do, neither
 * with pauses in between nor without, nor does it wait with a timeout.
 * A signal handler may run in any thread at any time; nobody notices.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include <stddef.h>

struct queue;

/*
 * An empty queue with room for this many descriptors, places > 0. It belongs to the caller,
 * who frees it with queue_free(). Returns NULL with errno (ENOMEM) when there is no memory.
 */
struct queue *queue_new(size_t places);

/*
 * Frees q. No thread is in one of the functions any more, and none will be. A descriptor that is
 * still in it stays open. NULL is allowed and does nothing.
 */
void queue_free(struct queue *q);

/*
 * Puts fd, 0 or more, at the end; sleeps while there is no room. The queue looks at the number
 * only: it does not use, copy or close the descriptor. Each one that is put wakes a thread that
 * waits in queue_take(), if there is one: as many threads as there are descriptors.
 *
 * Returns 0. Returns -1 with errno EPIPE when the queue is closed, or is closed while the caller
 * waits for room; fd is not in the queue then.
 */
int queue_put(struct queue *q, int fd);

/*
 * Takes what was put in first; sleeps while there is nothing. Each descriptor is taken once. Each
 * place that becomes free wakes a thread that waits in queue_put(), if there is one.
 *
 * Returns the descriptor. Returns -1 with errno EPIPE when the queue is closed and nothing is in it
 * any more: what was in it when it was closed can still be taken.
 */
int queue_take(struct queue *q);

/* Nothing more comes in. Everybody who waits, in queue_put() or queue_take(), wakes up. May be
 * called again, and does nothing then. */
void queue_close(struct queue *q);

#endif
