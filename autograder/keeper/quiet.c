/*
 * quiet.c - recognises by state, not by waiting, that nothing can happen any more.
 *
 * A look alone is not enough: a process may sleep for an instant although its
 * wake-up is on its way. So two looks must agree: everybody asleep in a call
 * without a timeout, no signal pending that is not blocked, no timer armed,
 * no report of ptrace outstanding, nothing on its way over the loopback, and
 * nobody's count of context switches moved in between.
 */
#define _GNU_SOURCE
#include "eye.h"

#include "net.h"

#include <string.h>

enum { TIMER_GRACE_US = 200000 }; /* from a timer's firing to its signal's report */

static bool
timer_pending(const struct proc *p)
{
	uint64_t until = p->real_until > p->posix_until ? p->real_until : p->posix_until;

	return until == UINT64_MAX || (until != 0 && until + TIMER_GRACE_US > now_us());
}

/* Adds this task's switches; false when it may still do something by itself. */
static bool
task_rests(const struct task *task, bool timed, uint64_t *switches)
{
	struct proc_stat s;
	long number, args[6];

	if (task->state == TASK_HELD || task->state == TASK_ENDING)
		return true;
	if (task->state == TASK_UNBORN || proc_stat_read(task->tid, &s) < 0)
		return false;
	if (task->state == TASK_STOPPED) /* unless SIGCONT is on its way already */
		return (s.state == 't' || s.state == 'T') && (s.pending & ~s.blocked) == 0;
	if (s.state == 'Z')
		return task->proc->alive >
		       1; /* a leader that left its threads; else its end is near */
	if (s.state != 'S' || (s.pending & ~s.blocked) != 0)
		return false;
	*switches += s.switches;
	if (proc_syscall_read(task->tid, &number, args) < 0 || number < 0)
		return false;
	return timed || (!call_is_timed(number, args) && !timer_pending(task->proc));
}

static void
look_once(struct eye *eye, bool timed, struct quiet_state *now)
{
	memset(now, 0, sizeof *now);
	now->activity = eye->activity;
	now->blocked = eye->n_tasks > 0;
	for (size_t i = 0; i < eye->n_tasks && now->blocked; i++)
		now->blocked = task_rests(eye->tasks[i], timed, &now->switches);
}

bool
quiet_look(struct eye *eye, bool timed)
{
	struct quiet_state *last = &eye->last_look, now;
	bool same;

	look_once(eye, timed, &now);
	/* after the first look, so that the second sees whom a late segment has woken */
	now.blocked = now.blocked && net_settled(eye);
	same = now.blocked && last->blocked && now.activity == last->activity &&
	       now.switches == last->switches;
	if (!same)
		eye->quiet_told = false;
	*last = now;
	return same;
}
