/*
 * Different: the handler asks for each known child by its pid, and writes a byte
 * into a pipe; reaper_wait() waits for the byte with poll().
 */
#define _GNU_SOURCE /* pipe2 */
#include "reaper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
	volatile pid_t pid; /* 0: free */
	volatile sig_atomic_t ended;
	volatile int status;
} table[REAPER_MAX];

static int wake[2] = {-1, -1};

static void
on_child(int signal, siginfo_t *info, void *context)
{
	int error = errno;

	(void)signal;
	(void)info;
	(void)context;
	for (int i = 0; i < REAPER_MAX; i++) {
		int status;

		if (table[i].pid == 0 || table[i].ended)
			continue;
		if (waitpid(table[i].pid, &status, WNOHANG) == table[i].pid) {
			table[i].status = status;
			table[i].ended = 1;
		}
	}
	if (write(wake[1], "", 1) < 0) {
		/* full: then it is readable anyway */
	}
	errno = error;
}

/* A child must not share the pipe with its parent: it would take the parent's bytes. */
static int
make_pipe(void)
{
	if (wake[0] >= 0) {
		close(wake[0]);
		close(wake[1]);
	}
	return pipe2(wake, O_CLOEXEC | O_NONBLOCK);
}

int
reaper_install(void)
{
	struct sigaction action = {
	    .sa_sigaction = on_child, .sa_flags = SA_SIGINFO | SA_RESTART | SA_NOCLDSTOP};

	sigemptyset(&action.sa_mask);
	if (make_pipe() < 0)
		return -1;
	return sigaction(SIGCHLD, &action, NULL);
}

static int
find(pid_t pid)
{
	for (int i = 0; i < REAPER_MAX; i++)
		if (table[i].pid == pid)
			return i;
	return -1;
}

pid_t
reaper_fork(void)
{
	sigset_t all, before;
	int place = find(0);
	int error = EAGAIN;
	pid_t pid = -1;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	if (place >= 0) {
		pid = fork();
		error = errno;
	}
	if (pid > 0) {
		table[place].ended = 0;
		table[place].pid = pid;
	} else if (pid == 0) {
		for (int i = 0; i < REAPER_MAX; i++)
			table[i].pid = 0;
		if (make_pipe() < 0)
			_exit(126);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return pid;
}

static void
wait_for_byte(void)
{
	struct pollfd on = {.fd = wake[0], .events = POLLIN};
	char bytes[REAPER_MAX];

	while (poll(&on, 1, -1) < 0 && errno == EINTR)
		continue;
	while (read(wake[0], bytes, sizeof bytes) > 0)
		continue;
}

int
reaper_wait(pid_t pid, int *status)
{
	int place = pid > 0 ? find(pid) : -1;
	sigset_t sigchld, before;

	if (place < 0) {
		errno = ECHILD;
		return -1;
	}
	/* let the handler in, even if the caller has blocked SIGCHLD */
	sigemptyset(&sigchld);
	sigaddset(&sigchld, SIGCHLD);
	sigprocmask(SIG_UNBLOCK, &sigchld, &before);
	while (!table[place].ended)
		wait_for_byte();
	sigprocmask(SIG_SETMASK, &before, NULL);
	*status = table[place].status;
	table[place].pid = 0;
	return 0;
}
