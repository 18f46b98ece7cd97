/*
 * reaper_checks.c - reaper_install(), reaper_fork(), reaper_wait().
 */
#include "checks.h"

#include "reaper.h"
#include <errno.h>
#include <signal.h>

enum { FEWEST = 3, MOST = 6 };

/* ---- asking the probe ------------------------------------------------------------------ */

static void
start_reaper(struct trial *t)
{
	const struct answer *a;

	detect_polling(t);
	trial_limit(t, LIMIT_CPU_MS, 1000);
	trial_start(t);
	a = ask(t, "install");
	expect(answer_int(a, "result") == 0, "not-installed", _("reaper_install returns 0"),
	    _("it returns %lld, errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
}

/* The answer to a request for a fork: a child that the kernel knows of, or the check fails. */
static pid_t
child_in(struct trial *t, const struct answer *a, unsigned nth)
{
	long long pid = answer_int(a, "pid");

	look(t); /* events up to now are heard of */
	expect(pid > 0 && forks(t) == nth, "no-child",
	    _("reaper_fork makes a child and returns its process id"),
	    _("it returns %lld, errno %s; %u processes were made so far"), pid,
	    error_name(answer_int(a, "errno")), forks(t));
	return (pid_t)pid;
}

/* Makes the trial's nth child; how is what it does: see reaper_probe.c. */
static pid_t
make_child(struct trial *t, const char *how, int code, unsigned nth)
{
	return child_in(t, ask(t, "fork", how, word(code)), nth);
}

static void
expect_wait(const struct answer *a, int status, const char *key)
{
	expect(answer_int(a, "result") == 0, key, _("reaper_wait returns 0"),
	    _("it returns %lld, errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
	expect((int)answer_int(a, "status") == status, key,
	    words(_("reaper_wait says how the child ended: %s"), ending(status)), _("it says: %s"),
	    ending((int)answer_int(a, "status")));
}

/* Asks for a child that has ended; who waits for ever has lost its end. */
static void
expect_status(struct trial *t, pid_t pid, int status, const char *key)
{
	ask_begin(t, "wait", word(pid));
	expect(answered(t), key, _("reaper_wait returns: the child has ended"),
	    _("it sleeps in %s(): the end of process %d was not noted"),
	    call_name(first_process(look(t))->blocked_in), pid);
	expect_wait(ask_end(t), status, key);
}

/* A child that lives: reaper_wait must sleep. The answer is still to come. */
static void
begin_wait_for(struct trial *t, pid_t pid)
{
	const struct answer *a;

	ask_begin(t, "wait", word(pid));
	if (!answered(t))
		return;
	a = ask_end(t);
	check_fail("wrong-status", _("reaper_wait sleeps as long as the child lives"),
	    _("it returns %lld, errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
}

/* The wait that was begun goes on. */
static void
expect_asleep(struct trial *t, const char *key, const char *expected)
{
	const struct answer *a;

	if (!answered(t))
		return;
	a = ask_end(t);
	check_fail(key, expected, _("it returns %lld and says: %s"), answer_int(a, "result"),
	    ending((int)answer_int(a, "status")));
}

static unsigned
reaped_by_first(struct trial *t)
{
	return count_events(t, EVENT_REAPED, first_process(look(t))->pid);
}

/*
 * The program does some other work (do_meanwhile() in the probe) and is held
 * there; then n children of its are ended, and one SIGCHLD is pending for all
 * of them as it goes on. Returns what the probe saw.
 */
static const struct answer *
end_children_meanwhile(struct trial *t, const pid_t child[], unsigned n, int callers_errno)
{
	fault_id hold = trial_fault(
	    t, (struct fault){.call = CALL_CHDIR, .action = HOLD_AFTER, .who = FIRST, .nth = 1});

	look(t); /* the hold is in place now */
	ask_begin(t, "meanwhile", word(callers_errno));
	await_held(t, hold);
	for (unsigned i = 0; i < n; i++)
		trial_kill(t, child[i], SIGKILL);
	await_exits(t, n);
	release(t, hold, false);
	return ask_end(t);
}

static void
expect_all_reaped(struct trial *t, unsigned n)
{
	size_t left;

	await_quiet(t);
	left = zombies_in(look(t));
	expect(left < n && reaped_by_first(t) > 0, "no-handler",
	    _("a handler for SIGCHLD reaps children that have ended, whatever the program does"),
	    _("%u children have ended, %zu of them are zombies, and %u were waited for"), n, left,
	    reaped_by_first(t));
	expect(left == 0 && reaped_by_first(t) == n, "one-wait-per-signal",
	    words(_("all %u children that have ended are reaped"), n),
	    _("%zu are zombies: SIGCHLD came once for all of them"), left);
}

/* ---- statuses ---------------------------------------------------------------------------- */

/* A pausing child exits with its code, and the reaper has had the time to notice. */
static void
let_exit(struct trial *t, pid_t pid)
{
	trial_kill(t, pid, SIGUSR2);
	await_event(t, EVENT_EXIT, pid, 1);
	await_quiet(t);
}

/* Contract: "ECHILD at once when pid was not made by reaper_fork() in this process". */
static void
expect_unknown(struct trial *t, long long pid, const char *expected)
{
	const struct answer *a;

	ask_begin(t, "wait", word(pid));
	expect(answered(t), "wrong-status", expected, _("it sleeps in %s()"),
	    call_name(first_process(look(t))->blocked_in));
	a = ask_end(t);
	expect(answer_int(a, "result") == -1 && answer_int(a, "errno") == ECHILD, "wrong-status",
	    expected, _("it returns %lld, errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
}

/* For: a table that is searched for a pid that nobody has, its result used unseen. */
static void
knows_its_own_only(struct trial *t)
{
	pid_t stranger = (pid_t)answer_int(ask(t, "stranger"), "pid");

	expect_unknown(t, 0, _("reaper_wait(0, ...) fails with ECHILD"));
	expect_unknown(t, -1, _("reaper_wait(-1, ...) fails with ECHILD"));
	trial_kill(t, stranger, SIGKILL);
	await_event(t, EVENT_EXIT, stranger, 1);
	await_quiet(t);
	expect_unknown(
	    t, stranger, _("for a child that reaper_fork did not make, it fails with ECHILD"));
}

/*
 * Contract: "Handlers that run meanwhile do not end the wait", the reaper's own
 * among them. For: sigsuspend() without a loop, any end taken for the right one.
 */
static void
waits_for_the_right_end(struct trial *t, pid_t pid, pid_t other, int signal)
{
	ask(t, "note", word(SIGUSR1));
	begin_wait_for(t, pid);
	trial_kill(t, 0, SIGUSR1);
	expect_asleep(t, "wrong-status", _("reaper_wait sleeps on: another handler has run"));
	let_exit(t, other);
	expect_asleep(t, "wrong-status", _("reaper_wait sleeps on: another child has ended"));
	trial_kill(t, pid, signal);
	expect(answered(t), "wrong-status", _("reaper_wait returns when the child has ended"),
	    _("it sleeps on in %s()"), call_name(first_process(look(t))->blocked_in));
	expect_wait(ask_end(t), signal, "wrong-status");
}

/*
 * Task 2: "How the child ended is kept until reaper_wait asks for it, once." One child is
 * waited for before it ends, by a signal; the others have ended, one by one,
 * before they are asked for, the last first. The one has a process group of its
 * own, as in a shell. For: a status that the handler throws away, one status for
 * all, a child asked for twice, children of one group only.
 */
void
reaper_every_status(void **state)
{
	static const int signals[] = {SIGKILL, SIGTERM, SIGHUP};
	struct trial *t = trial("reaper");
	unsigned n = (unsigned)draw(FEWEST, MOST);
	int signal = signals[draw(0, 2)];
	pid_t pid[MOST + 1];
	int code[MOST];

	(void)state;
	start_reaper(t);
	for (unsigned i = 0; i < n; i++) {
		code[i] = (int)(draw(0, 40) + 40 * i);
		pid[i] = make_child(t, "pause", code[i], i + 1);
	}
	pid[n] = make_child(t, "group", 0, n + 1);
	waits_for_the_right_end(t, pid[n], pid[0], signal);
	for (unsigned i = 1; i < n; i++)
		let_exit(t, pid[i]);
	for (unsigned i = n; i-- > 0;)
		expect_status(t, pid[i], code[i] << 8, "wrong-status");
	expect_unknown(
	    t, pid[0], _("asked for the same child once more, reaper_wait fails with ECHILD"));
	knows_its_own_only(t);
}

/* Task 2: "Calls that it interrupts go on." For: SA_RESTART left out. */
static void
call_goes_on(struct trial *t, pid_t pid)
{
	const char *expected = _("read() goes on waiting when the handler for SIGCHLD has run");
	const struct answer *a;

	ask_begin(t, "read");
	await_blocked(t, 0, CALL_READ);
	trial_kill(t, pid, SIGKILL);
	await_event(t, EVENT_EXIT, pid, 1);
	if (!answered(t))
		trial_send(t, "x", 1);
	a = ask_end(t);
	expect(answer_int(a, "result") == 1, "call-interrupted", expected,
	    _("it returns %lld, errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
	refute_zombies(t, "no-handler");
}

/*
 * Task 2: "takes every child that has ended, at once, whatever the program is
 * doing." All have ended before the first SIGCHLD is taken. For: one waitpid()
 * for each signal, no handler at all, SIGCHLD ignored.
 */
void
reaper_takes_all(void **state)
{
	struct trial *t = trial("reaper");
	unsigned n = (unsigned)draw(FEWEST, MOST);
	pid_t child[MOST];

	(void)state;
	trial_open_input(t);
	trial_watch(t, CALL_CHDIR);
	start_reaper(t);
	for (unsigned i = 0; i < n; i++)
		child[i] = make_child(t, "pause", 0, i + 1);
	end_children_meanwhile(t, child, n, 0);
	expect_all_reaped(t, n);
	call_goes_on(t, make_child(t, "pause", 0, n + 1));
}

/* ---- races --------------------------------------------------------------------------------- */

/*
 * Task 2: "A child that ends before reaper_fork has returned is not lost".
 * The parent is held as fork() returns until the child is dead. For: SIGCHLD
 * not blocked around fork() and the note; a handler installed after fork().
 */
void
reaper_early_end(void **state)
{
	struct trial *t = trial("reaper");
	int code = (int)draw(1, 200);
	fault_id hold;
	pid_t pid;

	(void)state;
	hold = trial_fault(
	    t, (struct fault){.call = CALL_FORK, .action = HOLD_AFTER, .who = FIRST, .nth = 1});
	start_reaper(t);
	ask_begin(t, "fork", "exit", word(code));
	await_held(t, hold);
	await_exits(t, 1);
	release(t, hold, false);
	pid = child_in(t, ask_end(t), 1);
	expect_status(t, pid, code << 8, "early-end-lost");
}

static struct trial *
wait_trial(void)
{
	struct trial *t = trial("reaper");

	watch_sleeps(t);
	return t;
}

static void
begin_wait_for_victim(struct trial *t)
{
	pid_t pid;

	start_reaper(t);
	pid = make_child(t, "pause", 0, 1);
	ask(t, "victim", word(pid));
	ask_begin(t, "wait", word(pid));
}

/*
 * Task 2: "neither is one that ends just before reaper_wait sleeps". It ends after reaper_wait has
 * looked and before it sleeps: a handler of the probe's, put exactly there,
 * ends it. For: pause() after the look, sigsuspend() without blocking first.
 */
void
reaper_wait_loses_no_end(void **state)
{
	struct trial *t = wait_trial();
	struct place place;

	(void)state;
	begin_wait_for_victim(t);
	expect(!answered(t), "wrong-status", _("reaper_wait sleeps as long as the child lives"),
	    _("it returns at once"));
	place = place_of_sleep(t);

	t = wait_trial();
	signal_before(t, place, SIGUSR1);
	begin_wait_for_victim(t);
	expect(answered(t), "end-lost",
	    _("a child that ends just before reaper_wait sleeps ends the wait"),
	    _("the child ended after the look at it; now %s() sleeps for ever"),
	    call_name(place.call));
	expect_wait(ask_end(t), SIGKILL, "end-lost");
}

/* How often the first process took this signal. */
static unsigned
taken_by_first(struct trial *t, int signal)
{
	pid_t first = first_process(look(t))->pid;
	size_t n;
	const struct event *happened = events(t, &n);
	unsigned times = 0;

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_SIGNAL && happened[i].pid == first &&
		    happened[i].signal == signal)
			times++;
	return times;
}

/*
 * Task 2: "A child that was stopped or continued has not ended, and the handler
 * does not even run." For: WUNTRACED and what it returns taken for an end; every
 * SIGCHLD taken for one; SA_NOCLDSTOP left out.
 */
void
reaper_stopped_child(void **state)
{
	struct trial *t = trial("reaper");
	pid_t pid;

	(void)state;
	start_reaper(t);
	pid = make_child(t, "pause", 0, 1);
	begin_wait_for(t, pid);
	trial_kill(t, pid, SIGSTOP);
	await_event(t, EVENT_STOP, pid, 1);
	expect_asleep(t, "stopped-not-ended",
	    _("reaper_wait sleeps on: the child was stopped, it has not ended"));
	trial_kill(t, pid, SIGCONT);
	await_event(t, EVENT_CONTINUE, pid, 1);
	expect_asleep(t, "stopped-not-ended",
	    _("reaper_wait sleeps on: the child was continued, it has not ended"));
	expect(taken_by_first(t, SIGCHLD) == 0, "stopped-not-ended",
	    _("no SIGCHLD comes when a child is stopped or continued"),
	    _("SIGCHLD came %u times before the child has ended"), taken_by_first(t, SIGCHLD));
	trial_kill(t, pid, SIGTERM);
	expect(answered(t), "wrong-status", _("reaper_wait returns when the child has ended"),
	    _("it sleeps on in %s()"), call_name(first_process(look(t))->blocked_in));
	expect_wait(ask_end(t), SIGTERM, "stopped-not-ended");
}

/* ---- the handler ------------------------------------------------------------------------------
 */

/* Two children end while the program works; the handler has run by the time of the answer. */
static const struct answer *
handler_runs(struct trial *t, int callers_errno)
{
	const struct answer *a;
	pid_t child[2];

	trial_watch(t, CALL_CHDIR);
	start_reaper(t);
	child[0] = make_child(t, "pause", 0, 1);
	child[1] = make_child(t, "pause", 0, 2);
	a = end_children_meanwhile(t, child, 2, callers_errno);
	expect(reaped_by_first(t) > 0, "no-handler",
	    _("a handler for SIGCHLD reaps children that have ended, whatever the program does"),
	    _("2 children have ended, and nobody has waited for them"));
	return a;
}

/*
 * Task 2: "it leaves errno as it was." The last
 * waitpid() of the handler fails with ECHILD. For: errno not saved.
 */
void
reaper_keeps_errno(void **state)
{
	static const int errors[] = {EDOM, ERANGE, EXDEV, EMLINK, ENOTDIR};
	struct trial *t = trial("reaper");
	int before = errors[draw(0, 4)];
	long long after;

	(void)state;
	after = answer_int(handler_runs(t, before), "errno");
	expect(after == before, "errno-clobbered",
	    words(_("errno is %s after the handler has run, as before"), error_name(before)),
	    _("errno is %s"), error_name(after));
}

/*
 * Task 2: "calls only functions from the list in signal-safety(7)". The probe
 * notices which other functions of the C library are called there. For:
 * printf() in the handler, malloc() in it.
 */
void
reaper_handler_is_safe(void **state)
{
	struct trial *t = trial("reaper");
	const char *called;

	(void)state;
	called = answer_text(handler_runs(t, 0), "trapped");
	expect(*called == '\0', "unsafe-handler",
	    _("the handler calls functions from the list in signal-safety(7) only"),
	    _("it calls %s()"), called);
}

/* ---- like fork ----------------------------------------------------------------------------------
 */

static void
expect_mask(struct trial *t, pid_t pid, uint64_t callers, const char *key, const char *expected)
{
	const struct process *p = pid == 0 ? first_process(look(t)) : process_of(look(t), pid);
	uint64_t blocked = p == NULL ? 0 : p->blocked;

	expect(p != NULL && blocked == callers, key,
	    words("%s: %s", expected, signal_names(callers)), _("blocked: %s"),
	    signal_names(blocked));
}

/* A fork that fails: its errno, and the mask as before. For: a mask that is put back on success
 * only.
 */
static void
expect_failed_fork(struct trial *t, uint64_t callers, int error, const char *why)
{
	const struct answer *a = ask(t, "fork", "exit", "0");

	expect(answer_int(a, "pid") == -1 && answer_int(a, "errno") == error, "fork-failure",
	    words(_("reaper_fork fails with %s: %s"), error_name(error), why),
	    _("it returns %lld, errno %s"), answer_int(a, "pid"),
	    error_name(answer_int(a, "errno")));
	expect_mask(
	    t, 0, callers, "mask-not-restored", _("blocked after a fork that failed, as before"));
}

/*
 * Contract: "It does not matter whether the caller has blocked SIGCHLD", every
 * other signal stays blocked. Who takes SIGCHLD with sigwait() keeps it blocked
 * while he sleeps. For: an empty mask for sigsuspend(), one that still holds
 * SIGCHLD, a mask not put back.
 */
static void
wait_keeps_mask(struct trial *t, pid_t pid, uint64_t callers)
{
	uint64_t asleep;

	begin_wait_for(t, pid);
	asleep = first_process(look(t))->blocked & ~SIGNAL_BIT(SIGCHLD);
	expect(asleep == (callers & ~SIGNAL_BIT(SIGCHLD)), "mask-while-waiting",
	    words(_("blocked while it sleeps: %s"), signal_names(callers & ~SIGNAL_BIT(SIGCHLD))),
	    _("blocked: %s"), signal_names(asleep));
	trial_kill(t, pid, SIGTERM);
	expect(answered(t), "wait-too-long",
	    _("reaper_wait returns when the child has ended, whatever the caller has blocked"),
	    _("it sleeps on in %s()"), call_name(first_process(look(t))->blocked_in));
	expect_wait(ask_end(t), SIGTERM, "wrong-status");
	expect_mask(t, 0, callers, "mask-not-restored", _("blocked afterwards, as before"));
}

/*
 * Task 2: "both processes have the signal mask of the caller", "the mask is the
 * caller's then, too". For: SIGCHLD left blocked in the child or in the parent;
 * an errno that is lost on the way; a table that is written past its end.
 */
static void
keeps_mask(void)
{
	struct trial *t = trial("reaper");
	int blocked = draw_signal();
	pid_t first, second, child;

	trial_limit(t, LIMIT_PROCESSES, REAPER_MAX + 16);
	trial_fault(t,
	    (struct fault){
		.call = CALL_FORK, .action = FAULT_FAIL, .who = FIRST, .nth = 2, .error = ENOMEM});
	start_reaper(t);
	ask(t, "block", word(blocked));
	first = make_child(t, "pause", 7, 1);
	await_quiet(t);
	expect_mask(
	    t, first, SIGNAL_BIT(blocked), "mask-in-child", _("blocked in the child, as before"));
	expect_mask(
	    t, 0, SIGNAL_BIT(blocked), "mask-not-restored", _("blocked afterwards, as before"));
	expect_failed_fork(t, SIGNAL_BIT(blocked), ENOMEM, _("no process can be made"));
	second = make_child(t, "pause", 0, 2);
	for (unsigned n = 3; n <= REAPER_MAX; n++)
		child = make_child(t, "pause", 0, n);
	expect_failed_fork(t, SIGNAL_BIT(blocked), EAGAIN, _("REAPER_MAX children are known"));
	await_quiet(t);
	let_exit(t, first);
	expect_status(t, first, 7 << 8, "fork-failure");
	make_child(t, "pause", 0, REAPER_MAX + 1);
	wait_keeps_mask(t, second, SIGNAL_BIT(blocked));
	ask(t, "block", word(SIGCHLD));
	wait_keeps_mask(t, child, SIGNAL_BIT(blocked) | SIGNAL_BIT(SIGCHLD));
}

/*
 * Contract: "In the child the reaper knows nobody." It can make children of its
 * own. For: a table that is handed on by fork(). Its child ends only when it
 * waits: an early end is another check's question.
 */
static void
child_knows_nobody(void)
{
	struct trial *t = trial("reaper");
	fault_id hold = trial_fault(t, (struct fault){.call = CALL_EXIT,
					   .action = HOLD_BEFORE,
					   .who = DESCENDANTS,
					   .nth = 1,
					   .optional = true});
	const char *expected =
	    _("in the child, reaper_wait fails with ECHILD for a child of its parent's");
	int status;
	pid_t pid;

	start_reaper(t);
	pid = make_child(t, "pause", 0, 1);
	pid = (pid_t)answer_int(ask(t, "fork", "parent", word(pid)), "pid");
	ask_begin(t, "wait", word(pid));
	await_quiet(t);
	release(t, hold, false);
	expect(answered(t), "knows-others", expected, _("it sleeps for ever"));
	status = (int)answer_int(ask_end(t), "status");
	expect(status != 1 << 8, "knows-others", expected, _("it does not"));
	expect(status == 0, "knows-others",
	    _("the child can make children of its own, and wait for them"),
	    _("it could not; it ended so: %s"), ending(status));
}

/*
 * Contract: reaper_install "returns 0, or -1 with errno". For: its result unseen.
 * Who installs no handler there loses points elsewhere.
 */
static void
install_reports_failure(void)
{
	struct trial *t = trial("reaper");
	const struct answer *a;
	fault_id failure;

	failure = trial_fault(t, (struct fault){.call = CALL_SIGACTION,
				     .action = FAULT_FAIL,
				     .who = FIRST,
				     .nth = 1,
				     .error = EPERM,
				     .optional = true});
	trial_start(t);
	a = ask(t, "install");
	look(t); /* events up to now are heard of */
	if (fault_delivered(t, failure) == 0)
		return;
	expect(answer_int(a, "result") == -1 && answer_int(a, "errno") == EPERM, "failure-hidden",
	    _("reaper_install fails as sigaction() does: with EPERM"),
	    _("it returns %lld, errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
}

void
reaper_fork_is_like_fork(void **state)
{
	(void)state;
	keeps_mask();
	child_knows_nobody();
	install_reports_failure();
}
