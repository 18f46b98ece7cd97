/* total_checks.c - total_new(), total_add(), total_read(), total_free(). */
#include "checks.h"
#include "interleave.h"
#include <errno.h>

static void
expect_total(struct trial *t, long long total, const char *key)
{
	const struct answer *a;

	ask_begin(t, "read");
	a = answer_or(t, "unlock", _("total_read returns"));
	expect(answer_int(a, "total") == total, key, words(_("the total is %lld"), total),
	    _("total_read returned %lld"), answer_int(a, "total"));
}

static const struct answer *
add(struct trial *t, long long amount)
{
	ask_begin(t, "add", word(amount));
	return answer_or(t, "unlock", _("total_add returns"));
}

static void
nothing_is_left(void)
{
	struct trial *t = trial("total");

	if (trial_is_sanitized(t))
		return;
	trial_watch(t, CALL_MMAP);
	trial_watch(t, CALL_UNMAP);
	trial_start(t);
	mapping_fails(t);
	expect_failed(ask(t, "new"), "total_new", 0, ENOMEM, "map-failed");
	expect_new(ask(t, "new"), "total_new");
	expect(shared_now(t) > 0, "map-shared", _("the total is in shared memory"),
	    _("the process has no shared memory"));
	expect_result(ask(t, "free"), "total_free", 0, "unmapped");
	expect(shared_now(t) == 0, "unmapped", _("no shared memory is left"),
	    _("mappings that are left: %u"), shared_now(t));
	expect_new(ask(t, "new"), "total_new");
	free_tells_failure(t, "total_free");
	trial_finish(t);
}

/*
 * Task 2: "unless the total would be below 0". For: MAP_PRIVATE, a lock that is
 * kept when an amount is refused, < for <=.
 */
void
total_adds(void **state)
{
	(void)state;
	struct trial *t = trial("total");
	long long some = draw(20, 500), more = draw(1, 19);

	trial_start(t);
	expect_new(ask(t, "new"), "total_new");
	expect_total(t, 0, "total");
	expect_result(add(t, some), "total_add", 0, "total");
	worker(t, word(more));
	expect(workers_ended(t, 1), "unlock", _("a child adds"), _("it sleeps for ever"));
	expect_total(t, some + more, "map-shared");
	expect_failed(add(t, -some - more - 1), "total_add", -1, ERANGE, "total");
	expect_total(t, some + more, "total");
	expect_result(add(t, -some), "total_add", 0, "unlock");
	expect_result(add(t, -more), "total_add", 0, "total");
	expect_failed(add(t, -1), "total_add", -1, ERANGE, "total");
	expect_total(t, 0, "total");
	trial_finish(t);
	nothing_is_left();
}

/*
 * Two children add at the same time, in every order that there is. Each of them
 * is refused or not; what is left must fit to that.
 */
static void
two_add(struct trial *t, long long from, long long one, long long other)
{
	struct schedule s = {.alike = true};
	bool both = from + one + other >= 0;

	while (schedule_next(t, &s)) {
		unsigned before = exits(t);
		long long total;

		expect_new(ask(t, "new"), "total_new");
		expect_result(ask(t, "add", word(from)), "total_add", 0, "total");
		ask(t, "work", word(one), word(other));
		schedule_run(t, &s);
		expect(workers_ended(t, before + 2), "lock-asleep", _("both children have added"),
		    _("one sleeps for ever; %s"), schedule_words(&s));
		expect(s.accesses >= 2, "no-access", _("both children touch shared memory"),
		    _("they touched it %u times"), s.accesses);
		total = answer_int(ask(t, "read"), "total");
		expect(both ? total == from + one + other
			    : total == from + one || total == from + other,
		    "lost-update", words(_("%lld and %lld are added to %lld"), one, other, from),
		    _("the total is %lld; %s"), total, schedule_words(&s));
		ask(t, "free");
	}
}

/*
 * Task 2: "one step for everybody else". For: no lock; a lock around one half
 * only; a look before the lock; an atomic load and an atomic store; a mutex that
 * is private to a process.
 */
void
total_any_order(void **state)
{
	(void)state;
	struct trial *t = trial("total");

	trial_interleave(t);
	trial_start(t);
	two_add(t, draw(1, 9), draw(10, 99), draw(100, 999));
	two_add(t, 10, -draw(6, 7), -draw(8, 9));
	trial_finish(t);
}
