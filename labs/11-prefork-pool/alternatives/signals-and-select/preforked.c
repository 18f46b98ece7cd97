/*
 * preforked.c - who waits is told to end by SIGURG. By default that is ignored, so it does no
 * harm to whoever has become a session meanwhile. Whose parent dies gets it from the kernel.
 */
#define _GNU_SOURCE
#include "preforked.h"
#include "listener.h"
#include "waiting.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const int mine[] = {SIGINT, SIGTERM, SIGURG, SIGCHLD};
#define MINE (sizeof mine / sizeof *mine)

static struct sigaction theirs[MINE];
static sigset_t their_mask, open_mask;
static volatile sig_atomic_t ending;

static int listener;
static session_handler *call;
static int count;
static char **arguments;

static void
on_signal(int signal)
{
	if (signal != SIGCHLD)
		ending = 1;
}

static void
begin_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t set;

	sigfillset(&action.sa_mask);
	sigemptyset(&set);
	for (size_t i = 0; i < MINE; i++)
		sigaddset(&set, mine[i]);
	sigprocmask(SIG_BLOCK, &set, &their_mask);
	open_mask = their_mask;
	for (size_t i = 0; i < MINE; i++) {
		sigdelset(&open_mask, mine[i]);
		sigaction(mine[i], &action, &theirs[i]);
	}
	ending = 0;
}

static void
end_signals(void)
{
	sigprocmask(SIG_SETMASK, &open_mask, NULL);
	for (size_t i = 0; i < MINE; i++)
		sigaction(mine[i], &theirs[i], NULL);
	sigprocmask(SIG_SETMASK, &their_mask, NULL);
}

/* With the default action what is pending of SIGURG is thrown away. */
static void
by_default(int signal_number)
{
	signal(signal_number, SIG_DFL);
}

/* The kernel sends SIGURG when the parent dies; it may have died before we asked. */
static void
end_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGURG);
	if (getppid() != parent)
		ending = 1;
}

/* Sleeps until fd (-1: nothing) can be read or a signal comes or s seconds are over. */
static int
doze(int fd, time_t s)
{
	struct timespec limit = {.tv_sec = s};
	fd_set set;

	FD_ZERO(&set);
	if (fd >= 0)
		FD_SET(fd, &set);
	return pselect(fd + 1, &set, NULL, NULL, s == 0 ? NULL : &limit, &open_mask) > 0;
}

static int
harmless(int error)
{
	static const int list[] = {EAGAIN, EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENETUNREACH,
	    EHOSTDOWN, EHOSTUNREACH, ENONET, ENOPROTOOPT};

	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		if (list[i] == error)
			return 1;
	return 0;
}

static _Noreturn void
grandchild(int pipe_end, pid_t parent)
{
	int fd = -1;

	end_with(parent);
	while (fd < 0) {
		doze(listener, 0);
		if (ending)
			_exit(0);
		fd = accept(listener, NULL, NULL);
		if (fd < 0 && !harmless(errno))
			doze(-1, PAUSE_S);
	}
	prctl(PR_SET_PDEATHSIG, 0);
	close(listener);
	for (size_t i = 0; i < MINE; i++)
		if (mine[i] == SIGCHLD || mine[i] == SIGURG) {
			by_default(mine[i]);
			sigaction(mine[i], &theirs[i], NULL);
		} else {
			by_default(mine[i]);
		}
	close(pipe_end);
	sigprocmask(SIG_SETMASK, &their_mask, NULL);
	call(fd, count, arguments);
	_exit(0);
}

/* Until this grandchild is busy or dead, or the end has come. */
static void
watch(pid_t pid, int pipe_end)
{
	for (;;) {
		pid_t dead;
		int busy;

		if (ending) {
			kill(pid, SIGURG);
			return;
		}
		busy = doze(pipe_end, 0);
		while ((dead = waitpid(-1, NULL, WNOHANG)) > 0)
			if (dead == pid)
				busy = 1;
		if (busy)
			return;
	}
}

static void
have_one_ready(void)
{
	pid_t me = getpid(), pid = -1;
	int ends[2];

	if (pipe(ends) == 0) {
		pid = fork();
		if (pid == 0) {
			close(ends[0]);
			grandchild(ends[1], me);
		}
		close(ends[1]);
		if (pid > 0)
			watch(pid, ends[0]);
		close(ends[0]);
	}
	if (pid < 0)
		doze(-1, PAUSE_S);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static _Noreturn void
child(pid_t server)
{
	sigset_t set;

	by_default(SIGINT);
	by_default(SIGTERM);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	end_with(server);
	while (!ending)
		have_one_ready();
	close(listener);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	_exit(0);
}

static int
fill(pid_t pids[], unsigned n)
{
	pid_t me = getpid();

	for (unsigned i = 0; i < n; i++)
		if (pids[i] <= 0) {
			pids[i] = fork();
			if (pids[i] == 0)
				child(me);
			if (pids[i] < 0)
				return -1;
		}
	return 0;
}

static void
keep(pid_t pids[], unsigned n)
{
	int missing = 0;

	while (!ending) {
		pid_t dead;

		doze(-1, missing ? PAUSE_S : 0);
		while ((dead = waitpid(-1, NULL, WNOHANG)) > 0)
			for (unsigned i = 0; i < n; i++)
				if (pids[i] == dead)
					pids[i] = 0;
		missing = !ending && fill(pids, n) < 0;
	}
}

int
run_preforked_service(
    const char *hostport, session_handler *handler, unsigned n, int argc, char *argv[])
{
	pid_t pids[READY_MAX] = {0};
	int result = -1, error = EINVAL;

	listener = -1;
	if (n >= 1 && n <= READY_MAX) {
		listener = open_for_many(hostport);
		error = errno;
	}
	if (listener < 0) {
		errno = error;
		return -1;
	}
	call = handler;
	count = argc;
	arguments = argv;
	begin_signals();
	if (fill(pids, n) == 0 && say_ready(argv[0], listener) == 0) {
		keep(pids, n);
		result = 0;
	}
	error = errno;
	close(listener);
	for (unsigned i = 0; i < n; i++)
		if (pids[i] > 0)
			kill(pids[i], SIGURG);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	end_signals();
	errno = error;
	return result;
}
