/* prefork.c - a loop around a signalfd. */
#define _GNU_SOURCE
#include "prefork.h"
#include "listener.h"
#include "report.h"
#include "web.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

int prefork_signals; /* the signalfd, for turn_watch() */

static struct child {
	pid_t pid;
} children[CHILDREN_MAX];
static volatile long *clients;
static size_t n_children;
static int listener;

static void
child(size_t number)
{
	sigset_t none;
	int fd;

	close(prefork_signals);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (;;) {
		fd = turn_next(listener, number);
		if (fd >= 0) {
			clients[number] = clients[number] + 1;
			(void)web_session(fd);
			close(fd);
			continue;
		}
		switch (errno) {
		case EINTR:
		case EAGAIN:
		case ECONNABORTED:
		case EPROTO:
			continue;
		default:
			perror("a child cannot go on");
			_exit(1);
		}
	}
}

static int
populate(void)
{
	for (size_t i = 0; i < n_children; i++) {
		if (children[i].pid != 0)
			continue;
		children[i].pid = turn_fork(listener, i);
		if (children[i].pid == 0)
			child(i);
		if (children[i].pid < 0) {
			children[i].pid = 0;
			perror("no new child");
			return -1;
		}
	}
	return 0;
}

/* Returns 1 when one of the dead had exited. */
static int
bury(void)
{
	int exited = 0;

	for (size_t i = 0; i < n_children; i++) {
		int status;

		if (children[i].pid == 0 || waitpid(children[i].pid, &status, WNOHANG) <= 0)
			continue;
		children[i].pid = 0;
		exited |= !WIFSIGNALED(status);
	}
	return exited;
}

static int
loop(void)
{
	int may_fork = 1;

	for (;;) {
		struct signalfd_siginfo info;

		if (bury())
			return 1;
		if (may_fork && populate() < 0) {
			may_fork = 0;
			alarm(RETRY_S);
		}
		if (turn_watch(listener, NULL) < 0) {
			perror("the parent cannot go on");
			return 1;
		}
		while (read(prefork_signals, &info, sizeof info) == sizeof info)
			switch (info.ssi_signo) {
			case SIGINT:
			case SIGTERM:
				return 0;
			case SIGALRM:
				may_fork = 1;
				break;
			}
	}
}

static int
set_up(const char *hostport)
{
	sigset_t set;

	clients = mmap(NULL, CHILDREN_MAX * sizeof(long), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (clients == MAP_FAILED)
		return -1;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGALRM);
	signal(SIGINT, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	if (sigprocmask(SIG_SETMASK, &set, NULL) < 0)
		return -1;
	prefork_signals = signalfd(-1, &set, SFD_NONBLOCK);
	listener = open_listener(hostport);
	return prefork_signals < 0 || listener < 0 ? -1 : turn_open(listener, n_children);
}

static int
usage(const char *name)
{
	fprintf(stderr, "usage: %s HOST:PORT CHILDREN\n", name);
	return 2;
}

int
main(int argc, char **argv)
{
	long sum = 0;
	char *end;
	int failed;

	if (argc != 3 || argv[2][0] < '0' || argv[2][0] > '9')
		return usage(argv[0]);
	n_children = strtoul(argv[2], &end, 10);
	if (*end != '\0' || n_children == 0 || n_children > CHILDREN_MAX)
		return usage(argv[0]);
	if (set_up(argv[1]) < 0) {
		perror(argv[1]);
		return 1;
	}
	failed = populate() < 0;
	if (!failed && say_ready(argv[0], listener) < 0) {
		perror(argv[0]);
		failed = 1;
	}
	failed = failed || loop();
	for (size_t i = 0; i < n_children; i++)
		if (children[i].pid > 0) {
			kill(children[i].pid, SIGKILL);
			waitpid(children[i].pid, NULL, 0);
		}
	if (failed)
		return 1;
	report_cpu();
	for (size_t i = 0; i < n_children; i++) {
		printf(CHILD_CLIENTS, i, clients[i]);
		sum += clients[i];
	}
	printf(ALL_CLIENTS, sum);
	return fflush(stdout) == 0 ? 0 : 1;
}
