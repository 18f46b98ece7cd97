/* queue.c - descriptors that wait until a thread takes them. See queue.h. */
#include "queue.h"
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* YOUR WORK: define struct queue: the places, what is in them, and what threads wait for */

struct queue *
queue_new(size_t places)
{
	/* YOUR WORK: make an empty queue, or return NULL with ENOMEM */
	(void)places;
	errno = ENOSYS;
	return NULL;
}

void
queue_free(struct queue *q)
{
	/* YOUR WORK: free all that queue_new() has made */
	(void)q;
}

int
queue_put(struct queue *q, int fd)
{
	/* YOUR WORK: sleep while there is no room; put fd at the end; wake a thread that takes */
	(void)q;
	(void)fd;
	errno = ENOSYS;
	return -1;
}

int
queue_take(struct queue *q)
{
	/* YOUR WORK: sleep while there is nothing; take the first one; wake a thread that puts */
	(void)q;
	errno = ENOSYS;
	return -1;
}

void
queue_close(struct queue *q)
{
	/* YOUR WORK: nothing more comes in, and everybody who waits has to know it */
	(void)q;
}
