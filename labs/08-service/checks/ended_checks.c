/* ended_checks.c - run_service(): what becomes of sessions that have ended. */
#include "answers.h"
#include "checks.h"
#include <errno.h>
#include <signal.h>

/*
 * "each session's process is waited for as soon as it has ended, also ... when no further client
 * comes"; "whatever the caller has done with SIGCHLD". For: no wait at all; one before or after
 * the next accept() only; a SIGCHLD that stays blocked.
 */
void
service_no_zombie(void **state)
{
	(void)state;
	const char *key = "zombies";
	struct trial *t = serving("service");
	struct peer *other;

	leaves(t, next_is_served(t, key), key);
	expect_no_zombie(t, key);
	other = next_is_served(t, key);
	asks(t, other, "group", "alone", key);
	peer_shutdown(other);
	expect_no_zombie(t, key);
	expect(exits(t) == 2, "session-goes-on", _("both sessions' processes have ended"),
	    _("%u of them have"), exits(t));

	t = trial("service");
	trial_block(t, SIGCHLD);
	start_serving(t);
	leaves(t, next_is_served(t, key), key);
	expect_no_zombie(t, key);
	next_is_served(t, key);
}

/*
 * "also when several end at once". The server is stopped while three sessions end: of three
 * SIGCHLD one remains. A fourth session runs on. For: one waitpid() for each signal; a waitpid()
 * that waits for who has not ended.
 */
void
service_many_end(void **state)
{
	(void)state;
	enum { CLIENTS = 3 };
	const char *key = "zombies-together";
	struct trial *t = serving("service");
	struct peer *p[CLIENTS];

	next_is_served(t, key);
	for (int i = 0; i < CLIENTS; i++)
		p[i] = next_is_served(t, key);
	rests(t, key);
	trial_kill(t, 0, SIGSTOP);
	await_event(t, EVENT_STOP, 0, 1);
	for (int i = 0; i < CLIENTS; i++)
		(void)peer_say(p[i], "return\n");
	await_exits(t, CLIENTS);
	trial_kill(t, 0, SIGCONT);
	expect_no_zombie(t, key);
	next_is_served(t, key);
}

/*
 * One session has been started and ends while the server stands at the door of the next call of
 * this family; SIGCHLD is taken there, before the call begins. Who makes no such call is not asked.
 */
static void
ends_at(enum call call)
{
	const char *key = "zombies-race";
	struct trial *t = trial("service");
	struct peer *p;
	fault_id door;

	trial_watch(t, call);
	start_serving(t);
	rests(t, key);
	door = trial_fault(
	    t, (struct fault){
		   .call = call, .action = HOLD_OUTSIDE, .who = FIRST, .nth = 1, .optional = true});
	p = client(t, key);
	if (!await_held_or_end(t, door))
		return;
	(void)peer_say(p, "return\n");
	(void)await_rest(t);
	release(t, door, false);
	expect_no_zombie(t, key);
	expect(exits(t) == 1, "session-goes-on", _("the session's process has ended"),
	    _("it has not"));
}

/* The server is held at the first call of this family after accept() has failed. */
static bool
is_held_after(struct trial *t, fault_id door, fault_id failure)
{
	enum { ENOUGH = 50 };

	for (int i = 0; i < ENOUGH && await_held_or_end(t, door); i++) {
		if (fault_delivered(t, failure) > 0)
			return true;
		release(t, door, true);
	}
	return false;
}

/*
 * Nothing is left to accept with, and the only session ends before the server sleeps. The second
 * client must not wait for the pause. Who makes no call of this family is not asked.
 */
static void
ends_while_crowded(enum call call)
{
	const char *key = "crowded-race";
	struct trial *t = trial("service");
	fault_id door, failure;
	struct peer *p, *next;

	trial_clock(t);
	trial_watch(t, call);
	failure = accept_fails(t, 2, 2, EMFILE);
	start_serving(t);
	rests(t, key);
	door = trial_fault(
	    t, (struct fault){
		   .call = call, .action = HOLD_OUTSIDE, .who = FIRST, .nth = 0, .optional = true});
	p = client(t, key);
	next = client(t, key);
	if (!is_held_after(t, door, failure))
		return;
	(void)peer_say(p, "return\n");
	(void)await_settled_or_end(t);
	release(t, door, false);
	is_served(t, next, key);
}

/*
 * accept() has failed for good, and all sessions end before run_service() returns: errno is that
 * of accept() all the same.
 */
static void
ends_while_returning(enum call call)
{
	const char *key = "errno-lost";
	struct trial *t = trial("service");
	fault_id door, failure;
	struct peer *p, *next;

	trial_watch(t, call);
	trial_watch(t, CALL_ACCEPT);
	start_serving(t);
	p = next_is_served(t, key);
	rests(t, key);
	failure = accept_fails(t, 1, 1, EINVAL);
	door = trial_fault(
	    t, (struct fault){
		   .call = call, .action = HOLD_OUTSIDE, .who = FIRST, .nth = 0, .optional = true});
	next = client(t, key); /* served before the failure by whoever is in accept() already */
	if (!is_held_after(t, door, failure)) {
		answer_or(t, key, _("run_service returns after this failure of accept()"));
		return;
	}
	(void)peer_say(p, "return\n");
	(void)peer_say(next, "return\n"); /* then waitpid() fails with ECHILD */
	(void)await_rest(t);
	release(t, door, false);
	expect_failure(answer_or(t, key, _("run_service returns after this failure of accept()")),
	    "run_service", EINVAL, key);
}

/* "and at whatever moment". For: a flag that is asked for before accept() sleeps. */
void
service_ends_then(void **state)
{
	(void)state;
	static const enum call before_sleep[] = {
	    CALL_SIGPROCMASK, CALL_SELECT, CALL_POLL, CALL_SLEEP, CALL_SIGWAIT};

	ends_at(CALL_ACCEPT);
	ends_at(CALL_POLL);
	ends_at(CALL_SELECT);
	ends_while_returning(CALL_SIGPROCMASK);
	ends_while_returning(CALL_SIGACTION);
	for (size_t i = 0; i < sizeof before_sleep / sizeof *before_sleep; i++)
		ends_while_crowded(before_sleep[i]);
}

/* What one session has used, microseconds, is among the children's when run_service returns. */
static void
counts(struct trial *t)
{
	enum { BURN_MS = 30 };
	const char *key = "not-counted";
	const struct answer *a;
	struct peer *p;

	trial_watch(t, CALL_ACCEPT);
	start_serving(t);
	p = next_is_served(t, key);
	asks(t, p, words("burn %d", BURN_MS), "burnt", key);
	leaves(t, p, key);
	rests(t, key);
	accept_fails(t, 1, 1, EINVAL); /* the next one: who is in accept() is there already */
	client(t, key);
	a = answer_or(t, key, _("run_service returns after this failure of accept()"));
	expect(answer_int(a, "children") >= BURN_MS * 1000, key,
	    words(_("the session's %d ms of CPU time count for the server"), BURN_MS),
	    _("RUSAGE_CHILDREN has %lld microseconds"), answer_int(a, "children"));
}

/*
 * "RUSAGE_CHILDREN counts every session that has ended", "whatever the caller has done with
 * SIGCHLD (ignored it)". For: SIG_IGN and SA_NOCLDWAIT, be they the server's or the caller's.
 */
void
service_counts(void **state)
{
	(void)state;
	struct trial *t = trial("service");

	counts(t);
	t = trial("service");
	trial_ignore(t, SIGCHLD);
	counts(t);
}
