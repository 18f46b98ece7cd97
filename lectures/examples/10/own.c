/* own.c - each thread gets the address of what is its own, and counts there. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 3 };

// tag::worker[]
struct worker {
	pthread_t thread;
	int number;
	long served; // <1>
};

static void *
work(void *argument)
{
	struct worker *self = argument; // <2>

	for (int i = 0; i < 1000 * (self->number + 1); i++)
		self->served++;
	return NULL;
}
// end::worker[]

int
main(void)
{
	// tag::create[]
	struct worker worker[THREADS] = {{.number = 0}};

	for (int i = 0; i < THREADS; i++) {
		worker[i].number = i;
		int error = pthread_create(&worker[i].thread, NULL, work, &worker[i]); // <1>

		if (error != 0) { // <2>
			fprintf(stderr, "pthread_create: %s\n", strerror(error));
			return EXIT_FAILURE;
		}
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(worker[i].thread, NULL); // <3>
		printf("thread %d: %ld\n", worker[i].number, worker[i].served);
	}
	// end::create[]
	return EXIT_SUCCESS;
}
