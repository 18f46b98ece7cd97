#include "pool.h"
#include "cputime.h"
#include "listener.h"
#include "web.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <time.h>

struct pool {
	int listener, failure;
	pthread_t main;
	struct clients *clients;
	pthread_t thread[THREADS_MAX];
	unsigned long counts[THREADS_MAX];
	size_t n, announced;
	pthread_mutex_t lock; /* of announced */
};

static volatile sig_atomic_t over;
static sigset_t open_mask; /* nothing is blocked here */

static void
finish(int signal)
{
	(void)signal;
	over = 1;
}

/* Only the main thread can be interrupted, and only in here. */
static int
somebody_comes(struct pool *pool)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(pool->listener, &set);
	return pselect(pool->listener + 1, &set, NULL, NULL, NULL,
		   pthread_equal(pthread_self(), pool->main) ? &open_mask : NULL) > 0;
}

static int
patience(int error)
{
	struct timespec pause = {ACCEPT_PAUSE, 0};

	switch (error) {
	case ENFILE:
	case EMFILE:
	case ENOMEM:
	case ENOBUFS:
		nanosleep(&pause, NULL);
		return 1;
	case EAGAIN:
	case EINTR:
	case EPROTO:
	case ECONNABORTED:
	case EHOSTUNREACH:
	case EHOSTDOWN:
	case ENETUNREACH:
	case ENETDOWN:
	case ENONET:
	case ENOPROTOOPT:
	case EOPNOTSUPP:
		return 1;
	}
	return 0;
}

int
accept_client(struct pool *pool)
{
	int fd;

	while (!over) {
		if (!somebody_comes(pool))
			continue;
		fd = accept(pool->listener, NULL, NULL);
		if (fd >= 0)
			return fd;
		if (patience(errno))
			continue;
		if (!over && errno != EINVAL) {
			pool->failure = errno;
			kill(getpid(), SIGTERM);
			if (pthread_equal(pthread_self(), pool->main))
				over = 1;
		}
		break;
	}
	return -1;
}

/* Which of the threads this is, it asks for itself. */
static void *
one_of_many(void *argument)
{
	struct pool *pool = argument;
	size_t me;
	int fd;

	pthread_mutex_lock(&pool->lock);
	me = pool->announced++;
	pthread_mutex_unlock(&pool->lock);
	for (fd = clients_next(pool->clients); fd >= 0; fd = clients_next(pool->clients)) {
		web_session(fd);
		close(fd);
		pool->counts[me]++;
	}
	return NULL;
}

static int
create_all(struct pool *pool, size_t n)
{
	int error;

	for (; pool->n < n; pool->n++) {
		error = pthread_create(&pool->thread[pool->n], NULL, one_of_many, pool);
		if (error != 0)
			return error;
	}
	return 0;
}

static void
report(const struct pool *pool)
{
	struct rusage self, children;

	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	for (size_t i = 0; i < pool->n; i++)
		printf(THREAD_CLIENTS, i, pool->counts[i]);
	printf(CPU_SELF CPU_CHILDREN, (long)self.ru_utime.tv_sec, (long)self.ru_utime.tv_usec,
	    (long)self.ru_stime.tv_sec, (long)self.ru_stime.tv_usec, (long)children.ru_utime.tv_sec,
	    (long)children.ru_utime.tv_usec, (long)children.ru_stime.tv_sec,
	    (long)children.ru_stime.tv_usec);
}

static int
serve(struct pool *pool, const char *name, size_t n)
{
	int error = create_all(pool, n);

	if (error == 0 && say_ready(name, pool->listener) < 0)
		error = errno;
	if (error == 0)
		clients_bring(pool->clients);
	else
		over = 1;
	while (!over)
		sigsuspend(&open_mask);
	shutdown(pool->listener, SHUT_RD); /* wakes those who wait in pselect() */
	if (error != 0)
		clients_bring(pool->clients); /* nobody comes, but the queue has to be closed */
	for (size_t i = 0; i < pool->n; i++)
		pthread_join(pool->thread[i], NULL);
	return error != 0 ? error : pool->failure;
}

static void
take_signals_later(void)
{
	struct sigaction action = {.sa_handler = finish};
	sigset_t both;

	sigemptyset(&open_mask);
	sigemptyset(&both);
	sigaddset(&both, SIGTERM);
	sigaddset(&both, SIGINT);
	pthread_sigmask(SIG_BLOCK, &both, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

int
main(int argc, char *argv[])
{
	static struct pool pool = {.lock = PTHREAD_MUTEX_INITIALIZER};
	int n, length = 0, error;

	if (argc != 3 || strspn(argv[2], "0123456789") != strlen(argv[2]) || strlen(argv[2]) > 5 ||
	    sscanf(argv[2], "%d%n", &n, &length) != 1 || n < 1 || n > THREADS_MAX) {
		fprintf(stderr, "usage: %s HOST:PORT THREADS\n", argv[0]);
		return 2;
	}
	take_signals_later();
	pool.main = pthread_self();
	pool.listener = open_listener(argv[1]);
	if (pool.listener < 0 || fcntl(pool.listener, F_SETFL, O_NONBLOCK) < 0 ||
	    (pool.clients = clients_new(&pool, (size_t)n)) == NULL) {
		perror(argv[1]);
		return 1;
	}
	error = serve(&pool, argv[0], (size_t)n);
	clients_free(pool.clients);
	close(pool.listener);
	if (error != 0) {
		fprintf(stderr, "%s: %s\n", argv[0], strerror(error));
		return 1;
	}
	report(&pool);
	return fflush(stdout) == 0 ? 0 : 1;
}
