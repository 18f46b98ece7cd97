/*
 * sleeping.c - does the program sleep, does it only nap, and in which call?
 *
 * No check may care which call a student waits with: sigsuspend, sigwaitinfo,
 * ppoll, a read from a pipe to itself are all right. So a race is provoked in
 * two trials: the first runs until everybody sleeps and looks where; the
 * second, equal to it, gets its signal exactly before that call.
 */
#include "checks.h"
#include "probe.h"

enum { NAPS = 4 };

static const enum call sleeps[] = {
    CALL_PAUSE, CALL_SIGSUSPEND, CALL_SIGWAIT, CALL_WAIT, CALL_POLL, CALL_SELECT, CALL_READ};

void
detect_polling(struct trial *t)
{
	trial_fault(t, (struct fault){.call = CALL_SLEEP,
			   .action = HOLD_BEFORE,
			   .who = FIRST,
			   .nth = NAPS,
			   .optional = true});
}

/* The hold that stopped somebody at such a call, or 0. */
static fault_id
held_at(struct trial *t, enum call call)
{
	size_t n;
	const struct event *happened = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_HELD && happened[i].call == call)
			return happened[i].fault;
	return 0;
}

static void
expect_no_naps(struct trial *t)
{
	expect(held_at(t, CALL_SLEEP) == 0, "polls",
	    _("the process sleeps until there is something to do"),
	    _("it naps for a fixed time again and again and looks in between"));
}

void
await_sleep(struct trial *t)
{
	await_quiet(t);
	expect_no_naps(t);
}

bool
has_come_to_its_end(struct trial *t)
{
	bool rests = await_rest(t);

	expect_no_naps(t);
	if (rests)
		return false;
	trial_finish(t); /* says so if it crashed */
	expect(trial_term_signal(t) == 0, "ended-too-early",
	    _("the program comes to its end by itself, not by a signal"), "%s",
	    ending_of(trial_term_signal(t)));
	return true;
}

bool
answered(struct trial *t)
{
	await_sleep(t);
	return first_process(look(t))->blocked_fd == PROBE_FD;
}

void
watch_sleeps(struct trial *t)
{
	for (size_t i = 0; i < sizeof sleeps / sizeof *sleeps; i++)
		trial_watch(t, sleeps[i]);
}

/* A fault counts calls by the kind of descriptor; so do we. */
static enum fd_kind
kind_slept_at(const struct process *p)
{
	const struct descriptor *d = fd_of(p, (int)p->blocked_fd);

	return p->blocked_in == CALL_READ && d != NULL ? d->kind : FD_ANY;
}

struct place
place_of_sleep(struct trial *t)
{
	const struct process *p = first_process(look(t));
	struct place place = {.call = p->blocked_in, .fd = kind_slept_at(p), .nth = 1};
	size_t n;
	const struct event *happened = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_CALL && happened[i].call == place.call &&
		    happened[i].pid == p->pid &&
		    (place.fd == FD_ANY || happened[i].args[0] == p->blocked_fd))
			place.nth++;
	return place;
}

fault_id
signal_before(struct trial *t, struct place place, int signal)
{
	return trial_fault(t, (struct fault){.call = place.call,
				  .action = FAULT_SIGNAL_BEFORE,
				  .who = FIRST,
				  .fd = place.fd,
				  .nth = place.nth,
				  .signal = signal});
}
