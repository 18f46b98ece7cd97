/* queue.c - descriptors that wait until a thread takes them. See queue.h. */
#include "queue.h"
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* STUDENT: define struct queue: the places, what is in them, and what threads wait for */
/* A ring: n descriptors from first on. The lock guards all that stands below it. */
struct queue {
	pthread_mutex_t lock;
	pthread_cond_t filled, emptied; /* for takers; for putters */
	bool closed;
	size_t places, first, n;
	int fd[];
};
/* END */

struct queue *
queue_new(size_t places)
{
	/* STUDENT: make an empty queue, or return NULL with ENOMEM */
	struct queue *q = NULL;

	if (places <= (SIZE_MAX - sizeof *q) / sizeof q->fd[0])
		q = malloc(sizeof *q + places * sizeof q->fd[0]);
	if (q == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	q->closed = false;
	q->places = places;
	q->first = q->n = 0;
	pthread_mutex_init(&q->lock, NULL); /* without attributes none of the three can fail */
	pthread_cond_init(&q->filled, NULL);
	pthread_cond_init(&q->emptied, NULL);
	return q;
	/* INSTEAD
	(void)places;
	errno = ENOSYS;
	return NULL;
	*/
	/* END */
}

void
queue_free(struct queue *q)
{
	/* STUDENT: free all that queue_new() has made */
	if (q == NULL)
		return;
	pthread_cond_destroy(&q->emptied);
	pthread_cond_destroy(&q->filled);
	pthread_mutex_destroy(&q->lock);
	free(q);
	/* INSTEAD
	(void)q;
	*/
	/* END */
}

int
queue_put(struct queue *q, int fd)
{
	/* STUDENT: sleep while there is no room; put fd at the end; wake a thread that takes */
	bool closed;

	pthread_mutex_lock(&q->lock);
	while (q->n == q->places && !q->closed)
		pthread_cond_wait(&q->emptied, &q->lock);
	closed = q->closed;
	if (!closed) {
		q->fd[(q->first + q->n) % q->places] = fd;
		q->n++;
		pthread_cond_signal(&q->filled);
	}
	pthread_mutex_unlock(&q->lock);
	if (!closed)
		return 0;
	errno = EPIPE;
	return -1;
	/* INSTEAD
	(void)q;
	(void)fd;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

int
queue_take(struct queue *q)
{
	/* STUDENT: sleep while there is nothing; take the first one; wake a thread that puts */
	int fd = -1;

	pthread_mutex_lock(&q->lock);
	while (q->n == 0 && !q->closed)
		pthread_cond_wait(&q->filled, &q->lock);
	if (q->n > 0) {
		fd = q->fd[q->first];
		q->first = (q->first + 1) % q->places;
		q->n--;
		pthread_cond_signal(&q->emptied);
	}
	pthread_mutex_unlock(&q->lock);
	if (fd < 0)
		errno = EPIPE;
	return fd;
	/* INSTEAD
	(void)q;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

void
queue_close(struct queue *q)
{
	/* STUDENT: nothing more comes in, and everybody who waits has to know it */
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->filled);
	pthread_cond_broadcast(&q->emptied);
	pthread_mutex_unlock(&q->lock);
	/* INSTEAD
	(void)q;
	*/
	/* END */
}
