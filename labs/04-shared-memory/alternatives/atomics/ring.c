/* Different: a first item and a number of items; one condition for all; who finds the lock of a
 * dead one counts anew. */
#define _DEFAULT_SOURCE
#include "ring.h"
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>

struct place {
	bool used;
	int item;
};

struct ring {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool closed;
	size_t n, first;
	struct place place[RING_MAX];
};

/* The used places are one row: it begins behind an unused one, unless all are used. */
static void
find_first(struct ring *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->place[i].used && !r->place[(i + r->n - 1) % r->n].used)
			r->first = i;
}

static void
took(struct ring *r, int result)
{
	if (result == EOWNERDEAD) {
		pthread_mutex_consistent(&r->mutex);
		find_first(r);
		pthread_cond_broadcast(&r->changed);
	}
}

/* The place for the next item, or NULL. */
static struct place *
free_place(struct ring *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct place *p = &r->place[(r->first + i) % r->n];

		if (!p->used)
			return p;
	}
	return NULL;
}

struct ring *
ring_new(size_t places)
{
	pthread_mutexattr_t m;
	pthread_condattr_t c;
	struct ring *r;

	if (places == 0 || places > RING_MAX) {
		errno = EINVAL;
		return NULL;
	}
	r = mmap(NULL, sizeof *r, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (r == MAP_FAILED)
		return NULL;
	r->n = places;
	pthread_mutexattr_init(&m);
	pthread_mutexattr_setpshared(&m, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&m, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&r->mutex, &m);
	pthread_mutexattr_destroy(&m);
	pthread_condattr_init(&c);
	pthread_condattr_setpshared(&c, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&r->changed, &c);
	pthread_condattr_destroy(&c);
	return r;
}

int
ring_put(struct ring *r, int item)
{
	struct place *p;
	bool closed;

	took(r, pthread_mutex_lock(&r->mutex));
	while ((p = free_place(r)) == NULL && !r->closed)
		took(r, pthread_cond_wait(&r->changed, &r->mutex));
	closed = r->closed;
	if (!closed) {
		p->item = item;
		p->used = true;
		pthread_cond_broadcast(&r->changed);
	}
	pthread_mutex_unlock(&r->mutex);
	if (closed)
		errno = EPIPE;
	return closed ? -1 : 0;
}

int
ring_take(struct ring *r, int *item)
{
	int result = 0;

	took(r, pthread_mutex_lock(&r->mutex));
	while (!r->place[r->first].used && !r->closed)
		took(r, pthread_cond_wait(&r->changed, &r->mutex));
	if (r->place[r->first].used) {
		*item = r->place[r->first].item;
		r->place[r->first].used = false;
		r->first = (r->first + 1) % r->n;
		pthread_cond_broadcast(&r->changed);
		result = 1;
	}
	pthread_mutex_unlock(&r->mutex);
	return result;
}

void
ring_close(struct ring *r)
{
	took(r, pthread_mutex_lock(&r->mutex));
	r->closed = true;
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->mutex);
}

int
ring_free(struct ring *r)
{
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->mutex);
	return munmap(r, sizeof *r);
}
