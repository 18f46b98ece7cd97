/*
 * memory.c - the resident memory of a whole trial, for machines that lend us
 * no cgroup. Private pages are summed; of shared pages the largest share counts
 * once, because a mapping shared by twenty children is there once.
 */
#define _GNU_SOURCE
#include "eye.h"

#include <stdio.h>
#include <unistd.h>

static void
add(pid_t pid, uint64_t *own, uint64_t *shared)
{
	char path[64];
	unsigned long resident, common;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
	f = fopen(path, "re");
	if (f == NULL)
		return;
	if (fscanf(f, "%*u %lu %lu", &resident, &common) == 2 && resident >= common) {
		*own += resident - common;
		if (common > *shared)
			*shared = common;
	}
	fclose(f);
}

uint64_t
memory_resident(struct eye *eye)
{
	pid_t pids[MAX_TASKS];
	size_t n = processes_list(eye, pids, MAX_TASKS);
	uint64_t own = 0, shared = 0;

	for (size_t i = 0; i < n; i++)
		add(pids[i], &own, &shared);
	return (own + shared) * (uint64_t)sysconf(_SC_PAGESIZE);
}
