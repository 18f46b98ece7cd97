/* stage.c - see stage.h. */
#define _GNU_SOURCE
#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CHILDREN_SEEN = 256 };

/* Somebody wants an end. */
static volatile sig_atomic_t stop_asked;

static void
ask_to_stop(int signal)
{
	(void)signal;
	stop_asked = 1;
}

/* SIGCHLD has a handler only so that it ends a sleep. */
static void
wake(int signal)
{
	(void)signal;
}

double
stage_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- beginning ------------------------------------------------------------------------ */

/* The first half of the processors that we may use, and the second. */
static void
share_out(struct stage *stage)
{
	cpu_set_t ours;
	int all, given = 0;

	CPU_ZERO(&stage->server_cpus);
	CPU_ZERO(&stage->load_cpus);
	if (sched_getaffinity(0, sizeof ours, &ours) < 0 || (all = CPU_COUNT(&ours)) < 2) {
		stage->pinned = false;
		return;
	}
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &ours))
			CPU_SET(cpu, given++ < all / 2 ? &stage->server_cpus : &stage->load_cpus);
}

int
stage_init(struct stage *stage, bool pinned)
{
	struct sigaction stop = {.sa_handler = ask_to_stop}, child = {.sa_handler = wake};
	sigset_t blocked;

	*stage = (struct stage){.pinned = pinned};
	stage_reset(stage);
	if (pinned)
		share_out(stage);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGHUP);
	sigaddset(&blocked, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &blocked, NULL) < 0 || sigaction(SIGINT, &stop, NULL) < 0 ||
	    sigaction(SIGTERM, &stop, NULL) < 0 || sigaction(SIGHUP, &stop, NULL) < 0 ||
	    sigaction(SIGCHLD, &child, NULL) < 0)
		return -1;
	return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void
stage_reset(struct stage *stage)
{
	stage->server = stage->load = (struct actor){.out = -1};
	memset(&stage->adopted, 0, sizeof stage->adopted);
}

/* The child's part of stage_start(). */
static _Noreturn void
become(const char *path, char *const argv[], int out, const cpu_set_t *cpus)
{
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (cpus != NULL)
		sched_setaffinity(0, sizeof *cpus, cpus);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0)
		execv(path, argv);
	fprintf(stderr, "bench: %s: %s\n", path, strerror(errno));
	_exit(127);
}

int
stage_start(struct stage *stage, struct actor *actor, const char *path, char *const argv[])
{
	const cpu_set_t *cpus = actor == &stage->server ? &stage->server_cpus : &stage->load_cpus;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	fflush(NULL); /* or the child might write it once more */
	actor->pid = fork();
	if (actor->pid == 0)
		become(path, argv, ends[1], stage->pinned ? cpus : NULL);
	close(ends[1]);
	if (actor->pid < 0) {
		actor->pid = 0;
		close(ends[0]);
		return -1;
	}
	setpgid(actor->pid, actor->pid); /* whoever is first; the other one fails */
	actor->out = ends[0];
	return 0;
}

/* ---- waiting --------------------------------------------------------------------------- */

static void
add_time(struct timeval *sum, const struct timeval *more)
{
	sum->tv_sec += more->tv_sec;
	sum->tv_usec += more->tv_usec;
	if (sum->tv_usec >= 1000000) {
		sum->tv_sec++;
		sum->tv_usec -= 1000000;
	}
}

static void
note(struct stage *stage, pid_t pid, int status, const struct rusage *used)
{
	struct actor *actors[] = {&stage->server, &stage->load};

	for (size_t i = 0; i < 2; i++)
		if (actors[i]->pid == pid) {
			actors[i]->ended = true;
			actors[i]->status = status;
			actors[i]->used = *used;
			return;
		}
	add_time(&stage->adopted.ru_utime, &used->ru_utime);
	add_time(&stage->adopted.ru_stime, &used->ru_stime);
	stage->adopted.ru_nvcsw += used->ru_nvcsw;
	stage->adopted.ru_nivcsw += used->ru_nivcsw;
}

/* Returns whether a child of ours is left. */
static bool
reap(struct stage *stage)
{
	struct rusage used;
	int status;
	pid_t pid;

	while ((pid = wait4(-1, &status, WNOHANG, &used)) > 0)
		note(stage, pid, status, &used);
	return pid == 0;
}

/*
 * Sleeps until fd (-1: none) can be read, a child ends, or the deadline comes. Returns whether fd
 * can be read, or -1 with errno.
 */
static int
sleep_until(struct stage *stage, int fd, double deadline)
{
	struct pollfd set = {.fd = fd, .events = POLLIN};
	double left = deadline - stage_now();
	struct timespec time = {0};
	sigset_t awake;
	int n;

	reap(stage);
	if (left > 0) {
		time.tv_sec = (time_t)left;
		time.tv_nsec = (long)((left - (double)time.tv_sec) * 1e9);
	}
	sigemptyset(&awake);
	n = ppoll(&set, 1, &time, &awake);
	reap(stage);
	if (stop_asked) {
		errno = EINTR;
		return -1;
	}
	if (n == 0 && left <= 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	return n > 0;
}

int
stage_await_end(struct stage *stage, const struct actor *actor, double deadline)
{
	while (reap(stage), !actor->ended)
		if (sleep_until(stage, -1, deadline) < 0)
			return -1;
	return 0;
}

int
stage_await_nobody(struct stage *stage, double deadline)
{
	while (reap(stage))
		if (sleep_until(stage, -1, deadline) < 0)
			return -1;
	return 0;
}

int
stage_pause(struct stage *stage, double seconds)
{
	const double deadline = stage_now() + seconds;

	while (sleep_until(stage, -1, deadline) >= 0)
		;
	return errno == ETIMEDOUT ? 0 : -1;
}

/* Appends what fits. */
static void
keep(char *text, size_t size, size_t *n, const char *bytes, size_t got)
{
	size_t fits = size - 1 - *n < got ? size - 1 - *n : got;

	memcpy(text + *n, bytes, fits);
	*n += fits;
	text[*n] = '\0';
}

int
stage_read(
    struct stage *stage, struct actor *actor, bool line, char *text, size_t size, double deadline)
{
	size_t n = 0;

	text[0] = '\0';
	for (;;) {
		char bytes[4096];
		ssize_t got;
		int ready = sleep_until(stage, actor->out, deadline);

		if (ready < 0)
			return -1;
		if (ready == 0)
			continue;
		/* what comes behind the line stays in the pipe */
		got = read(actor->out, bytes, line ? 1 : sizeof bytes);
		if (got < 0 && errno != EINTR)
			return -1;
		if (got == 0 && line)
			errno = EPIPE;
		if (got == 0)
			return line ? -1 : 0;
		if (got > 0 && line && bytes[0] == '\n')
			return 0;
		if (got > 0)
			keep(text, size, &n, bytes, (size_t)got);
	}
}

/* ---- the end ------------------------------------------------------------------------------ */

/* Children that were made just now may not be seen yet: who waits for us to end them asks again. */
static void
kill_children(void)
{
	struct proc children[CHILDREN_SEEN];
	size_t n = proc_children(getpid(), children, CHILDREN_SEEN);

	for (size_t i = 0; i < n && i < CHILDREN_SEEN; i++)
		kill(children[i].pid, SIGKILL);
}

void
stage_clear(struct stage *stage)
{
	struct actor *actors[] = {&stage->server, &stage->load};

	for (size_t i = 0; i < 2; i++) {
		/* as long as it was not waited for, its number is nobody else's */
		if (actors[i]->pid > 0 && !actors[i]->ended)
			kill(-actors[i]->pid, SIGKILL);
		if (actors[i]->out >= 0)
			close(actors[i]->out);
		actors[i]->out = -1;
	}
	while (reap(stage)) {
		struct rusage used;
		int status;
		pid_t pid;

		kill_children();
		pid = wait4(-1, &status, 0, &used);
		if (pid > 0)
			note(stage, pid, status, &used);
	}
}
