/*
 * stops.c - one answer for each thing that ptrace reports.
 *
 * A task always belongs to a process, except between its own first stop and
 * its parent's report of it, which come in either order.
 */
#define _GNU_SOURCE
#include "eye.h"

#include "delay.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SYSCALL_STOP = SIGTRAP | 0x80 }; /* PTRACE_O_TRACESYSGOOD */

void
task_resume(struct eye *eye, struct task *task, int signal)
{
	/* it is over: who is stopped stays so until all are killed, or they would go on forking */
	if (eye->forced_end != 0)
		return;
	task->state = TASK_RUNNING;
	/* ESRCH: killed while it was stopped; its end is reported next */
	ptrace(task->in_call ? PTRACE_SYSCALL : PTRACE_CONT, task->tid, NULL, (void *)(long)signal);
}

void
task_hold(struct eye *eye, struct task *task, struct active_fault *fault)
{
	struct wire_event e = {
	    .kind = EV_HELD,
	    .pid = task->proc->pid,
	    .tid = task->tid,
	    .fault = fault->f.id,
	    .call = fault->f.call,
	};

	task->state = TASK_HELD;
	task->held_by = fault->f.id;
	fault->delivered++;
	event_send(eye, &e, "");
}

void
release_holds(struct eye *eye, unsigned id, bool again, pid_t pid)
{
	struct active_fault *fault = fault_by_id(eye, id);

	if (fault != NULL && !again)
		fault->spent = true;
	for (size_t i = 0; i < eye->n_tasks; i++) {
		struct task *task = eye->tasks[i];

		if (task->state != TASK_HELD || task->held_by != id ||
		    (pid != 0 && task->proc->pid != pid && task->tid != pid))
			continue;
		if (task->in_call) /* its time begins now */
			timeout_note(eye, task);
		task_resume(eye, task, 0);
	}
}

static uint32_t
view(struct eye *eye, unsigned moment)
{
	const uint32_t first_view = 0x80000000u; /* apart from the tokens that the judge gives */

	if ((eye->plan.moments & moment) == 0)
		return 0;
	look_send(eye, first_view | ++eye->views);
	return first_view | eye->views;
}

/* Both reports of a new task are there: it may run, unless a hold wants it. */
static void
task_is_born(struct eye *eye, struct task *task, struct active_fault *hold)
{
	if (hold != NULL)
		task_hold(eye, task, hold);
	else
		task_resume(eye, task, 0);
}

static bool
is_thread_of(pid_t tid, pid_t pid)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/task/%d", (int)pid, (int)tid);
	return access(path, F_OK) == 0;
}

static void
birth(struct eye *eye, struct task *parent, bool vfork)
{
	struct wire_event e = {.pid = parent->proc->pid, .tid = parent->tid};
	struct active_fault *hold_parent = NULL, *hold_child = NULL;
	struct task *task;
	unsigned long tid;
	bool thread;

	if (ptrace(PTRACE_GETEVENTMSG, parent->tid, NULL, &tid) < 0)
		return;
	task = task_find(eye, (pid_t)tid);
	if (task == NULL)
		task = task_add(eye, (pid_t)tid);
	thread = is_thread_of((pid_t)tid, parent->proc->pid);
	task->parent_known = true;
	task->vforked_by = vfork ? parent->tid : 0;
	task->proc = thread ? parent->proc : proc_add(eye, (pid_t)tid, parent->proc);
	task->proc->alive++;
	e.kind = thread ? EV_THREAD : EV_FORK;
	e.other = (int32_t)tid;
	hold_parent = faults_for_birth(eye, parent->proc, thread, ACT_HOLD_AFTER);
	hold_child = faults_for_birth(eye, parent->proc, thread, ACT_HOLD_CHILD);
	wakes_forget(eye);
	if (tasks_alive(eye) > eye->plan.processes || ++eye->forks > eye->plan.forks)
		eye->forced_end = ENDED_PROCESSES;
	e.view = thread ? 0 : view(eye, MOMENT_FORK);
	event_send(eye, &e, "");
	task->held_by = hold_child == NULL ? 0 : hold_child->f.id;
	if (task->first_stop)
		task_is_born(eye, task, hold_child);
	if (hold_parent != NULL)
		task_hold(eye, parent, hold_parent);
	else
		task_resume(eye, parent, 0);
}

/* exec leaves one thread, the leader, whatever thread called it. */
static void
other_threads_are_gone(struct eye *eye, struct task *leader)
{
	for (size_t i = eye->n_tasks; i-- > 0;)
		if (eye->tasks[i]->proc == leader->proc && eye->tasks[i] != leader)
			task_remove(eye, eye->tasks[i]);
}

static void
executed(struct eye *eye, struct task *task)
{
	struct wire_event e = {.kind = EV_EXEC, .pid = task->tid};
	struct proc_stat s;
	char link[64], path[256] = "";

	other_threads_are_gone(eye, task);
	task->vforked_by = 0;
	wakes_forget(eye);
	task->proc->restarts = 0;
	task->proc->posix = (struct timer){0};
	memset(task->proc->timers, 0, sizeof task->proc->timers);
	clock_hides_vdso(eye, task);
	task->proc->loader = code_find(task->tid, "/ld-linux");
	task->proc->sanitizer = (struct code){0}; /* not there yet */
	snprintf(link, sizeof link, "/proc/%d/exe", (int)task->tid);
	if (readlink(link, path, sizeof path - 1) < 0)
		path[0] = '\0';
	if (proc_stat_read(task->tid, &s) == 0) {
		e.blocked = s.blocked;
		e.ignored = s.ignored;
	}
	if (task->tid == eye->first && !eye->started) {
		eye->started = true;
		e.kind = EV_START;
	} else {
		e.view = view(eye, MOMENT_EXEC);
	}
	event_send(eye, &e, path);
	task_resume(eye, task, 0);
}

/*
 * The last moment at which the kernel still shows everything of a process. The
 * first one waits here until the others have settled (keeper.c), so that what
 * it leaves behind does not depend on who was faster.
 */
static void
about_to_end(struct eye *eye, struct task *task)
{
	uint64_t delay;

	task->in_call = false;
	if (delay_read(task->tid, &delay) == 0)
		eye->delay_us += delay;
	if (task->tid == eye->first && eye->started) {
		task->state = TASK_ENDING;
		return;
	}
	if (task->tid == task->proc->pid)
		task->view = view(eye, MOMENT_EXIT);
	task_resume(eye, task, 0);
}

void
let_first_end(struct eye *eye)
{
	struct task *task = task_find(eye, eye->first);

	if (task == NULL || task->state != TASK_ENDING)
		return;
	leftovers_count(eye, &eye->left, &eye->unwaited);
	look_send(eye, 0);
	task_resume(eye, task, 0);
}

static void
has_ended(struct eye *eye, struct task *task, int status)
{
	struct wire_event e = {
	    .kind = EV_EXIT, .pid = task->tid, .status = status, .view = task->view};
	bool process = task->tid == task->proc->pid;

	wakes_forget(eye);
	if (process) {
		event_send(eye, &e, "");
		if (task->tid == eye->first) {
			eye->ended = true;
			eye->first_status = status;
		}
	}
	task_remove(eye, task);
}

static void
stopped_or_born(struct eye *eye, struct task *task, int signal)
{
	struct wire_event e = {
	    .kind = EV_STOP, .pid = task->proc->pid, .tid = task->tid, .signal = signal};

	if (task->state == TASK_UNBORN && !task->first_stop) {
		task->first_stop = true;
		task_is_born(eye, task, fault_by_id(eye, task->held_by));
		return;
	}
	note_restart(task);
	if (signal != SIGTRAP) { /* job control: stay stopped, but let SIGCONT through */
		if (task->state != TASK_STOPPED && task->tid == task->proc->pid)
			event_send(eye, &e, "");
		task->state = TASK_STOPPED;
		ptrace(PTRACE_LISTEN, task->tid, NULL, NULL);
		return;
	}
	if (task->state == TASK_STOPPED && task->tid == task->proc->pid) {
		e.kind = EV_CONTINUE;
		event_send(eye, &e, "");
	}
	task_resume(eye, task, 0);
}

static bool
from_kernel(pid_t tid)
{
	siginfo_t info;

	return ptrace(PTRACE_GETSIGINFO, tid, NULL, &info) == 0 && info.si_code == SI_KERNEL;
}

/*
 * A program that a timer wakes again and again, and that only goes back to
 * sleep, never becomes quiet and uses hardly any CPU time. Its wakes are
 * counted, not its time: so many on every machine, then it is over.
 */
static void
count_wake(struct eye *eye, const struct task *task, int signal)
{
	if (!call_was_broken(task->tid))
		return;
	eye->wake_signal = signal;
	if (++eye->wakes >= eye->plan.wakes && eye->plan.wakes != 0 && eye->forced_end == 0)
		eye->forced_end = ENDED_WAKES;
}

void
wakes_forget(struct eye *eye)
{
	if (eye->forced_end == 0)
		eye->wakes = 0;
}

static void
takes_signal(struct eye *eye, struct task *task, int signal)
{
	struct wire_event e = {
	    .kind = EV_SIGNAL, .pid = task->proc->pid, .tid = task->tid, .signal = signal};

	task->in_call = false;
	if (signal == SIGXCPU && from_kernel(task->tid))
		eye->forced_end = ENDED_CPU;
	note_restart(task);
	if (signal == SIGALRM && !eye->plan.clock && task->proc->real.until != UINT64_MAX)
		task->proc->real.until = 0;
	if (faults_swallow(eye, task, signal)) {
		task_resume(eye, task, 0);
		return;
	}
	count_wake(eye, task, signal);
	call_interrupted(eye, task, signal);
	event_send(eye, &e, "");
	task_resume(eye, task, signal);
}

static void
stop_of(struct eye *eye, struct task *task, int event, int signal)
{
	switch (event) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		birth(eye, task, event == PTRACE_EVENT_VFORK);
		break;
	case PTRACE_EVENT_EXEC:
		executed(eye, task);
		break;
	case PTRACE_EVENT_EXIT:
		about_to_end(eye, task);
		break;
	case PTRACE_EVENT_SECCOMP:
		call_begins(eye, task);
		break;
	case PTRACE_EVENT_STOP:
		stopped_or_born(eye, task, signal);
		break;
	default:
		if (signal == SYSCALL_STOP)
			call_ends(eye, task);
		else
			takes_signal(eye, task, signal);
		break;
	}
}

void
stop_handle(struct eye *eye, pid_t tid, int status)
{
	struct task *task = task_find(eye, tid);

	eye->activity++;
	if (WIFEXITED(status) || WIFSIGNALED(status)) {
		if (task != NULL && task->proc != NULL)
			has_ended(eye, task, status);
		return; /* else: an orphan that we inherited and that was reported before */
	}
	if (task == NULL) { /* a new one whose parent has not told us yet */
		task = task_add(eye, tid);
		task->first_stop = true;
		return;
	}
	if (task->proc == NULL)
		return;
	stop_of(eye, task, status >> 16, WSTOPSIG(status));
}
