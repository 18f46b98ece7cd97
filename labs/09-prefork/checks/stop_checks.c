/* stop_checks.c - the end of a server, and what its counters say then. */
#include "checks.h"
#include "interleave.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
stops(unsigned n, int signal, unsigned sessions, bool all)
{
	struct trial *t = server("prefork-accept", n);
	pid_t pids[CHILDREN_MOST];
	struct peer *p = NULL;

	if (all) /* as some shells start what runs in the background */
		trial_ignore(t, SIGINT);
	serves(t, n);
	for (unsigned i = 0; i < sessions; i++)
		is_served(t, p = client(t), "served");
	children_now(t, pids);
	for (unsigned i = 0; all && i < n; i++)
		trial_kill(t, pids[i], signal);
	sleeps(t);
	trial_kill(t, 0, signal);
	ends(t, 0, "stops");
	expect(p == NULL || peer_end(p), "stops", _("running sessions are cut"),
	    _("a connection is still open"));
}

/*
 * Task 2: "SIGINT and SIGTERM end the server with status 0". For: no handler, one signal only,
 * children that have the parent's handler, or are not ended, or not waited for.
 */
void
pool_stops(void **state)
{
	(void)state;
	unsigned n = (unsigned)draw(2, 4);

	stops(n, SIGINT, 0, false);
	stops(n, SIGTERM, 1, false);
	stops(n, SIGINT, n, true);
}

/* While the parent makes its children, or when the last one has just been made. */
static void
stops_early(unsigned n, unsigned k)
{
	struct trial *t = server("prefork-accept", n);
	fault_id door = trial_fault(
	    t, (struct fault){.call = CALL_FORK, .action = HOLD_AFTER, .who = FIRST, .nth = k});

	start(t);
	await_held(t, door);
	trial_kill(t, 0, SIGTERM);
	release(t, door, false);
	if (!await_rest(t)) {
		trial_end(t);
		expect(trial_term_signal(t) != SIGTERM, "lost-signal",
		    _("SIGTERM ends the server in order from the first fork() on"),
		    _("it killed the parent, and the children are left"));
	}
	ends(t, 0, "lost-signal");
}

enum { CALLS_MOST = 8 };

/* From now on it comes exactly before the parent's next call of each of these. */
static void
signal_before(struct trial *t, const enum call calls[], size_t n, int signal, fault_id id[])
{
	for (size_t i = 0; i < n; i++)
		id[i] = trial_fault(t, (struct fault){.call = calls[i],
					   .action = FAULT_SIGNAL_BEFORE,
					   .who = FIRST,
					   .nth = 1,
					   .signal = signal,
					   .optional = true});
}

/* It has ended, or the signal did not come because the program makes none of the calls. */
static void
stops_now(struct trial *t, const fault_id id[], size_t n, int signal)
{
	unsigned delivered = 0;

	if (await_rest(t)) {
		for (size_t i = 0; i < n; i++)
			delivered += fault_delivered(t, id[i]);
		expect(delivered == 0, "lost-signal",
		    _("a signal that comes before the sleep is not lost"),
		    _("%s came, and the server sleeps"), signal_name(signal));
		trial_kill(t, 0, signal);
	}
	ends(t, 0, "lost-signal");
}

/* Exactly before the parent goes to sleep for the first time. */
static void
stops_before(const enum call calls[], size_t n, int signal)
{
	struct trial *t = server("prefork-accept", 2);
	fault_id id[CALLS_MOST];

	signal_before(t, calls, n, signal, id);
	start(t);
	stops_now(t, id, n, signal);
}

/* The same when a child has died and was replaced. */
static void
stops_before_next(const enum call calls[], size_t n, int signal)
{
	struct trial *t = server("prefork-accept", 2);
	pid_t pids[CHILDREN_MOST];
	fault_id id[CALLS_MOST];

	for (size_t i = 0; i < n; i++)
		trial_watch(t, calls[i]);
	serves(t, 2);
	children_now(t, pids);
	signal_before(t, calls, n, signal, id);
	trial_kill(t, pids[0], SIGKILL);
	await_exits(t, 1);
	stops_now(t, id, n, signal);
}

/*
 * Task 2: "at whatever moment they come from the first fork(2) on". For: handlers that are
 * installed when the children are there; a flag that is tested before pause(); a signal that is
 * not blocked, or only until the first one has come.
 */
void
pool_any_time(void **state)
{
	static const enum call sleep[] = {CALL_SIGSUSPEND, CALL_PAUSE, CALL_SIGWAIT, CALL_SELECT,
	    CALL_POLL, CALL_SLEEP, CALL_READ};
	static const enum call wait[] = {CALL_WAIT};
	unsigned n = (unsigned)draw(2, 4);

	(void)state;
	stops_early(n, 1);
	stops_early(n, n);
	stops_before(sleep, sizeof sleep / sizeof *sleep, SIGTERM);
	stops_before(sleep, sizeof sleep / sizeof *sleep, SIGINT);
	stops_before(wait, 1, SIGTERM);
	stops_before_next(sleep, sizeof sleep / sizeof *sleep, SIGTERM);
}

/* ---- the counters ---------------------------------------------------------------------------- */

/* The line with which a report begins, and the rest behind it; NULL when it is not there. */
static const char *
behind_cpu_lines(const char *text)
{
	static const char *const begins[] = {"cpu self: user ", "cpu children: user "};

	for (int i = 0; i < 2; i++) {
		text = strstr(text, begins[i]);
		if (text == NULL)
			return NULL;
		text = strchr(text, '\n');
		if (text++ == NULL)
			return NULL;
	}
	return text;
}

static int
by_size(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

/* What it prints of each child, sorted, and in all. */
static long
reported(struct trial *t, unsigned n, long counts[])
{
	const char *at = behind_cpu_lines(trial_output(t));
	long all = -1;
	int length = 0;

	expect(at != NULL, "report", _("first come the two lines of CPU time"),
	    _("standard output holds: %s"), trial_output(t));
	for (unsigned i = 0; i < n; i++) {
		unsigned number = n;

		if (sscanf(at, "child %u: %ld clients%n", &number, &counts[i], &length) != 2 ||
		    number != i || at[length] != '\n')
			check_fail("report", words(_("there is a line for child %u"), i),
			    _("standard output holds: %s"), trial_output(t));
		at += length + 1;
	}
	expect(sscanf(at, "clients: %ld%n", &all, &length) == 1 && strcmp(at + length, "\n") == 0,
	    "report", _("the last line has the sum"), _("standard output holds: %s"),
	    trial_output(t));
	qsort(counts, n, sizeof *counts, by_size);
	return all;
}

static void
expect_counts(struct trial *t, const long expected[3])
{
	long counts[3], all;

	trial_kill(t, 0, SIGINT);
	await_rest(t); /* how it ends is another check's affair */
	all = reported(t, 3, counts);
	for (int i = 0; i < 3; i++)
		expect(counts[i] == expected[i], "counts",
		    words(_("%ld, %ld and %ld clients came to the three children"), expected[0],
			expected[1], expected[2]),
		    _("%ld, %ld and %ld were counted"), counts[0], counts[1], counts[2]);
	expect(all == counts[0] + counts[1] + counts[2], "counts",
	    _("the last line has the sum of the others"), _("it has %ld"), all);
}

/* "if a write of that fails, the status is 1". */
static void
cannot_report(void)
{
	struct trial *t = server("prefork-accept", 2);

	serves(t, 2);
	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_FAIL,
			   .who = FIRST,
			   .fd = FD_PIPE, /* every one: the first may go to a pipe of its own */
			   .error = ENOSPC});
	trial_kill(t, 0, SIGINT);
	gives_up(t, 1, "not-said");
}

/*
 * Task 2: the counters. Three clients come, so each child has one. That of the second goes, and
 * others can only come to this child; then that of the third. So 1, 2 and 4 clients came, to
 * whichever number. An accept() that fails brings none. For: counters in memory that is not
 * shared, a count at the session's end, or of what accept() returned.
 */
void
pool_meter(void **state)
{
	(void)state;
	static const long expected[3] = {1, 2, 4};
	struct trial *t = server("prefork-accept", 3);
	struct peer *second, *third;

	trial_fault(
	    t, (struct fault){.call = CALL_ACCEPT, .action = FAULT_FAIL, .nth = 1, .error = EINTR});
	serves(t, 3);
	is_served(t, client(t), "served");
	is_served(t, second = client(t), "served");
	is_served(t, third = client(t), "served");
	for (int i = 0; i < 3; i++) {
		goes(t, second);
		is_served(t, second = client(t), "served");
	}
	goes(t, third);
	is_served(t, client(t), "served");
	expect_counts(t, expected);
	cannot_report();
}

/*
 * Task 2: "its number passes to its successor", and a client counts "whatever becomes of the
 * child". Two children have one client each. The third has one and is killed; its successors serve
 * one more, and another one. For: a successor that begins at 0, or gets a number of its own.
 */
void
pool_meter_successor(void **state)
{
	(void)state;
	static const long expected[3] = {1, 1, 3};
	struct trial *t = server("prefork-accept", 3);
	struct peer *third;

	serves(t, 3);
	is_served(t, client(t), "served");
	is_served(t, client(t), "served");
	for (int i = 0; i < 2; i++) {
		is_served(t, third = client(t), "served");
		dies(t, server_of(t, third));
	}
	is_served(t, client(t), "served");
	expect_counts(t, expected);
}

enum { ROUNDS = 6 };

/*
 * Two clients at the same time: the one child makes k accesses to shared memory, then the other
 * all of its own, then the one goes on.
 */
static void
two_count(struct trial *t, const pid_t child[2], unsigned k)
{
	struct peer *a = client(t), *b = client(t);
	size_t one = (size_t)draw(0, 1);

	accesses_make(t, child[one], k);
	accesses_make(t, child[1 - one], ALL_ACCESSES);
	accesses_make(t, child[one], ALL_ACCESSES);
	is_served(t, a, "served");
	is_served(t, b, "served");
	peer_close(a);
	peer_close(b);
	await_rest(t);
}

/*
 * Task 2: "No count may be lost, in whatever order the children run." For: one total for
 * all children, counted without a lock.
 */
void
pool_meter_exact(void **state)
{
	(void)state;
	struct trial *t = trial("prefork-accept", "127.0.0.1:0", "2");
	pid_t pids[CHILDREN_MOST];
	long counts[2], all;

	trial_interleave(t);
	trial_clock(t);
	serves(t, 2);
	children_now(t, pids);
	for (unsigned k = 1; k <= ROUNDS; k++)
		two_count(t, pids, k);
	trial_kill(t, 0, SIGINT);
	trial_finish(t);
	all = reported(t, 2, counts);
	expect(all == 2 * ROUNDS && counts[0] + counts[1] == 2 * ROUNDS, "lost-count",
	    words(_("%d clients came in all"), 2 * ROUNDS),
	    _("the sum is %ld, and the children have %ld and %ld"), all, counts[0], counts[1]);
}
