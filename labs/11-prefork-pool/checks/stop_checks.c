/* stop_checks.c - SIGINT and SIGTERM: who waits ends, who serves goes on. */
#include "checks.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* One of the sessions; how it ends says why everybody has. */
static pid_t session;

static bool
session_was_killed(struct trial *t)
{
	size_t n;
	const struct event *e = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (e[i].kind == EVENT_EXIT && e[i].pid == session && e[i].status != 0)
			return true;
	return false;
}

/* While sessions run the server is there, and nobody who waits. */
static void
expect_only_sessions(struct trial *t, unsigned sessions, bool workers)
{
	struct census c;

	if (!await_rest(t)) {
		expect(!session_was_killed(t), "session-cut", _("sessions run to their end"), "%s",
		    _("one of them was ended by a signal"));
		check_fail("waits-for-sessions",
		    _("the server waits for the sessions that still run"), "%s", _("it has ended"));
	}
	c = count_all(t);
	expect(c.waiting == 0 && (workers || c.listening == 0), "stops-waiting",
	    _("who waits for a client ends, and nobody listens any more"),
	    _("%u wait, and %u hold the listening socket"), c.waiting, c.listening);
	if (!workers) /* those who are busy may hold the listening socket, but accept nobody */
		expect_refused(t, "stops-waiting");
	else
		(void)peer_try_connect(t, where());
	expect(c.sessions <= sessions, "stops-waiting", _("nobody accepts a client any more"),
	    _("there are %u sessions where there were %u"), c.sessions, sessions);
	expect(c.sessions == sessions, "session-cut", _("sessions run to their end"),
	    _("%u are left of %u"), c.sessions, sessions);
	expect(c.zombies == 0, "zombies", _("who has ended is waited for"),
	    _("%u zombies are left while everybody rests"), c.zombies);
}

/* Ends with the report on standard output. */
static void
ends_with_report(struct trial *t)
{
	const char *at;

	ends(t, 0, "stops");
	at = strstr(trial_output(t), "cpu self: user ");
	expect(at != NULL && strstr(at, "\ncpu children: user ") != NULL, "report",
	    _("the last two lines are those of report_cpu()"), _("standard output holds: %s"),
	    trial_output(t));
}

/* In the server and in one of its children. */
static void
waits_are_interrupted(struct trial *t)
{
	next_wait_is_interrupted(t);
	trial_fault(t, (struct fault){.call = CALL_WAIT,
			   .action = FAULT_FAIL,
			   .who = DESCENDANTS,
			   .nth = 1,
			   .error = EINTR,
			   .optional = true});
}

/*
 * One session is between two requests, one in the middle of a request; the signal comes twice. Of
 * workers one more has served, and is idle again.
 */
static void
stops(struct trial *t, int signal, bool workers)
{
	struct peer *p[3], *between, *within;

	trial_ignore(t, SIGINT); /* as some shells start what runs in the background */
	trial_watch(t, CALL_WAIT);
	begins(t);
	for (int i = 0; i < (workers ? 3 : 2); i++)
		p[i] = next_is_served(t, "served");
	if (workers)
		eldest_goes(t, p, 3);
	between = p[0];
	within = p[1];
	(void)peer_say(within, "7");
	sleeps(t);
	session = server_of(t, within);
	waits_are_interrupted(t);
	trial_kill(t, 0, signal);
	expect_only_sessions(t, 2, workers);
	trial_kill(t, 0, signal);
	expect_only_sessions(t, 2, workers);
	is_served(t, between, "session-cut");
	is_served(t, between, "session-cut");
	peer_close(between);
	expect_only_sessions(t, 1, workers);
	(void)peer_say(within, "\n");
	expect(peer_bytes(within, 7) != NULL, "session-cut", _("sessions run to their end"), "%s",
	    _("its connection has ended"));
	peer_close(within);
	ends_with_report(t);
}

static void
stops_at_rest(struct trial *t, int signal)
{
	begins(t);
	trial_kill(t, 0, signal);
	ends_with_report(t);
}

/*
 * "Who waits for a client ends at once. Who has accepted one serves it to its end." For: sessions
 * that are ended, too; processes that wait on; a server that does not wait; one signal only; a
 * second signal that ends the server.
 */
void
ready_stops(void **state)
{
	(void)state;
	unsigned n = (unsigned)draw(2, 3);

	stops_at_rest(readies(n), SIGTERM);
	stops_at_rest(readies(n), SIGINT);
	stops(readies(n), SIGTERM, false);
	stops(readies(n), SIGINT, false);
}

/* It has accepted, and is held before it knows; then the signal comes. */
static void
stops_accepted(struct trial *t)
{
	fault_id hold = hold_accepted(t);
	struct peer *p;

	begins(t);
	p = client(t);
	await_accepted(t, hold, p);
	await_quiet(t);
	trial_kill(t, 0, SIGTERM);
	await_quiet(t);
	release(t, hold, false);
	expect(await_rest(t), "session-cut",
	    _("who has accepted a client in this moment serves it"), "%s",
	    _("the server has ended"));
	is_served(t, p, "session-cut"); /* how the server ends then, others ask */
}

/*
 * "be it in this very moment". For: SIGTERM with its default action, or a handler that ends the
 * process, between accept() and what says that it is busy now; a flag that is asked then.
 */
void
ready_accepted(void **state)
{
	(void)state;
	stops_accepted(readies(2));
}

/* While somebody makes processes. */
static void
stops_at_fork(struct trial *t, enum who who, unsigned nth)
{
	fault_id door = trial_fault(t, (struct fault){.call = CALL_FORK,
					   .action = HOLD_AFTER,
					   .who = who,
					   .nth = nth,
					   .optional = true}); /* where there is one too few */

	trial_start(t);
	if (await_held_or_end(t, door))
		await_quiet(t);
	trial_kill(t, 0, SIGTERM);
	if (who != FIRST)
		(void)await_rest(t);
	release(t, door, false);
	if (!await_rest(t)) {
		trial_end(t);
		expect(trial_term_signal(t) != SIGTERM, "lost-signal",
		    _("SIGTERM ends the server in order from the first fork() on"), "%s",
		    _("it has ended the server alone"));
	}
	ends(t, 0, "lost-signal");
}

static const enum call sleep_calls[] = {CALL_SIGSUSPEND, CALL_PAUSE, CALL_SIGWAIT, CALL_SELECT,
    CALL_POLL, CALL_SLEEP, CALL_READ, CALL_WAIT};
enum { SLEEP_CALLS = sizeof sleep_calls / sizeof *sleep_calls };

/* Exactly before the server goes to sleep. Who makes no such call is not asked. */
static void
stops_before(struct trial *t, enum call call, int signal)
{
	fault_id id = trial_fault(t, (struct fault){.call = call,
					 .action = FAULT_SIGNAL_BEFORE,
					 .who = FIRST,
					 .nth = 1,
					 .signal = signal,
					 .optional = true});

	trial_start(t);
	if (await_rest(t)) {
		expect(fault_delivered(t, id) == 0, "lost-signal",
		    _("a signal that comes before the sleep is not lost"), "%s",
		    words(_("%s came, and the server sleeps"), signal_name(signal)));
		trial_kill(t, 0, signal);
	}
	ends(t, 0, "lost-signal");
}

/* Somebody below the server stands before his sleep when the end comes. */
static void
stops_below(enum call call, unsigned nth)
{
	struct trial *t = readies(1);
	fault_id door = trial_fault(t, (struct fault){.call = call,
					   .action = HOLD_OUTSIDE,
					   .who = DESCENDANTS,
					   .nth = nth,
					   .optional = true});

	trial_start(t);
	(void)await_held_or_end(t, door);
	trial_kill(t, 0, SIGTERM);
	(void)await_rest(t);
	release(t, door, false);
	ends(t, 0, "lost-signal");
}

/* accept() has failed for so many, and who waits for the pause to be over ends all the same. */
static void
stops_in_pause(struct trial *t, unsigned waiting)
{
	accept_fails(t, waiting, EMFILE);
	begins(t);
	client(t);
	sleeps(t);
	trial_kill(t, 0, SIGTERM);
	ends(t, 0, "stops");
}

/*
 * "at whatever moment they come from the first fork() on". For: handlers that are installed too
 * late; a flag that is tested before a wait, in the server or in a child.
 */
void
ready_any_time(void **state)
{
	(void)state;
	unsigned n = (unsigned)draw(2, 3);

	stops_at_fork(readies(n), FIRST, 1);
	stops_at_fork(readies(n), FIRST, n);
	stops_at_fork(readies(1), DESCENDANTS, 1);
	for (int i = 0; i < SLEEP_CALLS; i++)
		stops_before(readies(1), sleep_calls[i], SIGTERM);
	for (int i = 0; i < SLEEP_CALLS; i++) {
		stops_below(sleep_calls[i], 1);
		stops_below(sleep_calls[i], 2);
	}
	stops_in_pause(readies(2), 2);
}

/* "idle workers end at once, busy ones when their session is over". For: the same mistakes. */
void
pool_stops(void **state)
{
	(void)state;
	stops_at_rest(pool(2, 3, 5), SIGINT);
	stops(pool(3, 4, 7), SIGTERM, true);
	stops_accepted(pool(1, 1, 2));
	stops_at_fork(pool(2, 2, 2), FIRST, 1);
	for (int i = 0; i < SLEEP_CALLS; i++)
		stops_before(pool(1, 1, 1), sleep_calls[i], SIGINT);
	stops_in_pause(pool(1, 1, 1), 1);
}
