/* clock.c - the check's clock, and waits for which a timeout is rest. */
#define _GNU_SOURCE
#include "inside.h"

void
trial_clock(struct trial *t)
{
	if (t->started)
		grader_fault("trial_clock() after trial_start()");
	t->clock = true;
}

enum outcome
session_until_settled(struct trial *t, bool (*yes)(struct trial *t, void *with), void *with)
{
	enum outcome outcome;

	t->settled_will_do = true;
	outcome = session_until(t, yes, with);
	t->settled_will_do = false;
	return outcome;
}

void
await_settled(struct trial *t)
{
	must_rest(t, session_until_settled(t, never, NULL));
}

bool
await_settled_or_end(struct trial *t)
{
	return rests_or_ended(t, session_until_settled(t, never, NULL));
}

/* A wait that has not yet begun would begin after what was added. */
static void
move(struct trial *t, const char *name, enum wire_type request, uint64_t ms)
{
	static struct wire w;
	enum outcome outcome;

	if (!t->clock)
		grader_fault("%s() in a trial without trial_clock()", name);
	outcome = session_until_settled(t, never, NULL);
	if (outcome != BLOCKED && outcome != GONE)
		trial_went_wrong(t, outcome, G_("every process waits for something"));
	t->advanced = false;
	wire_begin(&w, request);
	put_u64(&w, ms);
	session_send(t, &w);
	session_answer(t, &t->advanced);
}

void
trial_advance(struct trial *t, uint64_t ms)
{
	move(t, "trial_advance", WIRE_ADVANCE, ms);
}

void
trial_set_clock(struct trial *t, uint64_t ms)
{
	move(t, "trial_set_clock", WIRE_SET_CLOCK, ms);
}
