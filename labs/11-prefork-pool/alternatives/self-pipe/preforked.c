/*
 * preforked.c - each process that has others below it writes a byte to itself for each signal.
 * Two pipes lead to who waits: one that its parent closes when it is to end, one that it closes.
 */
#include "preforked.h"
#include "listener.h"
#include "waiting.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int to_self[2] = {-1, -1};

static void
write_to_self(int signal)
{
	int error = errno;

	(void)!write(to_self[1], signal == SIGCHLD ? "c" : "e", 1);
	errno = error;
}

static int
open_to_self(void)
{
	if (pipe(to_self) < 0)
		return -1;
	fcntl(to_self[0], F_SETFL, O_NONBLOCK);
	fcntl(to_self[1], F_SETFL, O_NONBLOCK);
	return 0;
}

static void
close_pair(int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

/* What the server was called with, and what the caller had. */
static struct {
	int listener, alive[2]; /* nobody writes into it; the server alone has the second end */
	session_handler *handler;
	int argc;
	char **argv;
	unsigned n;
	pid_t pids[READY_MAX];
	struct sigaction interrupt, terminate, children;
	sigset_t mask;
} all;

static void
let_in(int signal_number, int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal_number);
	sigprocmask(how, &set, NULL);
}

/* No handler may write into the parent's pipe: signals are blocked around fork(). */
static pid_t
fork_quietly(sigset_t *before)
{
	sigset_t every;

	sigfillset(&every);
	sigprocmask(SIG_SETMASK, &every, before);
	return fork();
}

/* Takes what has come from signals. Returns whether one of them was an end. */
static int
read_from_self(void)
{
	int end = 0;
	char byte;

	while (read(to_self[0], &byte, 1) == 1)
		end |= byte == 'e';
	return end;
}

static _Noreturn void
grandchild(int leash[2], int busy[2])
{
	int fd;

	close_pair(to_self);
	close(all.alive[0]);
	close(leash[1]);
	close(busy[0]);
	sigaction(SIGCHLD, &all.children, NULL);
	sigprocmask(SIG_SETMASK, &all.mask, NULL);
	fd = next_client(all.listener, leash[0]);
	close(busy[1]);
	close(leash[0]);
	close(all.listener);
	if (fd >= 0)
		all.handler(fd, all.argc, all.argv);
	_exit(0);
}

/* Two ends in the parent: what it closes, and what is closed for it. */
static int
make_grandchild(int *leash_end, int *busy_end)
{
	int leash[2], busy[2];
	sigset_t before;
	pid_t pid;

	if (pipe(leash) < 0)
		return -1;
	if (pipe(busy) < 0) {
		close_pair(leash);
		return -1;
	}
	pid = fork_quietly(&before);
	if (pid == 0)
		grandchild(leash, busy);
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(leash[0]);
	close(busy[1]);
	if (pid < 0) {
		close(leash[1]);
		close(busy[0]);
		return -1;
	}
	*leash_end = leash[1];
	*busy_end = busy[0];
	return 0;
}

/* One grandchild's time of waiting. Returns -1 when the server is gone. */
static int
watch(int busy_end, int ms)
{
	for (;;) {
		struct pollfd fds[] = {{.fd = all.alive[0], .events = POLLIN},
		    {.fd = to_self[0], .events = POLLIN}, {.fd = busy_end, .events = POLLIN}};
		int n = poll(fds, 3, ms);

		if (n < 0)
			continue;
		if (fds[0].revents)
			return -1;
		if (fds[1].revents) {
			read_from_self();
			while (waitpid(-1, NULL, WNOHANG) > 0)
				;
		}
		if (busy_end < 0 || fds[2].revents)
			return 0;
	}
}

static _Noreturn void
child(void)
{
	int result = 0;

	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	close_pair(to_self);
	close(all.alive[1]);
	while (open_to_self() < 0)
		poll(NULL, 0, PAUSE_S * 1000);
	sigprocmask(SIG_SETMASK, &all.mask, NULL);
	let_in(SIGINT, SIG_UNBLOCK);
	let_in(SIGTERM, SIG_UNBLOCK);
	let_in(SIGCHLD, SIG_UNBLOCK);
	while (result == 0) {
		int leash_end = -1, busy_end = -1;
		int made = make_grandchild(&leash_end, &busy_end);

		result = watch(busy_end, made < 0 ? PAUSE_S * 1000 : -1);
		if (made == 0) {
			close(leash_end);
			close(busy_end);
		}
	}
	close(all.listener);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	_exit(0);
}

static int
make_children(void)
{
	sigset_t before;
	int made = 0;

	for (unsigned i = 0; i < all.n && made == 0; i++) {
		if (all.pids[i] > 0)
			continue;
		all.pids[i] = fork_quietly(&before);
		if (all.pids[i] == 0)
			child();
		sigprocmask(SIG_SETMASK, &before, NULL);
		made = all.pids[i] < 0 ? -1 : 0;
	}
	return made;
}

static void catch (void)
{
	struct sigaction action = {.sa_handler = write_to_self};

	sigfillset(&action.sa_mask);
	sigprocmask(SIG_BLOCK, NULL, &all.mask);
	sigaction(SIGINT, &action, &all.interrupt);
	sigaction(SIGTERM, &action, &all.terminate);
	sigaction(SIGCHLD, &action, &all.children);
	let_in(SIGINT, SIG_UNBLOCK);
	let_in(SIGTERM, SIG_UNBLOCK);
	let_in(SIGCHLD, SIG_UNBLOCK);
}

static void
release(void)
{
	sigaction(SIGINT, &all.interrupt, NULL);
	sigaction(SIGTERM, &all.terminate, NULL);
	sigaction(SIGCHLD, &all.children, NULL);
	sigprocmask(SIG_SETMASK, &all.mask, NULL);
}

static void
serve(int made)
{
	for (;;) {
		struct pollfd fd = {.fd = to_self[0], .events = POLLIN};
		pid_t pid;

		poll(&fd, 1, made < 0 ? PAUSE_S * 1000 : -1);
		if (read_from_self())
			return;
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			for (unsigned i = 0; i < all.n; i++)
				all.pids[i] = all.pids[i] == pid ? 0 : all.pids[i];
		made = make_children();
	}
}

int
run_preforked_service(
    const char *hostport, session_handler *handler, unsigned n, int argc, char *argv[])
{
	int result = -1, error;

	if (n < 1 || n > READY_MAX) {
		errno = EINVAL;
		return -1;
	}
	all.handler = handler;
	all.argc = argc;
	all.argv = argv;
	all.n = n;
	for (unsigned i = 0; i < n; i++)
		all.pids[i] = 0;
	all.listener = open_for_many(hostport);
	if (all.listener < 0)
		return -1;
	if (open_to_self() == 0) {
		if (pipe(all.alive) == 0) {
			catch ();
			if (make_children() == 0 && say_ready(argv[0], all.listener) == 0) {
				serve(0);
				result = 0;
			}
			error = errno;
			close(all.listener);
			close_pair(all.alive);
			while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
				;
			release();
			close_pair(to_self);
			errno = error;
			return result;
		}
		close_pair(to_self);
	}
	close(all.listener);
	return -1;
}
