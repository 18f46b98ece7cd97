/*
 * proc.h - what /proc tells about processes and about the machine. For Linux.
 */
#ifndef BENCH_PROC_H
#define BENCH_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A process, as /proc/PID/stat shows it. */
struct proc {
	pid_t pid;
	char state; /* 'Z': a zombie */
	char name[32];
};

/*
 * The children of a process, at most room of them; which of its threads has made them does not
 * matter. Returns how many there are, also when that is more than room.
 */
size_t proc_children(pid_t parent, struct proc *children, size_t room);

/* 'R' runs or is ready to, 'S' sleeps until something happens; see proc_pid_stat(5). 0: it is gone.
 */
char proc_state(pid_t pid);

/* How many descriptors a process has open; -1 with errno when that cannot be seen. */
long proc_descriptors(pid_t pid);

/* What a process and its descendants, with all their threads, have used so far. */
struct proc_used {
	double seconds; /* on a processor; see proc_pid_schedstat(5) */
	double wakes;   /* how often one of them has gone to sleep */
};

struct proc_used proc_tree_used(pid_t pid);

/* Seconds of CPU time that all processors have spent since the machine was started. */
struct proc_cpu {
	double busy;   /* in processes, and in the kernel for them */
	double stolen; /* by other machines on the same hardware */
};

int proc_cpu(struct proc_cpu *cpu);

/*
 * Copies what stands behind the first "KEY" and its separator (':' or '=') in a file of lines,
 * without quotes. text is "" when there is none.
 */
void proc_value(const char *path, const char *key, char *text, size_t size);

#endif
