/* Different: one place more than asked for stays empty, so that two positions say everything. */
#define _DEFAULT_SOURCE
#include "ring.h"
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

struct ring {
	size_t size;       /* places and one more */
	size_t head, tail; /* equal: empty */
	int over;
	pthread_mutex_t mutex;
	pthread_cond_t can_put, can_take;
	int slots[];
};

static size_t
bytes(size_t size)
{
	return sizeof(struct ring) + size * sizeof(int);
}

static size_t
after(const struct ring *r, size_t position)
{
	return position + 1 == r->size ? 0 : position + 1;
}

/* The result of a call that took the mutex. */
static void
entered(struct ring *r, int result)
{
	if (result == EOWNERDEAD && pthread_mutex_consistent(&r->mutex) == 0) {
		pthread_cond_broadcast(&r->can_put);
		pthread_cond_broadcast(&r->can_take);
	}
}

static int
prepare(struct ring *r)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;
	int e;

	if ((e = pthread_mutexattr_init(&mutex)) != 0)
		return e;
	if ((e = pthread_condattr_init(&cond)) != 0) {
		pthread_mutexattr_destroy(&mutex);
		return e;
	}
	if ((e = pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED)) == 0 &&
	    (e = pthread_mutexattr_setrobust(&mutex, PTHREAD_MUTEX_ROBUST)) == 0 &&
	    (e = pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED)) == 0 &&
	    (e = pthread_mutex_init(&r->mutex, &mutex)) == 0 &&
	    (e = pthread_cond_init(&r->can_put, &cond)) == 0)
		e = pthread_cond_init(&r->can_take, &cond);
	pthread_condattr_destroy(&cond);
	pthread_mutexattr_destroy(&mutex);
	return e;
}

struct ring *
ring_new(size_t places)
{
	struct ring *r = NULL;
	int e = places > 0 && places <= RING_MAX ? 0 : EINVAL;

	if (e == 0) {
		r = mmap(NULL, bytes(places + 1), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (r == MAP_FAILED)
			return NULL;
		r->size = places + 1;
		e = prepare(r);
		if (e == 0)
			return r;
		munmap(r, bytes(places + 1));
	}
	errno = e;
	return NULL;
}

int
ring_put(struct ring *r, int item)
{
	int result = 0;

	entered(r, pthread_mutex_lock(&r->mutex));
	for (;;) {
		if (r->over) {
			result = -1;
			break;
		}
		if (after(r, r->head) != r->tail) {
			r->slots[r->head] = item;
			r->head = after(r, r->head);
			pthread_cond_signal(&r->can_take);
			break;
		}
		entered(r, pthread_cond_wait(&r->can_put, &r->mutex));
	}
	pthread_mutex_unlock(&r->mutex);
	if (result < 0)
		errno = EPIPE;
	return result;
}

int
ring_take(struct ring *r, int *item)
{
	int result = 0;

	entered(r, pthread_mutex_lock(&r->mutex));
	for (;;) {
		if (r->head != r->tail) {
			*item = r->slots[r->tail];
			r->tail = after(r, r->tail);
			pthread_cond_signal(&r->can_put);
			result = 1;
			break;
		}
		if (r->over)
			break;
		entered(r, pthread_cond_wait(&r->can_take, &r->mutex));
	}
	pthread_mutex_unlock(&r->mutex);
	return result;
}

void
ring_close(struct ring *r)
{
	entered(r, pthread_mutex_lock(&r->mutex));
	r->over = 1;
	pthread_mutex_unlock(&r->mutex);
	pthread_cond_broadcast(&r->can_put);
	pthread_cond_broadcast(&r->can_take);
}

int
ring_free(struct ring *r)
{
	pthread_cond_destroy(&r->can_put);
	pthread_cond_destroy(&r->can_take);
	pthread_mutex_destroy(&r->mutex);
	return munmap(r, bytes(r->size));
}
