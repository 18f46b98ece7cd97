/* turn_mutex.c - a mutex that looks for errors. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "prefork.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

extern int prefork_signals;

static struct shared {
	pthread_mutex_t turn;
} * shared;

int
turn_open(int listener, size_t n)
{
	pthread_mutexattr_t kind;

	(void)listener, (void)n;
	shared =
	    mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return -1;
	pthread_mutexattr_init(&kind);
	pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
	errno = pthread_mutex_init(&shared->turn, &kind);
	return errno == 0 ? 0 : -1;
}

int
turn_next(int listener, size_t child)
{
	int fd, error;

	(void)child;
	switch (errno = pthread_mutex_lock(&shared->turn)) {
	case 0:
		break;
	case EOWNERDEAD:
		pthread_mutex_consistent(&shared->turn);
		break;
	default:
		return -1;
	}
	do {
		fd = accept(listener, NULL, NULL);
	} while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
	error = errno;
	pthread_mutex_unlock(&shared->turn);
	errno = error;
	return fd;
}

pid_t
turn_fork(int listener, size_t child)
{
	(void)listener, (void)child;
	return fork();
}

int
turn_watch(int listener, const sigset_t *awake)
{
	struct pollfd one = {.fd = prefork_signals, .events = POLLIN};

	(void)listener, (void)awake;
	return poll(&one, 1, -1) < 0 && errno != EINTR ? -1 : 0;
}
