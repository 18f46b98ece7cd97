#include "pool.h"
#include "cputime.h"
#include "listener.h"
#include "web.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

/* What a thread works with; chained, so that there is no field of them. */
struct hand {
	struct hand *next;
	struct clients *clients;
	pthread_t thread;
	atomic_ulong count;
};

struct pool {
	int listener;
	atomic_int over, status;
	struct hand *hands;
	pthread_t watch;
};

/* Whoever waits in accept() gets a client, and sees that it is over. */
static void
knock(struct pool *pool)
{
	struct sockaddr_storage own;
	socklen_t size = sizeof own;
	int fd;

	pool->over = 1;
	if (getsockname(pool->listener, (struct sockaddr *)&own, &size) < 0)
		return;
	fd = socket(own.ss_family, SOCK_STREAM, 0);
	if (fd >= 0) {
		if (connect(fd, (struct sockaddr *)&own, size) < 0)
			perror("connect");
		close(fd);
	}
}

static void
give_up(struct pool *pool, const char *what, int error)
{
	fprintf(stderr, "%s: %s\n", what, strerror(error));
	pool->status = 1;
	knock(pool);
}

static int
again(struct pool *pool, int error)
{
	if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM) {
		clock_nanosleep(
		    CLOCK_MONOTONIC, 0, &(struct timespec){.tv_sec = ACCEPT_PAUSE}, NULL);
		return 1;
	}
	if (error == EINTR || error == ECONNABORTED || error == EPROTO || error == ENETDOWN ||
	    error == ENOPROTOOPT || error == EHOSTDOWN || error == ENONET ||
	    error == EHOSTUNREACH || error == EOPNOTSUPP || error == ENETUNREACH)
		return 1;
	give_up(pool, "accept", error);
	return 0;
}

int
accept_client(struct pool *pool)
{
	int fd;

	do {
		if (pool->over)
			return -1;
		fd = accept(pool->listener, NULL, NULL);
	} while (fd < 0 && again(pool, errno));
	if (fd >= 0 && pool->over) {
		close(fd); /* it is nobody, or comes too late */
		fd = -1;
	}
	return fd;
}

static void *
work(void *of)
{
	struct hand *hand = of;
	int fd = clients_next(hand->clients);

	while (fd != -1) {
		web_session(fd);
		shutdown(fd, SHUT_RDWR);
		close(fd);
		hand->count++;
		fd = clients_next(hand->clients);
	}
	return hand;
}

static void *
watch(void *argument)
{
	sigset_t end;
	siginfo_t info;

	sigemptyset(&end);
	sigaddset(&end, SIGINT);
	sigaddset(&end, SIGTERM);
	while (sigwaitinfo(&end, &info) < 0)
		;
	/* connect() and close() are cancellation points, and main may be faster than they are */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	knock(argument);
	return NULL;
}

/* Each new one is put in front; so the first to be made is the last of the chain. */
static int
hire(struct pool *pool, struct clients *clients)
{
	struct hand *hand = calloc(1, sizeof *hand);
	int error = ENOMEM;

	if (hand != NULL) {
		hand->clients = clients;
		error = pthread_create(&hand->thread, NULL, work, hand);
	}
	if (error != 0) {
		free(hand);
		give_up(pool, "thread", error);
		return -1;
	}
	hand->next = pool->hands;
	pool->hands = hand;
	return 0;
}

static void
dismiss(struct pool *pool)
{
	size_t i = 0;

	while (pool->hands != NULL) {
		struct hand *hand = pool->hands;

		pthread_join(hand->thread, NULL);
		if (pool->status == 0)
			printf(THREAD_CLIENTS, i++, (unsigned long)hand->count);
		pool->hands = hand->next;
		free(hand);
	}
}

static void
cpu(int who, const char *format)
{
	struct rusage r;

	getrusage(who, &r);
	printf(format, (long)r.ru_utime.tv_sec, (long)r.ru_utime.tv_usec, (long)r.ru_stime.tv_sec,
	    (long)r.ru_stime.tv_usec);
}

static long
number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	return *text < '0' || *text > '9' || *end != '\0' || n > THREADS_MAX ? 0 : n;
}

static void
serve(struct pool *pool, struct clients *clients, const char *name, long n)
{
	int error = pthread_create(&pool->watch, NULL, watch, pool);

	if (error != 0) {
		give_up(pool, name, error);
		return;
	}
	while (n > 0 && hire(pool, clients) == 0)
		n--;
	if (n == 0 && say_ready(name, pool->listener) < 0)
		give_up(pool, "output", errno);
	clients_bring(clients);
	dismiss(pool);
	pthread_cancel(pool->watch);
	pthread_join(pool->watch, NULL);
}

int
main(int argc, char *argv[])
{
	struct pool pool = {.over = 0, .status = 0, .hands = NULL};
	long n = argc == 3 ? number(argv[2]) : 0;
	struct clients *clients;
	sigset_t end;

	if (n == 0) {
		fprintf(stderr, "usage: %s HOST:PORT THREADS\n", argv[0]);
		return 2;
	}
	sigemptyset(&end);
	sigaddset(&end, SIGINT);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	pool.listener = open_listener(argv[1]);
	clients = pool.listener < 0 ? NULL : clients_new(&pool, (size_t)n);
	if (clients == NULL) {
		fprintf(stderr, "%s: %s: %s\n", argv[0], argv[1], strerror(errno));
		return 1;
	}
	serve(&pool, clients, argv[0], n);
	clients_free(clients);
	close(pool.listener);
	if (pool.status == 0) {
		cpu(RUSAGE_SELF, CPU_SELF);
		cpu(RUSAGE_CHILDREN, CPU_CHILDREN);
	}
	return fflush(stdout) == EOF ? 1 : pool.status;
}
