/* Different: a table of three semaphores, and one function that moves any of them. */
#define _DEFAULT_SOURCE
#include "belt.h"
#include <errno.h>
#include <semaphore.h>
#include <sys/mman.h>

enum { FREE, USED, MINE, SEMAPHORES };

struct belt {
	sem_t count[SEMAPHORES];
	size_t places, begin, inside;
	int at[];
};

struct belt *
belt_new(size_t places)
{
	size_t bytes = sizeof(struct belt) + sizeof(int) * places;
	struct belt *b;

	if (places == 0 || places > BELT_MAX) {
		errno = EINVAL;
		return NULL;
	}
	b = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (b == MAP_FAILED)
		return NULL;
	for (int i = 0; i < SEMAPHORES; i++)
		sem_init(&b->count[i], 1, i == FREE ? (unsigned)places : i == MINE);
	b->places = places;
	return b;
}

/* Takes one of the first, and the belt for itself. */
static void
begin(struct belt *b, int what)
{
	const int wanted[] = {what, MINE};

	for (int i = 0; i < 2; i++)
		while (sem_wait(&b->count[wanted[i]]) < 0 && errno == EINTR)
			;
}

static void
end(struct belt *b, int what)
{
	sem_post(&b->count[MINE]);
	sem_post(&b->count[what]);
}

void
belt_put(struct belt *b, int item)
{
	begin(b, FREE);
	b->at[(b->begin + b->inside++) % b->places] = item;
	end(b, USED);
}

int
belt_take(struct belt *b)
{
	int item;

	begin(b, USED);
	item = b->at[b->begin];
	b->begin = (b->begin + 1) % b->places;
	b->inside--;
	end(b, FREE);
	return item;
}

int
belt_free(struct belt *b)
{
	for (int i = 0; i < SEMAPHORES; i++)
		sem_destroy(&b->count[i]);
	return munmap(b, sizeof *b + sizeof(int) * b->places);
}
