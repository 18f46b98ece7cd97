/* pool.c - what both servers share: the threads, the sessions and the end. See pool.h. */
#include "pool.h"
#include "cputime.h"
#include "listener.h"
#include "web.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* STUDENT: define struct pool, and what each thread has for itself */
struct worker {
	pthread_t thread;
	struct clients *clients; /* where it gets them from */
	unsigned long served;    /* it alone counts here, until it has been joined */
};

struct pool {
	const char *name; /* of the program */
	int listener;
	sigset_t signals; /* those that end the server */
	pthread_t ender;
	atomic_bool failed;
	size_t n; /* threads that have been started */
	struct worker worker[THREADS_MAX];
};
/* END */

/* STUDENT: helpers: a message, and a way to end accept() in whatever thread, now and for ever */
static void
complain(const struct pool *pool, const char *what, int error)
{
	fprintf(stderr, "%s: %s: %s\n", pool->name, what, strerror(error));
}

/* From now on accept() fails with EINVAL (Linux), also for who waits in it already. */
static void
stop_accepting(const struct pool *pool)
{
	shutdown(pool->listener, SHUT_RDWR);
}

static void
fail(struct pool *pool, const char *what, int error)
{
	complain(pool, what, error);
	pool->failed = true;
	stop_accepting(pool);
}

static void
wait_for_better_times(void)
{
	sleep(ACCEPT_PAUSE); /* no signal breaks it: who is here has them blocked */
}
/* END */

int
accept_client(struct pool *pool)
{
	/* STUDENT: accept; what to do about an error depends on whose it is: see pool.h */
	for (;;) {
		int fd = accept(pool->listener, NULL, NULL);

		if (fd >= 0)
			return fd;
		switch (errno) {
		case EINTR:
		case ECONNABORTED:
		case EPROTO:
		case ENETDOWN:
		case ENOPROTOOPT:
		case EHOSTDOWN:
		case ENONET:
		case EHOSTUNREACH:
		case EOPNOTSUPP:
		case ENETUNREACH:
			break; /* it concerned that connection only */
		case EMFILE:
		case ENFILE:
		case ENOBUFS:
		case ENOMEM:
			wait_for_better_times();
			break;
		case EINVAL: /* the listener has been shut down */
			return -1;
		default:
			fail(pool, "accept", errno);
			return -1;
		}
	}
	/* INSTEAD
	(void)pool;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

/* STUDENT: the threads: what one does, how all are started, how all are joined */
static void *
serve(void *argument)
{
	struct worker *self = argument;
	int fd;

	while ((fd = clients_next(self->clients)) >= 0) {
		web_session(fd); /* how it ends is the client's business */
		close(fd);
		self->served++;
	}
	return NULL;
}

/* Returns 0, or the error's number: pthread_create() does not set errno. */
static int
start_workers(struct pool *pool, struct clients *clients, size_t threads)
{
	while (pool->n < threads) {
		struct worker *w = &pool->worker[pool->n];
		int error;

		w->clients = clients;
		error = pthread_create(&w->thread, NULL, serve, w);
		if (error != 0)
			return error;
		pool->n++;
	}
	return 0;
}

static void
serve_clients(struct pool *pool, struct clients *clients, size_t threads)
{
	int error = start_workers(pool, clients, threads);

	if (error != 0)
		fail(pool, "pthread_create", error);
	else if (say_ready(pool->name, pool->listener) < 0)
		fail(pool, "standard output", errno);
	clients_bring(clients);
	for (size_t i = 0; i < pool->n; i++)
		pthread_join(pool->worker[i].thread, NULL);
}
/* END */

/* STUDENT: SIGINT and SIGTERM: who takes them, and what happens then */
/* A thread and no handler: whatever a thread may do is allowed here. */
static void *
end_on_signal(void *argument)
{
	struct pool *pool = argument;
	int signal;

	sigwait(&pool->signals, &signal);
	stop_accepting(pool);
	return NULL;
}

/* With the signals blocked, and so they are in every thread that is started after this. */
static void
block_signals(struct pool *pool)
{
	sigemptyset(&pool->signals);
	sigaddset(&pool->signals, SIGINT);
	sigaddset(&pool->signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &pool->signals, NULL);
}

static void
serve_until_signal(struct pool *pool, struct clients *clients, size_t threads)
{
	int error = pthread_create(&pool->ender, NULL, end_on_signal, pool);

	if (error != 0) {
		fail(pool, "pthread_create", error);
		return;
	}
	serve_clients(pool, clients, threads);
	pthread_kill(pool->ender, SIGINT); /* unless it has had its signal */
	pthread_join(pool->ender, NULL);
}
/* END */

/* STUDENT: what is printed at the end; the arguments; main() */
static void
print_cpu(const char *format, int who)
{
	struct rusage used;

	if (getrusage(who, &used) == 0)
		printf(format, (long)used.ru_utime.tv_sec, (long)used.ru_utime.tv_usec,
		    (long)used.ru_stime.tv_sec, (long)used.ru_stime.tv_usec);
}

static void
print_statistics(const struct pool *pool)
{
	for (size_t i = 0; i < pool->n; i++)
		printf(THREAD_CLIENTS, i, pool->worker[i].served);
	print_cpu(CPU_SELF, RUSAGE_SELF);
	print_cpu(CPU_CHILDREN, RUSAGE_CHILDREN);
}

/* 1 to THREADS_MAX; 0 when the text is no such number. */
static size_t
thread_count(const char *text)
{
	size_t n = 0;

	for (; *text >= '0' && *text <= '9' && n <= THREADS_MAX; text++)
		n = n * 10 + (size_t)(*text - '0');
	return *text == '\0' && n <= THREADS_MAX ? n : 0;
}

/* Serves at a listener that is open. Returns the exit status. */
static int
run(struct pool *pool, size_t threads)
{
	struct clients *clients = clients_new(pool, threads);

	if (clients == NULL) {
		complain(pool, "clients", errno);
		return 1;
	}
	serve_until_signal(pool, clients, threads);
	clients_free(clients);
	if (pool->failed)
		return 1;
	print_statistics(pool);
	return fflush(stdout) == EOF ? 1 : 0;
}
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: arguments, signals, listener; then serve */
	struct pool pool = {.name = argv[0]};
	size_t threads = argc == 3 ? thread_count(argv[2]) : 0;
	int status;

	if (threads == 0) {
		fprintf(stderr, "usage: %s HOST:PORT THREADS\n", argv[0]);
		return 2;
	}
	block_signals(&pool);
	pool.listener = open_listener(argv[1]);
	if (pool.listener < 0) {
		complain(&pool, argv[1], errno);
		return 1;
	}
	status = run(&pool, threads);
	close(pool.listener);
	return status;
	/* INSTEAD
	(void)argc;
	(void)argv;
	return 2;
	*/
	/* END */
}
