/* meter_checks.c - meter_new(), meter_free(), run_metered(). */
#include "checks.h"
#include "interleave.h"
#include "memory.h"
#include "meter.h"
#include <errno.h>
#include <signal.h>

/*
 * Task 1: "n counters, all 0, in memory that is shared". For: MAP_PRIVATE,
 * malloc(), MAP_FAILED compared with NULL, bounds.
 */
void
meter_shared(void **state)
{
	(void)state;
	struct trial *t = trial("meter");
	long long n = draw(2, 20), i = draw(0, n - 1), k = draw(3, 99);
	const struct answer *a;

	trial_watch(t, CALL_MMAP);
	trial_start(t);
	a = ask(t, "new", word(n));
	expect_new(a, "meter_new");
	expect(answer_int(a, "not_zero") == 0, "new", _("every counter is 0"),
	    _("%lld of them are not"), answer_int(a, "not_zero"));
	a = ask(t, "count", word(i), word(k));
	expect(answer_int(a, "counter") == k, "map-shared",
	    words(_("the parent sees that its child has counted %lld"), k), _("it sees %lld"),
	    answer_int(a, "counter"));
	expect(shared_now(t) > 0, "map-shared", _("the counters are in shared memory"),
	    _("the process has no shared memory"));
	expect_new(ask(t, "new", word(1)), "meter_new");
	expect_new(ask(t, "new", word(METER_MAX)), "meter_new");
	expect_failed(ask(t, "new", word(0)), "meter_new", 0, EINVAL, "bounds");
	expect_failed(ask(t, "new", word(METER_MAX + 1)), "meter_new", 0, EINVAL, "bounds");
	mapping_fails(t);
	a = ask(t, "new", word(n));
	expect(answer_int(a, "map_failed") == 0, "map-failed", _("meter_new returns NULL"),
	    _("it returned MAP_FAILED"));
	expect_failed(a, "meter_new", 0, ENOMEM, "map-failed");
	trial_finish(t);
}

/* Task 1: "Gives back the memory". For: munmap() of n bytes, or none at all. */
void
meter_freed(void **state)
{
	(void)state;
	struct trial *t = trial("meter");
	unsigned before, with, after;

	trial_watch(t, CALL_UNMAP);
	trial_start(t);
	ask(t, "handle"); /* the program has begun */
	before = shared_now(t);
	expect_new(ask(t, "new", word(METER_MAX)), "meter_new");
	with = shared_now(t);
	expect(with > before, "map-shared", _("the counters are in shared memory"),
	    _("the process has no shared memory"));
	expect_result(ask(t, "free"), "meter_free", 0, "unmapped");
	after = shared_now(t);
	expect(after == before, "unmapped", _("no shared memory is left"),
	    _("mappings that are left: %u"), after - before);
	expect_new(ask(t, "new", word(1)), "meter_new");
	free_tells_failure(t, "meter_free");
	trial_finish(t);
}

/* ---- run_metered() ------------------------------------------------------------------- */

static void
expect_counts(const struct answer *a, size_t n, const long long quota[])
{
	for (size_t i = 0; i < n; i++) {
		long long wanted = quota[i] < 0 ? -quota[i] : quota[i];
		long long counted = answer_int(a, words("count[%zu]", i));

		if (quota[i] < 0) /* it goes on until it is killed */
			expect(counted == wanted, "at-once",
			    words(_("child %zu has counted %lld when it is killed"), i, wanted),
			    _("count[%zu] is %lld"), i, counted);
		expect(counted == wanted, "counts", words(_("child %zu counts %lld"), i, wanted),
		    _("count[%zu] is %lld"), i, counted);
	}
}

/* Beside the caller's own, of which there were so many. */
static void
expect_nobody_left(struct trial *t, size_t strangers)
{
	const struct look *l = look(t);
	size_t n = children_in(l, first_process(l)->pid);

	expect(n <= strangers, "nobody-left", _("no child is left"),
	    _("%zu are left, running or as zombies"), n - strangers);
}

/* Two children that are the caller's, not run_metered()'s. */
static void
make_strangers(struct trial *t)
{
	ask(t, "stranger", "end");
	ask(t, "stranger", "stay");
}

static void
expect_strangers(struct trial *t)
{
	const struct look *l = look(t);

	expect(zombies_in(l) == 1 && children_in(l, first_process(l)->pid) == 2, "waits",
	    _("the caller's other children, one ended and one running, are left to it"),
	    _("%zu zombies and %zu children are there"), zombies_in(l),
	    children_in(l, first_process(l)->pid));
}

static void
expect_good_ends(struct trial *t)
{
	size_t n;
	const struct event *e = events(t, &n);

	for (size_t i = 0; i < n; i++)
		expect(e[i].kind != EVENT_EXIT || e[i].status == 0, "child-exit",
		    _("each child ends with exit status 0"), "%s", ending_of(e[i].status));
}

static void
expect_unmapped(struct trial *t)
{
	expect(shared_now(t) == 0, "unmapped", _("no shared memory is left"),
	    _("mappings that are left: %u"), shared_now(t));
}

/* The children of run_metered(), while they sleep: child i is the i-th that was made. */
static pid_t
child_number(struct trial *t, size_t number)
{
	size_t n;
	const struct event *e = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (e[i].kind == EVENT_FORK && number-- == 0)
			return e[i].other;
	return 0;
}

/*
 * Task 1: "count[i] is then what child i has counted". For: memory mapped after
 * fork(), MAP_PRIVATE, one counter for all, memory that is not given back.
 */
void
metered_run(void **state)
{
	(void)state;
	struct trial *t = trial("meter");
	long long quota[] = {draw(1, 50), draw(51, 100), 0, draw(101, 300)};
	const struct answer *a;
	fault_id births = trial_fault(
	    t, (struct fault){.call = CALL_FORK, .action = HOLD_CHILD, .optional = true});

	trial_start(t);
	ask(t, "buffer");
	ask_begin(t, "run", word(quota[0]), word(quota[1]), word(quota[2]), word(quota[3]));
	/* one after the other, whoever would be faster: what they do to each other is not asked
	 * here */
	for (size_t i = 0; !answered(t) && child_number(t, i) != 0; i++)
		release_one(t, births, child_number(t, i));
	a = answer_or(t, "run", _("run_metered returns"));
	expect_result(a, "run_metered", 0, "run");
	expect_counts(a, 4, quota);
	expect(answer_int(a, "beyond") == 0, "counts",
	    _("as many counters are written as there are children"), _("one more is written"));
	expect_good_ends(t);
	expect_nobody_left(t, 0);
	expect_unmapped(t);
	ask(t, "flush");
	trial_finish(t);
	expect(lines(t, "once\n") == 1, "child-exit",
	    _("what was in the parent's buffer is written once"), _("it is written %u times"),
	    lines(t, "once\n"));
	trial_finish(t);
}

/*
 * Task 1: "children that run at the same time ... at once counts". For: one
 * child after the other; a sum that is stored only at the end.
 */
void
metered_together(void **state)
{
	(void)state;
	struct trial *t = trial("meter");
	long long quota[] = {-draw(2, 40), -draw(50, 90), -draw(1, 9)};
	const struct answer *a;
	size_t n;

	trial_start(t);
	ask_begin(t, "run", word(quota[0]), word(quota[1]), word(quota[2]));
	await_quiet(t);
	n = children_in(look(t), first_now(t)->pid);
	expect(n == 3, "together", _("3 children run at the same time"), _("%zu do"), n);
	for (size_t i = 0; i < 3; i++)
		trial_kill(t, child_number(t, i), SIGKILL);
	a = answer_or(t, "waits", _("run_metered returns when all children have ended"));
	expect_result(a, "run_metered", 0, "run");
	expect_counts(a, 3, quota);
	expect_nobody_left(t, 0);
	trial_finish(t);
}

/*
 * Task 1: "Waits for these children, for no others, and through all signals".
 * For: wait() for anybody, EINTR.
 */
void
metered_waits(void **state)
{
	(void)state;
	struct trial *t = trial("meter");
	long long quota[] = {-draw(2, 40), draw(1, 9)};
	const struct answer *a;

	trial_start(t);
	ask(t, "handle");
	make_strangers(t);
	ask_begin(t, "run", word(quota[0]), word(quota[1]));
	expect_asleep(t, "waits", _("run_metered sleeps while a child of its own runs"));
	trial_kill(t, 0, SIGUSR1);
	expect_asleep(t, "eintr", _("it goes on waiting when a handler has run"));
	trial_kill(t, child_number(t, 2), SIGKILL);
	a = answer_or(t, "waits", _("run_metered returns when its own children have ended"));
	expect_result(a, "run_metered", 0, "run");
	expect_counts(a, 2, quota);
	expect_strangers(t);
	trial_finish(t);
}

/*
 * A call fails; the children that run already sleep for ever. A handler interrupts the wait for
 * them, which changes errno; and the caller's other children are nobody's business.
 */
static void
start_fails(enum call call, unsigned nth, int error)
{
	struct trial *t = trial("meter");
	const struct answer *a;

	trial_watch(t, call);
	trial_watch(t, CALL_WAIT);
	trial_start(t);
	make_strangers(t);
	trial_fault(
	    t, (struct fault){
		   .call = call, .action = FAULT_FAIL, .who = FIRST, .nth = nth, .error = error});
	next_wait_is_interrupted(t);
	ask_begin(t, "run", word(-1), word(-1), word(-1));
	a = answer_or(t, "cannot-start", _("run_metered gives up"));
	expect_failed(a, "run_metered", -1, error, "cannot-start");
	for (size_t i = 0; i < 3; i++)
		expect(answer_int(a, words("count[%zu]", i)) == -77, "cannot-start",
		    _("count is as it was"), _("count[%zu] has been changed"), i);
	expect_nobody_left(t, 2);
	expect_strangers(t);
	expect_unmapped(t);
	trial_finish(t);
}

/* Task 1: "Then no child is left". For: fork() that is not checked; children left running. */
void
metered_cannot_start(void **state)
{
	(void)state;
	struct trial *t = trial("meter");

	trial_start(t);
	expect_failed(ask(t, "run-many", word(0)), "run_metered", -1, EINVAL, "bounds");
	expect_failed(ask(t, "run-many", word(METER_MAX + 1)), "run_metered", -1, EINVAL, "bounds");
	trial_finish(t);
	start_fails(CALL_MMAP, 1, ENOMEM);
	start_fails(CALL_FORK, 1, EAGAIN);
	start_fails(CALL_FORK, 3, EAGAIN);
}

/*
 * Task 1: "Each counter is written by one process only". For: a number that all
 * of them change, a shared "next counter" for instance.
 */
void
metered_any_order(void **state)
{
	(void)state;
	struct trial *t = trial("meter");
	struct schedule s = {0};
	const long long quota[] = {2, 1};

	trial_interleave(t);
	trial_start(t);
	while (schedule_next(t, &s)) {
		const struct answer *a;

		ask_begin(t, "run", word(quota[0]), word(quota[1]));
		schedule_run(t, &s);
		a = answer_or(t, "any-order", _("run_metered returns"));
		expect(s.accesses >= 2, "no-access", _("both children count in shared memory"),
		    _("they touched it %u times"), s.accesses);
		for (size_t i = 0; i < 2; i++)
			expect(answer_int(a, words("count[%zu]", i)) == quota[i], "any-order",
			    words(_("child %zu counts %lld in every order"), i, quota[i]),
			    _("count[%zu] is %lld; %s"), i, answer_int(a, words("count[%zu]", i)),
			    schedule_words(&s));
	}
	trial_finish(t);
}

/* For: a list of pids that is not freed, or one that is too short. */
void
meter_memory(void **state)
{
	(void)state;
	struct trial *t = trial("meter");

	memory_watch(t);
	trial_start(t);
	expect_new(ask(t, "new", word(7)), "meter_new");
	ask(t, "free");
	expect_result(ask(t, "run", word(3), word(2), word(1)), "run_metered", 0, "run");
	trial_finish(t);
	memory_verdict(t, "memory", "memory");
}
