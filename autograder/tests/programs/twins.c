/*
 * twins.c - two processes that add to one number, for interleave_test.c.
 *
 * For each byte of standard input two children add one each, and the number is
 * written. The argument says how: "locked", "atomic" and "one-each" lose
 * nothing; "unlocked", "half-locked" and "load-store" do, in some order.
 */
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
	pthread_mutex_t lock;
	long plain;
	atomic_long atomic;
	long each[2];
};

static void
add(struct shared *s, const char *how, int child)
{
	if (strcmp(how, "locked") == 0) {
		pthread_mutex_lock(&s->lock);
		s->plain++;
		pthread_mutex_unlock(&s->lock);
	} else if (strcmp(how, "half-locked") == 0) {
		long seen = s->plain;

		pthread_mutex_lock(&s->lock);
		s->plain = seen + 1;
		pthread_mutex_unlock(&s->lock);
	} else if (strcmp(how, "unlocked") == 0) {
		s->plain++;
	} else if (strcmp(how, "atomic") == 0) {
		atomic_fetch_add(&s->atomic, 1);
	} else if (strcmp(how, "load-store") == 0) {
		atomic_store(&s->atomic, atomic_load(&s->atomic) + 1);
	} else {
		s->each[child]++;
	}
}

static void
round_of(struct shared *s, const char *how)
{
	for (int child = 0; child < 2; child++)
		if (fork() == 0) {
			add(s, how, child);
			_exit(EXIT_SUCCESS);
		}
	while (wait(NULL) > 0)
		;
	printf("%ld\n", s->plain + s->atomic + s->each[0] + s->each[1]);
	fflush(stdout);
}

int
main(int argc, char *argv[])
{
	pthread_mutexattr_t shared;
	struct shared *s;
	char byte;

	s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (argc != 2 || s == MAP_FAILED)
		return EXIT_FAILURE;
	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&s->lock, &shared);
	while (read(STDIN_FILENO, &byte, 1) == 1) {
		s->plain = s->atomic = s->each[0] = s->each[1] = 0;
		round_of(s, argv[1]);
	}
	return EXIT_SUCCESS;
}
