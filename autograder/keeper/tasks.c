#define _GNU_SOURCE
#include "eye.h"

#include <stdlib.h>
#include <string.h>

struct task *
task_find(struct eye *eye, pid_t tid)
{
	for (size_t i = 0; i < eye->n_tasks; i++)
		if (eye->tasks[i]->tid == tid)
			return eye->tasks[i];
	return NULL;
}

struct task *
task_add(struct eye *eye, pid_t tid)
{
	struct task *task = calloc(1, sizeof *task);

	if (task == NULL || eye->n_tasks == MAX_TASKS)
		faulty(eye, "no room for another process of the trial");
	task->tid = tid;
	task->cut_arg = -1;
	task->restarting = -1;
	task->timeout_ms = -1;
	eye->tasks[eye->n_tasks++] = task;
	return task;
}

static void
proc_remove(struct eye *eye, struct proc *proc)
{
	for (size_t i = 0; i < eye->n_procs; i++) {
		if (eye->procs[i] == proc) {
			eye->procs[i] = eye->procs[--eye->n_procs];
			free(proc);
			return;
		}
	}
}

void
task_remove(struct eye *eye, struct task *task)
{
	for (size_t i = 0; i < eye->n_tasks; i++) {
		if (eye->tasks[i] == task) {
			eye->tasks[i] = eye->tasks[--eye->n_tasks];
			break;
		}
	}
	if (task->proc != NULL && --task->proc->alive == 0)
		proc_remove(eye, task->proc);
	proc_file_close(&task->status);
	proc_file_close(&task->syscall);
	free(task);
}

struct proc *
proc_find(struct eye *eye, pid_t pid)
{
	for (size_t i = 0; i < eye->n_procs; i++)
		if (eye->procs[i]->pid == pid)
			return eye->procs[i];
	return NULL;
}

/* A forked process has its parent's handlers and code, but none of its timers and counts. */
struct proc *
proc_add(struct eye *eye, pid_t pid, const struct proc *parent)
{
	struct proc *proc = calloc(1, sizeof *proc);

	if (proc == NULL || eye->n_procs == MAX_TASKS)
		faulty(eye, "no room for another process of the trial");
	proc->pid = pid;
	if (parent != NULL) {
		proc->restarts = parent->restarts;
		proc->loader = parent->loader;
		proc->sanitizer = parent->sanitizer;
	}
	eye->procs[eye->n_procs++] = proc;
	return proc;
}

unsigned
tasks_alive(const struct eye *eye)
{
	return (unsigned)eye->n_tasks;
}
