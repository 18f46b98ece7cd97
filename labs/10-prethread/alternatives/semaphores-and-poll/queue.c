/*
 * Different: semaphores count the places and what is in them; the end of the server is a byte in a
 * pipe, which everybody who waits for a client sees in poll().
 */
#include "queue.h"
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

struct queue {
	sem_t things, room;
	pthread_mutex_t lock;
	int closed;
	int *ring;
	size_t size, put, taken; /* how many ever */
};

struct queue *
queue_new(size_t places)
{
	struct queue *q = malloc(sizeof *q);

	if (q == NULL)
		return NULL;
	q->ring = places < SEM_VALUE_MAX ? calloc(places, sizeof *q->ring) : NULL;
	if (q->ring == NULL) {
		free(q);
		errno = ENOMEM;
		return NULL;
	}
	q->size = places;
	q->put = q->taken = 0;
	q->closed = 0;
	sem_init(&q->things, 0, 0);
	sem_init(&q->room, 0, (unsigned)places);
	pthread_mutex_init(&q->lock, NULL);
	return q;
}

void
queue_free(struct queue *q)
{
	if (q != NULL) {
		pthread_mutex_destroy(&q->lock);
		sem_destroy(&q->room);
		sem_destroy(&q->things);
		free(q->ring);
		free(q);
	}
}

static void
take_one(sem_t *semaphore)
{
	while (sem_wait(semaphore) != 0 && errno == EINTR)
		;
}

int
queue_put(struct queue *q, int fd)
{
	int closed;

	take_one(&q->room);
	pthread_mutex_lock(&q->lock);
	closed = q->closed;
	if (!closed)
		q->ring[q->put++ % q->size] = fd;
	pthread_mutex_unlock(&q->lock);
	if (closed) {
		sem_post(&q->room); /* the next one is to find out, too */
		errno = EPIPE;
		return -1;
	}
	sem_post(&q->things);
	return 0;
}

int
queue_take(struct queue *q)
{
	int fd = -1;

	take_one(&q->things);
	pthread_mutex_lock(&q->lock);
	if (q->taken != q->put)
		fd = q->ring[q->taken++ % q->size];
	pthread_mutex_unlock(&q->lock);
	if (fd >= 0) {
		sem_post(&q->room);
		return fd;
	}
	sem_post(&q->things); /* the same */
	errno = EPIPE;
	return -1;
}

void
queue_close(struct queue *q)
{
	int before;

	pthread_mutex_lock(&q->lock);
	before = q->closed;
	q->closed = 1;
	pthread_mutex_unlock(&q->lock);
	if (!before) {
		sem_post(&q->things);
		sem_post(&q->room);
	}
}
