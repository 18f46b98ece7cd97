/* turn_mutex.c - lock, accept and unlock in one function each. */
#define _DEFAULT_SOURCE
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

extern int wake_pipe[2];

struct turnstile {
	long passed;
	pthread_mutex_t mutex;
};
static struct turnstile *stile;

int
turn_open(int listener, size_t n)
{
	pthread_mutexattr_t a;

	(void)listener;
	(void)n;
	stile = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_SHARED, -1, 0);
	if (stile == MAP_FAILED)
		return -1;
	if (pthread_mutexattr_init(&a) != 0 ||
	    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST) != 0 ||
	    pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED) != 0 ||
	    pthread_mutex_init(&stile->mutex, &a) != 0) {
		errno = ENOMEM;
		return -1;
	}
	return 0;
}

static int
lock_stile(void)
{
	int e = pthread_mutex_lock(&stile->mutex);

	return e == EOWNERDEAD ? pthread_mutex_consistent(&stile->mutex) : e;
}

int
turn_next(int listener, size_t child)
{
	int fd, saved = lock_stile();

	(void)child;
	if (saved != 0) {
		errno = saved;
		return -1;
	}
	fd = accept(listener, NULL, NULL);
	saved = errno;
	stile->passed += fd >= 0;
	pthread_mutex_unlock(&stile->mutex);
	errno = saved;
	return fd;
}

int
turn_watch(int listener, const sigset_t *awake)
{
	char bytes[64];
	fd_set set;

	(void)listener;
	(void)awake;
	FD_ZERO(&set);
	FD_SET(wake_pipe[0], &set);
	if (select(wake_pipe[0] + 1, &set, NULL, NULL, NULL) > 0)
		while (read(wake_pipe[0], bytes, sizeof bytes) > 0)
			;
	return 0;
}

pid_t
turn_fork(int listener, size_t child)
{
	pid_t pid = fork();

	(void)listener;
	(void)child;
	return pid;
}
