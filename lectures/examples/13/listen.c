/* listen.c - a thread waits, and the session goes on listening to its client. */
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static sem_t lock; /* in place of whatever cannot be waited for with poll() */
static int has_it[2];

// tag::thread[]
static void *
wait_for_lock(void *unused)
{
	(void)unused;
	while (sem_wait(&lock) < 0) // <1>
		;
	if (write(has_it[1], "", 1) < 0) // <2>
		abort();
	return NULL;
}
// end::thread[]

// tag::session[]
/* Returns 1 when the lock has come, 0 when the client has gone; n counts what is kept. */
static int
wait_and_listen(int client, char *kept, size_t room, size_t *n)
{
	struct pollfd set[] = {{.fd = client}, {.fd = has_it[0], .events = POLLIN}};
	ssize_t got;

	for (;;) {
		set[0].events = *n < room ? POLLIN : 0; // <1>
		if (poll(set, 2, -1) < 0)
			continue;
		if (set[1].revents != 0)
			return 1;
		got = *n < room ? read(client, kept + *n, room - *n) : -1;
		if (got <= 0)
			return 0; // <2>
		*n += (size_t)got;
		printf("kept while it waits: %zu bytes\n", *n);
		sem_post(&lock); /* for this example the lock becomes free now */
	}
}
// end::session[]

static void
begin_to_wait(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, wait_for_lock, NULL) != 0)
		exit(EXIT_FAILURE);
	pthread_detach(thread);
}

int
main(void)
{
	char kept[64], byte;
	size_t n = 0;
	int ends[2];

	if (sem_init(&lock, 0, 0) < 0 || pipe(has_it) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return EXIT_FAILURE;
	begin_to_wait();
	if (write(ends[0], "stat disk\n", 10) != 10)
		return EXIT_FAILURE;
	if (wait_and_listen(ends[1], kept, sizeof kept, &n) && read(has_it[0], &byte, 1) == 1)
		printf("the lock has come, then the answer to: %.*s", (int)n, kept);
	begin_to_wait();
	close(ends[0]);
	if (!wait_and_listen(ends[1], kept, sizeof kept, &n))
		printf("the client has gone, nobody waits any more\n");
	return EXIT_SUCCESS;
}
