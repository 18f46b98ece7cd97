/*
 * pooled.c - the same self-pipe, two pipes for each worker, and counters that are kept rather
 * than counted anew. A report is a byte, +1 or -1.
 */
#include "pooled.h"
#include "listener.h"
#include "waiting.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct slot {
	pid_t pid;
	int leash, news;
	int free;
};

static struct slot slots[POOL_MAX];
static struct pool_size size;
static unsigned alive, n_free;
static int listener, to_self[2];
static struct sigaction before[3];
static sigset_t mask, every;
static const int signals[3] = {SIGINT, SIGTERM, SIGCHLD};

static void
on_signal(int signal)
{
	int error = errno;

	(void)!write(to_self[1], signal == SIGCHLD ? "c" : "e", 1);
	errno = error;
}

static int
nonblocking_pipe(int ends[2])
{
	if (pipe(ends) < 0)
		return -1;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	return 0;
}

static void
shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
dismiss(struct slot *s)
{
	n_free -= (unsigned)s->free;
	s->free = 0;
	shut(&s->leash);
	shut(&s->news);
}

/* A report to a server that is gone raises SIGPIPE: that is held back, taken, and let in again. */
static void
say(int news, signed char change)
{
	const struct timespec now = {0};
	sigset_t pipe_only, old;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigprocmask(SIG_BLOCK, &pipe_only, &old);
	(void)!write(news, &change, 1);
	sigtimedwait(&pipe_only, NULL, &now);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static _Noreturn void
worker(int leash, int news, session_handler *handler, int argc, char *argv[])
{
	int fd;

	close(to_self[0]);
	close(to_self[1]);
	for (unsigned i = 0; i < size.total; i++) {
		shut(&slots[i].leash);
		shut(&slots[i].news);
	}
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	sigaction(SIGCHLD, &before[2], NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	while ((fd = next_client(listener, leash)) >= 0) {
		say(news, -1);
		handler(fd, argc, argv);
		close(fd);
		say(news, 1);
	}
	_exit(0);
}

static int
start(struct slot *s, session_handler *handler, int argc, char *argv[])
{
	int leash[2], news[2], error;
	sigset_t old;

	if (pipe(leash) < 0)
		return -1;
	if (nonblocking_pipe(news) < 0) {
		error = errno;
		close(leash[0]);
		close(leash[1]);
		errno = error;
		return -1;
	}
	sigprocmask(SIG_SETMASK, &every, &old);
	s->pid = fork();
	error = errno;
	if (s->pid == 0) {
		close(leash[1]);
		close(news[0]);
		worker(leash[0], news[1], handler, argc, argv);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	close(leash[0]);
	close(news[1]);
	s->leash = leash[1];
	s->news = news[0];
	if (s->pid > 0) {
		s->free = 1;
		n_free++;
		alive++;
		return 0;
	}
	s->pid = 0;
	dismiss(s);
	errno = error;
	return -1;
}

static int
balance(session_handler *handler, int argc, char *argv[])
{
	for (unsigned i = 0; n_free < size.min && alive < size.total; i++)
		if (slots[i].pid == 0 && start(&slots[i], handler, argc, argv) < 0)
			return -1;
	for (unsigned i = 0; n_free > size.max; i++)
		if (slots[i].free)
			dismiss(&slots[i]);
	return 0;
}

static void
bury(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (unsigned i = 0; i < size.total; i++)
			if (slots[i].pid == pid) {
				dismiss(&slots[i]);
				slots[i].pid = 0;
				alive--;
			}
}

static void
hear(struct slot *s)
{
	signed char change;
	ssize_t n;

	while ((n = read(s->news, &change, 1)) == 1) {
		s->free += change;
		n_free += (unsigned)change;
	}
	if (n == 0)
		dismiss(s);
}

/* Returns whether the server is to stop. */
static int
look(int ms)
{
	struct pollfd fds[POOL_MAX + 1];
	unsigned of[POOL_MAX + 1];
	nfds_t n = 1;
	int end = 0;
	char byte;

	fds[0] = (struct pollfd){.fd = to_self[0], .events = POLLIN};
	for (unsigned i = 0; i < size.total; i++)
		if (slots[i].news >= 0) {
			fds[n] = (struct pollfd){.fd = slots[i].news, .events = POLLIN};
			of[n++] = i;
		}
	if (poll(fds, n, ms) <= 0)
		return 0;
	while (read(to_self[0], &byte, 1) == 1)
		end |= byte == 'e';
	for (nfds_t i = 1; i < n; i++)
		if (fds[i].revents)
			hear(&slots[of[i]]);
	bury();
	return end;
}

static void
take(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t three;

	sigfillset(&every);
	action.sa_mask = every;
	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigemptyset(&three);
	for (int i = 0; i < 3; i++) {
		sigaction(signals[i], &action, &before[i]);
		sigaddset(&three, signals[i]);
	}
	sigprocmask(SIG_UNBLOCK, &three, NULL);
}

static void
put_back(void)
{
	for (int i = 0; i < 3; i++)
		sigaction(signals[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

static int
serve(session_handler *handler, int argc, char *argv[])
{
	int made = balance(handler, argc, argv);

	if (made < 0 || say_ready(argv[0], listener) < 0)
		return -1;
	while (!look(made < 0 ? PAUSE_S * 1000 : -1))
		made = balance(handler, argc, argv);
	return 0;
}

int
run_pooled_service(
    const char *hostport, session_handler *handler, struct pool_size wanted, int argc, char *argv[])
{
	int result, error;

	errno = EINVAL;
	if (wanted.min < 1 || wanted.min > wanted.max || wanted.max > wanted.total ||
	    wanted.total > POOL_MAX)
		return -1;
	size = wanted;
	memset(slots, 0, sizeof slots);
	for (unsigned i = 0; i < POOL_MAX; i++)
		slots[i].leash = slots[i].news = -1;
	alive = n_free = 0;
	listener = open_for_many(hostport);
	if (listener < 0)
		return -1;
	if (nonblocking_pipe(to_self) < 0) {
		close(listener);
		return -1;
	}
	take();
	result = serve(handler, argc, argv);
	error = errno;
	close(listener);
	for (unsigned i = 0; i < size.total; i++)
		dismiss(&slots[i]);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	put_back();
	close(to_self[0]);
	close(to_self[1]);
	errno = error;
	return result;
}
