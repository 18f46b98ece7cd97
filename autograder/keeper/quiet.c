/*
 * quiet.c - recognises by state, not by waiting, that nothing can happen any more.
 *
 * A look alone is not enough: a process may sleep for an instant although its
 * wake-up is on its way. So two looks must agree: everybody asleep in a call
 * without a timeout, or in vfork() until the child goes on, no signal pending that
 * is not blocked, no timer armed, no report of ptrace outstanding, nothing on its
 * way over the loopback, and nobody's count of context switches moved in between.
 * With timeouts or timers, but else the same, everybody has settled.
 */
#define _GNU_SOURCE
#include "eye.h"

#include "net.h"

#include <signal.h>
#include <string.h>

enum { TIMER_GRACE_US = 200000 }; /* from a timer's firing to its signal's report */

static const uint64_t wakes_the_stopped = UINT64_C(1) << (SIGCONT - 1) | UINT64_C(1)
									     << (SIGKILL - 1);

static bool
timer_pending(const struct eye *eye, const struct proc *p)
{
	uint64_t until = timers_last(p);

	return until == UINT64_MAX || (until != 0 && until + TIMER_GRACE_US > eye_now(eye));
}

static bool
is_killed(const struct proc_stat *s)
{
	return (s->pending >> (SIGKILL - 1) & 1) != 0;
}

/* Its child has not come to its exec or end, without which only SIGKILL wakes it. */
static bool
waits_in_vfork(const struct eye *eye, pid_t tid)
{
	for (size_t i = 0; i < eye->n_tasks; i++)
		if (eye->tasks[i]->vforked_by == tid && eye->tasks[i]->state != TASK_ENDING)
			return true;
	return false;
}

/* Adds this task's switches; RESTLESS when it may still do something by itself. */
static enum rest
task_rest(const struct eye *eye, struct task *task, uint64_t *switches)
{
	struct proc_stat s;
	long number, args[6];

	if (task->state == TASK_ENDING)
		return QUIET;
	if (task->state == TASK_HELD) /* unless it has been killed; its end is on its way */
		return task_stat(task, &s) == 0 && s.state == 't' && !is_killed(&s) ? QUIET
										    : RESTLESS;
	if (task->state == TASK_UNBORN || task_stat(task, &s) < 0)
		return RESTLESS;
	if (task->state == TASK_STOPPED) /* unless what wakes it is on its way already */
		return (s.state == 't' || s.state == 'T') && (s.pending & wakes_the_stopped) == 0
			   ? QUIET
			   : RESTLESS;
	if (s.state == 'Z') /* a leader that left its threads; else its end is near */
		return task->proc->alive > 1 ? QUIET : RESTLESS;
	if (s.state == 'D' && waits_in_vfork(eye, task->tid) && !is_killed(&s))
		return QUIET;
	if (s.state != 'S' || (s.pending & ~s.blocked) != 0)
		return RESTLESS;
	*switches += s.switches;
	if (task_syscall(task, &number, args) < 0 || number < 0)
		return RESTLESS;
	call_resolve(task, &number);
	if (!wait_is_timed(task, number, args) && !timer_pending(eye, task->proc))
		return QUIET;
	return clock_rests(eye, task) ? SETTLED : RESTLESS;
}

static enum rest
least(enum rest a, enum rest b)
{
	return a < b ? a : b;
}

static void
look_once(struct eye *eye, struct quiet_state *now)
{
	memset(now, 0, sizeof *now);
	now->activity = eye->activity;
	now->rest = eye->n_tasks > 0 ? QUIET : RESTLESS;
	for (size_t i = 0; i < eye->n_tasks && now->rest != RESTLESS; i++)
		now->rest = least(now->rest, task_rest(eye, eye->tasks[i], &now->switches));
}

static bool
same_as_before(const struct quiet_state *now, const struct quiet_state *last)
{
	return now->activity == last->activity && now->switches == last->switches;
}

enum rest
quiet_look(struct eye *eye)
{
	struct quiet_state *last = &eye->last_look, now;
	enum rest same = RESTLESS;

	look_once(eye, &now);
	/* After the first of two looks, so that the second sees whom a late segment has woken. */
	if (now.rest != RESTLESS && !(same_as_before(&now, last) && last->net_settled)) {
		now.net_settled = net_settled(eye);
		if (!now.net_settled)
			now.rest = RESTLESS;
	}
	if (same_as_before(&now, last))
		same = least(now.rest, last->rest);
	if (same == RESTLESS)
		eye->rest_told = RESTLESS;
	*last = now;
	return same;
}
