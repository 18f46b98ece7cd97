/* Different: the ring has two sides, each with its condition and its count; room for the most
 * places is always there. */
#define _DEFAULT_SOURCE
#include "ring.h"
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>

struct side {
	pthread_cond_t cond;
	unsigned long done; /* how often somebody was through here */
};

struct ring {
	pthread_mutex_t mutex;
	struct side put, take;
	unsigned long n;
	bool closed;
	int item[RING_MAX];
};

static void
wake_everybody(struct ring *r)
{
	pthread_cond_broadcast(&r->put.cond);
	pthread_cond_broadcast(&r->take.cond);
}

static void
check(struct ring *r, int error)
{
	if (error == EOWNERDEAD) {
		pthread_mutex_consistent(&r->mutex);
		wake_everybody(r);
	}
}

static unsigned long
inside(const struct ring *r)
{
	return r->put.done - r->take.done;
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
	pthread_cond_init(&r->put.cond, &c);
	pthread_cond_init(&r->take.cond, &c);
	pthread_condattr_destroy(&c);
	return r;
}

int
ring_put(struct ring *r, int item)
{
	check(r, pthread_mutex_lock(&r->mutex));
	while (inside(r) == r->n && !r->closed)
		check(r, pthread_cond_wait(&r->put.cond, &r->mutex));
	if (r->closed) {
		pthread_mutex_unlock(&r->mutex);
		errno = EPIPE;
		return -1;
	}
	r->item[r->put.done % r->n] = item;
	r->put.done++;
	pthread_cond_signal(&r->take.cond);
	pthread_mutex_unlock(&r->mutex);
	return 0;
}

int
ring_take(struct ring *r, int *item)
{
	check(r, pthread_mutex_lock(&r->mutex));
	while (inside(r) == 0 && !r->closed)
		check(r, pthread_cond_wait(&r->take.cond, &r->mutex));
	if (inside(r) == 0) {
		pthread_mutex_unlock(&r->mutex);
		return 0;
	}
	*item = r->item[r->take.done % r->n];
	r->take.done++;
	pthread_cond_signal(&r->put.cond);
	pthread_mutex_unlock(&r->mutex);
	return 1;
}

void
ring_close(struct ring *r)
{
	check(r, pthread_mutex_lock(&r->mutex));
	r->closed = true;
	wake_everybody(r);
	pthread_mutex_unlock(&r->mutex);
}

int
ring_free(struct ring *r)
{
	pthread_cond_destroy(&r->put.cond);
	pthread_cond_destroy(&r->take.cond);
	pthread_mutex_destroy(&r->mutex);
	return munmap(r, sizeof *r);
}
