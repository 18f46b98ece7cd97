/* Different: a process-shared mutex is the turn; only the counts are semaphores. */
#define _DEFAULT_SOURCE
#include "belt.h"
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>

struct belt {
	pthread_mutex_t turn;
	sem_t empty, full;
	unsigned long in, out;
	size_t n;
	int place[BELT_MAX];
};

static void
down(sem_t *s)
{
	int result;

	do
		result = sem_wait(s);
	while (result == -1 && errno == EINTR);
}

struct belt *
belt_new(size_t places)
{
	pthread_mutexattr_t shared;
	struct belt *b;

	if (places == 0 || places > BELT_MAX) {
		errno = EINVAL;
		return NULL;
	}
	b = mmap(
	    NULL, sizeof(struct belt), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (b == MAP_FAILED)
		return NULL;
	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&b->turn, &shared);
	pthread_mutexattr_destroy(&shared);
	sem_init(&b->empty, 1, (unsigned)places);
	sem_init(&b->full, 1, 0);
	b->n = places;
	return b;
}

void
belt_put(struct belt *b, int item)
{
	down(&b->empty);
	pthread_mutex_lock(&b->turn);
	b->place[b->in++ % b->n] = item;
	pthread_mutex_unlock(&b->turn);
	sem_post(&b->full);
}

int
belt_take(struct belt *b)
{
	int item;

	down(&b->full);
	pthread_mutex_lock(&b->turn);
	item = b->place[b->out++ % b->n];
	pthread_mutex_unlock(&b->turn);
	sem_post(&b->empty);
	return item;
}

int
belt_free(struct belt *b)
{
	pthread_mutex_destroy(&b->turn);
	sem_destroy(&b->empty);
	sem_destroy(&b->full);
	return munmap(b, sizeof *b);
}
