#define _GNU_SOURCE
#include "eye.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WHO_ANYBODY, WHO_FIRST, WHO_DESCENDANTS };

/* Terminals by their device number: another process's descriptor cannot be asked. */
static bool
is_terminal(dev_t device)
{
	enum { TTY = 4, TTY_AUX = 5, PTY_FIRST = 136, PTY_LAST = 143 };
	unsigned m = major(device);

	return m == TTY || m == TTY_AUX || (m >= PTY_FIRST && m <= PTY_LAST);
}

enum fd_kind
fd_kind_from(const struct stat *st, const char *target)
{
	if (S_ISFIFO(st->st_mode))
		return *target == '\0' || strncmp(target, "pipe:", 5) == 0 ? FD_PIPE : FD_FIFO;
	if (S_ISSOCK(st->st_mode))
		return FD_SOCKET;
	if (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode))
		return FD_FILE;
	if (S_ISCHR(st->st_mode))
		return is_terminal(st->st_rdev) ? FD_TTY : FD_DEVICE;
	return FD_OTHER;
}

enum fd_kind
fd_kind_of(pid_t pid, int fd)
{
	char path[64], target[64] = "";
	struct stat st;

	snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, fd);
	if (stat(path, &st) < 0)
		return FD_OTHER;
	if (S_ISFIFO(st.st_mode) && readlink(path, target, sizeof target - 1) < 0)
		return FD_PIPE;
	return fd_kind_from(&st, target);
}

static bool
who_matches(const struct eye *eye, uint32_t who, const struct proc *proc)
{
	if (who == WHO_FIRST)
		return proc->pid == eye->first;
	if (who == WHO_DESCENDANTS)
		return proc->pid != eye->first;
	return true;
}

static bool
fd_matches(const struct task *task, uint32_t kind)
{
	int arg = call_fd_arg(task->call.number);

	if (kind == FD_ANY)
		return true;
	return arg >= 0 && fd_kind_of(task->tid, (int)task->call.args[arg]) == (enum fd_kind)kind;
}

/* A wait that does not wait is never interrupted: no kernel would do what the fault asks. */
static bool
can_be(const struct active_fault *a, const struct task *task)
{
	uint64_t options = 0;

	if (task->call.number == SYS_wait4)
		options = task->call.args[2];
	else if (task->call.number == SYS_waitid)
		options = task->call.args[3];
	return a->f.action != ACT_FAIL || a->f.error != EINTR || (options & WNOHANG) == 0;
}

/* Counts a matching call, and says whether it is the one that the fault is for. */
static bool
its_turn(struct active_fault *a, struct proc *proc, size_t index)
{
	uint32_t seen;

	a->seen++;
	proc->seen[index]++;
	seen = a->f.per_process ? proc->seen[index] : a->seen;
	return a->f.nth == 0 || seen == a->f.nth;
}

static bool
at_a_call(uint32_t action)
{
	return action != ACT_SWALLOW && action != ACT_HOLD_CHILD;
}

struct decision
faults_decide(struct eye *eye, struct task *task)
{
	struct decision d = {NULL, NULL};

	for (size_t i = 0; i < eye->n_faults; i++) {
		struct active_fault *a = &eye->faults[i];

		if (a->spent || !at_a_call(a->f.action) || a->f.call != (uint32_t)task->family)
			continue;
		/* a birth is held at its own event, where the child's number is known */
		if (a->f.action == ACT_HOLD_AFTER &&
		    (task->family == CALL_FORK || task->family == CALL_THREAD))
			continue;
		if (!who_matches(eye, a->f.who, task->proc) || !fd_matches(task, a->f.fd) ||
		    !can_be(a, task))
			continue;
		if (!its_turn(a, task->proc, i))
			continue;
		if (a->f.action == ACT_HOLD_AFTER)
			d.hold_after = a;
		else if (d.fault == NULL)
			d.fault = a;
	}
	return d;
}

struct active_fault *
faults_for_birth(struct eye *eye, struct proc *parent, bool thread, enum wire_action action)
{
	struct active_fault *found = NULL;

	for (size_t i = 0; i < eye->n_faults; i++) {
		struct active_fault *a = &eye->faults[i];

		if (a->spent || a->f.call != (thread ? CALL_THREAD : CALL_FORK) ||
		    a->f.action != (uint32_t)action)
			continue;
		if (who_matches(eye, a->f.who, parent) && its_turn(a, parent, i) && found == NULL)
			found = a;
	}
	return found;
}

bool
faults_swallow(struct eye *eye, struct task *task, int signal)
{
	for (size_t i = 0; i < eye->n_faults; i++) {
		struct active_fault *a = &eye->faults[i];

		if (a->spent || a->f.action != ACT_SWALLOW || a->f.signal != signal)
			continue;
		if (!who_matches(eye, a->f.who, task->proc) || !its_turn(a, task->proc, i))
			continue;
		fault_delivered_to(eye, a, task);
		return true;
	}
	return false;
}

struct active_fault *
fault_by_id(struct eye *eye, unsigned id)
{
	for (size_t i = 0; i < eye->n_faults; i++)
		if (eye->faults[i].f.id == id)
			return &eye->faults[i];
	return NULL;
}

void
fault_delivered_to(struct eye *eye, struct active_fault *fault, const struct task *task)
{
	struct wire_event e = {
	    .kind = EV_FAULT,
	    .pid = task->proc->pid,
	    .tid = task->tid,
	    .fault = fault->f.id,
	    .call = fault->f.call,
	};

	fault->delivered++;
	event_send(eye, &e, "");
}
