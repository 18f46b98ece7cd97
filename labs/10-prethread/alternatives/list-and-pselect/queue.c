/*
 * Different: a list and one condition variable, of which everybody is told everything; the main
 * thread itself takes the signals, in pselect() or sigsuspend(), and nowhere else.
 */
#include "queue.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct item {
	struct item *next;
	int fd;
};

struct queue {
	pthread_mutex_t m;
	pthread_cond_t changed;
	struct item *head, **tail;
	size_t room;
	int open;
};

struct queue *
queue_new(size_t places)
{
	struct queue *q = malloc(sizeof *q);

	if (q == NULL)
		return NULL;
	*q = (struct queue){.room = places, .open = 1, .head = NULL};
	q->tail = &q->head;
	pthread_mutex_init(&q->m, NULL);
	pthread_cond_init(&q->changed, NULL);
	return q;
}

void
queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	while (q->head != NULL) {
		struct item *gone = q->head;

		q->head = gone->next;
		free(gone);
	}
	pthread_cond_destroy(&q->changed);
	pthread_mutex_destroy(&q->m);
	free(q);
}

int
queue_put(struct queue *q, int fd)
{
	struct item *item = malloc(sizeof *item);

	if (item == NULL)
		return -1;
	item->fd = fd;
	item->next = NULL;
	pthread_mutex_lock(&q->m);
	for (; q->open && q->room == 0;)
		pthread_cond_wait(&q->changed, &q->m);
	if (!q->open) {
		pthread_mutex_unlock(&q->m);
		free(item);
		errno = EPIPE;
		return -1;
	}
	*q->tail = item;
	q->tail = &item->next;
	q->room--;
	pthread_mutex_unlock(&q->m);
	pthread_cond_broadcast(&q->changed); /* without the lock */
	return 0;
}

int
queue_take(struct queue *q)
{
	struct item *item;
	int fd;

	pthread_mutex_lock(&q->m);
	while ((item = q->head) == NULL && q->open)
		pthread_cond_wait(&q->changed, &q->m);
	if (item != NULL) {
		q->head = item->next;
		if (q->head == NULL)
			q->tail = &q->head;
		q->room++;
	}
	pthread_mutex_unlock(&q->m);
	if (item == NULL) {
		errno = EPIPE;
		return -1;
	}
	pthread_cond_broadcast(&q->changed);
	fd = item->fd;
	free(item);
	return fd;
}

void
queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->m);
	q->open = 0;
	pthread_mutex_unlock(&q->m);
	pthread_cond_broadcast(&q->changed);
}
