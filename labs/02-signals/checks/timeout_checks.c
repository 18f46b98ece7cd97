/*
 * timeout_checks.c - run_with_timeout().
 *
 * Nothing here measures time. A program that ends by itself gets a timeout
 * that never comes; a program that never ends gets a short one, and what is
 * looked at is who ended it.
 */
#include "checks.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

/* Long enough never to come, and with more than a second in it. */
static long long
long_time(void)
{
	return draw(60, 120) * 1000 + draw(1, 999);
}

static const char *
short_time(void)
{
	return word(draw(80, 120));
}

static void
expect_result(const struct answer *a, int result, int status, const char *key)
{
	expect(answer_int(a, "result") == result, key,
	    result == 0 ? _("run_with_timeout returns 0: the program ended in time")
			: _("run_with_timeout returns 1: the time was up"),
	    _("it returns %lld, errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
	expect((int)answer_int(a, "status") == status, key,
	    words(_("the status says: %s"), ending(status)), _("it says: %s"),
	    ending((int)answer_int(a, "status")));
}

/* The last exec of a child; fails when there was none. */
static const struct event *
expect_ran(struct trial *t)
{
	const struct event *happened;
	size_t n;

	look(t); /* events up to now are heard of */
	happened = events(t, &n);
	while (n > 0 && happened[n - 1].kind != EVENT_EXEC)
		n--;
	if (n == 0)
		check_fail("not-in-time", _("run_with_timeout runs the program in a child"),
		    _("no program was started"));
	return &happened[n - 1];
}

static void
expect_nobody_left(struct trial *t)
{
	const struct look *now = look(t);

	expect(children_in(now, first_process(now)->pid) == 0, "child-left",
	    _("no process is left when run_with_timeout returns"),
	    _("%zu processes are left, %zu of them zombies"),
	    children_in(now, first_process(now)->pid), zombies_in(now));
}

/*
 * "The time that you ask for": a timer of the process is set to the milliseconds, by alarm() to
 * the next whole second. Who waits with another clock sets none; nothing is said about it then.
 */
static void
expect_timer(const struct answer *a, long long milliseconds)
{
	long long set = answer_int(a, "timer");
	long long least = milliseconds * 1000;
	long long most = answer_int(a, "whole-seconds") ? least + 999999 : least;

	expect(answer_int(a, "refused") == 0, "not-in-time",
	    words(_("a timer is set to %lld milliseconds"), milliseconds),
	    _("setting it fails with %s"), error_name(answer_int(a, "refused")));
	expect(set == -1 || (set >= least && set <= most), "not-in-time",
	    words(_("a timer is set to %lld milliseconds"), milliseconds),
	    _("it is set to %lld microseconds"), set);
}

/*
 * The milliseconds are next to a whole second, on either side: a division by 999 or
 * 1001 is seen.
 */
static void
runs_in_time(struct trial *t, long long milliseconds, const char *script, int status)
{
	const struct answer *a = ask(t, "run", word(milliseconds), "sh", "-c", script);

	expect_result(a, 0, status, "not-in-time");
	expect_ran(t);
	expect_timer(a, milliseconds);
}

/*
 * Task 3: "Run the program, wait for its end and return 0". For: no exec, a status that
 * is thrown away, milliseconds that do not fit into tv_usec or are divided wrongly.
 */
void
timeout_in_time(void **state)
{
	struct trial *t = trial("timeout");
	int code = (int)draw(1, 99);

	(void)state;
	trial_start(t);
	runs_in_time(t, draw(60, 120) * 1000 + draw(1, 59), words("exit %d", code), code << 8);
	runs_in_time(t, draw(60, 120) * 1000 + draw(940, 999), "kill -TERM $$", SIGTERM);
	expect_nobody_left(t);
	expect_result(
	    ask(t, "run", word(long_time()), "/no/such/program"), 0, 127 << 8, "exec-failure");
}

/* ---- the time is up -------------------------------------------------------------------------- */

/* A program that never ends by itself. */
static void
begin_endless(struct trial *t)
{
	ask_begin(t, "run", short_time(), "cat");
}

/*
 * The time runs from the call on, however busy the machine is: a child may be killed before it has
 * executed anything. So the caller stays behind its fork() until everybody rests.
 */
static void
let_it_execute(struct trial *t, fault_id behind_fork)
{
	if (!answered(t) && fault_delivered(t, behind_fork) > 0)
		release(t, behind_fork, false);
}

/*
 * Task 3: "When the time is up, end the program with SIGKILL, wait for it". For:
 * no timer; SIGTERM, which a program may ignore; a child that is not reaped.
 */
void
timeout_ends_program(void **state)
{
	struct trial *t = trial("timeout");
	fault_id behind_fork;

	(void)state;
	trial_open_input(t);
	detect_polling(t);
	behind_fork = trial_fault(t,
	    (struct fault){
		.call = CALL_FORK, .action = HOLD_AFTER, .who = FIRST, .nth = 1, .optional = true});
	trial_start(t);
	begin_endless(t);
	let_it_execute(t, behind_fork);
	expect(answered(t), "never-ended", _("run_with_timeout returns when the time is up"),
	    _("everybody sleeps, nothing is set to end it: %s()"),
	    call_name(first_process(look(t))->blocked_in));
	expect_result(ask_end(t), 1, SIGKILL, "time-is-up");
	expect_ran(t);
	expect_nobody_left(t);
}

/* The caller was held once more, or the program has ended. */
struct arming {
	fault_id hold;
	unsigned times;
};

static bool
held_or_over(struct trial *t, void *with)
{
	const struct arming *a = with;
	bool over = exits(t) > 0; /* first: this hears what has happened */

	return over || fault_delivered(t, a->hold) > a->times;
}

/*
 * Looks again and again: a timer that is armed does go off. Says whether its
 * signal is pending now; not so when the call has armed nothing, or the program
 * was ended without any signal to its caller.
 */
static bool
alarm_is_pending(struct trial *t)
{
	enum { LOOKS = 100000 };
	const struct process *first = first_process(look(t));
	bool armed = first->timer_armed_ms > 0;

	for (int i = 0; i < LOOKS && armed && first->pending == 0 && exits(t) == 0; i++)
		first = first_process(look(t));
	return first->pending != 0;
}

/* Lets it pass calls that arm nothing; holds it at the one that does until the alarm is pending. */
static void
await_early_alarm(struct trial *t, fault_id hold)
{
	struct arming a = {hold, 0};

	for (;;) {
		await(t, held_or_over, &a, _("a timer is armed, or the program is ended"));
		if (exits(t) > 0 || alarm_is_pending(t))
			break;
		a.times = fault_delivered(t, hold);
		release(t, hold, true);
	}
	release(t, hold, false);
}

/*
 * Task 3: "The alarm may go off before you have begun to wait." Whoever
 * arms a timer is held behind that call until it has gone off. For: a handler
 * that only sets a flag, and then a wait that nobody interrupts any more. A
 * solution without a signal for the timeout is never held, and simply works.
 */
void
timeout_early_alarm(void **state)
{
	struct trial *t = trial("timeout");
	fault_id hold;

	(void)state;
	trial_open_input(t);
	hold = trial_fault(t, (struct fault){.call = CALL_ALARM,
				  .action = HOLD_AFTER,
				  .who = FIRST,
				  .nth = 0,
				  .optional = true});
	trial_start(t);
	begin_endless(t);
	await_early_alarm(t, hold);
	expect(answered(t), "alarm-lost",
	    _("an alarm that goes off before the wait begins still ends the program"),
	    _("the alarm had gone off when %s() began to sleep; now it sleeps for ever"),
	    call_name(first_process(look(t))->blocked_in));
	expect_result(ask_end(t), 1, SIGKILL, "time-is-up");
}

/* ---- nobody notices
 * ------------------------------------------------------------------------------ */

/* The state of the caller after each run. */
static void
expect_as_before(struct trial *t, uint64_t mask)
{
	const struct answer *a = ask(t, "installed");
	const struct process *first = first_process(look(t));
	int changed = (int)answer_int(a, "changed");

	expect(first->timer_armed_ms == 0, "timer-left", _("no timer is armed afterwards"),
	    _("a timer is armed and goes off later, in the middle of something else"));
	expect(changed == 0, "action-not-restored",
	    _("the caller's actions for all signals are as before"), _("that for %s is another"),
	    signal_name(changed));
	expect(answer_int(a, "alarms") == 0 && !in_set(first->pending, SIGALRM), "timer-left",
	    _("the caller never hears of an alarm"),
	    _("its handler for SIGALRM ran %lld times; pending: %s"), answer_int(a, "alarms"),
	    signal_names(first->pending));
	expect(first->blocked == mask, "mask-not-restored",
	    words(_("blocked afterwards, as before: %s"), signal_names(mask)), _("blocked: %s"),
	    signal_names(first->blocked));
	expect(answer_int(a, "blocked") == 0, "mask-while-waiting",
	    _("a signal that the caller has blocked is not let in meanwhile"),
	    _("its handler for SIGUSR2 has run"));
}

/* Interrupts each kind of wait twice; how a student waits is her own affair. */
static void
interrupt_waits(struct trial *t)
{
	static const enum call waits[] = {CALL_WAIT, CALL_SIGSUSPEND, CALL_PAUSE, CALL_SIGWAIT,
	    CALL_POLL, CALL_SELECT, CALL_SLEEP};

	for (unsigned i = 0; i < 2 * sizeof waits / sizeof *waits; i++)
		trial_fault(t, (struct fault){.call = waits[i / 2],
				   .action = FAULT_INTERRUPT,
				   .who = FIRST,
				   .nth = i % 2 + 1,
				   .signal = SIGUSR1,
				   .optional = true});
}

/*
 * The program sends its caller a signal that this one has blocked, and ends; but
 * not before the caller sleeps, or there would be no wait to interrupt.
 */
static void
ends_by_itself(struct trial *t, fault_id door)
{
	int code = (int)draw(1, 99);

	ask_begin(
	    t, "run", word(long_time()), "sh", "-c", words("kill -USR2 $PPID; exit %d", code));
	await_held(t, door);
	await_asleep(t, 0);
	release(t, door, true);
	expect_result(ask_end(t), 0, code << 8, "interrupted");
	expect_ran(t);
}

/* The caller has blocked SIGALRM, and a child of its own has ended. */
static void
is_ended(struct trial *t)
{
	pid_t other = (pid_t)answer_int(ask(t, "other", "3"), "pid");

	begin_endless(t);
	expect(answered(t), "never-ended",
	    _("the time is up even if the caller has blocked SIGALRM"), _("%s() sleeps for ever"),
	    call_name(first_process(look(t))->blocked_in));
	expect(process_of(look(t), other) != NULL, "others-child",
	    _("other children of the caller are not waited for"),
	    _("a child that the caller had made before is gone"));
	expect_result(ask_end(t), 1, SIGKILL, "time-is-up");
}

static void
fails(struct trial *t)
{
	const struct answer *a = ask(t, "run", word(long_time()), "cat");

	expect(answer_int(a, "result") == -1 && answer_int(a, "errno") == EAGAIN, "fork-failure",
	    _("run_with_timeout fails with EAGAIN: no process can be made"),
	    _("it returns %lld, errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
}

/*
 * Task 3: "Nobody notices how it is done." A handler of its
 * own interrupts the wait, one of its own children has ended before. For: an
 * alarm left armed, actions and mask not put back, a mask that is emptied meanwhile,
 * EINTR taken for the end, waitpid(-1) that takes somebody else's child, a fork that fails
 * unnoticed, a run that begins with what the one before has left.
 */
void
timeout_leaves_no_trace(void **state)
{
	struct trial *t = trial("timeout");
	int signal = draw_signal();
	uint64_t blocked = SIGNAL_BIT(signal) | SIGNAL_BIT(SIGUSR2);
	fault_id door = trial_fault(
	    t, (struct fault){.call = CALL_KILL, .action = HOLD_BEFORE, .who = DESCENDANTS});

	(void)state;
	trial_open_input(t);
	interrupt_waits(t);
	trial_fault(t,
	    (struct fault){
		.call = CALL_FORK, .action = FAULT_FAIL, .who = FIRST, .nth = 5, .error = EAGAIN});
	trial_start(t);
	ask(t, "install");
	ask(t, "block", word(signal), word(SIGUSR2));
	ends_by_itself(t, door);
	expect_as_before(t, blocked);
	ask(t, "block", word(SIGALRM));
	is_ended(t);
	expect_as_before(t, blocked | SIGNAL_BIT(SIGALRM));
	ends_by_itself(t, door);
	fails(t);
	expect_as_before(t, blocked | SIGNAL_BIT(SIGALRM));
}

/*
 * Task 3: "The program starts with the signal mask of the caller." The mask
 * passes through exec. For: signals that the function blocked for itself and
 * that stay blocked in the program; a mask that is emptied instead.
 */
void
timeout_hands_on_mask(void **state)
{
	struct trial *t = trial("timeout");
	int blocked = draw_signal();
	const struct event *exec;

	(void)state;
	trial_start(t);
	ask(t, "block", word(blocked));
	expect_result(ask(t, "run", word(long_time()), "cat"), 0, 0, "not-in-time");
	exec = expect_ran(t);
	expect((exec->blocked & STANDARD_SIGNALS) == SIGNAL_BIT(blocked), "mask-inherited",
	    words(_("blocked when the program starts: %s, as in the caller"), signal_name(blocked)),
	    _("blocked: %s"), signal_names(exec->blocked & STANDARD_SIGNALS));
	expect((exec->ignored & STANDARD_SIGNALS) == 0, "mask-inherited",
	    _("no signal is ignored when the program starts"), _("ignored: %s"),
	    signal_names(exec->ignored & STANDARD_SIGNALS));
}
