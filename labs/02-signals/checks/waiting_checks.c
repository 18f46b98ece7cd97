/*
 * waiting_checks.c - catch_signal(), read_retrying(), wait_for_flag().
 */
#include "checks.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

enum { NO_SIGNAL = 99 };

/* A signal that becomes pending as the first process's nth read of its input begins. */
static void
interrupt_read(struct trial *t, unsigned nth, int signal)
{
	trial_fault(t, (struct fault){.call = CALL_READ,
			   .action = FAULT_INTERRUPT,
			   .who = FIRST,
			   .fd = FD_PIPE,
			   .nth = nth,
			   .signal = signal});
}

static void
expect_handled(struct trial *t, int signal, long long times)
{
	long long seen = answer_int(ask(t, "noted", word(signal)), "times");

	expect(seen == times, "not-installed",
	    words(_("the handler for %s runs each time"), signal_name(signal)),
	    _("%lld signals came, the handler ran %lld times"), times, seen);
}

static void
catch_it(struct trial *t, int signal, const char *how)
{
	const struct answer *a = ask(t, "catch", word(signal), how);

	expect(answer_int(a, "result") == 0, "not-installed", _("catch_signal returns 0"),
	    _("it returns %lld, errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
}

/* ---- catch_signal --------------------------------------------------------------------- */

/*
 * Task 1: "With INTERRUPT_CALLS a blocked call fails with EINTR", "a handler
 * that stays installed": the first time and the second. For: SA_RESTART although the call has to
 * come back; signal(), whose handler is gone after the first signal.
 */
static void
interrupts_twice(struct trial *t)
{
	catch_it(t, SIGUSR1, "interrupt");
	for (int times = 1; times <= 2; times++) {
		const struct answer *a;

		ask_begin(t, "read");
		expect(answered(t), "blocked-calls",
		    _("read() fails with EINTR after the handler has run"),
		    _("read() waits on, as if the handler had not run"));
		a = ask_end(t);
		expect(answer_int(a, "result") == -1 && answer_int(a, "errno") == EINTR,
		    "blocked-calls", _("read() fails with EINTR"), _("it returns %lld, errno %s"),
		    answer_int(a, "result"), error_name(answer_int(a, "errno")));
		expect_handled(t, SIGUSR1, times);
		expect(in_set(first_process(look(t))->caught, SIGUSR1), "not-installed",
		    _("the handler stays installed after the signal has come"),
		    _("after the first signal it is gone: the next one ends the program"));
		expect((uint64_t)answer_int(a, "mask") == SIGNAL_BIT(SIGUSR1), "mask-in-handler",
		    _("while the handler runs, its own signal is blocked and no other"),
		    _("blocked: %s"), signal_names((uint64_t)answer_int(a, "mask")));
	}
}

/* Task 1: "with RESTART_CALLS it goes on waiting." For: flags that do not depend on the argument.
 */
static void
restarts(struct trial *t)
{
	const struct answer *a;

	catch_it(t, SIGUSR2, "restart");
	ask_begin(t, "read");
	expect(!answered(t), "blocked-calls", _("read() goes on waiting after the handler has run"),
	    _("it came back although nothing was there to read"));
	trial_send(t, "x", 1);
	a = ask_end(t);
	expect(answer_int(a, "result") == 1, "blocked-calls", _("read() returns 1"),
	    _("it returns %lld, errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
	expect_handled(t, SIGUSR2, 1);
}

/*
 * Contract: the handler "for SIGCHLD runs also when a child was stopped".
 * For: SA_NOCLDSTOP, or any other flag that nobody asked for.
 */
static void
sees_stopped_child(struct trial *t)
{
	pid_t pid;
	long long seen;

	catch_it(t, SIGCHLD, "interrupt");
	pid = (pid_t)answer_int(ask(t, "child"), "pid");
	trial_kill(t, pid, SIGSTOP);
	await_event(t, EVENT_STOP, pid, 1);
	await_quiet(t);
	seen = answer_int(ask(t, "noted", word(SIGCHLD)), "times");
	expect(seen == 1, "not-installed",
	    _("the handler for SIGCHLD runs when a child was stopped"), _("it ran %lld times"),
	    seen);
}

/* A failure with EINVAL, and at once. */
static void
expect_invalid(const struct answer *a, const char *expected)
{
	expect(answer_int(a, "result") == -1 && answer_int(a, "errno") == EINVAL, "failure-hidden",
	    expected, _("it returns %lld, errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
}

/* Contract: "EINVAL: there is no such signal, or it cannot be caught". For: a result unseen. */
static void
reports_what_cannot_be_caught(struct trial *t)
{
	expect_invalid(ask(t, "catch", word(SIGKILL), "interrupt"),
	    _("catch_signal fails with EINVAL: SIGKILL cannot be caught"));
	expect_invalid(ask(t, "catch", word(NO_SIGNAL), "restart"),
	    _("catch_signal fails with EINVAL: there is no such signal"));
}

void
catch_signal_stays(void **state)
{
	struct trial *t = trial("waiting");

	(void)state;
	trial_open_input(t);
	interrupt_read(t, 1, SIGUSR1);
	interrupt_read(t, 2, SIGUSR1);
	interrupt_read(t, 3, SIGUSR2);
	trial_start(t);
	interrupts_twice(t);
	restarts(t);
	sees_stopped_child(t);
	reports_what_cannot_be_caught(t);
}

/* ---- read_retrying ---------------------------------------------------------------------- */

static void
expect_read(const struct answer *a, long long result, const char *text, const char *key)
{
	expect(answer_int(a, "result") == result && strcmp(answer_text(a, "text"), text) == 0, key,
	    words(_("read_retrying returns %lld, with the bytes \"%s\""), result, text),
	    _("it returns %lld, errno %s, with the bytes \"%s\""), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")), answer_text(a, "text"));
}

/*
 * Task 1: "a handler that runs meanwhile is never seen"; contract: "returns as
 * soon as there is anything". Two signals come, each when it sleeps. For: EINTR
 * not retried, or retried once only; waiting for all n bytes.
 */
static void
hides_handlers(struct trial *t)
{
	const char *text = words("%lld", draw(10000, 99999));

	ask(t, "install", word(SIGUSR1));
	ask_begin(t, "read_retrying", "0", "16");
	expect(!answered(t), "like-read", _("read_retrying waits for input"),
	    _("it returned although nothing was there to read"));
	for (int times = 1; times <= 2; times++) {
		trial_kill(t, 0, SIGUSR1);
		expect(!answered(t), "eintr-not-retried",
		    _("read_retrying waits for input, whatever handlers run"),
		    _("it returned after a handler had run, without any input"));
	}
	trial_send(t, text, strlen(text));
	expect(answered(t), "like-read", _("read_retrying returns as soon as there is anything"),
	    _("5 bytes of at most 16 are there, and it still waits"));
	expect_read(ask_end(t), (long long)strlen(text), text, "like-read");
	expect_handled(t, SIGUSR1, 2);
}

/* Task 1: "Every other error is reported." For: every failure retried. */
static void
reports_other_errors(struct trial *t)
{
	const char *closed = word(draw(20, 40));
	const struct answer *a = ask(t, "read_retrying", closed, "16");

	expect(answer_int(a, "result") == -1 && answer_int(a, "errno") == EBADF, "error-hidden",
	    _("read_retrying of a descriptor that is not open fails with EBADF"),
	    _("it returns %lld, errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
}

/*
 * Contract: it returns "0 at the end of the file". A handler has interrupted
 * the wait before, so errno is still EINTR then. For: errno looked at although
 * nothing failed.
 */
static void
sees_the_end(struct trial *t)
{
	ask_begin(t, "read_retrying", "0", "16");
	expect(!answered(t), "like-read", _("read_retrying waits for input"),
	    _("it returned although nothing was there to read"));
	trial_kill(t, 0, SIGUSR1);
	expect(!answered(t), "eintr-not-retried",
	    _("read_retrying waits for input, whatever handlers run"),
	    _("it returned after a handler had run, without any input"));
	trial_close_input(t);
	expect_read(ask_end(t), 0, "", "like-read");
}

void
read_retrying_hides_handlers(void **state)
{
	struct trial *t = trial("waiting");

	(void)state;
	trial_open_input(t);
	trial_limit(t, LIMIT_CPU_MS, 1000);
	trial_start(t);
	hides_handlers(t);
	reports_other_errors(t);
	sees_the_end(t);
	expect_read(ask(t, "read_retrying", "0", "16"), 0, "", "like-read");
}

/* ---- wait_for_flag ------------------------------------------------------------------------ */

static void
expect_came_back(const struct answer *a)
{
	expect(answer_int(a, "result") == 0 && answer_int(a, "flag") == 1, "wait-too-long",
	    _("wait_for_flag returns 0, and the flag is set"),
	    _("it returns %lld, errno %s; the flag is %lld"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")), answer_int(a, "flag"));
}

static void
expect_mask(const struct answer *a, uint64_t callers)
{
	uint64_t mask = (uint64_t)answer_int(a, "mask");

	expect(mask == callers, "mask-not-restored",
	    words(_("blocked afterwards, as before: %s"), signal_names(callers)), _("blocked: %s"),
	    signal_names(mask));
}

/*
 * Task 1: "The handlers of other signals do not end the wait, what the caller
 * has blocked stays blocked but for this one signal". For: one
 * sigsuspend without a loop, an empty mask for sigsuspend, a mask not put back.
 */
static void
waits_for_its_signal(struct trial *t, uint64_t callers)
{
	const struct answer *a;
	uint64_t asleep;

	ask_begin(t, "wait", word(SIGUSR1), "0");
	expect(!answered(t), "wait-too-short", _("wait_for_flag sleeps until the flag is set"),
	    _("it returns at once although the flag is 0"));
	asleep = first_process(look(t))->blocked;
	expect(asleep == (callers & ~SIGNAL_BIT(SIGUSR1)), "mask-while-waiting",
	    words(_("blocked while it sleeps: %s"), signal_names(callers & ~SIGNAL_BIT(SIGUSR1))),
	    _("blocked: %s"), signal_names(asleep));
	trial_kill(t, 0, SIGUSR2);
	expect(!answered(t), "wait-too-short",
	    _("the handler of another signal does not end the wait"),
	    _("wait_for_flag returned after SIGUSR2 although the flag is 0"));
	trial_kill(t, 0, SIGUSR1);
	expect(answered(t), "wait-too-long",
	    _("wait_for_flag returns when the handler has set the flag"), _("it sleeps on in %s()"),
	    call_name(first_process(look(t))->blocked_in));
	a = ask_end(t);
	expect_came_back(a);
	expect_mask(a, callers);
}

/* Contract: "EINVAL: there is no such signal". For: a wait that nothing can end. */
static void
refuses_no_signal(struct trial *t)
{
	ask_begin(t, "wait", word(NO_SIGNAL), "0");
	expect(answered(t), "failure-hidden",
	    _("wait_for_flag fails with EINVAL: there is no such signal"),
	    _("it sleeps in %s(), and nothing can wake it"),
	    call_name(first_process(look(t))->blocked_in));
	expect_invalid(ask_end(t), _("wait_for_flag fails with EINVAL: there is no such signal"));
}

/* First the caller has left the signal alone, then it has blocked it itself. */
void
wait_for_flag_waits(void **state)
{
	int other = draw_signal();
	struct trial *t = trial("waiting");
	const struct answer *a;

	(void)state;
	detect_polling(t);
	trial_limit(t, LIMIT_CPU_MS, 1000);
	trial_start(t);
	ask(t, "install", word(SIGUSR1));
	ask(t, "install", word(SIGUSR2));
	ask(t, "block", word(other));
	waits_for_its_signal(t, SIGNAL_BIT(other));
	expect_handled(t, SIGUSR2, 1);
	ask(t, "block", word(SIGUSR1));
	waits_for_its_signal(t, SIGNAL_BIT(other) | SIGNAL_BIT(SIGUSR1));
	a = ask(t, "wait", word(SIGUSR1), "1");
	expect_came_back(a);
	expect_mask(a, SIGNAL_BIT(other) | SIGNAL_BIT(SIGUSR1));
	refuses_no_signal(t);
}

static struct trial *
wait_trial(void)
{
	struct trial *t = trial("waiting");

	detect_polling(t);
	watch_sleeps(t);
	trial_limit(t, LIMIT_CPU_MS, 1000);
	return t;
}

/* Runs it up to the wait; the caller of wait_for_flag may have blocked the signal or not. */
static void
begin_wait(struct trial *t, bool blocked)
{
	trial_start(t);
	ask(t, "install", word(SIGUSR1));
	if (blocked)
		ask(t, "block", word(SIGUSR1));
	ask_begin(t, "wait", word(SIGUSR1), "0");
}

/* The signal comes after the flag was tested and before the process sleeps. */
static void
signal_in_the_gap(bool blocked)
{
	struct trial *t = wait_trial();
	struct place place;

	begin_wait(t, blocked);
	expect(!answered(t), "wait-too-short", _("wait_for_flag sleeps until the flag is set"),
	    _("it returns at once although the flag is 0"));
	place = place_of_sleep(t);

	t = wait_trial();
	signal_before(t, place, SIGUSR1);
	begin_wait(t, blocked);
	expect(answered(t), "signal-lost",
	    _("a signal that comes just before the process sleeps ends the wait"),
	    _("SIGUSR1 came after the test of the flag; now %s() sleeps for ever"),
	    call_name(place.call));
	expect_came_back(ask_end(t));
}

/*
 * Task 1: "The signal may come after you have looked at the flag and before
 * you sleep." For:
 * the flag tested and then pause(), sigsuspend() without blocking first. The
 * caller that has blocked the signal itself must find it let in.
 */
void
wait_for_flag_loses_nothing(void **state)
{
	(void)state;
	signal_in_the_gap(false);
	signal_in_the_gap(true);
}
