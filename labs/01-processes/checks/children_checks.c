/* children_checks.c - run_children when every child can be started. */
#include "checks.h"
#include "probe.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static void
expect_every_status(const struct plan *p)
{
	struct trial *t = trial("children");
	const struct answer *a = plan_run(t, p);

	expect_started(t, p->n);
	expect_statuses(a, p, "every-status");
	trial_finish(t);
}

/*
 * Task 1: "status[i] is then the wait status of child i." The plain case, without
 * any fault. For: no wait at all, wait for one only, exit codes instead of
 * wait statuses, index or context not handed on.
 */
void
every_status(void **state)
{
	(void)state;
	struct plan several = plan_drawn('x');
	struct plan single = {0};

	expect_every_status(&several);
	plan_add(&single, 'x', (int)draw(1, 200));
	expect_every_status(&single);
}

/* ---- whatever the order in which they end --------------------------------------- */

/* The index that this child wrote to standard output with its pid, or -1. */
static int
index_of(struct trial *t, pid_t pid)
{
	const char *line = trial_output(t);
	int index, used;
	long who;

	for (; sscanf(line, "%d %ld%n", &index, &who, &used) == 2; line += used)
		if (who == pid)
			return index;
	return -1;
}

/* A child that waits at the door of its _exit. */
struct at_end {
	fault_id hold;
	pid_t pid; /* 0: nobody came by yet */
	bool gone;
};

/* Of those held at their end, lets the one with the highest index go. False when none is held. */
static bool
let_highest_go(struct trial *t, size_t n, struct at_end at_end[])
{
	struct at_end *choice = NULL;

	for (struct at_end *e = at_end; e < at_end + n; e++) {
		if (e->gone || fault_delivered(t, e->hold) == 0)
			continue;
		if (e->pid == 0)
			e->pid = await_held(t, e->hold);
		if (choice == NULL || index_of(t, e->pid) > index_of(t, choice->pid))
			choice = e;
	}
	if (choice == NULL)
		return false;
	choice->gone = true;
	release(t, choice->hold, false);
	return true;
}

/*
 * Every child is held at its _exit; then they end one by one, the last first.
 * Who runs them one after the other ends them in another order, and nothing
 * is lost here for that.
 */
static void
ended_last_to_first(void)
{
	struct trial *t = trial("children");
	struct plan p = plan_drawn('n');
	struct at_end at_end[MOST] = {{0}};

	for (size_t k = 0; k < p.n; k++)
		at_end[k].hold = trial_fault(t, (struct fault){.call = CALL_EXIT,
						    .action = HOLD_BEFORE,
						    .who = DESCENDANTS,
						    .nth = (unsigned)k + 1});
	trial_start(t);
	plan_begin(t, &p);
	for (unsigned ended = 1; ended <= p.n; ended++) {
		await_quiet(t);
		if (!let_highest_go(t, p.n, at_end))
			break;
		await_exits(t, ended);
	}
	expect_started(t, p.n);
	expect_in_order(ask_end(t), &p, "status-order");
	trial_finish(t);
}

/* The first child has ended before fork has even returned in its parent. */
static void
ended_before_fork_returned(void)
{
	struct trial *t = trial("children");
	struct plan p = plan_drawn('x');
	fault_id hold = trial_fault(
	    t, (struct fault){.call = CALL_FORK, .action = HOLD_AFTER, .who = FIRST, .nth = 1});

	trial_start(t);
	plan_begin(t, &p);
	await_held(t, hold);
	await_quiet(t); /* it has ended by now, unless it waits for its siblings first */
	release(t, hold, false);
	expect_in_order(ask_end(t), &p, "status-early");
	expect_started(t, p.n);
	trial_finish(t);
}

/*
 * Task 1: "in whatever order the children end". For: statuses stored in the
 * order of ending; a SIGCHLD handler that does not know the pid yet.
 */
void
status_by_index(void **state)
{
	(void)state;
	ended_last_to_first();
	ended_before_fork_returned();
}

/*
 * Task 1: "as waitpid stores it", also for a child that a signal ended. For:
 * statuses put together by hand (waitid), WEXITSTATUS stored.
 */
void
killed_child(void **state)
{
	static const int signals[] = {SIGTERM, SIGKILL, SIGHUP, SIGUSR1};
	struct trial *t = trial("children");
	struct plan p = {0};

	(void)state;
	plan_add(&p, 'k', signals[draw(0, 3)]);
	plan_add(&p, 'x', (int)draw(1, 200));
	plan_add(&p, 'k', signals[draw(0, 3)]);
	expect_statuses(plan_run(t, &p), &p, "status-word");
	expect_started(t, p.n);
	trial_finish(t);
}

/* ---- all at once ------------------------------------------------------------------ */

static size_t
readers(const struct look *l, pid_t first)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct process *p = &l->processes[i];

		if (p->pid != first && p->state == 'S' && p->blocked_in == CALL_READ)
			n++;
	}
	return n;
}

/*
 * Task 1: "Start all of them before you wait for the first." Every child
 * reads from an input that stays silent, so all must be seen blocked there at
 * the same moment. For: fork and wait in the same turn of the loop.
 */
void
all_at_once(void **state)
{
	(void)state;
	struct trial *t = trial("children");
	struct plan p = plan_drawn('i');
	const struct look *now;
	size_t seen;

	trial_open_input(t);
	trial_start(t);
	plan_begin(t, &p);
	await_quiet(t);
	now = look(t);
	seen = readers(now, first_process(now)->pid);
	expect(seen == p.n, "one-after-another",
	    words(_("all %zu children run at the same time"), p.n), _("only %zu of them run"),
	    seen);
	trial_close_input(t);
	ask_end(t);
	trial_finish(t);
}

/* ---- what is left, what happens in a child -------------------------------------------- */

/*
 * Task 1: "Leave no child behind, neither running nor as a zombie", seen
 * while the caller lives on. For: no wait at all, wait for one only.
 */
void
leaves_no_zombie(void **state)
{
	(void)state;
	struct trial *t = trial("children");
	struct plan p = plan_drawn('x');

	plan_run(t, &p);
	await_quiet(t);
	expect_started(t, p.n);
	refute_zombies(t, "zombies");
	trial_finish(t);
}

/*
 * Task 1: "The child never returns into the caller's code." For: return in
 * place of _exit, the child running on into the parent's loop.
 */
void
child_stays_child(void **state)
{
	(void)state;
	struct trial *t = trial("children");
	struct plan p = plan_drawn('x');

	plan_run(t, &p);
	await_quiet(t);
	expect_started(t, p.n);
	expect(forks(t) == p.n, "falls-through",
	    words(_("%zu processes are started, one for each child"), p.n),
	    _("%u were started: children went on with the loop and made children themselves"),
	    forks(t));
	expect(strstr(trial_output(t), "came back") == NULL, "falls-through",
	    _("run_children returns once, in the caller"), _("it returned in a child as well"));
	trial_finish(t);
}

static unsigned
occurrences(const char *text, const char *of)
{
	unsigned n = 0;

	while ((text = strstr(text, of)) != NULL) {
		text += strlen(of);
		n++;
	}
	return n;
}

/*
 * Task 1: "It ends with _exit." The caller left a word in the buffer of its
 * standard output and an atexit function. For: exit instead of _exit.
 */
void
flushed_once(void **state)
{
	(void)state;
	struct trial *t = trial("children");
	struct plan p = plan_drawn('x');
	const char *text = words("buffered-%lld", draw(100, 999));

	trial_start(t);
	ask(t, "print", text);
	plan_begin(t, &p);
	ask_end(t);
	expect_started(t, p.n);
	trial_finish(t);
	expect(occurrences(trial_output(t), text) == 1, "exit-flush",
	    words(_("\"%s\", which the caller left in its buffer, is written once"), text),
	    _("it was written %u times"), occurrences(trial_output(t), text));
	expect(strstr(trial_output(t), "atexit") == NULL, "exit-flush",
	    _("the caller's atexit functions run in the caller only"),
	    _("they also ran in a child"));
}

/* ---- disturbed waits -------------------------------------------------------------------- */

/* How often a process must take SIGUSR1 before the judge goes on. */
struct taken {
	pid_t pid;
	unsigned times;
};

static bool
took_sigusr1(struct trial *t, void *with)
{
	const struct taken *wanted = with;
	unsigned times = 0;
	size_t n;
	const struct event *happened = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_SIGNAL && happened[i].pid == wanted->pid &&
		    happened[i].signal == SIGUSR1)
			times++;
	return times >= wanted->times;
}

/* The caller, who is at rest, takes SIGUSR1 (its times-th) and comes to rest again. */
static void
interrupt(struct trial *t, unsigned times)
{
	struct taken wanted = {first_process(look(t))->pid, times};

	trial_kill(t, wanted.pid, SIGUSR1);
	await(t, took_sigusr1, &wanted, _("SIGUSR1 reaches the caller"));
	await_quiet(t);
}

/* The first of these children is the one to be lost: see run_and_lose(). */
static struct plan
one_to_lose(void)
{
	struct plan p = {0};

	plan_add(&p, 'x', (int)draw(1, 99));
	plan_add(&p, 'i', (int)draw(1, 99));
	plan_add(&p, 'i', (int)draw(1, 99));
	return p;
}

/*
 * The caller's handler for SIGCHLD takes one child: the first, which has ended
 * before fork has even returned. The others end when the caller has been
 * interrupted so many times. (Some right answers lose nobody.)
 */
static const struct answer *
run_and_lose(struct trial *t, const struct plan *p, unsigned interruptions)
{
	fault_id hold = trial_fault(
	    t, (struct fault){.call = CALL_FORK, .action = HOLD_AFTER, .who = FIRST, .nth = 1});
	const struct answer *a;

	trial_open_input(t);
	trial_start(t);
	ask(t, "handle");
	ask(t, "reap");
	plan_begin(t, p);
	await_held(t, hold);
	await_quiet(t);
	release(t, hold, false);
	await_quiet(t);
	for (unsigned times = 1; times <= interruptions; times++)
		interrupt(t, times);
	trial_close_input(t);
	a = ask_end(t);
	expect_started(t, 1);
	return a;
}

/* A wait that failed, and another that was interrupted: EINTR is still nothing to fail with. */
static void
interrupted_after_a_loss(void)
{
	struct trial *t = trial("children");
	const struct plan p = one_to_lose();
	const struct answer *a = run_and_lose(t, &p, 1);

	expect(answer_int(a, "result") == 0 || answer_int(a, "errno") != EINTR, "eintr",
	    _("run_children never fails with EINTR"), _("it returned %lld with errno %s"),
	    answer_int(a, "result"), error_name(answer_int(a, "errno")));
	trial_finish(t);
}

/*
 * The caller has a handler without SA_RESTART: one signal comes exactly when it
 * begins to wait (some wait only when they know that a child has ended), the
 * next when it is blocked in whatever it waits with.
 */
static void
interrupted_twice(void)
{
	struct trial *t = trial("children");
	struct plan p = plan_drawn('i');
	fault_id early = trial_fault(t, (struct fault){.call = CALL_WAIT,
					    .action = FAULT_INTERRUPT,
					    .who = FIRST,
					    .nth = 1,
					    .signal = SIGUSR1,
					    .optional = true});
	const struct answer *a;

	trial_open_input(t);
	trial_start(t);
	ask(t, "handle");
	plan_begin(t, &p);
	await_quiet(t);
	interrupt(t, fault_delivered(t, early) + 1);
	trial_close_input(t);
	a = ask_end(t);
	expect_started(t, p.n);
	expect_success(a, "eintr");
	for (size_t i = 0; i < p.n; i++)
		expect(status_at(a, i) >= 0, "eintr", words(_("status[%zu] is set"), i), "%s",
		    ending((int)status_at(a, i)));
	trial_finish(t);
}

/*
 * Task 1: "A call that was interrupted is repeated." For: EINTR not retried;
 * errno as the last call happened to leave it.
 */
void
interrupted_wait(void **state)
{
	(void)state;
	interrupted_twice();
	interrupted_after_a_loss();
}

/* The probe is back and waits for the judge's next request. */
static bool
has_answered(struct trial *t)
{
	const struct process *first = first_process(look(t));

	return first->state == 'S' && first->blocked_fd == PROBE_FD;
}

/*
 * Task 1: "A stopped child has not ended." It goes on only after everybody
 * has come to rest. For: WUNTRACED, and taking what it returns for an end.
 */
void
stopped_child(void **state)
{
	(void)state;
	struct trial *t = trial("children");
	struct plan p = {0};
	const struct answer *a;
	bool too_early;
	pid_t stopped;

	plan_add(&p, 'x', (int)draw(1, 99));
	plan_add(&p, 's', (int)draw(100, 200));
	plan_add(&p, 'x', (int)draw(1, 99));
	trial_start(t);
	plan_begin(t, &p);
	stopped = await_stopped(t);
	too_early = has_answered(t);
	trial_kill(t, stopped, SIGCONT);
	a = ask_end(t);
	expect(!too_early, "stopped-is-not-ended",
	    _("run_children waits for a child that is stopped"),
	    _("it returned, and status[1] says: %s"), ending((int)status_at(a, 1)));
	expect_success(a, "stopped-is-not-ended");
	trial_finish(t);
}

/* ---- children of somebody else, children that somebody else took -------------------------- */

/*
 * Task 1: "Children that the caller started itself are none of your business."
 * One of those has ended before and waits to be waited for. For: wait() or
 * waitpid(-1) for anybody.
 */
void
own_children_only(void **state)
{
	(void)state;
	struct trial *t = trial("children");
	struct plan p = plan_drawn('x');
	int status = (int)draw(1, 99);
	const struct answer *a;

	trial_start(t);
	ask(t, "bystander", words("x%d", status));
	plan_begin(t, &p);
	ask_end(t);
	expect_started(t, p.n + 1);
	a = ask(t, "collect");
	expect(answer_int(a, "taken") == 1, "foreign-child",
	    words(_("the caller can still wait for its own child (%s)"), ending(status << 8)),
	    _("its waitpid found nothing: run_children had waited for that child too"));
	expect(answer_int(a, "status") == status << 8, "foreign-child", ending(status << 8), "%s",
	    ending((int)answer_int(a, "status")));
	trial_finish(t);
}

/* A child is lost, or its status is right: some right answers do not lose it. */
static size_t
count_lost(const struct answer *a, const struct plan *p)
{
	size_t lost = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (status_at(a, i) == -1) {
			lost++;
			continue;
		}
		expect(status_at(a, i) == p->status[i], "lost-child",
		    words(_("status[%zu] is CHILD_LOST, or says how child %zu ended"), i, i),
		    _("status[%zu] says: %s"), i, ending((int)status_at(a, i)));
	}
	return lost;
}

/*
 * The caller ignores SIGCHLD, so the kernel takes them; the first child ends
 * long before the others.
 */
static void
all_are_lost(void)
{
	struct trial *t = trial("children");
	struct plan p = {0};
	const struct answer *a;

	plan_add(&p, 'x', (int)draw(1, 99));
	plan_add(&p, 'i', (int)draw(1, 99));
	plan_add(&p, 'i', (int)draw(1, 99));
	trial_ignore(t, SIGCHLD);
	trial_open_input(t);
	trial_start(t);
	plan_begin(t, &p);
	await_quiet(t);
	trial_close_input(t);
	a = ask_end(t);
	expect_started(t, p.n);
	expect(answer_int(a, "left") == 0, "lost-child",
	    _("run_children returns when every child has ended"),
	    _("it returned while children of its own still ran"));
	if (count_lost(a, &p) > 0)
		expect_failure(a, ECHILD, "lost-child");
	else
		expect_statuses(a, &p, "lost-child");
	trial_finish(t);
}

/* The caller has a handler that takes one child, and no more. */
static void
one_is_lost(void)
{
	struct trial *t = trial("children");
	const struct plan p = one_to_lose();
	const struct answer *a = run_and_lose(t, &p, 0);
	size_t lost = 0;

	for (size_t i = 0; i < p.n; i++)
		lost += status_at(a, i) == -1;
	expect_started(t, p.n);
	expect(lost <= 1, "lost-child", _("the others are waited for as usual"),
	    _("%zu are CHILD_LOST, but only one was taken by somebody else"), lost);
	expect(answer_int(a, "left") == 0, "lost-child",
	    _("run_children returns when every child has ended"),
	    _("it returned while children of its own still ran"));
	if (lost > 0)
		expect_failure(a, ECHILD, "lost-child");
	trial_finish(t);
}

/*
 * Task 1: "status[i] is CHILD_LOST, all others are waited for as usual, and the
 * result is -1 with ECHILD." For: giving up at the first ECHILD, waiting for
 * ever for a child that is gone, writing off those who still run.
 */
void
lost_child(void **state)
{
	(void)state;
	all_are_lost();
	one_is_lost();
}
