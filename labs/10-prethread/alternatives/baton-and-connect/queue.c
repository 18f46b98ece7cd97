/*
 * Different: each thread that waits has a condition variable of its own and stands in a line; who
 * brings something gives it to the first in the line by hand. The end of a server is a
 * connection that it makes to itself.
 */
#include "queue.h"
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

/* One that waits: what it brings, or what it gets. */
struct waiter {
	pthread_cond_t served;
	int done, fd;
	struct waiter *next;
};

struct line {
	struct waiter *first, *last;
};

struct queue {
	pthread_mutex_t mutex;
	struct line takers, putters; /* never both, and takers only while nothing is there */
	int closed;
	size_t limit, begin, end; /* begin and end only grow */
	int *fds;
};

struct queue *
queue_new(size_t places)
{
	struct queue *q = calloc(1, sizeof *q);
	int *fds = places > SIZE_MAX / 2 / sizeof *fds ? NULL : calloc(places, sizeof *fds);

	if (q == NULL || fds == NULL) {
		free(q);
		free(fds);
		errno = ENOMEM;
		return NULL;
	}
	q->fds = fds;
	q->limit = places;
	pthread_mutex_init(&q->mutex, NULL);
	return q;
}

void
queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	pthread_mutex_destroy(&q->mutex);
	free(q->fds);
	free(q);
}

/* Stands in the line until somebody has served it. */
static int
stand_in(struct line *line, pthread_mutex_t *mutex, int fd)
{
	struct waiter self = {.fd = fd};

	pthread_cond_init(&self.served, NULL);
	if (line->first == NULL)
		line->first = &self;
	else
		line->last->next = &self;
	line->last = &self;
	while (!self.done)
		pthread_cond_wait(&self.served, mutex);
	pthread_cond_destroy(&self.served);
	return self.fd;
}

/* Serves the first in the line; the caller gets what it brought. */
static int
serve_first(struct line *line, int fd)
{
	struct waiter *w = line->first;
	int brought = w->fd;

	line->first = w->next;
	w->fd = fd;
	w->done = 1;
	pthread_cond_signal(&w->served);
	return brought;
}

static void
append(struct queue *q, int fd)
{
	q->fds[q->end++ % q->limit] = fd;
}

static int
result(int fd)
{
	if (fd < 0)
		errno = EPIPE;
	return fd;
}

int
queue_put(struct queue *q, int fd)
{
	int done = 0;

	pthread_mutex_lock(&q->mutex);
	if (q->closed)
		done = -1;
	else if (q->takers.first != NULL)
		serve_first(&q->takers, fd);
	else if (q->end - q->begin < q->limit)
		append(q, fd);
	else
		done = stand_in(&q->putters, &q->mutex, fd) < 0 ? -1 : 0;
	pthread_mutex_unlock(&q->mutex);
	return result(done);
}

int
queue_take(struct queue *q)
{
	int fd = -1;

	pthread_mutex_lock(&q->mutex);
	if (q->begin != q->end) {
		fd = q->fds[q->begin++ % q->limit];
		if (q->putters.first != NULL)
			append(q, serve_first(&q->putters, 0));
	} else if (!q->closed) {
		fd = stand_in(&q->takers, &q->mutex, -1);
	}
	pthread_mutex_unlock(&q->mutex);
	return result(fd);
}

void
queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->mutex);
	q->closed = 1;
	while (q->takers.first != NULL)
		serve_first(&q->takers, -1);
	while (q->putters.first != NULL)
		serve_first(&q->putters, -1);
	pthread_mutex_unlock(&q->mutex);
}
