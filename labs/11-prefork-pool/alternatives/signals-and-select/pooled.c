/*
 * pooled.c - two pipes for each worker, and select(). What a worker writes is not read for what
 * it is: each byte means "the other state".
 */
#define _GNU_SOURCE
#include "pooled.h"
#include "listener.h"
#include "waiting.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum state { NOBODY, IDLE, BUSY, LEAVING };

static struct {
	enum state state;
	pid_t pid;
	int leash; /* closed: the worker is to end */
	int news;
} crew[POOL_MAX];

static struct pool_size limits;
static int listener;
static sigset_t before, open_mask, three;
static struct sigaction old_int, old_term, old_child;
static volatile sig_atomic_t stop;

static void
to_stop(int signal)
{
	(void)signal;
	stop = 1;
}

static void
to_wake(int signal)
{
	(void)signal;
}

static void
let_go(unsigned i)
{
	if (crew[i].leash >= 0)
		close(crew[i].leash);
	if (crew[i].news >= 0)
		close(crew[i].news);
	crew[i].leash = crew[i].news = -1;
	if (crew[i].state != NOBODY)
		crew[i].state = LEAVING;
}

static unsigned
number_of(enum state state)
{
	unsigned n = 0;

	for (unsigned i = 0; i < limits.total; i++)
		n += crew[i].state == state;
	return n;
}

/* 1: there is a client; 0: to end. */
static int
wait_at(int leash, int with_clients)
{
	struct timeval pause = {.tv_sec = PAUSE_S};
	fd_set set;
	int highest = leash > listener ? leash : listener;

	for (;;) {
		FD_ZERO(&set);
		FD_SET(leash, &set);
		if (with_clients)
			FD_SET(listener, &set);
		if (select(highest + 1, &set, NULL, NULL, with_clients ? NULL : &pause) >= 0)
			return !FD_ISSET(leash, &set);
	}
}

static int
is_of_the_client(int error)
{
	switch (error) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case EPERM:
		return 0;
	default:
		return error != EBADF && error != EINVAL;
	}
}

static _Noreturn void
work(session_handler *handler, int argc, char *argv[], int leash, int news)
{
	int may_accept = 1;

	while (wait_at(leash, may_accept)) {
		int fd = accept(listener, NULL, NULL);

		may_accept = fd >= 0 || is_of_the_client(errno);
		if (fd < 0)
			continue;
		(void)!write(news, "b", 1);
		handler(fd, argc, argv);
		close(fd);
		(void)!write(news, "i", 1);
	}
	_exit(0);
}

/*
 * When the server is gone a report would raise SIGPIPE, which the session must not ignore: so
 * the worker keeps a reading end of its own pipe.
 */
static int
hire(unsigned i, session_handler *handler, int argc, char *argv[])
{
	int leash[2], news[2];

	if (pipe(leash) < 0)
		return -1;
	if (pipe(news) < 0) {
		close(leash[0]);
		close(leash[1]);
		errno = EMFILE;
		return -1;
	}
	crew[i].pid = fork();
	if (crew[i].pid == 0) {
		close(leash[1]);
		for (unsigned k = 0; k < limits.total; k++) {
			if (crew[k].leash >= 0)
				close(crew[k].leash);
			if (crew[k].news >= 0)
				close(crew[k].news);
		}
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		sigaction(SIGCHLD, &old_child, NULL);
		sigprocmask(SIG_SETMASK, &before, NULL);
		work(handler, argc, argv, leash[0], news[1]);
	}
	close(leash[0]);
	close(news[1]);
	crew[i].leash = leash[1];
	crew[i].news = news[0];
	crew[i].state = IDLE;
	if (crew[i].pid > 0)
		return 0;
	let_go(i);
	crew[i].state = NOBODY;
	errno = EAGAIN;
	return -1;
}

static int
balance(session_handler *handler, int argc, char *argv[])
{
	unsigned idle = number_of(IDLE);

	for (unsigned i = limits.total; i-- > 0 && idle > limits.max;)
		if (crew[i].state == IDLE) {
			let_go(i);
			idle--;
		}
	for (unsigned i = 0; i < limits.total && idle < limits.min; i++)
		if (crew[i].state == NOBODY) {
			if (hire(i, handler, argc, argv) < 0)
				return -1;
			idle++;
		}
	return 0;
}

static void
bury(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (unsigned i = 0; i < limits.total; i++)
			if (crew[i].state != NOBODY && crew[i].pid == pid) {
				let_go(i);
				crew[i].state = NOBODY;
			}
}

static void
take_news(unsigned i)
{
	char bytes[16];
	ssize_t n = read(crew[i].news, bytes, sizeof bytes);

	if (n > 0)
		crew[i].state = bytes[n - 1] == 'i' ? IDLE : BUSY;
	else if (n == 0)
		let_go(i);
}

static void
look(int short_of)
{
	struct timespec pause = {.tv_sec = PAUSE_S};
	fd_set set;
	int highest = -1;

	FD_ZERO(&set);
	for (unsigned i = 0; i < limits.total; i++)
		if (crew[i].news >= 0) {
			FD_SET(crew[i].news, &set);
			highest = crew[i].news > highest ? crew[i].news : highest;
		}
	if (pselect(highest + 1, &set, NULL, NULL, short_of ? &pause : NULL, &open_mask) < 0)
		return;
	for (unsigned i = 0; i < limits.total; i++)
		if (crew[i].news >= 0 && FD_ISSET(crew[i].news, &set))
			take_news(i);
	sigprocmask(SIG_SETMASK, &open_mask, NULL); /* pselect() has let none in */
	sigprocmask(SIG_BLOCK, &three, NULL);
}

static void
take_over(void)
{
	struct sigaction action = {.sa_handler = to_stop};

	sigemptyset(&three);
	sigaddset(&three, SIGINT);
	sigaddset(&three, SIGTERM);
	sigaddset(&three, SIGCHLD);
	sigprocmask(SIG_BLOCK, &three, &before);
	open_mask = before;
	sigdelset(&open_mask, SIGINT);
	sigdelset(&open_mask, SIGTERM);
	sigdelset(&open_mask, SIGCHLD);
	stop = 0;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, &old_int);
	sigaction(SIGTERM, &action, &old_term);
	action.sa_handler = to_wake;
	sigaction(SIGCHLD, &action, &old_child);
}

static void
hand_back(void)
{
	sigprocmask(SIG_SETMASK, &open_mask, NULL);
	sigaction(SIGINT, &old_int, NULL);
	sigaction(SIGTERM, &old_term, NULL);
	sigaction(SIGCHLD, &old_child, NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

int
run_pooled_service(
    const char *hostport, session_handler *handler, struct pool_size size, int argc, char *argv[])
{
	int result, error;

	if (size.min < 1 || size.max < size.min || size.total < size.max || size.total > POOL_MAX) {
		errno = EINVAL;
		return -1;
	}
	limits = size;
	for (unsigned i = 0; i < POOL_MAX; i++) {
		crew[i].state = NOBODY;
		crew[i].leash = crew[i].news = -1;
	}
	listener = open_for_many(hostport);
	if (listener < 0)
		return -1;
	take_over();
	result = balance(handler, argc, argv);
	if (result == 0)
		result = say_ready(argv[0], listener);
	error = errno;
	if (result == 0)
		for (int short_of = 0; !stop;) {
			look(short_of);
			bury();
			short_of = !stop && balance(handler, argc, argv) < 0;
		}
	close(listener);
	for (unsigned i = 0; i < limits.total; i++)
		let_go(i);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	hand_back();
	errno = error;
	return result;
}
