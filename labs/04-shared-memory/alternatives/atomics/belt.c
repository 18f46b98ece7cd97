/* Different: producers keep their turn apart from that of consumers. */
#define _DEFAULT_SOURCE
#include "belt.h"
#include <errno.h>
#include <semaphore.h>
#include <sys/mman.h>

struct side {
	sem_t turn, may_go;
	size_t next;
};

struct belt {
	struct side put, take;
	size_t places;
	int items[BELT_MAX];
};

static size_t
enter(struct side *side, size_t places)
{
	size_t at;

	while (sem_wait(&side->may_go) != 0 && errno == EINTR)
		;
	while (sem_wait(&side->turn) != 0 && errno == EINTR)
		;
	at = side->next;
	side->next = at + 1 == places ? 0 : at + 1;
	return at;
}

struct belt *
belt_new(size_t places)
{
	struct belt *b;

	if (places < 1 || places > BELT_MAX) {
		errno = EINVAL;
		return NULL;
	}
	b = mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (b == MAP_FAILED)
		return NULL;
	b->places = places;
	sem_init(&b->put.turn, 1, 1);
	sem_init(&b->take.turn, 1, 1);
	sem_init(&b->put.may_go, 1, (unsigned)places);
	sem_init(&b->take.may_go, 1, 0);
	return b;
}

void
belt_put(struct belt *b, int item)
{
	b->items[enter(&b->put, b->places)] = item;
	sem_post(&b->take.may_go);
	sem_post(&b->put.turn);
}

int
belt_take(struct belt *b)
{
	int item = b->items[enter(&b->take, b->places)];

	sem_post(&b->put.may_go);
	sem_post(&b->take.turn);
	return item;
}

int
belt_free(struct belt *b)
{
	sem_destroy(&b->put.turn);
	sem_destroy(&b->take.turn);
	sem_destroy(&b->put.may_go);
	sem_destroy(&b->take.may_go);
	return munmap(b, sizeof *b);
}
