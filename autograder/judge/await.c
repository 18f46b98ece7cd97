/* await.c - waiting for states, never for time. */
#define _GNU_SOURCE
#include "inside.h"

#include <string.h>

static void
wait_for(struct trial *t, bool (*yes)(struct trial *, void *), void *with, const char *what)
{
	enum outcome outcome = session_until(t, yes, with);

	if (outcome != CAME_TRUE)
		trial_went_wrong(t, outcome, what);
}

void
await(struct trial *t, bool (*yes)(struct trial *t, void *with), void *with, const char *what)
{
	wait_for(t, yes, with, what);
}

bool
never(struct trial *t, void *with)
{
	(void)t;
	(void)with;
	return false;
}

void
must_rest(struct trial *t, enum outcome outcome)
{
	if (outcome != BLOCKED)
		trial_went_wrong(t, outcome, G_("every process waits for something"));
}

bool
rests_or_ended(struct trial *t, enum outcome outcome)
{
	if (outcome == GONE && t->end != END_EXITED && t->end != END_SIGNALED)
		trial_ended_badly(t, t->end); /* not by itself */
	if (outcome != GONE)
		must_rest(t, outcome);
	return outcome == BLOCKED;
}

void
await_quiet(struct trial *t)
{
	must_rest(t, session_until(t, never, NULL));
}

bool
await_rest(struct trial *t)
{
	return rests_or_ended(t, session_until(t, never, NULL));
}

static bool
goes_on(struct trial *t, pid_t pid)
{
	const struct look *now = look(t);
	const struct process *p = pid == 0 ? first_process(now) : process_of(now, pid);

	return p != NULL && p->state == 'R';
}

void
await_asleep(struct trial *t, pid_t pid)
{
	enum { LOOKS = 2000 };

	for (int i = 0; i < LOOKS && goes_on(t, pid); i++)
		continue;
}

struct blocked_question {
	pid_t pid;
	enum call call;
	pid_t found;
};

static bool
is_blocked(struct trial *t, void *with)
{
	struct blocked_question *q = with;
	const struct look *l = look(t);

	for (size_t i = 0; i < l->n; i++) {
		const struct process *p = &l->processes[i];

		if (p->state != 'S' || p->blocked_in != q->call)
			continue;
		if (q->pid == 0 ? p != first_process(l) : p->pid != q->pid)
			continue;
		q->found = p->pid;
		return true;
	}
	return false;
}

/*
 * Being asleep in a call for an instant is not yet being blocked there: the
 * program must have come to rest first, or end.
 */
pid_t
await_blocked(struct trial *t, pid_t pid, enum call call)
{
	struct blocked_question q = {pid, call, 0};
	enum outcome outcome = session_until(t, never, NULL);

	if (outcome != BLOCKED || !is_blocked(t, &q))
		trial_went_wrong(t, outcome == BLOCKED ? BLOCKED : outcome,
		    keep_format(G_("a process waits in %s()"), call_name(call)));
	return q.found;
}

static bool
forks_reached(struct trial *t, void *with)
{
	return t->forks >= *(unsigned *)with;
}

static bool
exits_reached(struct trial *t, void *with)
{
	return t->exits >= *(unsigned *)with;
}

static bool
execs_reached(struct trial *t, void *with)
{
	return t->execs >= *(unsigned *)with;
}

void
await_forks(struct trial *t, unsigned n)
{
	wait_for(t, forks_reached, &n, keep_format(G_("it makes %u processes"), n));
}

void
await_exits(struct trial *t, unsigned n)
{
	wait_for(t, exits_reached, &n, keep_format(G_("%u processes end"), n));
}

void
await_execs(struct trial *t, unsigned n)
{
	wait_for(t, execs_reached, &n, keep_format(G_("%u processes call exec"), n));
}

static bool
output_has(struct trial *t, void *with)
{
	return strstr(text_string(&t->output), with) != NULL;
}

void
await_output(struct trial *t, const char *text)
{
	wait_for(t, output_has, (void *)text, keep_format(G_("it writes \"%s\""), text));
}

struct awaited {
	enum event_kind kind;
	pid_t pid;
	unsigned n;
};

static bool
has_happened(struct trial *t, void *with)
{
	const struct awaited *a = with;

	return count_events(t, a->kind, a->pid) >= a->n;
}

static const char *const happenings[] = {
    [EVENT_START] = N_("the program begins"),
    [EVENT_FORK] = N_("a process is made"),
    [EVENT_THREAD] = N_("a thread is made"),
    [EVENT_EXEC] = N_("a process calls exec"),
    [EVENT_CALL] = N_("a process makes a system call"),
    [EVENT_SIGNAL] = N_("a process takes a signal"),
    [EVENT_STOP] = N_("a process is stopped"),
    [EVENT_CONTINUE] = N_("a process is continued"),
    [EVENT_FAULT] = N_("a call meets a fault"),
    [EVENT_HELD] = N_("a process is held"),
    [EVENT_EXIT] = N_("a process ends"),
    [EVENT_REAPED] = N_("a process is waited for"),
    [EVENT_QUIET] = N_("every process waits for something"),
    [EVENT_SETTLED] = N_("every process waits for something"),
};

void
await_event(struct trial *t, enum event_kind kind, pid_t pid, unsigned n)
{
	struct awaited a = {kind, pid, n};

	wait_for(t, has_happened, &a, G_(happenings[kind]));
}
