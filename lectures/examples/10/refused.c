/* refused.c - pthread_create() returns the error's number; what errno holds says nothing. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *
nothing(void *unused)
{
	return unused;
}

int
main(void)
{
	pthread_attr_t attributes;
	pthread_t thread;

	if (pthread_attr_init(&attributes) != 0 ||
	    pthread_attr_setstacksize(&attributes, (size_t)1 << 46) != 0) /* 64 TiB of stack */
		return EXIT_FAILURE;
	// tag::create[]
	int error = pthread_create(&thread, &attributes, nothing, NULL);

	printf("below 0: %s\n", error < 0 ? "yes" : "no");
	printf("reason:  %s\n", strerror(error));
	// end::create[]
	return EXIT_SUCCESS;
}
