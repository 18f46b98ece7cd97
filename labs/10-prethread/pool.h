/*
 * pool.h - servers that have started all their threads before the first client comes.
 *
 *	prethread-mutex HOST:PORT THREADS	the threads accept, one at a time
 *	prethread-queue HOST:PORT THREADS	the main thread accepts and hands over
 *
 * How they behave is the same for both:
 *
 * - THREADS threads, decimal, 1 to THREADS_MAX, serve the clients. They are started before the line
 *   of say_ready() (listener.h) is written, whose name is argv[0], and no thread is started later.
 *   Beside them there are the main thread and, if you like, one more for signals.
 * - A thread serves one client at a time with web_session() (web.h), however that ends, and
 *   closes its socket. As many clients as there are threads are served at the same time; others
 *   wait, and get their turn when a thread is free. No client, whatever it sends, and however it
 *   goes, disturbs another one or ends the server.
 * - prethread-mutex: of the threads that serve nobody one waits for the next client, and the others
 *   sleep until it is their turn. Who has a client has no turn.
 * - prethread-queue: the queue (queue.h) has THREADS places, and threads that serve nobody sleep
 *   until something is in it. When it is full, the main thread waits: at most THREADS + 1 clients
 *   are accepted and not yet served, and further ones wait in the kernel. They are served in the
 *   order in which they were accepted.
 * - While there is nothing to do, every thread sleeps, without a timeout.
 * - accept(2): EINTR and errors of the one connection (ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT,
 *   EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH) go by unnoticed: on to the next.
 *   EMFILE, ENFILE, ENOBUFS and ENOMEM: the clients that are there are served on, and accept() is
 *   tried again after ACCEPT_PAUSE seconds, or as soon as a session has ended.
 *   Any other error ends the server as SIGINT does, but with a message that holds the reason, as
 *   strerror(3) says it, and with status 1.
 * - SIGINT and SIGTERM, whenever they come: nobody is accepted any more. Who has been accepted is
 *   served to the end, those who wait in the queue among them. Then all threads are joined,
 *   everything is closed and freed, and to standard output go, each once and in this order,
 *   THREAD_CLIENTS for each thread, from 0, and CPU_SELF and CPU_CHILDREN (cputime.h).
 *   Status 0. No other signal ends it that would not end every program.
 *   If the line of say_ready(), or what is printed at the end, cannot be written: status 1.
 * - Not two arguments, or THREADS that is no such number: a line "usage: NAME ..." goes to
 *   standard error, where NAME is argv[0]; status 2. An address at which the server cannot listen:
 *   a message with the address and the reason, as strerror(3) says it, status 1, and no thread is
 *   started. A thread that cannot be started: a message with the reason, status 1, and no line of
 *   say_ready(). Whether standard input is open makes no difference.
 */
#ifndef POOL_H
#define POOL_H

#include <stddef.h>

enum {
	THREADS_MAX = 100,
	ACCEPT_PAUSE = 1, /* seconds */
};

/* Number of the thread, from 0, and how many clients it has served. */
#define THREAD_CLIENTS "thread %zu: %lu clients\n"

/*
 * From here on: the seam between your files. No check calls these functions. pool.c has main() and
 * everything that both servers share; turn_mutex.c and handover.c define the clients_...
 * functions, each in its own way. What the two structures hold is your choice.
 */
struct pool;
struct clients;

/* pool.c: the next connection; -1 when there will be none. Errors of accept() stay in here. */
int accept_client(struct pool *pool);

/* What a design needs for so many threads, or NULL with errno. The caller frees it. */
struct clients *clients_new(struct pool *pool, size_t threads);

/* The main thread calls it when the threads run; returns when it has nothing more to do. */
void clients_bring(struct clients *c);

/* A thread calls it for each client: its descriptor, or -1 when there will be none. */
int clients_next(struct clients *c);

/* When the threads have ended. */
void clients_free(struct clients *c);

#endif
