/* One place for one number, between two processes. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool full;
	int number;
};

// tag::init[]
static void
init(struct place *p)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t condition;

	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED); // <1>
	pthread_mutexattr_setrobust(&mutex, PTHREAD_MUTEX_ROBUST);    // <2>
	pthread_mutex_init(&p->lock, &mutex);
	pthread_mutexattr_destroy(&mutex);
	pthread_condattr_init(&condition);
	pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED); // <1>
	pthread_cond_init(&p->changed, &condition);
	pthread_condattr_destroy(&condition);
}
// end::init[]

// tag::robust[]
/* After every call that took the lock. */
static void
mend(struct place *p, int error)
{
	if (error == EOWNERDEAD) {                  // <1>
		pthread_mutex_consistent(&p->lock); // <2>
		pthread_cond_broadcast(&p->changed);
	}
}
// end::robust[]

// tag::wait[]
static int
take(struct place *p)
{
	int number;

	mend(p, pthread_mutex_lock(&p->lock));
	while (!p->full)                                           // <1>
		mend(p, pthread_cond_wait(&p->changed, &p->lock)); // <2>
	number = p->number;
	p->full = false; // <3>
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	return number;
}
// end::wait[]

static void
put(struct place *p, int number)
{
	mend(p, pthread_mutex_lock(&p->lock));
	while (p->full)
		mend(p, pthread_cond_wait(&p->changed, &p->lock));
	p->number = number;
	p->full = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

int
main(void)
{
	struct place *p =
	    mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		return EXIT_FAILURE;
	}
	init(p);
	if (fork() == 0) {
		for (int i = 1; i <= 3; i++)
			put(p, i * i);
		_exit(EXIT_SUCCESS);
	}
	for (int i = 0; i < 3; i++)
		printf("%d\n", take(p));
	wait(NULL);
	munmap(p, sizeof *p);
	return EXIT_SUCCESS;
}
