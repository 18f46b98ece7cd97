/* pooled.c - a pool that grows under load and shrinks after it. See pooled.h. */
#include "pooled.h"
#include "listener.h"
#include "waiting.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* STUDENT: what has to be remembered, and functions for worker and server */
enum { BUSY, IDLE }; /* what a worker reports, one byte each */

struct worker {
	pid_t pid;   /* 0: nobody */
	int channel; /* our end; -1: told to end, or gone */
	bool idle;   /* as far as we have heard */
};

struct pool {
	int listener;
	session_handler *handler;
	int argc;
	char **argv;
	struct pool_size size;
	struct signals signals;
	struct worker workers[POOL_MAX]; /* the first size.total are places */
};

/* Tells a worker to end, or takes note that it is gone. What it serves now it serves to the end. */
static void
leave(struct worker *w)
{
	if (w->channel >= 0)
		close(w->channel);
	w->channel = -1;
	w->idle = false;
}

/* In the server. In a new worker it closes only copies of ends, and the others notice nothing. */
static void
leave_all(struct pool *p)
{
	for (unsigned i = 0; i < p->size.total; i++)
		leave(&p->workers[i]);
}

/* ---- a worker ---- */

/*
 * A byte finds room, so that nobody waits here and no signal interrupts it. When the server is
 * gone there is nobody to tell; next_client() will see that.
 */
static void
report(int channel, char what)
{
	(void)send(channel, &what, 1, MSG_NOSIGNAL);
}

static _Noreturn void
be_worker(struct pool *p, int channel)
{
	int fd;

	leave_all(p);
	be_ready_for_sessions(&p->signals);
	while ((fd = next_client(p->listener, channel)) >= 0) {
		report(channel, BUSY);
		p->handler(fd, p->argc, p->argv);
		close(fd);
		report(channel, IDLE);
	}
	_exit(EXIT_SUCCESS); /* exit() would write the caller's buffers once more */
}

/* ---- the server ---- */

/* Returns 0, or -1 with errno. */
static int
make_worker(struct pool *p, struct worker *w)
{
	int ends[2], error;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return -1;
	w->pid = fork();
	if (w->pid == 0) {
		close(ends[0]);
		be_worker(p, ends[1]);
	}
	error = errno;
	close(ends[1]);
	if (w->pid > 0) {
		w->channel = ends[0];
		w->idle = true; /* it can do nothing else */
		return 0;
	}
	w->pid = 0;
	close(ends[0]);
	errno = error;
	return -1;
}

static unsigned
count_idle(const struct pool *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < p->size.total; i++)
		n += p->workers[i].idle;
	return n;
}

/* Returns 0, or -1 with errno: then some are missing. */
static int
grow(struct pool *p)
{
	unsigned idle = count_idle(p);

	for (unsigned i = 0; i < p->size.total && idle < p->size.min; i++) {
		if (p->workers[i].pid != 0)
			continue;
		if (make_worker(p, &p->workers[i]) < 0)
			return -1;
		idle++;
	}
	return 0;
}

static void
shrink(struct pool *p)
{
	unsigned idle = count_idle(p);

	for (unsigned i = 0; i < p->size.total && idle > p->size.max; i++)
		if (p->workers[i].idle) {
			leave(&p->workers[i]);
			idle--;
		}
}

/* A place is free when its worker has ended, not when it has been told to. */
static void
reap(struct pool *p)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (unsigned i = 0; i < p->size.total; i++)
			if (p->workers[i].pid == pid) {
				leave(&p->workers[i]);
				p->workers[i].pid = 0;
			}
}

static void
hear(struct worker *w)
{
	char what;

	if (read(w->channel, &what, 1) == 1)
		w->idle = what == IDLE;
	else
		leave(w);
}

/* Sleeps until somebody reports or ends, or for so long; -1: without end. */
static void
listen_to_workers(struct pool *p, int ms)
{
	struct pollfd fds[POOL_MAX];
	unsigned n = 0;

	for (unsigned i = 0; i < p->size.total; i++) {
		fds[i] = (struct pollfd){.fd = p->workers[i].channel, .events = POLLIN};
		if (fds[i].fd >= 0)
			n = i + 1; /* poll() refuses more than there may be descriptors */
	}
	sleep_until(&p->signals, fds, n, ms); /* where nothing is ready revents stay 0 */
	for (unsigned i = 0; i < n; i++)
		if (fds[i].revents != 0)
			hear(&p->workers[i]);
}

static void
serve(struct pool *p)
{
	while (!is_stopping()) {
		int result;

		reap(p);
		result = grow(p);
		shrink(p);
		listen_to_workers(p, result < 0 ? PAUSE_MS : -1);
	}
}

/* All see the end of their channel, and nobody can come any more. */
static void
end_workers(struct pool *p)
{
	close(p->listener);
	leave_all(p);
	while (waitpid(-1, NULL, 0) != -1 || errno == EINTR)
		;
}

static bool
is_possible(struct pool_size size)
{
	return size.min >= 1 && size.min <= size.max && size.max <= size.total &&
	       size.total <= POOL_MAX;
}
/* END */

int
run_pooled_service(
    const char *hostport, session_handler *handler, struct pool_size size, int argc, char *argv[])
{
	/* STUDENT: listen, make the first workers, say so, serve, and put everything back */
	struct pool p = {.handler = handler, .argc = argc, .argv = argv, .size = size};
	int result = -1, error;

	if (!is_possible(size)) {
		errno = EINVAL;
		return -1;
	}
	for (unsigned i = 0; i < size.total; i++)
		p.workers[i].channel = -1;
	p.listener = open_for_many(hostport);
	if (p.listener < 0)
		return -1;
	take_signals(&p.signals);
	if (grow(&p) == 0 && say_ready(argv[0], p.listener) == 0) {
		serve(&p);
		result = 0;
	}
	error = errno;
	end_workers(&p);
	give_signals_back(&p.signals);
	errno = error;
	return result;
	/* INSTEAD
	(void)hostport;
	(void)handler;
	(void)size;
	(void)argc;
	(void)argv;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
