/*
 * calls_at.c - what happens where a watched call begins and ends.
 *
 * Registers that carry arguments belong to the program: compilers rely on
 * finding them unchanged after the call. What a fault changes is therefore put
 * back at the call's end, which is why every watched call is followed to it.
 */
#define _GNU_SOURCE
#include "eye.h"

#include "../judge/probe.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

/* What the kernel leaves as a result when a signal broke the call (linux/errno.h, not exported). */
enum { RESTART_SYS = 512, RESTART_NOINTR = 513, RESTART_NOHAND = 514, RESTART_BLOCK = 516 };

size_t
task_memory(pid_t tid, uint64_t address, void *into, size_t n)
{
	struct iovec local = {into, n}, remote = {(void *)(uintptr_t)address, n};
	ssize_t got = process_vm_readv(tid, &local, 1, &remote, 1, 0);

	return got < 0 ? 0 : (size_t)got;
}

bool
task_memory_put(pid_t tid, uint64_t address, const void *from, size_t n)
{
	struct iovec local = {(void *)(uintptr_t)from, n};
	struct iovec remote = {(void *)(uintptr_t)address, n};

	return process_vm_writev(tid, &local, 1, &remote, 1, 0) == (ssize_t)n;
}

/* A string may end just before an unmapped page: it is read in pieces that cross no page. */
static void
task_string(pid_t tid, uint64_t address, char *into, size_t room)
{
	enum { PAGE = 4096 };
	size_t n = 0;

	while (n < room - 1) {
		size_t piece = PAGE - (address + n) % PAGE;

		if (piece > room - 1 - n)
			piece = room - 1 - n;
		if (task_memory(tid, address + n, into + n, piece) != piece)
			break;
		if (memchr(into + n, '\0', piece) != NULL)
			return;
		n += piece;
	}
	into[n] = '\0';
}

static void
call_text(const struct task *task, char text[], size_t room)
{
	int path = call_path_arg(task->call.number);

	text[0] = '\0';
	if (path >= 0) {
		task_string(task->tid, (uint64_t)task->call.args[path], text, room);
	} else if (task->call.number == SYS_write || task->call.number == SYS_sendto) {
		size_t n =
		    (size_t)task->call.args[2] < room - 1 ? (size_t)task->call.args[2] : room - 1;

		text[task_memory(task->tid, (uint64_t)task->call.args[1], text, n)] = '\0';
	}
}

static bool
comes_from(const struct task *task, const struct code *code)
{
	return task->call.from >= code->from && task->call.from < code->to;
}

static bool
not_the_students(const struct eye *eye, const struct task *task)
{
	int fd = call_fd_arg(task->call.number);
	struct proc *proc = task->proc;

	if (comes_from(task, &proc->loader))
		return true;
	if (eye->plan.sanitized && proc->sanitizer.to == 0)
		proc->sanitizer = code_find(proc->pid, "/libasan");
	if (comes_from(task, &proc->sanitizer))
		return true;
	return fd >= 0 && task->call.args[fd] == PROBE_FD;
}

/* A true short read or write: the kernel itself moves less. */
static void
cut(struct eye *eye, struct task *task, struct active_fault *fault)
{
	int arg = call_count_arg(task->call.number);
	bool vector = task->call.number == SYS_readv || task->call.number == SYS_writev;
	long most = vector ? 1 : (long)fault->f.bytes;

	if (arg < 0 || task->call.args[arg] <= most || call_set_arg(task->tid, arg, most) < 0)
		return;
	task->cut_arg = arg;
	fault_delivered_to(eye, fault, task);
}

/*
 * From outside a signal comes to the process: a thread that blocks it leaves it
 * to another one, which may wait for it in sigwait(). Whoever does not block it
 * takes it here and now.
 */
static int
send_signal(struct task *task, int signal)
{
	struct proc_stat s;

	if (task_stat(task, &s) == 0 && (s.blocked >> (signal - 1) & 1) != 0)
		return kill(task->proc->pid, signal);
	return (int)syscall(SYS_tgkill, task->proc->pid, task->tid, signal);
}

static void
apply(struct eye *eye, struct task *task, struct active_fault *fault)
{
	switch ((enum wire_action)fault->f.action) {
	case ACT_FAIL:
		if (call_skip(task->tid, -fault->f.error) == 0)
			fault_delivered_to(eye, fault, task);
		break;
	case ACT_CUT:
		cut(eye, task, fault);
		break;
	case ACT_INTERRUPT:
		if (send_signal(task, fault->f.signal) == 0)
			fault_delivered_to(eye, fault, task);
		break;
	case ACT_SIGNAL_BEFORE:
		if (send_signal(task, fault->f.signal) == 0 && call_rewind(task->tid) == 0) {
			task->rewound = true;
			task->in_call = false;
			fault_delivered_to(eye, fault, task);
		}
		break;
	case ACT_HOLD_OUTSIDE:
		/* back before the call: what comes meanwhile is taken there */
		if (call_rewind(task->tid) == 0) {
			task->rewound = true;
			task->in_call = false;
		}
		task_hold(eye, task, fault);
		return;
	case ACT_HOLD_BEFORE:
		task_hold(eye, task, fault);
		return;
	case ACT_HOLD_AFTER:
	case ACT_SWALLOW:
	case ACT_HOLD_CHILD:
		break; /* not decided at a call's beginning */
	}
	task_resume(eye, task, 0);
}

static void
refuse(struct eye *eye, struct task *task)
{
	if (call_skip(task->tid, -EPERM) < 0)
		return; /* killed meanwhile */
	task->in_call = true;
	task->hold_after = 0;
	task_resume(eye, task, 0);
}

/* Will the fault keep the call from being made now? */
static bool
takes_the_call(const struct active_fault *fault)
{
	return fault != NULL &&
	       (fault->f.action == ACT_FAIL || fault->f.action == ACT_SIGNAL_BEFORE);
}

void
call_begins(struct eye *eye, struct task *task)
{
	struct decision d = {NULL, NULL};
	bool same = task->interrupted || task->rewound;
	long before = task->call.number;

	task->in_call = false;
	if (call_read(task->tid, &task->call) < 0)
		return; /* killed meanwhile; its end will be reported */
	call_resolve(task, &task->call.number);
	task->family = call_family(task->call.number, task->call.args);
	same = same && before == task->call.number;
	task->interrupted = task->rewound = false;
	if (!eye->alone && reaches_outside(eye, task)) {
		refuse(eye, task);
		return;
	}
	if (clock_answers(eye, task))
		return;
	if (!eye->started || not_the_students(eye, task)) {
		task_resume(eye, task, 0);
		return;
	}
	task->in_call = true;
	if (!same) {
		timeout_note(eye, task);
		d = faults_decide(eye, task);
		task->hold_after = d.hold_after == NULL ? 0 : d.hold_after->f.id;
	}
	if (eye->plan.clock && !takes_the_call(d.fault))
		timers_take_over(eye, task);
	if (d.fault != NULL)
		apply(eye, task, d.fault);
	else
		task_resume(eye, task, 0);
}

/* The kernel's own struct sigaction starts with the handler and the flags. */
static void
note_handler(struct task *task)
{
	uint64_t head[2];
	uint64_t bit;

	if (task->call.args[1] == 0 || task->call.args[0] < 1 || task->call.args[0] > MAX_SIGNAL)
		return;
	if (task_memory(task->tid, (uint64_t)task->call.args[1], head, sizeof head) != sizeof head)
		return;
	bit = UINT64_C(1) << (task->call.args[0] - 1);
	if ((head[1] & SA_RESTART) != 0)
		task->proc->restarts |= bit;
	else
		task->proc->restarts &= ~bit;
}

static void
report_call(struct eye *eye, struct task *task, long result)
{
	struct wire_event e = {
	    .kind = EV_CALL,
	    .pid = task->proc->pid,
	    .tid = task->tid,
	    .call = task->family,
	    .number = task->call.number,
	    .result = result,
	    .timeout_ms = task->timeout_ms,
	};
	char text[128];

	if ((eye->plan.watch >> task->family & 1) == 0)
		return;
	for (int i = 0; i < 6; i++)
		e.args[i] = task->call.args[i];
	call_text(task, text, sizeof text);
	event_send(eye, &e, text);
}

static void
report_reaped(struct eye *eye, struct task *task, long result)
{
	struct wire_event e = {.kind = EV_REAPED, .pid = task->proc->pid, .call = CALL_WAIT};
	siginfo_t info;

	if (task->call.number == SYS_wait4) {
		e.other = (int32_t)result;
		task_memory(task->tid, (uint64_t)task->call.args[1], &e.status, sizeof e.status);
	} else if ((task->call.args[3] & WNOWAIT) != 0) {
		return; /* it stays a zombie */
	} else {
		memset(&info, 0, sizeof info);
		task_memory(task->tid, (uint64_t)task->call.args[2], &info, sizeof info);
		e.other = info.si_pid;
		e.status =
		    info.si_code == CLD_EXITED ? (info.si_status & 0xff) << 8 : info.si_status;
	}
	if (e.other > 0)
		event_send(eye, &e, "");
}

static void
call_done(struct eye *eye, struct task *task, long result)
{
	if (result >= 0 && (task->family == CALL_ALARM || task->family == CALL_OTHER))
		timers_note(eye, task);
	if (result == 0 && task->family == CALL_SIGACTION)
		note_handler(task);
	report_call(eye, task, result);
	if (task->family == CALL_WAIT && result >= 0)
		report_reaped(eye, task, result);
}

bool
broken_by_signal(long result)
{
	return result == -RESTART_SYS || result == -RESTART_NOINTR || result == -RESTART_NOHAND ||
	       result == -RESTART_BLOCK;
}

void
note_restart(struct task *task)
{
	struct call_state at;

	if (call_read(task->tid, &at) == 0 && at.result == -RESTART_BLOCK && at.number >= 0 &&
	    !call_is_restart(at.number))
		task->restarting = at.number;
}

bool
call_was_broken(pid_t tid)
{
	struct call_state at;

	/* a call's number is negative where no call was being made */
	return call_read(tid, &at) == 0 && at.number >= 0 &&
	       (broken_by_signal(at.result) || at.result == -EINTR);
}

void
call_ends(struct eye *eye, struct task *task)
{
	struct call_state end;
	struct active_fault *hold = fault_by_id(eye, task->hold_after);

	task->in_call = false;
	if (call_read(task->tid, &end) < 0)
		return;
	if (task->cut_arg >= 0)
		call_set_arg(task->tid, task->cut_arg, task->call.args[task->cut_arg]);
	task->cut_arg = -1;
	clock_ends_wait(eye, task, &end.result);
	if (broken_by_signal(end.result)) {
		task->interrupted = true;
		task->call.result = end.result;
		task_resume(eye, task, 0);
		return;
	}
	call_done(eye, task, end.result);
	task->hold_after = 0;
	if (hold != NULL && !hold->spent)
		task_hold(eye, task, hold);
	else
		task_resume(eye, task, 0);
}

/*
 * A signal is about to be taken by a task whose call it broke. Only if a
 * handler runs, and the call is not one to be restarted, the program sees
 * EINTR; otherwise the same call begins again and counts once.
 */
void
call_interrupted(struct eye *eye, struct task *task, int signal)
{
	uint64_t bit = UINT64_C(1) << (signal - 1);
	struct proc_stat s;

	if (!task->interrupted || proc_stat_read(task->tid, &s) < 0 || (s.caught & bit) == 0)
		return;
	if (task->call.result == -RESTART_NOINTR)
		return;
	if (task->call.result == -RESTART_SYS && (task->proc->restarts & bit) != 0)
		return;
	task->interrupted = false;
	task->hold_after = 0;
	report_call(eye, task, -EINTR);
}
