#include "pool.h"
#include "cputime.h"
#include "listener.h"
#include "web.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

struct pool {
	int listener;
	int end[2]; /* a byte in it: the end. Nobody reads it */
	int status;
};

struct seat {
	struct clients *clients;
	unsigned long n;
	pthread_t thread;
};

static int bell = -1;

static void
ring(int signal)
{
	int error = errno;

	(void)signal;
	(void)!write(bell, "", 1);
	errno = error;
}

static int
belongs_to_the_connection(int error)
{
	static const int errors[] = {EAGAIN, EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT,
	    EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH};

	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (errors[i] == error)
			return 1;
	return 0;
}

int
accept_client(struct pool *pool)
{
	struct pollfd set[] = {
	    {.fd = pool->end[0], .events = POLLIN}, {.fd = pool->listener, .events = POLLIN}};

	for (;;) {
		int fd;

		if (poll(set, 2, -1) < 0)
			continue;
		if (set[0].revents != 0)
			return -1;
		fd = accept(pool->listener, NULL, NULL);
		if (fd >= 0)
			return fd;
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			poll(set, 1, ACCEPT_PAUSE * 1000); /* the end only */
		} else if (!belongs_to_the_connection(errno)) {
			fprintf(stderr, "accept: %s\n", strerror(errno));
			pool->status = 1;
			ring(0);
		}
	}
}

static void *
sit(void *with)
{
	struct seat *seat = with;

	for (;;) {
		int fd = clients_next(seat->clients);

		if (fd < 0)
			return NULL;
		web_session(fd);
		seat->n++;
		close(fd);
	}
}

static void
tell(struct rusage *u, const char *format)
{
	printf(format, (long)u->ru_utime.tv_sec, (long)u->ru_utime.tv_usec,
	    (long)u->ru_stime.tv_sec, (long)u->ru_stime.tv_usec);
}

static void
tell_all(const struct seat *seats, size_t n)
{
	struct rusage u;

	for (size_t i = 0; i < n; i++)
		printf(THREAD_CLIENTS, i, seats[i].n);
	getrusage(RUSAGE_SELF, &u);
	tell(&u, CPU_SELF);
	getrusage(RUSAGE_CHILDREN, &u);
	tell(&u, CPU_CHILDREN);
}

/* Both signals only ring; every thread may take them, for SA_RESTART hides it. */
static int
prepare(struct pool *pool, const char *where)
{
	struct sigaction action = {.sa_handler = ring, .sa_flags = SA_RESTART};

	if (pipe(pool->end) < 0)
		return -1;
	bell = pool->end[1];
	fcntl(bell, F_SETFL, O_NONBLOCK);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	pool->listener = open_listener(where);
	if (pool->listener < 0)
		return -1;
	return fcntl(pool->listener, F_SETFL, O_NONBLOCK);
}

int
main(int argc, char *argv[])
{
	struct pool pool = {.status = 0};
	char *rest = NULL;
	unsigned long threads = 0;
	struct seat *seats;
	struct clients *clients;
	size_t n = 0;
	int error = 0;

	if (argc == 3 && argv[2][0] >= '0' && argv[2][0] <= '9')
		threads = strtoul(argv[2], &rest, 10);
	if (threads == 0 || threads > THREADS_MAX || *rest != '\0') {
		fprintf(stderr, "usage: %s HOST:PORT THREADS\n", argv[0]);
		return 2;
	}
	if (prepare(&pool, argv[1]) < 0) {
		perror(argv[1]);
		return 1;
	}
	seats = calloc(threads, sizeof *seats);
	clients = clients_new(&pool, threads);
	if (seats == NULL || clients == NULL) {
		perror(argv[0]);
		free(seats);
		return 1;
	}
	for (; n < threads && error == 0; n += error == 0) {
		seats[n].clients = clients;
		error = pthread_create(&seats[n].thread, NULL, sit, &seats[n]);
	}
	if (error != 0) {
		fprintf(stderr, "%s: %s\n", argv[0], strerror(error));
		pool.status = 1;
		ring(0);
	} else if (say_ready(argv[0], pool.listener) < 0) {
		pool.status = 1;
		ring(0);
	}
	clients_bring(clients);
	for (size_t i = 0; i < n; i++)
		pthread_join(seats[i].thread, NULL);
	close(pool.listener);
	close(pool.end[0]);
	close(pool.end[1]);
	if (pool.status == 0)
		tell_all(seats, n);
	clients_free(clients);
	free(seats);
	return fflush(stdout) == EOF ? 1 : pool.status;
}
