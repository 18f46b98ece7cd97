/*
 * wakeup_checks.c - queues when somebody hurries.
 *
 * Who waits is stopped when it has been woken and before it has looked; so others are
 * faster. A condition variable sleeps in futex(2). Who sleeps elsewhere is not stopped: then these
 * checks see that everybody gets what is his, in whatever order.
 */
#include "checks.h"

enum { ROOM = 6 };

/* Lets whoever is held by it go on, and holds nobody any more. */
static void
lets_go(struct trial *t, fault_id hold)
{
	release(t, hold, false);
	await_quiet(t);
}

/* 0 waits and is woken by what 2 puts in; 1 is faster and takes it. */
static void
another_takes_it(void)
{
	struct trial *t = crew(3, 2);
	fault_id woken = holds_futex(t, HOLD_AFTER, 1);
	int fd[3], zero;

	draws(fd);
	takes(t, 0, 1);
	await_quiet(t);
	puts_in(t, 2, fd[0]);
	await_quiet(t);
	takes(t, 1, 1);
	await_quiet(t);
	lets_go(t, woken);
	expect(came_back(t, 0) + came_back(t, 1) == 1, "recheck",
	    _("one descriptor was put in, and one thread has taken it"),
	    _("%d threads have taken something"), came_back(t, 0) + came_back(t, 1));
	zero = came_back(t, 0);
	has_taken(t, zero == 1 ? 0 : 1, fd[0], "recheck");
	puts_in(t, 2, fd[2]);
	has_taken(t, zero == 1 ? 1 : 0, fd[2], "recheck");
	dismiss(t);
}

/* What 2 takes now, when everybody rests. */
static int
the_next(struct trial *t)
{
	takes(t, 2, 1);
	expect(came_back(t, 2) == 1, "recheck-room", _("both can be taken"), "%s",
	    _("the thread that takes sleeps"));
	return result_of(t, 2, 0);
}

/* 0 waits for room and is woken by what 2 takes; 1 is faster and fills the place. */
static void
another_fills_it(void)
{
	struct trial *t = crew(3, 1);
	fault_id woken;
	int fd[3], first, second;

	draws(fd);
	puts_in(t, 2, fd[0]);
	await_quiet(t);
	woken = holds_futex(t, HOLD_AFTER, 1);
	puts_in(t, 0, fd[1]);
	await_quiet(t);
	takes(t, 2, 1);
	has_taken(t, 2, fd[0], "recheck");
	puts_in(t, 1, fd[2]);
	await_quiet(t);
	lets_go(t, woken);
	expect(came_back(t, 0) + came_back(t, 1) == 1, "recheck-room",
	    _("one place was free, and one thread has filled it"),
	    _("%d threads have put something in"), came_back(t, 0) + came_back(t, 1));
	first = the_next(t);
	second = the_next(t);
	expect((first == fd[1] && second == fd[2]) || (first == fd[2] && second == fd[1]),
	    "recheck-room", words(_("they are %d and %d"), fd[1], fd[2]), _("they are %d and %d"),
	    first, second);
	dismiss(t);
}

/* queue.h: "Each descriptor is taken once". For: `if` instead of `while` around the wait. */
void
queue_recheck_take(void **state)
{
	(void)state;
	another_takes_it();
}

/* The same of the wait in queue_put(). */
void
queue_recheck_put(void **state)
{
	(void)state;
	another_fills_it();
}

/* Both have come back, when nobody is held any more. */
static void
both_are_awake(struct trial *t, fault_id one, fault_id other)
{
	await_quiet(t);
	release(t, one, false);
	lets_go(t, other);
	for (int who = 0; who < 2; who++)
		expect(came_back(t, who) == 1, "lost-wakeup",
		    _("there is something for both that waited"), "%s",
		    _("one of them sleeps, and nobody will wake it"));
}

/* Two descriptors come before anybody who waits has run. */
static void
two_puts(void)
{
	struct trial *t = crew(3, 2);
	fault_id one = holds_futex(t, HOLD_AFTER, 1), other = holds_futex(t, HOLD_AFTER, 2);

	takes(t, 0, 1);
	await_quiet(t);
	takes(t, 1, 1);
	await_quiet(t);
	ask(t, "put", "2", "0", "11", "12");
	both_are_awake(t, one, other);
	dismiss(t);
}

/* Two places become free before anybody who waits has run. */
static void
two_takes(void)
{
	struct trial *t = crew(3, 2);
	fault_id one, other;

	ask(t, "put", "2", "0", "11", "12");
	await_quiet(t);
	one = holds_futex(t, HOLD_AFTER, 1);
	other = holds_futex(t, HOLD_AFTER, 2);
	puts_in(t, 0, 13);
	await_quiet(t);
	puts_in(t, 1, 14);
	await_quiet(t);
	takes(t, 2, 2);
	both_are_awake(t, one, other);
	dismiss(t);
}

/* 1 does something for 0, and is stopped when it wakes it, so that 0 is faster. */
static void
wakes_too_early(struct trial *t, void (*does)(struct trial *t, int who, int with), int with)
{
	fault_id waker;

	await_quiet(t);
	waker = holds_futex(t, HOLD_AFTER, 1);
	does(t, 1, with);
	await_quiet(t);
	lets_go(t, waker);
	expect(came_back(t, 0) == 1, "wakes-early", _("who is woken finds what it waited for"),
	    "%s", _("it found nothing and sleeps, and nobody will wake it again"));
	dismiss(t);
}

/*
 * queue.h: "as many threads as there are descriptors". For: a signal only when the queue was
 * empty before; a signal before there is anything.
 */
void
queue_wakes_takers(void **state)
{
	(void)state;
	struct trial *t;

	two_puts();
	t = crew(2, ROOM);
	takes(t, 0, 1);
	wakes_too_early(t, puts_in, 21);
}

/*
 * queue.h: "Each place that becomes free". For: a signal only when the queue was full before; a
 * signal before there is room.
 */
void
queue_wakes_putters(void **state)
{
	(void)state;
	struct trial *t;

	two_takes();
	t = crew(2, ROOM);
	ask(t, "put", "1", "0", "31", "32", "33", "34", "35", "36");
	await_quiet(t);
	puts_in(t, 0, 37);
	wakes_too_early(t, takes, 1);
}

/*
 * The queue is full; 0 and 1 wait for room. 2 takes and wakes one of them, which is stopped; 3
 * finds nothing and waits as well. What is put in then is for 3, not for the other that waits for
 * room. For: one condition variable for both, and a signal that wakes the wrong one.
 */
void
queue_right_one(void **state)
{
	(void)state;
	struct trial *t = crew(5, 1);
	fault_id woken;

	puts_in(t, 4, 41);
	await_quiet(t);
	woken = holds_futex(t, HOLD_AFTER, 1);
	puts_in(t, 0, 42);
	await_quiet(t);
	puts_in(t, 1, 43);
	await_quiet(t);
	takes(t, 2, 1);
	await_quiet(t);
	takes(t, 3, 1);
	await_quiet(t);
	lets_go(t, woken);
	expect(came_back(t, 3) == 1, "wrong-one", _("a wake-up reaches a thread that can use it"),
	    "%s", _("a descriptor is in the queue, and the thread that wants it sleeps"));
	takes(t, 2, 1);
	await_quiet(t);
	has_put(t, 0, "wrong-one");
	has_put(t, 1, "wrong-one");
	dismiss(t);
}

/*
 * 0 waits for room. 1 takes, and is stopped when it wakes 0. 2 looks now; if it looks without the
 * lock, what it has seen is old when it gets the lock. For: a test outside of the lock.
 */
void
queue_locked(void **state)
{
	(void)state;
	struct trial *t = crew(4, 1);
	fault_id putter, taker, late;

	puts_in(t, 3, 51);
	await_quiet(t);
	putter = holds_futex(t, HOLD_AFTER, 1);
	puts_in(t, 0, 52);
	await_quiet(t);
	taker = holds_futex(t, HOLD_BEFORE, 1);
	takes(t, 1, 1);
	await_quiet(t);
	late = holds_futex(t, HOLD_AFTER, 1);
	takes(t, 2, 1);
	await_quiet(t);
	lets_go(t, taker);
	lets_go(t, putter);
	lets_go(t, late);
	expect(came_back(t, 2) == 1, "looks-unlocked",
	    _("who has the lock sees what is in the queue"), "%s",
	    _("a descriptor is in the queue, and the thread that wants it sleeps"));
	has_put(t, 0, "looks-unlocked");
	dismiss(t);
}
