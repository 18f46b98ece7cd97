/* failure_checks.c - run_children when a child cannot be started, and what it does with memory. */
#include "checks.h"
#include "memory.h"
#include <errno.h>
#include <signal.h>

static int
drawn_fork_error(void)
{
	return draw(0, 1) == 0 ? EAGAIN : ENOMEM;
}

static void
the_kth_fork_fails(unsigned k)
{
	struct trial *t = trial("children");
	struct plan p = plan_drawn('x');
	int error = drawn_fork_error();
	const struct answer *a;

	trial_fault(t,
	    (struct fault){
		.call = CALL_FORK, .action = FAULT_FAIL, .who = FIRST, .nth = k, .error = error});
	a = plan_run(t, &p);
	expect_failure(a, error, "fork-failure");
	await_quiet(t);
	expect(answer_int(a, "left") == 0, "fork-failure",
	    _("every child that was started has been waited for"),
	    _("run_children returned and left children behind"));
	refute_zombies(t, "fork-failure");
	trial_finish(t);
	refute_open_fds(t, "descriptors-left");
}

/*
 * The caller ignores SIGCHLD: after the fork every wait fails too, with ECHILD.
 * Who waits already before the second fork need not come to it.
 */
static void
fork_fails_before_the_waits_do(void)
{
	struct trial *t = trial("children");
	struct plan p = plan_drawn('x');
	int error = drawn_fork_error();
	fault_id failure = trial_fault(t, (struct fault){.call = CALL_FORK,
					      .action = FAULT_FAIL,
					      .who = FIRST,
					      .nth = 2,
					      .error = error,
					      .optional = true});
	const struct answer *a;

	trial_ignore(t, SIGCHLD);
	a = plan_run(t, &p);
	if (fault_delivered(t, failure) > 0)
		expect_failure(a, error, "fork-failure");
	trial_finish(t);
}

/*
 * Task 1: "the result is -1 with the errno of fork", whichever fork it is and
 * "whatever else fails after that"; the children here end by themselves. For:
 * fork's -1 ignored, or taken for the child's branch; children started before
 * it not reaped; errno overwritten by what comes after.
 */
void
fork_fails(void **state)
{
	(void)state;
	for (unsigned k = 1; k <= FEWEST; k++)
		the_kth_fork_fails(k);
	fork_fails_before_the_waits_do();
}

/* Alive, and neither the caller nor its bystander. */
static size_t
others_alive(const struct look *l, pid_t caller, pid_t bystander)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		const struct process *p = &l->processes[i];

		if (p->pid != caller && p->pid != bystander && p->state != 'Z')
			n++;
	}
	return n;
}

/*
 * Task 1: "The children that already run are ended and waited for", and only
 * they: a child that the caller started before lives on. None of the children
 * would end by itself. For: waiting without ending them, which takes for ever;
 * leaving them; kill(-1, ...), because -1 was noted as a pid.
 */
void
fork_fails_midway(void **state)
{
	(void)state;
	struct trial *t = trial("children");
	struct plan p = plan_drawn('p');
	int error = drawn_fork_error();
	const struct look *now;
	const struct process *bystander;
	pid_t pid;

	trial_fault(t, (struct fault){.call = CALL_FORK,
			   .action = FAULT_FAIL,
			   .who = FIRST,
			   .nth = (unsigned)p.n + 1,
			   .error = error});
	trial_start(t);
	pid = (pid_t)answer_int(ask(t, "bystander", "p0"), "pid");
	plan_begin(t, &p);
	await_quiet(t);
	now = look(t);
	expect(others_alive(now, first_process(now)->pid, pid) == 0, "started-children",
	    _("the children that were started before fork failed are ended"),
	    _("%zu of them run on"), others_alive(now, first_process(now)->pid, pid));
	bystander = process_of(now, pid);
	expect(bystander != NULL && bystander->state != 'Z', "strangers-killed",
	    _("a child that the caller had started itself lives on"), _("it was killed as well"));
	expect_failure(ask_end(t), error, "fork-failure");
	now = look(t);
	expect(children_in(now, first_process(now)->pid) == 1, "started-children",
	    _("the children that were ended are waited for"), _("they are zombies now"));
	expect(forks(t) == p.n, "nothing-started",
	    words(_("%zu children are started before fork fails"), p.n - 1), _("%u were started"),
	    forks(t) - 1);
}

/*
 * Task 1: "Free what you allocate." For: the list of pids never freed, or one
 * element too short.
 */
void
children_memory(void **state)
{
	(void)state;
	struct trial *t = trial("children");
	struct plan p = plan_drawn('x');

	trial_limit(
	    t, LIMIT_WALL_MS, 30000); /* valgrind alone takes longer than the others together */
	memory_watch(t);
	expect_statuses(plan_run(t, &p), &p, "every-status");
	trial_finish(t);
	memory_verdict(t, "memory", "memory");
}

/*
 * Task 1: "Without memory the result is -1 with ENOMEM, and no child is
 * started"; but who needs no memory may succeed. "With n equal to 0 there is
 * nothing to do", so nothing is needed either. For: calloc's NULL not asked
 * for; no thought given to 0.
 */
void
no_memory(void **state)
{
	(void)state;
	struct trial *t = trial("children");
	struct plan p = plan_drawn('x');
	const struct answer *a;

	trial_start(t);
	expect_success(ask(t, "run-starved", word(0), ""), "no-memory");
	a = ask(t, "run-starved", word((long long)p.n), p.deeds);
	look(t); /* what happened before is known when it has come back */
	if (forks(t) == 0)
		expect_failure(a, ENOMEM, "no-memory");
	else
		expect_statuses(a, &p, "no-memory");
	ask(t, "run", word((long long)p.n), p.deeds);
	expect_started(t, p.n); /* with memory it can */
	trial_finish(t);
}
