/* ring_checks.c - ring_new(), ring_put(), ring_take(), ring_close(), ring_free(). */
#include "ring.h"

#include "checks.h"
#include "interleave.h"
#include <errno.h>

/* Task 4: "Takes the oldest item". For: a stack; an index that runs over the end. */
void
ring_in_order(void **state)
{
	(void)state;
	goes_in_order("ring");
}

/* Task 4: "sleeps while the ring is empty". For: conditions that are private to a process. */
void
ring_empty_waits(void **state)
{
	(void)state;
	sleeps_while_empty("ring");
}

/* Task 4: "sleeps while the ring is full". For: items that are overwritten; nobody is woken. */
void
ring_full_waits(void **state)
{
	(void)state;
	sleeps_while_full("ring");
}

/* The first process sleeps; once a wake-up reaches it, it is held before it sees anything. */
static fault_id
hold_when_woken(struct trial *t)
{
	return trial_fault(
	    t, (struct fault){.call = CALL_FUTEX, .action = HOLD_AFTER, .who = FIRST, .nth = 1});
}

/*
 * Who is woken finds that somebody else was faster: with `while` it sleeps
 * again, with `if` it goes on. Returns when the first process is asleep again.
 */
static void
wake_and_steal(struct trial *t, fault_id hold, fault_id waker, fault_id thief, const char *what)
{
	await_quiet(t);
	release(t, waker, false);
	await_held(t, hold);
	await_exits(t, 1);
	release(t, thief, false);
	await_exits(t, 2);
	release(t, hold, false);
	expect_asleep(t, "while", what);
}

/* Task 4: "sleeps while", not "until woken". For: `if` around pthread_cond_wait(). */
void
ring_stolen_item(void **state)
{
	(void)state;
	struct trial *t = trial("ring");
	long long item = draw(10, 99), later = draw(100, 999);
	fault_id waker, thief, last, hold;

	trial_watch(t, CALL_FORK);
	trial_watch(t, CALL_FUTEX);
	trial_start(t);
	new_queue(t, "ring_new", 3);
	waker = late_worker(t, words("p%lld", item));
	thief = late_worker(t, "t");
	last = late_worker(t, words("p%lld", later));
	hold = hold_when_woken(t);
	ask_begin(t, "take");
	wake_and_steal(
	    t, hold, waker, thief, _("who is woken when the item is gone already sleeps again"));
	release(t, last, false);
	expect(answer_int(answer_or(t, "wakes", _("the next item wakes it")), "item") == later,
	    "while", words(_("item %lld is taken"), later), _("it was another one"));
	trial_finish(t);
}

/* The same on the other side: the place is taken again. */
void
ring_stolen_place(void **state)
{
	(void)state;
	struct trial *t = trial("ring");
	long long item = draw(10, 99);
	fault_id waker, thief, last, hold;

	trial_watch(t, CALL_FORK);
	trial_watch(t, CALL_FUTEX);
	trial_start(t);
	new_queue(t, "ring_new", 1);
	put_item(t, item, "order");
	waker = late_worker(t, "t");
	thief = late_worker(t, words("p%lld", item + 1));
	last = late_worker(t, "t");
	hold = hold_when_woken(t);
	ask_begin(t, "put", word(item + 2));
	wake_and_steal(
	    t, hold, waker, thief, _("who is woken when the place is taken already sleeps again"));
	release(t, last, false);
	answer_or(t, "wakes", _("the next free place wakes it"));
	expect(lines(t, words("took 1 %lld\n", item + 1)) == 1, "while",
	    words(_("item %lld is taken"), item + 1), _("what the children did: %s"),
	    said(trial_output(t)));
	take_item(t, item + 2, "while");
	trial_finish(t);
}

/* Two workers that sleep in this; started one after the other. */
static void
two_sleep(struct trial *t, const char *one, const char *other)
{
	worker(t, one);
	await_quiet(t);
	worker(t, other);
	await_quiet(t);
	expect(exits(t) == 0, "sleeps", _("who has to wait sleeps"), _("what the children did: %s"),
	    said(trial_output(t)));
}

/* Whoever is woken is held until both items are there. */
static void
two_items_wake_two(void)
{
	struct trial *t = trial("ring");
	fault_id hold;

	trial_watch(t, CALL_FUTEX);
	trial_start(t);
	new_queue(t, "ring_new", 3);
	hold = trial_fault(
	    t, (struct fault){.call = CALL_FUTEX, .action = HOLD_AFTER, .who = DESCENDANTS});
	two_sleep(t, "t", "t");
	put_item(t, 1, "every-item");
	put_item(t, 2, "every-item");
	release(t, hold, false);
	expect(workers_ended(t, 2), "every-item", _("two items wake both who wait"),
	    _("what the children did: %s"), said(trial_output(t)));
	trial_finish(t);
}

/*
 * Two wait for an item. One of them is woken and held: its item fills the ring, and somebody
 * comes who waits for the place. When the item is taken, two wait behind the same ring, one for
 * an item, one for a place; only the second has something to do.
 */
static void
a_place_wakes_who_waits_for_it(void)
{
	struct trial *t = trial("ring");
	fault_id hold;

	trial_watch(t, CALL_FUTEX);
	trial_start(t);
	new_queue(t, "ring_new", 1);
	hold = trial_fault(
	    t, (struct fault){.call = CALL_FUTEX, .action = HOLD_AFTER, .who = DESCENDANTS});
	two_sleep(t, "t", "t");
	put_item(t, 1, "every-item");
	await_held(t, hold);
	worker(t, "p2");
	await_quiet(t);
	release(t, hold, false);
	expect(workers_ended(t, 3), "right-one",
	    _("a place that is free wakes who waits for a place"),
	    _("the ring is empty, and he sleeps; what the children did: %s"),
	    said(trial_output(t)));
	trial_finish(t);
}

/*
 * Task 4: each item wakes one who waits for it, and each place. For: a wake-up only when the
 * ring was empty before; one condition for both of which only one sleeper is woken.
 */
void
ring_every_item(void **state)
{
	(void)state;
	two_items_wake_two();
	a_place_wakes_who_waits_for_it();
}

/*
 * Task 4: nothing is lost or taken twice. For: no lock; a mutex that is private to a process; an
 * item that is copied when its place is free already.
 */
void
ring_any_order(void **state)
{
	(void)state;
	two_put("ring", "ring_new");
	one_puts_one_takes("ring", "ring_new", 2);
	one_puts_one_takes("ring", "ring_new", 1);
}

/*
 * "A mutex guards it": while a worker is at one of its accesses, closing has to
 * wait. Otherwise somebody may look, find it open, and fall asleep behind the
 * wake-up.
 */
static void
closing_takes_the_lock(void)
{
	struct trial *t = trial("ring");
	bool waits = false, at_access = true;

	trial_interleave(t);
	trial_start(t);
	for (unsigned k = 0; at_access && !waits; k++) {
		pid_t other;

		new_queue(t, "ring_new", 2);
		other = worker(t, "p5");
		at_access = accesses_make(t, other, k) == k && k < ALL_ACCESSES;
		ask_begin(t, "close");
		waits = !answered(t);
		accesses_make(t, other, ALL_ACCESSES);
		answer_or(t, "close", _("ring_close returns"));
		ask(t, "free");
	}
	expect(waits, "close", _("ring_close waits while another process changes the ring"),
	    _("it changes it at the same time"));
	trial_finish(t);
}

static void
takers_wake(void)
{
	struct trial *t = trial("ring");

	trial_start(t);
	new_queue(t, "ring_new", 3);
	two_sleep(t, "t", "t");
	ask(t, "close");
	expect(workers_ended(t, 2), "close", _("everybody who waits for an item wakes"),
	    _("%u of 2 do"), exits(t));
	expect(lines(t, "took 0 -1\n") == 2, "close", _("ring_take returns 0"),
	    _("what the children did: %s"), said(trial_output(t)));
	trial_finish(t);
}

static void
putters_wake(void)
{
	struct trial *t = trial("ring");
	const struct answer *a;

	trial_start(t);
	new_queue(t, "ring_new", 1);
	put_item(t, 5, "order");
	two_sleep(t, "p6", "p7");
	ask(t, "close");
	expect(workers_ended(t, 2), "close", _("everybody who waits for a place wakes"),
	    _("%u of 2 do"), exits(t));
	expect(lines(t, words("put -1 %d\n", EPIPE)) == 2, "close",
	    _("ring_put returns -1 with errno EPIPE"), _("what the children did: %s"),
	    said(trial_output(t)));
	take_item(t, 5, "close");
	ask_begin(t, "put", "8");
	a = answer_or(t, "unlock", _("ring_put returns"));
	expect_failed(a, "ring_put", -1, EPIPE, "close");
	ask_begin(t, "take");
	a = answer_or(t, "unlock", _("ring_take returns"));
	expect_result(a, "ring_take", 0, "close");
	trial_finish(t);
}

/*
 * Task 4: "everybody wakes". For: pthread_cond_signal() instead of a broadcast; a lock that stays;
 * a flag that is set without the lock.
 */
void
ring_closed(void **state)
{
	(void)state;
	takers_wake();
	putters_wake();
	closing_takes_the_lock();
}

/* Task 4: the bounds, and what is given back. */
void
ring_refuses(void **state)
{
	(void)state;
	refuses_places("ring", "ring_new", RING_MAX);
}
