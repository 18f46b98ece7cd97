/* again.c - two threads are woken for one thing, and one of them has to wait again. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER, changed = PTHREAD_COND_INITIALIZER;
static int things, waiting, woken_in_vain, taken;

// tag::take[]
static void *
take(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	waiting++;
	pthread_cond_signal(&changed);
	while (things == 0) {                      // <1>
		pthread_cond_wait(&filled, &lock); // <2>
		if (things == 0)
			woken_in_vain++;
		pthread_cond_signal(&changed);
	}
	things--;
	taken++;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
	return NULL;
}
// end::take[]

int
main(void)
{
	pthread_t thread[2];

	for (int i = 0; i < 2; i++)
		if (pthread_create(&thread[i], NULL, take, NULL) != 0)
			return EXIT_FAILURE;
	// tag::put[]
	pthread_mutex_lock(&lock);
	while (waiting < 2)
		pthread_cond_wait(&changed, &lock);
	things = 1;
	pthread_cond_broadcast(&filled); // <1>
	while (taken + woken_in_vain < 2)
		pthread_cond_wait(&changed, &lock);
	printf("taken: %d, woken in vain: %d\n", taken, woken_in_vain);
	things = 1;
	pthread_cond_signal(&filled); // <2>
	pthread_mutex_unlock(&lock);
	// end::put[]
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	printf("taken: %d\n", taken);
	return EXIT_SUCCESS;
}
