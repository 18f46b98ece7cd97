/* turn_mutex.c - pthread_mutex_trylock() first. */
#define _GNU_SOURCE /* ppoll() */
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

const struct timespec *patience(void);

static pthread_mutex_t *gate;

int
turn_open(int listener, size_t n)
{
	pthread_mutexattr_t shared;
	int error;

	(void)listener;
	(void)n;
	gate = mmap(NULL, sizeof(pthread_mutex_t), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (gate == MAP_FAILED)
		return -1;
	pthread_mutexattr_init(&shared);
	error = pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED) ||
		pthread_mutexattr_setrobust(&shared, PTHREAD_MUTEX_ROBUST) ||
		pthread_mutex_init(gate, &shared);
	pthread_mutexattr_destroy(&shared);
	if (error)
		errno = ENOMEM;
	return error ? -1 : 0;
}

static int
enter(void)
{
	int result = pthread_mutex_trylock(gate);

	if (result == EBUSY)
		result = pthread_mutex_lock(gate);
	if (result == EOWNERDEAD)
		result = pthread_mutex_consistent(gate);
	return result;
}

int
turn_next(int listener, size_t child)
{
	int fd;

	(void)child;
	errno = enter();
	if (errno != 0)
		return -1;
	while ((fd = accept(listener, NULL, NULL)) < 0)
		if (errno != EINTR && errno != EAGAIN && errno != ECONNABORTED && errno != EPROTO) {
			perror("accept");
			exit(EXIT_FAILURE);
		}
	pthread_mutex_unlock(gate);
	return fd;
}

int
turn_watch(int listener, const sigset_t *awake)
{
	(void)listener;
	ppoll(NULL, 0, patience(), awake);
	return 0;
}

pid_t
turn_fork(int listener, size_t child)
{
	(void)listener;
	(void)child;
	fflush(NULL); /* nothing is written twice */
	return fork();
}
