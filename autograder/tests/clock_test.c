/*
 * clock_test.c - the check's clock, waits for which a timeout is rest, and what
 * the eye says of timeouts, on a program that waits in every way
 * (programs/waiter.c). See rows.h.
 */
#define _GNU_SOURCE
#include "rows.h"

#include "../judge/inside.h"
#include "../judge/peer.h"
#include <signal.h>
#include <string.h>

const struct hint hints[] = {{NULL, NULL, NULL, NULL, NULL, NULL}};

/* ---- the check's clock ------------------------------------------------------------------ */

/* Advances for waits of 6000 seconds: far from their end, and just beyond it. */
enum { WAIT_S = 6000, TOO_EARLY_MS = 5000000, THE_REST_MS = 1500000 };

static struct trial *
clocked(const char *behaviour, const char *more)
{
	struct trial *t = trial("waiter", behaviour, more);

	trial_argument(t, words("%d", WAIT_S)); /* for those who have a word before it */
	trial_open_input(t);
	trial_clock(t);
	return t;
}

/* Twice the same wait: the second begins when the clock has been moved already. */
static void
waits_so_long(const char *way)
{
	struct trial *t = clocked("twice", way);

	trial_start(t);
	for (int i = 0; i < 2; i++) {
		await_settled(t);
		trial_advance(t, TOO_EARLY_MS);
		expect(await_settled_or_end(t), "too-early", words("%s waits on", way), "%s",
		    "it has ended");
		trial_advance(t, THE_REST_MS);
	}
	if (await_settled_or_end(t))
		check_fail("too-late", words("%s is over", way), "it waits on");
	expect_exit(t, 0, way);
}

static void
timeouts_come(void **state)
{
	struct trial *t = trial("waiter", "list");
	unsigned n = 0;

	(void)state;
	trial_run(t);
	for (char *way = strtok(keep_text(trial_output(t)), "\n"); way != NULL;
	     way = strtok(NULL, "\n"), n++)
		waits_so_long(way);
	expect(n > 25, "ways", "more", "%u", n);
}

/* Without namespaces: one way of each kind. */
static void
timeouts_come_in_a_container(void **state)
{
	(void)state;
	waits_so_long("select");
	waits_so_long("semaphore");
	waits_so_long("receive");
	waits_so_long("timer");
	waits_so_long("timerfd");
}

/* The end of the trial is not waited for by the wall's clock. */
static void
timeout_does_not_come(void **state)
{
	struct trial *t = clocked("select", "9000");

	(void)state;
	trial_start(t);
	await_settled(t);
	trial_advance(t, TOO_EARLY_MS + THE_REST_MS);
	trial_finish(t);
}

/* Minutes by which each clock has gone on; see read_clocks() of waiter.c. */
static void
expect_clocks(uint64_t advance_ms, uint64_t set_ms, const char *minutes)
{
	struct trial *t = clocked("clocks", "");

	trial_start(t);
	await_settled(t);
	if (advance_ms > 0)
		trial_advance(t, advance_ms);
	if (set_ms > 0)
		trial_set_clock(t, set_ms);
	trial_send(t, "now\n", 4);
	trial_finish(t);
	expect_output(
	    t, words("here: %s\nchild: %s\nexec: %s\n", minutes, minutes, minutes), "clocks");
}

static void
clocks_move(void **state)
{
	(void)state;
	expect_clocks(0, 0, "0 0 0 0 0 0 0 0");
	expect_clocks(60000000, 0, "1000 1000 1000 1000 1000 1000 1000 0");
}

/* Only the clock of the day: the 2nd, the 5th, gettimeofday() and time(). */
static void
clock_is_set(void **state)
{
	(void)state;
	expect_clocks(0, 60000000, "0 1000 0 0 1000 1000 1000 0");
	expect_clocks(60000000, 120000000, "1000 3000 1000 1000 3000 3000 3000 0");
}

/*
 * Twice the same wait; the clock is set during the first. Who waits for a moment of the day is
 * early by so much, and then computes the second moment from the clock as it is; spans and other
 * clocks, and timerfd, do not notice.
 */
static void
set_meanwhile(const char *way, bool of_the_day)
{
	struct trial *t = clocked("twice", way);

	trial_start(t);
	await_settled(t);
	trial_set_clock(t, TOO_EARLY_MS);
	trial_advance(t, THE_REST_MS); /* the first is over, if it is of the day */
	trial_advance(t, TOO_EARLY_MS);
	expect(await_settled_or_end(t), "too-early", words("%s waits on", way), "%s", "it ended");
	trial_advance(t, THE_REST_MS);
	if (!of_the_day) {
		expect(await_settled_or_end(t), "set", words("%s waits on", way), "%s", "it ended");
		trial_advance(t, TOO_EARLY_MS);
	}
	if (await_settled_or_end(t))
		check_fail("too-late", words("%s is over", way), "it waits on");
	expect_exit(t, 0, way);
}

static void
set_clock_moves_deadlines(void **state)
{
	(void)state;
	set_meanwhile("until-realtime", true);
	set_meanwhile("cond", true);
	set_meanwhile("semaphore", true);
	set_meanwhile("until-timer", true);
	set_meanwhile("until-timerfd", false);
	set_meanwhile("until-monotonic", false);
	set_meanwhile("cond-monotonic", false);
	set_meanwhile("sleep", false);
	set_meanwhile("select", false);
	set_meanwhile("alarm", false);
	set_meanwhile("timer", false);
}

/* The moment is past at once. */
static void
set_clock_wakes(void **state)
{
	struct trial *t = clocked("cond", words("%d", WAIT_S));

	(void)state;
	trial_start(t);
	await_settled(t);
	trial_set_clock(t, TOO_EARLY_MS + THE_REST_MS);
	trial_finish(t);
	expect_exit(t, 0, "cond");
}

static size_t
called(struct trial *t, enum call call, long long timeout_ms, long result)
{
	const struct event *e;
	size_t n, found = 0;

	e = events(t, &n);
	for (size_t i = 0; i < n; i++)
		found += e[i].kind == EVENT_CALL && e[i].call == call &&
			 e[i].timeout_ms == timeout_ms && e[i].result == result;
	return found;
}

/* Who is not due waits on and sees nothing of it: no EINTR, no second call. */
static void
others_wait_on(const char *way, enum call call)
{
	struct trial *t = trial("waiter", "two", way, "6000", "10000");

	trial_open_input(t);
	trial_clock(t);
	trial_watch(t, call);
	trial_start(t);
	await_settled(t);
	expect_output(t, "", "too-early");
	trial_advance(t, 6500000);
	await_settled(t);
	expect_output(t, "6000 over\n", "first");
	trial_advance(t, 3000000);
	await_settled(t);
	expect_output(t, "6000 over\n", "second-too-early");
	trial_advance(t, 1000000);
	trial_finish(t);
	expect_output(t, "6000 over\n10000 over\n", "second");
	expect(calls(t, call, ANYBODY) == 2, "calls", "2", "%u", calls(t, call, ANYBODY));
	expect(called(t, call, 6000000, 0) == 1 && called(t, call, 10000000, 0) == 1, "events",
	    "one each", "%s", "not so");
}

static void
others_do_not_wake(void **state)
{
	(void)state;
	others_wait_on("select", CALL_SELECT);
	others_wait_on("poll", CALL_POLL);
	others_wait_on("epoll", CALL_POLL);
	others_wait_on("sleep", CALL_SLEEP);
}

/* An interval timer is armed again, from the time at which it was due. */
static void
ticks_go_on(void **state)
{
	struct trial *t = clocked("ticks", "6000");

	(void)state;
	trial_start(t);
	await_settled(t);
	trial_advance(t, 6500000);
	await_settled(t);
	expect_output(t, "1 6000\n", "first");
	trial_advance(t, 5000000);
	await_settled(t);
	expect_output(t, "1 6000\n", "too-early");
	trial_advance(t, 700000); /* 12200 in all */
	await_settled(t);
	expect_output(t, "1 6000\n2 6000\n", "second");
	trial_advance(t, 20000000);
	await_settled(t);
	expect_output(t, "1 6000\n2 6000\n3 6000\n", "one signal");
	trial_send(t, "x", 1);
	trial_finish(t);
	expect_output(t, "1 6000\n2 6000\n3 6000\noff 6000\n", "off");
}

static void
alarm_is_shifted(void **state)
{
	struct trial *t = clocked("alarm-left", "");
	uint64_t left;

	(void)state;
	trial_start(t);
	await_settled(t);
	trial_advance(t, 400000);
	left = first_process(look(t))->timer_armed_ms;
	expect(left > 550000 && left <= 600000, "timer", "ten minutes", "%llu",
	    (unsigned long long)left);
	trial_send(t, "x", 1);
	trial_finish(t);
	expect_output(t, "600\n", "left");
}

/* Job control breaks the call; its time goes on, and is over when it is. */
static void
stopped_meanwhile(const char *way)
{
	struct trial *t = clocked(way, words("%d", WAIT_S));

	trial_start(t);
	await_settled(t);
	trial_kill(t, 0, SIGSTOP);
	await_event(t, EVENT_STOP, 0, 1);
	trial_advance(t, TOO_EARLY_MS);
	trial_kill(t, 0, SIGCONT);
	await_event(t, EVENT_CONTINUE, 0, 1);
	expect(await_settled_or_end(t), "too-early", words("%s waits on", way), "%s", "it ended");
	trial_kill(t, 0, SIGSTOP);
	await_event(t, EVENT_STOP, 0, 2);
	trial_advance(t, THE_REST_MS);
	await_settled(t);
	trial_kill(t, 0, SIGCONT);
	if (await_settled_or_end(t))
		check_fail("too-late", words("%s is over", way), "it waits on");
	expect_exit(t, 0, way);
}

static void
time_passes_for_the_stopped(void **state)
{
	static const char *const unbroken[] = {
	    "select", "pselect", "poll", "ppoll", "sleep", "until-realtime", "semaphore", "alarm"};

	(void)state;
	for (size_t i = 0; i < sizeof unbroken / sizeof *unbroken; i++)
		stopped_meanwhile(unbroken[i]);
}

static void
handler_goes_first(void **state)
{
	struct trial *t = clocked("alarm-and-poll", "");

	(void)state;
	trial_start(t);
	await_settled(t);
	trial_advance(t, 70000);
	trial_finish(t);
	expect_output(t, "-1 EINTR 1\n", "order");
}

/* A nap is let pass by itself; who does nothing but nap has settled. */
static void
naps_pass(void **state)
{
	struct trial *once = trial("waiter", "nap"), *ever = clocked("nap", "on");

	(void)state;
	trial_clock(once);
	trial_start(once);
	trial_finish(once);
	expect_output(once, "awake\n", "nap");
	trial_start(ever);
	await_settled(ever);
}

/* A deadline that the program computes from the moved clock comes by itself. */
static void
deadline_of_the_moved_clock(void **state)
{
	struct trial *t = clocked("soon", "");

	(void)state;
	trial_start(t);
	await_settled(t);
	trial_advance(t, 1000000);
	trial_send(t, "now\n", 4);
	trial_finish(t);
	expect_exit(t, 0, "deadline");
}

static void
expect_line(struct peer *p, const char *text)
{
	const char *line = peer_line(p);

	expect(line != NULL, "no-line", text, "none came");
	expect(strcmp(line, text) == 0, "line", text, "%s", line);
}

/* A silent client is left when its time is over, counted from its last word. */
static void
idle_client(const char *looks, uint64_t then_ms)
{
	struct trial *t = trial("waiter", "idle-server", "6000");
	struct peer *p;

	if (looks != NULL)
		trial_argument(t, looks);
	trial_clock(t);
	trial_start(t);
	p = peer_connect(t, await_listening(t));
	peer_say(p, "one\n");
	expect_line(p, "one");
	trial_advance(t, TOO_EARLY_MS);
	expect(peer_line(p) == NULL, "too-early", "nothing", "a line");
	peer_say(p, "two\n");
	expect_line(p, "two");
	trial_advance(t, TOO_EARLY_MS);
	expect(peer_line(p) == NULL, "too-early-again", "nothing", "a line");
	trial_advance(t, then_ms);
	expect_line(p, "idle");
	expect(peer_end(p), "end", "the end", "none");
}

static void
idle_clients(void **state)
{
	(void)state;
	idle_client(NULL, THE_REST_MS);
	idle_client("looks", THE_REST_MS);
}

static void
idle_too_long(void **state)
{
	(void)state;
	idle_client(NULL, 1);
}

static void
advance_without_clock(void **state)
{
	struct trial *t = trial("waiter", "poll", "6000");

	(void)state;
	trial_start(t);
	trial_advance(t, 1);
}

static void
set_without_clock(void **state)
{
	struct trial *t = trial("waiter", "poll", "6000");

	(void)state;
	trial_start(t);
	trial_set_clock(t, 1);
}

/* Without a clock of its own a trial settles, too; quiet it never is. */
static void
settles(const char *way)
{
	struct trial *t = trial("waiter", way, "6000");
	const struct process *p;

	trial_open_input(t);
	trial_start(t);
	await_settled(t);
	p = first_process(look(t));
	expect(p->timed || p->timer_armed_ms > 0, way, "a time", "%s", "none");
	expect(await_settled_or_end(t), "settled", "still", "%s", "ended");
}

static void
settles_with_a_timeout(void **state)
{
	(void)state;
	settles("select");
	settles("sleep");
	settles("semaphore");
	settles("alarm");
}

static void
settled_is_not_quiet(void **state)
{
	struct trial *t = trial("waiter", "sleep", "6000");

	(void)state;
	trial_limit(t, LIMIT_WALL_MS, 500);
	trial_start(t);
	await_settled(t);
	await_quiet(t);
}

static void
settled_or_ended(void **state)
{
	struct trial *t = trial("waiter", "list");

	(void)state;
	trial_start(t);
	expect(!await_settled_or_end(t), "end", "ended", "%s", "settled");
}

static void
does_not_settle(void **state)
{
	struct trial *t = trial("waiter", "spin");

	(void)state;
	trial_start(t);
	await_settled(t);
}

/* ---- timeouts of calls -------------------------------------------------------------------- */

static void
timeouts_are_told(void **state)
{
	struct trial *t = trial("waiter", "timeouts");
	const struct {
		enum call call;
		long long timeout_ms;
		long result;
		size_t n;
	} told[] = {
	    {CALL_SELECT, 0, 0, 1},
	    {CALL_SELECT, 2, 0, 1},
	    {CALL_POLL, 0, 0, 1},
	    {CALL_POLL, 3, 0, 1},
	    {CALL_POLL, -1, 1, 2},
	    {CALL_POLL, 60000, 1, 1},
	    {CALL_SLEEP, 2, 0, 1},
	    {CALL_SLEEP, 0, 0, 1},
	    {CALL_ALARM, 5000, 0, 1},
	    {CALL_ALARM, 7001, 0, 1},
	    {CALL_ALARM, 0, 7, 1},
	};

	(void)state;
	trial_watch(t, CALL_SELECT);
	trial_watch(t, CALL_POLL);
	trial_watch(t, CALL_SLEEP);
	trial_watch(t, CALL_ALARM);
	trial_run(t);
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		expect(called(t, told[i].call, told[i].timeout_ms, told[i].result) == told[i].n,
		    "timeout", words("%zu calls of %lld", told[i].n, told[i].timeout_ms), "%zu",
		    called(t, told[i].call, told[i].timeout_ms, told[i].result));
}

/* A child's stop breaks the call, which goes on as another: it is still the same, made once. */
static void
goes_on_after_a_childs_stop(bool clock)
{
	struct trial *t =
	    clock ? trial("waiter", "child-stops", "poll", "6000") : trial("waiter", "child-stops");
	fault_id child = trial_fault(t, (struct fault){.call = CALL_FORK, .action = HOLD_CHILD});
	const struct process *p;

	trial_open_input(t);
	trial_watch(t, CALL_POLL);
	if (clock)
		trial_clock(t);
	trial_start(t);
	await_held(t, child);
	await_quiet(t); /* its parent sleeps */
	release(t, child, false);
	await_event(t, EVENT_STOP, 0, 1);
	await_quiet(t);
	p = first_process(look(t));
	expect(p->blocked_in == CALL_POLL && p->timed == clock, "call", "poll()", "%s()",
	    call_name(p->blocked_in));
	trial_kill(t, look(t)->processes[1].pid, SIGCONT);
	await_quiet(t);
	expect_output(t, "", "output");
	if (!clock)
		return;
	trial_advance(t, 6500000);
	trial_finish(t);
	expect_output(t, "over\n", "output");
	expect(calls(t, CALL_POLL, FIRST) == 1, "once", "1", "%u", calls(t, CALL_POLL, FIRST));
}

static void
childs_stop(void **state)
{
	(void)state;
	goes_on_after_a_childs_stop(false);
}

static void
childs_stop_and_clock(void **state)
{
	(void)state;
	goes_on_after_a_childs_stop(true);
}

/* ---- what must become of them ----------------------------------------------------------- */

static const struct row rows[] = {
    {{"timeouts-come", timeouts_come}, "passed", NULL},
    {{"timeout-does-not-come", timeout_does_not_come}, "timed out", "blocked-for-ever"},
    {{"clocks-move", clocks_move}, "passed", NULL},
    {{"clock-is-set", clock_is_set}, "passed", NULL},
    {{"set-clock-moves-deadlines", set_clock_moves_deadlines}, "passed", NULL},
    {{"set-clock-wakes", set_clock_wakes}, "passed", NULL},
    {{"others-do-not-wake", others_do_not_wake}, "passed", NULL},
    {{"ticks-go-on", ticks_go_on}, "passed", NULL},
    {{"alarm-is-shifted", alarm_is_shifted}, "passed", NULL},
    {{"time-passes-for-the-stopped", time_passes_for_the_stopped}, "passed", NULL},
    {{"handler-goes-first", handler_goes_first}, "passed", NULL},
    {{"naps-pass", naps_pass}, "passed", NULL},
    {{"deadline-of-the-moved-clock", deadline_of_the_moved_clock}, "passed", NULL},
    {{"idle-clients", idle_clients}, "passed", NULL},
    {{"idle-too-long", idle_too_long}, "failed", "no-line"},
    {{"advance-without-clock", advance_without_clock}, "grader fault", NULL},
    {{"set-without-clock", set_without_clock}, "grader fault", NULL},
    {{"settles-with-a-timeout", settles_with_a_timeout}, "passed", NULL},
    {{"settled-is-not-quiet", settled_is_not_quiet}, "timed out", "no-end"},
    {{"settled-or-ended", settled_or_ended}, "passed", NULL},
    {{"does-not-settle", does_not_settle}, "timed out", "cpu-time"},
    {{"timeouts-are-told", timeouts_are_told}, "passed", NULL},
    {{"childs-stop", childs_stop}, "passed", NULL},
    {{"childs-stop-and-clock", childs_stop_and_clock}, "passed", NULL},
};

static const struct row contained[] = {
    {{"timeouts-come-in-a-container", timeouts_come_in_a_container}, "passed", NULL},
    {{"clocks-move-in-a-container", clocks_move}, "passed", NULL},
    {{"clock-is-set-in-a-container", clock_is_set}, "passed", NULL},
};

int
main(void)
{
	return run_rows("waiter", rows, sizeof rows / sizeof *rows, contained,
	    sizeof contained / sizeof *contained);
}
