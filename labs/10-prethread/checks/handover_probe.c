/*
 * handover_probe.c - a queue for prethread-handover, which is prethread-queue with it instead of
 * the student's own: a mistake in queue.c costs nothing where handover.c is asked for.
 *
 * It is no answer to task 1: one thread only may put. The judge asks it nothing; main() is the
 * student's.
 */
#include "queue.h"
#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum { CLIENTS = 1024 }; /* more than any check has */

struct queue {
	sem_t filled, room;
	atomic_bool closed;
	_Atomic size_t put, taken; /* how many ever */
	int fd[CLIENTS];
};

struct queue *
queue_new(size_t places)
{
	struct queue *q = calloc(1, sizeof *q);

	if (q == NULL)
		return NULL;
	sem_init(&q->filled, 0, 0);
	sem_init(&q->room, 0, places < CLIENTS ? (unsigned)places : CLIENTS);
	return q;
}

void
queue_free(struct queue *q)
{
	free(q);
}

static void
take_one(sem_t *semaphore)
{
	while (sem_wait(semaphore) < 0 && errno == EINTR)
		;
}

static int
refuse(sem_t *semaphore)
{
	sem_post(semaphore); /* the next one is to find out, too */
	errno = EPIPE;
	return -1;
}

int
queue_put(struct queue *q, int fd)
{
	take_one(&q->room);
	if (q->closed)
		return refuse(&q->room);
	q->fd[q->put % CLIENTS] = fd;
	q->put++;
	sem_post(&q->filled);
	return 0;
}

int
queue_take(struct queue *q)
{
	size_t nth;
	int fd;

	take_one(&q->filled);
	nth = q->taken++;
	if (nth >= q->put)
		return refuse(&q->filled);
	fd = q->fd[nth % CLIENTS];
	sem_post(&q->room);
	return fd;
}

void
queue_close(struct queue *q)
{
	if (atomic_exchange(&q->closed, true))
		return;
	sem_post(&q->filled);
	sem_post(&q->room);
}
