/* ring_probe.c - the functions of ring.h as a queue. */
#define _GNU_SOURCE /* syscall(), RTLD_NEXT */
#include "ring.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <threads.h>
#include <unistd.h>

static struct ring *r;

/* ---- a door before each wake-up ------------------------------------------------------ */

static bool announces;

/*
 * What autograder/interleave does before an access: here somebody can be held and killed. The
 * C library's own accesses are not announced, and between the student's last access and a call
 * of these functions there may be none.
 */
static void
at_the_door(pthread_cond_t *condition)
{
	int saved = errno;

	if (announces)
		syscall(SYS_afs_syscall, condition, sizeof *condition, 1L);
	errno = saved;
}

/*
 * Who calls these gets ours; the C library's are still there under the names that C gives them,
 * for the same conditions.
 */
int
pthread_cond_signal(pthread_cond_t *condition)
{
	at_the_door(condition);
	return cnd_signal((cnd_t *)condition) == thrd_success ? 0 : EINVAL;
}

int
pthread_cond_broadcast(pthread_cond_t *condition)
{
	at_the_door(condition);
	return cnd_broadcast((cnd_t *)condition) == thrd_success ? 0 : EINVAL;
}

/* From now on, in children that are made then. */
static void
announce(void)
{
	announces = true;
}

/* ---- a mutex that nobody can lock any more --------------------------------------------- */

/*
 * Whoever goes on with it runs without a lock, or in circles. We stop here and say why: the
 * judge could see only what comes of it.
 */
static int
unless_lost(int error)
{
	if (error != ENOTRECOVERABLE)
		return error;
	dprintf(STDOUT_FILENO, "lost\n");
	for (;;)
		pause();
}

/* The C library's function of this name. Its address comes as what no function pointer is. */
static void
library(const char *name, void *function, size_t size)
{
	void *address = dlsym(RTLD_NEXT, name);

	memcpy(function, &address, size);
}

int
pthread_mutex_lock(pthread_mutex_t *mutex)
{
	int (*lock)(pthread_mutex_t *);

	library("pthread_mutex_lock", &lock, sizeof lock);
	return unless_lost(lock(mutex));
}

int
pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
	int (*wait)(pthread_cond_t *, pthread_mutex_t *);

	library("pthread_cond_wait", &wait, sizeof wait);
	return unless_lost(wait(condition, mutex));
}

/* ---- the queue ----------------------------------------------------------------------- */

static int
make(size_t places)
{
	r = ring_new(places);
	return r != NULL;
}

static int
put(int item)
{
	return ring_put(r, item);
}

static int
take(int *item)
{
	return ring_take(r, item);
}

static void
end(void)
{
	ring_close(r);
}

static int
release(void)
{
	return ring_free(r);
}

#include "queue_probe.h"
