/* prefork.c - the pool of children that all designs share, and main(). See prefork.h. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "prefork.h"
#include "listener.h"
#include "report.h"
#include "web.h"
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* STUDENT: what the pool remembers, its handlers, and a function for each thing that it does */
struct pool {
	int listener;
	size_t n;
	pid_t pids[CHILDREN_MAX]; /* by number; 0: nobody has it */
	long *meter;              /* shared: the clients of each child, which alone counts there */
	sigset_t awake;           /* the mask of children, and of the parent while it sleeps */
};

static volatile sig_atomic_t stopping; /* SIGINT or SIGTERM has come */
static volatile sig_atomic_t waiting;  /* fork() has failed; until SIGALRM */

static void
note_signal(int signal)
{
	if (signal == SIGALRM)
		waiting = 0;
	else if (signal != SIGCHLD) /* that one only has to wake the parent */
		stopping = 1;
}

static void
handle_signals(void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGCHLD, &action, NULL);
}

/*
 * Before the first fork(), so that no signal finds the parent without its handlers. They run
 * only while the parent sleeps: then none comes between a test and the sleep. sigaction() and
 * sigprocmask() fail only when their arguments are wrong: nowhere here.
 */
static void
catch_signals(struct pool *p)
{
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGALRM);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, &p->awake);
	handle_signals(note_signal);
}

/* A child has none of the parent's handlers, and only then lets signals in. */
static void
release_signals(const struct pool *p)
{
	handle_signals(SIG_DFL);
	sigprocmask(SIG_SETMASK, &p->awake, NULL);
}

static bool
is_passing(int error)
{
	return error == EINTR || error == EAGAIN || error == ECONNABORTED || error == EPROTO;
}

static _Noreturn void
serve(const struct pool *p, size_t child)
{
	int fd;

	release_signals(p);
	while ((fd = turn_next(p->listener, child)) >= 0 || is_passing(errno)) {
		if (fd < 0)
			continue;
		p->meter[child]++;
		web_session(fd); /* however it ends, the next client is served */
		close(fd);
	}
	perror("child");
	_exit(EXIT_FAILURE);
}

static int
make_child(struct pool *p, size_t child)
{
	pid_t pid = turn_fork(p->listener, child);

	if (pid < 0)
		return -1;
	if (pid == 0)
		serve(p, child);
	p->pids[child] = pid;
	return 0;
}

/* Everybody who is missing; not again at once where fork() fails. */
static void
make_missing(struct pool *p)
{
	for (size_t i = 0; i < p->n && !waiting; i++)
		if (p->pids[i] == 0 && make_child(p, i) != 0) {
			perror("fork");
			waiting = 1;
			alarm(RETRY_S);
		}
}

/* All who have ended: one SIGCHLD may stand for many. Returns -1 when one could not go on. */
static int
reap(struct pool *p)
{
	int status, result = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < p->n; i++)
			if (p->pids[i] == pid)
				p->pids[i] = 0;
		if (WIFEXITED(status))
			result = -1;
	}
	return result;
}

/* A pselect() that finds something ready takes no signal: here they get their chance. */
static void
let_signals_in(const struct pool *p)
{
	sigset_t blocked;

	sigprocmask(SIG_SETMASK, &p->awake, &blocked);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
}

/* Until a signal stops it. Returns -1 when the server cannot go on. */
static int
keep(struct pool *p)
{
	while (!stopping) {
		if (reap(p) != 0)
			return -1;
		make_missing(p);
		if (turn_watch(p->listener, &p->awake) != 0) {
			perror("parent");
			return -1;
		}
		let_signals_in(p);
	}
	return 0;
}

static void
end_children(struct pool *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->pids[i] != 0)
			kill(p->pids[i], SIGTERM); /* ours until we wait: no stranger is hit */
	while (wait(NULL) > 0)
		continue; /* our signals are blocked: no EINTR */
}

/* Whatever of it cannot be written, stdout remembers that. */
static bool
report(const struct pool *p)
{
	long all = 0;

	report_cpu();
	for (size_t i = 0; i < p->n; i++) {
		printf(CHILD_CLIENTS, i, p->meter[i]);
		all += p->meter[i];
	}
	printf(ALL_CLIENTS, all);
	fflush(stdout);
	return !ferror(stdout);
}

/* What has to be there before the first child: it inherits it. */
static int
prepare(struct pool *p, const char *hostport)
{
	p->meter = mmap(NULL, p->n * sizeof *p->meter, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p->meter == MAP_FAILED)
		return -1;
	p->listener = open_listener(hostport);
	if (p->listener < 0 || turn_open(p->listener, p->n) != 0)
		return -1;
	catch_signals(p);
	return 0;
}

static int
run(struct pool *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (make_child(p, i) != 0) {
			perror("fork");
			return -1;
		}
	if (say_ready(name, p->listener) < 0) {
		perror(name);
		return -1;
	}
	return keep(p);
}

/* 0 when it is no number from 1 to CHILDREN_MAX. */
static size_t
children_of(const char *word)
{
	size_t n = 0;

	for (; *word >= '0' && *word <= '9' && n <= CHILDREN_MAX; word++)
		n = n * 10 + (size_t)(*word - '0');
	return *word == '\0' && n <= CHILDREN_MAX ? n : 0;
}
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: make the children, keep their number, end them all, and report */
	struct pool pool = {.n = argc == 3 ? children_of(argv[2]) : 0};
	int result;

	if (pool.n == 0) {
		fprintf(stderr, "usage: %s HOST:PORT CHILDREN\n", argv[0]);
		return 2;
	}
	if (prepare(&pool, argv[1]) != 0) {
		perror(argv[1]);
		return EXIT_FAILURE;
	}
	result = run(&pool, argv[0]);
	end_children(&pool);
	return result == 0 && report(&pool) ? EXIT_SUCCESS : EXIT_FAILURE;
	/* INSTEAD
	(void)argc;
	(void)argv;
	return EXIT_FAILURE;
	*/
	/* END */
}
