/* belt_checks.c - belt_new(), belt_put(), belt_take(), belt_free(). */
#include "belt.h"
#include "checks.h"
#include <signal.h>

/* Task 5: "Takes the oldest item". For: a stack; an index that runs over the end; bounds. */
void
belt_in_order(void **state)
{
	(void)state;
	goes_in_order("belt");
	refuses_places("belt", "belt_new", BELT_MAX);
}

/* Task 5: "sleeps while the belt is empty", "full". For: sem_init() with pshared 0. */
void
belt_waits(void **state)
{
	(void)state;
	sleeps_while_empty("belt");
	sleeps_while_full("belt");
}

/* Task 5: "lets one process at a time change the buffer". For: two semaphores without the third. */
void
belt_any_order(void **state)
{
	(void)state;
	two_put("belt", "belt_new");
	two_take("belt", "belt_new");
}

/* The first process sleeps in this verb; then a handler runs. */
static void
sleeps_on(struct trial *t, const char *verb)
{
	ask_begin(t, verb, "3");
	expect_asleep(t, "sleeps", _("who has to wait sleeps"));
	trial_kill(t, 0, SIGUSR1);
	expect_asleep(t, "eintr", _("the sleep goes on when a handler has run"));
}

/* Task 5: "no function here fails with EINTR". For: sem_wait() that is not looked at. */
void
belt_interrupted(void **state)
{
	(void)state;
	struct trial *t = trial("belt");
	fault_id worker;

	trial_watch(t, CALL_FORK);
	trial_start(t);
	ask(t, "handle");
	new_queue(t, "belt_new", 1);
	worker = late_worker(t, "p7");
	sleeps_on(t, "take");
	release(t, worker, false);
	answer_or(t, "wakes", _("an item that another process puts wakes who waits for one"));
	put_item(t, 1, "order");
	worker = late_worker(t, "t");
	sleeps_on(t, "put");
	release(t, worker, false);
	answer_or(t, "wakes", _("a place that another process frees wakes who waits for one"));
	take_item(t, 3, "order");
	trial_finish(t);
}
