/* robust.c - a child ends while it has the mutex. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void
init(pthread_mutex_t *mutex)
{
	// tag::init[]
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED); // <1>
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);    // <2>
	pthread_mutex_init(mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
	// end::init[]
}

int
main(void)
{
	pthread_mutex_t *mutex =
	    mmap(NULL, sizeof *mutex, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int error;

	if (mutex == MAP_FAILED)
		return EXIT_FAILURE;
	init(mutex);
	if (fork() == 0) {
		pthread_mutex_lock(mutex);
		_exit(0); // without unlocking it
	}
	wait(NULL);
	// tag::lock[]
	error = pthread_mutex_lock(mutex);
	printf("lock: %s\n", error == EOWNERDEAD ? "EOWNERDEAD, and we have it" : "?");
	if (error == EOWNERDEAD)
		error = pthread_mutex_consistent(mutex); // <1>
	// end::lock[]
	printf("consistent: %d, unlock: %d\n", error, pthread_mutex_unlock(mutex));
	return EXIT_SUCCESS;
}
