/* Different: no lock at all; compare and exchange until nobody was faster. */
#define _DEFAULT_SOURCE
#include "total.h"
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

struct total {
	atomic_long sum;
};

struct total *
total_new(void)
{
	void *at = mmap(
	    NULL, sizeof(struct total), PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_SHARED, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

int
total_add(struct total *t, long amount)
{
	long seen = atomic_load(&t->sum);

	do {
		if (seen + amount < 0) {
			errno = ERANGE;
			return -1;
		}
	} while (!atomic_compare_exchange_weak(&t->sum, &seen, seen + amount));
	return 0;
}

long
total_read(struct total *t)
{
	return atomic_load(&t->sum);
}

int
total_free(struct total *t)
{
	return munmap(t, sizeof *t);
}
