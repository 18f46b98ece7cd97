/* prefork.c - handlers that do the work, and a pipe that wakes the parent. */
#define _DEFAULT_SOURCE
#include "prefork.h"
#include "listener.h"
#include "report.h"
#include "web.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int wake_pipe[2]; /* for turn_watch(), which waits for it and empties it */

/* What the children and the parent share; each count has one writer. */
struct count {
	long n;
	char apart[64 - sizeof(long)];
};

static struct count *counts;
static volatile pid_t pid_of[CHILDREN_MAX];
static volatile sig_atomic_t n_all, the_end, somebody_exited, fork_later;
static int door;
static sigset_t all_signals;

static void
ring(void)
{
	int error = errno;

	if (write(wake_pipe[1], "!", 1) < 0)
		errno = error; /* full: it has rung already */
	errno = error;
}

static void
on_death(int signal)
{
	int error = errno, status;
	pid_t pid;

	(void)signal;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (WIFEXITED(status))
			somebody_exited = 1;
		for (int i = 0; i < n_all; i++)
			if (pid_of[i] == pid)
				pid_of[i] = 0;
	}
	errno = error;
	ring();
}

static void
on_end(int signal)
{
	(void)signal;
	the_end = 1;
	ring();
}

static void
on_alarm(int signal)
{
	(void)signal;
	fork_later = 0;
	ring();
}

static void
set_handler(int signal, void (*handler)(int))
{
	struct sigaction a;

	memset(&a, 0, sizeof a);
	a.sa_handler = handler;
	a.sa_flags = SA_RESTART;
	a.sa_mask = all_signals;
	sigaction(signal, &a, NULL);
}

static void
set_handlers(void (*death)(int), void (*end)(int), void (*alarm_handler)(int))
{
	set_handler(SIGCHLD, death);
	set_handler(SIGINT, end);
	set_handler(SIGTERM, end);
	set_handler(SIGALRM, alarm_handler);
}

static void
life(size_t me)
{
	close(wake_pipe[0]);
	close(wake_pipe[1]);
	set_handlers(SIG_DFL, SIG_DFL, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &all_signals, NULL);
	while (1) {
		int client = turn_next(door, me);

		if (client < 0 &&
		    (errno == EINTR || errno == EAGAIN || errno == EPROTO || errno == ECONNABORTED))
			continue;
		if (client < 0)
			break;
		counts[me].n++;
		web_session(client);
		close(client);
	}
	fprintf(stderr, "child %zu: %s\n", me, strerror(errno));
	_exit(1);
}

/* With signals blocked: nobody dies between fork() and the entry of the pid. */
static int
give_birth(size_t i)
{
	pid_t pid = turn_fork(door, i);

	if (pid == 0)
		life(i);
	if (pid > 0)
		pid_of[i] = pid;
	else
		fprintf(stderr, "fork: %s\n", strerror(errno));
	return pid < 0 ? -1 : 0;
}

static int
fill(void)
{
	int result = 0;

	sigprocmask(SIG_BLOCK, &all_signals, NULL);
	for (int i = 0; i < n_all && result == 0; i++)
		if (pid_of[i] == 0)
			result = give_birth((size_t)i);
	sigprocmask(SIG_UNBLOCK, &all_signals, NULL);
	return result;
}

static int
reign(void)
{
	while (!the_end) {
		if (somebody_exited)
			return -1;
		if (!fork_later && fill() < 0) {
			fork_later = 1;
			alarm(RETRY_S);
		}
		if (turn_watch(door, NULL) < 0) {
			perror("turn");
			return -1;
		}
	}
	return 0;
}

/* Nobody is waited for by the handler any more. */
static void
end_all(void)
{
	int i;

	sigprocmask(SIG_BLOCK, &all_signals, NULL);
	for (i = 0; i < n_all; i++)
		if (pid_of[i] != 0)
			kill(pid_of[i], SIGTERM);
	while (wait(NULL) > 0)
		;
}

static void
tell(void)
{
	long sum = 0;
	int i;

	report_cpu();
	for (i = 0; i < n_all; i++)
		sum += printf(CHILD_CLIENTS, (size_t)i, counts[i].n) > 0 ? counts[i].n : 0;
	printf(ALL_CLIENTS, sum);
}

static int
number(const char *s)
{
	int n;

	if (strspn(s, "0123456789") != strlen(s) || strlen(s) > 4)
		return 0;
	n = atoi(s);
	return n <= CHILDREN_MAX ? n : 0;
}

int
main(int argc, char *argv[])
{
	int i, failed = 0;

	n_all = argc == 3 ? number(argv[2]) : 0;
	if (n_all == 0) {
		fprintf(stderr, "usage: %s HOST:PORT CHILDREN\n", argv[0]);
		return 2;
	}
	sigemptyset(&all_signals);
	sigaddset(&all_signals, SIGCHLD);
	sigaddset(&all_signals, SIGINT);
	sigaddset(&all_signals, SIGTERM);
	sigaddset(&all_signals, SIGALRM);
	counts = mmap(NULL, (size_t)n_all * sizeof *counts, PROT_READ | PROT_WRITE,
	    MAP_ANONYMOUS | MAP_SHARED, -1, 0);
	if (counts == MAP_FAILED || (door = open_listener(argv[1])) < 0 || pipe(wake_pipe) < 0 ||
	    fcntl(wake_pipe[0], F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(wake_pipe[1], F_SETFL, O_NONBLOCK) < 0 || turn_open(door, (size_t)n_all) < 0) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	sigprocmask(SIG_BLOCK, &all_signals, NULL);
	set_handlers(on_death, on_end, on_alarm);
	for (i = 0; i < n_all && !failed; i++)
		failed = give_birth((size_t)i) < 0;
	if (!failed && say_ready(argv[0], door) < 0) {
		fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		failed = 1;
	}
	sigprocmask(SIG_UNBLOCK, &all_signals, NULL);
	if (!failed)
		failed = reign() < 0;
	end_all();
	if (!failed)
		tell();
	return failed || fflush(stdout) != 0 ? 1 : 0;
}
