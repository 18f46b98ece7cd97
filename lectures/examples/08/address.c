/* address.c - three threads get the address of one variable, and three its value. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 3 };

static pthread_barrier_t start; /* all threads begin late, as any thread may */

// tag::threads[]
static void *
by_address(void *with)
{
	int fd;

	pthread_barrier_wait(&start);
	fd = *(int *)with; // <1>
	return (void *)(intptr_t)fd;
}

static void *
by_value(void *with)
{
	pthread_barrier_wait(&start);
	return with; // <2>
}
// end::threads[]

/* Makes the threads, lets them begin when all are there, and says what they have seen. */
static int
try(const char *name, void *(*thread)(void *), int with_address)
{
	pthread_t threads[THREADS];
	int fd = 0;

	for (int i = 0; i < THREADS; i++) {
		fd = 5 + i;
		if (pthread_create(&threads[i], NULL, thread,
			with_address ? (void *)&fd : (void *)(intptr_t)fd) != 0)
			return -1;
	}
	pthread_barrier_wait(&start);
	printf("%s:", name);
	for (int i = 0; i < THREADS; i++) {
		void *seen;

		if (pthread_join(threads[i], &seen) != 0)
			return -1;
		printf(" %d", (int)(intptr_t)seen);
	}
	printf("\n");
	return 0;
}

int
main(void)
{
	if (pthread_barrier_init(&start, NULL, THREADS + 1) != 0)
		return EXIT_FAILURE;
	if (try("by address", by_address, 1) < 0 || try("by value", by_value, 0) < 0)
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}
