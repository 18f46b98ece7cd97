/*
 * child.c - the way from the keeper to the student's program: limits, signals,
 * descriptors, filter, exec. Nothing of the student's runs before the exec.
 */
#define _GNU_SOURCE
#include "eye.h"

#include "../judge/probe.h"
#include "filter.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Families that the eye follows in every trial: ends of children, timers, handlers. */
static const uint64_t always =
    UINT64_C(1) << CALL_WAIT | UINT64_C(1) << CALL_ALARM | UINT64_C(1) << CALL_SIGACTION;

/* Families whose calls can wait with a timeout: followed where the trial has its own clock. */
static const uint64_t waiting =
    UINT64_C(1) << CALL_SELECT | UINT64_C(1) << CALL_POLL | UINT64_C(1) << CALL_SLEEP |
    UINT64_C(1) << CALL_SIGWAIT | UINT64_C(1) << CALL_FUTEX | UINT64_C(1) << CALL_READ |
    UINT64_C(1) << CALL_WRITE | UINT64_C(1) << CALL_ACCEPT | UINT64_C(1) << CALL_CONNECT;

static int
limit(int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit l = {soft, hard};
	struct rlimit now;

	/* never ask for more than we were given ourselves */
	if (getrlimit(resource, &now) == 0 && now.rlim_max < l.rlim_max)
		l.rlim_max = now.rlim_max;
	if (l.rlim_cur > l.rlim_max)
		l.rlim_cur = l.rlim_max;
	return setrlimit(resource, &l);
}

static int
set_limits(const struct plan *p, bool alone)
{
	enum { MIB = 1 << 20, KIB = 1 << 10, ADDRESS_SPACE_MIB = 4096 };
	rlim_t cpu = (p->cpu_ms + 999) / 1000;
	/* the eye counts exactly; without it the kernel's limit is the only one */
	rlim_t spare = p->traced ? 8 : 0;
	/* without a user namespace the kernel counts every process of our user on the machine */
	rlim_t processes = alone ? p->processes + spare : 4096;

	if (limit(RLIMIT_CORE, 0, 0) < 0 || limit(RLIMIT_MEMLOCK, 0, 0) < 0 ||
	    limit(RLIMIT_MSGQUEUE, 0, 0) < 0)
		return -1;
	if (p->bound_address_space && limit(RLIMIT_AS, (p->memory_mib + ADDRESS_SPACE_MIB) * MIB,
					  (p->memory_mib + ADDRESS_SPACE_MIB) * MIB) < 0)
		return -1;
	/* SIGXCPU at the first; who blocks it is ended by the keeper long before the second, which
	 * would only say SIGKILL */
	if (limit(RLIMIT_CPU, cpu, 2 * cpu + 2) < 0 ||
	    limit(RLIMIT_NPROC, processes, processes) < 0)
		return -1;
	return limit(RLIMIT_FSIZE, p->file_kib * KIB, p->file_kib * KIB);
}

static void
set_to(uint64_t bits, sigset_t *set)
{
	sigemptyset(set);
	for (int s = 1; s <= MAX_SIGNAL; s++)
		if ((bits >> (s - 1) & 1) != 0)
			sigaddset(set, s);
}

static int
set_signals(const struct plan *p)
{
	struct sigaction plain = {.sa_handler = SIG_DFL}, ignore = {.sa_handler = SIG_IGN};
	sigset_t mask;

	for (int s = 1; s <= MAX_SIGNAL; s++) {
		bool wanted = (p->ignored >> (s - 1) & 1) != 0;

		if (sigaction(s, wanted ? &ignore : &plain, NULL) < 0 && errno != EINVAL)
			return -1; /* EINVAL: SIGKILL, SIGSTOP and the C library's own */
	}
	set_to(p->blocked, &mask);
	return sigprocmask(SIG_SETMASK, &mask, NULL);
}

/* 0, 1, 2 and the probe's; the rest, the control socket among it, is closed. */
static int
set_descriptors(int probe_fd, int fate, const struct plan *p)
{
	enum { FATE_FD = 101 };
	unsigned first = 3;

	if (dup3(fate, FATE_FD, O_CLOEXEC) < 0)
		return -1;
	if (probe_fd >= 0) {
		if (dup2(probe_fd, PROBE_FD) < 0)
			return -1;
		if (close_range(first, PROBE_FD - 1, 0) < 0)
			return -1;
		first = PROBE_FD + 2;
	} else if (close_range(first, FATE_FD - 1, 0) < 0) {
		return -1;
	} else {
		first = FATE_FD + 1;
	}
	if (close_range(first, ~0U, 0) < 0)
		return -1;
	/* the limit is on numbers: PROBE_FD stays open above it */
	return limit(RLIMIT_NOFILE, p->descriptors, p->descriptors);
}

/* The keeper, who started it, and so on: whom a trial without the eye must not signal. */
static void
list_ancestors(pid_t pids[], size_t room)
{
	struct proc_stat s;
	pid_t pid = getppid();
	size_t n = 0;

	while (n < room - 1 && pid > 1 && proc_stat_read(pid, &s) == 0) {
		pids[n++] = pid;
		pid = s.ppid;
	}
	pids[n] = 0;
}

static int
set_filter(const struct eye *eye)
{
	enum { ANCESTORS = 16 };
	pid_t strangers[ANCESTORS] = {0};
	const struct plan *p = &eye->plan;
	uint64_t watch = p->traced ? p->watch | always : 0;

	if (!eye->alone && !p->traced)
		list_ancestors(strangers, ANCESTORS);
	if (p->clock)
		watch |= waiting;
	return filter_install(watch, p->clock, eye->alone ? NULL : strangers);
}

static _Noreturn void
become_program(struct eye *eye, int go, int fate, int probe_fd)
{
	enum { FATE_FD = 101 };
	const struct plan *p = &eye->plan;
	char byte;
	int e;

	if (read(go, &byte, 1) != 1)
		_exit(125);
	if (setsid() < 0 && errno != EPERM)
		goto failed;
	if (set_signals(p) < 0 || set_descriptors(probe_fd, fate, p) < 0)
		goto failed;
	fate = FATE_FD;
	if (set_limits(p, eye->alone) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		goto failed;
	if (set_filter(eye) < 0)
		goto failed;
	execve(p->argv[0], (char *const *)p->argv, (char *const *)p->env);
failed:
	e = errno;
	if (write(fate, &e, sizeof e) != sizeof e)
		_exit(124);
	_exit(125);
}

int
child_start(struct eye *eye, int probe_fd, struct child *child)
{
	int go[2], fate[2];

	if (pipe2(go, O_CLOEXEC) < 0)
		return -1;
	if (pipe2(fate, O_CLOEXEC) < 0)
		return -1;
	child->pid = fork();
	if (child->pid < 0)
		return -1;
	if (child->pid == 0)
		become_program(eye, go[0], fate[1], probe_fd);
	close(go[0]);
	close(fate[1]);
	child->go = go[1];
	child->fate = fate[0];
	return 0;
}
