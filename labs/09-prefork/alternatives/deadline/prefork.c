/* prefork.c - a parent that knows how long it may sleep. */
#define _GNU_SOURCE
#include "prefork.h"
#include "listener.h"
#include "report.h"
#include "web.h"
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct member {
	pid_t pid;    /* the parent's */
	long clients; /* the child's */
};

static struct member *members, *behind;
static sig_atomic_t volatile quit;
static struct timespec again; /* when fork() may be called again */
static bool refused;

static void
on_signal(int number)
{
	quit |= number == SIGTERM || number == SIGINT;
}

/* For turn_watch(): how long to sleep, or NULL for ever. */
const struct timespec *
patience(void)
{
	static struct timespec left;
	struct timespec now;

	if (!refused)
		return NULL;
	clock_gettime(CLOCK_MONOTONIC, &now);
	left.tv_sec = again.tv_sec > now.tv_sec ? again.tv_sec - now.tv_sec : 0;
	left.tv_nsec = 0;
	return &left;
}

static bool
try_to_fork(void)
{
	struct timespec now;

	if (!refused)
		return true;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec < again.tv_sec)
		return false;
	refused = false;
	return true;
}

static _Noreturn void
be_a_child(int listener, struct member *me)
{
	sigset_t nothing;

	for (int s = 1; s < 32; s++)
		if (s == SIGINT || s == SIGTERM || s == SIGCHLD)
			signal(s, SIG_DFL);
	sigemptyset(&nothing);
	sigprocmask(SIG_SETMASK, &nothing, NULL);
	while (true) {
		int fd = turn_next(listener, (size_t)(me - members));

		if (fd < 0) {
			if (errno != EINTR && errno != EAGAIN && errno != ECONNABORTED &&
			    errno != EPROTO)
				break;
		} else {
			++me->clients;
			web_session(fd);
			close(fd);
		}
	}
	perror("turn");
	exit(EXIT_FAILURE);
}

static bool
make_member(int listener, struct member *m)
{
	pid_t pid = turn_fork(listener, (size_t)(m - members));

	if (pid == 0)
		be_a_child(listener, m);
	if (pid < 0)
		perror("fork");
	m->pid = pid < 0 ? 0 : pid;
	return pid > 0;
}

static struct member *
member_of(pid_t pid)
{
	struct member *m = members;

	while (m != behind && m->pid != pid)
		m++;
	return m;
}

static bool
look_after(int listener)
{
	siginfo_t end;

	while (end.si_pid = 0, waitid(P_ALL, 0, &end, WEXITED | WNOHANG) == 0 && end.si_pid != 0) {
		struct member *m = member_of(end.si_pid);

		if (m != behind)
			m->pid = 0;
		if (end.si_code == CLD_EXITED)
			return false;
	}
	if (!try_to_fork())
		return true;
	for (struct member *m = members; m != behind; m++)
		if (m->pid == 0 && !make_member(listener, m)) {
			clock_gettime(CLOCK_MONOTONIC, &again);
			again.tv_sec += RETRY_S;
			refused = true;
			break;
		}
	return true;
}

static void
end_everybody(void)
{
	for (struct member *m = members; m != behind; m++) {
		if (m->pid == 0)
			continue;
		kill(m->pid, SIGTERM);
		kill(m->pid, SIGCONT);
		while (waitpid(m->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
}

static bool
serve_all(int listener, const char *name)
{
	sigset_t mask, awake;
	struct sigaction action = {.sa_handler = on_signal};

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGCHLD, &action, NULL);
	sigemptyset(&awake);
	for (struct member *m = members; m != behind; m++)
		if (!make_member(listener, m))
			return false;
	if (say_ready(name, listener) < 0) {
		perror(name);
		return false;
	}
	do {
		if (!look_after(listener))
			return false;
		if (turn_watch(listener, &awake) < 0) {
			perror("watch");
			return false;
		}
		sigprocmask(SIG_UNBLOCK, &mask, NULL);
		sigprocmask(SIG_BLOCK, &mask, NULL);
	} while (!quit);
	return true;
}

static bool
say_all(void)
{
	long sum = 0;

	if (report_cpu() < 0)
		return false;
	for (struct member *m = members; m != behind; sum += m++->clients)
		printf(CHILD_CLIENTS, (size_t)(m - members), m->clients);
	printf(ALL_CLIENTS, sum);
	return fflush(stdout) == 0;
}

int
main(int argc, char *argv[])
{
	int listener, n = 0, at = 0;
	bool good;

	if (argc == 3 && sscanf(argv[2], "%2d%n", &n, &at) == 1 &&
	    (argv[2][at] != '\0' || argv[2][0] == '-' || argv[2][0] == '+' || argv[2][0] == ' '))
		n = 0;
	if (n < 1 || n > CHILDREN_MAX) {
		fprintf(stderr, "usage: %s HOST:PORT CHILDREN\n", argv[0]);
		exit(2);
	}
	members = mmap(NULL, CHILDREN_MAX * sizeof *members, PROT_WRITE | PROT_READ,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	behind = members + n;
	listener = open_listener(argv[1]);
	if (members == MAP_FAILED || listener < 0 || turn_open(listener, (size_t)n) < 0) {
		perror(argv[1]);
		exit(EXIT_FAILURE);
	}
	good = serve_all(listener, argv[0]);
	end_everybody();
	return good && say_all() ? EXIT_SUCCESS : EXIT_FAILURE;
}
