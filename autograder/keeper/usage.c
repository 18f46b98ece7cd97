/*
 * usage.c - what a whole trial uses, for machines that lend us no cgroup.
 *
 * Memory: private pages are summed; of shared pages the largest share counts
 * once, because a mapping shared by twenty children is there once. CPU time:
 * that of the living and of those whom they have waited for, and beside it
 * the most that a single process has used itself.
 */
#define _GNU_SOURCE
#include "eye.h"

#include "delay.h"
#include "proc_file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
add(pid_t pid, uint64_t *own, uint64_t *shared)
{
	char text[256];
	unsigned long resident, common;

	if (proc_file_read(pid, "statm", text, sizeof text) > 0 &&
	    sscanf(text, "%*u %lu %lu", &resident, &common) == 2 && resident >= common) {
		*own += resident - common;
		if (common > *shared)
			*shared = common;
	}
}

struct ticks {
	uint64_t own, waited; /* of the process; of the children that it waited for */
};

/* Clock ticks of a process; proc(5), stat, fields 14 to 17. */
static struct ticks
ticks(pid_t pid)
{
	char text[1024];
	unsigned long user, system;
	long waited_user, waited_system;
	const char *after_name;

	if (proc_file_read(pid, "stat", text, sizeof text) < 0)
		return (struct ticks){0};
	after_name = strrchr(text, ')'); /* a name may hold blanks and parentheses */
	if (after_name == NULL ||
	    sscanf(after_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld",
		&user, &system, &waited_user, &waited_system) != 4)
		return (struct ticks){0};
	return (struct ticks){user + system, (uint64_t)waited_user + (uint64_t)waited_system};
}

void
usage_read(struct eye *eye, struct usage *usage)
{
	pid_t pids[MAX_TASKS];
	size_t n = processes_list(eye, pids, MAX_TASKS);
	uint64_t own = 0, shared = 0, all_ticks = 0, most_ticks = 0;
	uint64_t per_second = (uint64_t)sysconf(_SC_CLK_TCK);

	for (size_t i = 0; i < n; i++) {
		struct ticks used = ticks(pids[i]);

		add(pids[i], &own, &shared);
		all_ticks += used.own + used.waited;
		if (used.own > most_ticks)
			most_ticks = used.own;
	}
	usage->resident = (own + shared) * (uint64_t)sysconf(_SC_PAGESIZE);
	usage->cpu_ms = all_ticks * 1000 / per_second;
	usage->most_cpu_ms = most_ticks * 1000 / per_second;
}

static void
keep_longest(pid_t tid, uint64_t *longest)
{
	uint64_t us;

	if (delay_read(tid, &us) == 0 && us > *longest)
		*longest = us;
}

/* Without the eye there are no tasks; then the leaders of all processes stand for them. */
uint64_t
starved_us(struct eye *eye)
{
	pid_t pids[MAX_TASKS];
	uint64_t own, longest = 0;
	size_t n;

	if (delay_read(getpid(), &own) < 0)
		return UINT64_MAX;
	for (size_t i = 0; i < eye->n_tasks; i++)
		keep_longest(eye->tasks[i]->tid, &longest);
	n = eye->plan.traced ? 0 : processes_list(eye, pids, MAX_TASKS);
	for (size_t i = 0; i < n; i++)
		keep_longest(pids[i], &longest);
	return eye->delay_us + longest + own - eye->own_delay_us;
}
