/* wait_checks.c - sessions that wait for a lock: when, how cheaply, and what they hear meanwhile.
 */
#include "checks.h"
#include "lockset.h"
#include "mutexd.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { WAITERS = 4, LOOKS = 30 };

/*
 * "C waiting, if another session has the lock, and S locked as soon as this one has it". For: "S
 * locked" too early, or never; a failure in place of waiting.
 */
void
waits(void **state)
{
	(void)state;
	struct trial *t = serving();
	const char *lock = letters(6);
	struct peer *p = holds(t, "anna", lock), *other = waits_for(t, "ben", lock);

	for (int i = 0; i < 3; i++) {
		still_waits(t, other, "too-early");
		held_by(t, lock, "anna", "too-early");
		trial_advance(t, LM_NOTICE_MS);
	}
	still_waits(t, other, "too-early");
	lets_go(t, p, lock);
	gets_lock(t, other, "not-noticed");
}

static size_t
descriptors_of(struct trial *t, struct peer *p)
{
	const struct process *session;

	rests(t);
	session = session_of(t, p);
	return session == NULL ? 0 : session->n_fds;
}

/* The first call of this family that the session makes when it has to wait fails. */
static void
cannot_wait(enum call call, int error)
{
	struct trial *t = prepared();
	struct peer *p, *other;
	size_t before, after;
	fault_id fault;

	trial_watch(t, call);
	start(t);
	p = holds(t, "anna", "a");
	other = joins(t, "ben");
	before = descriptors_of(t, other);
	fault = trial_fault(t, (struct fault){.call = call,
				   .action = FAULT_FAIL,
				   .who = DESCENDANTS,
				   .nth = 1,
				   .error = error,
				   .optional = true});
	(void)peer_say(other, "lock a\n");
	rests(t);
	if (fault_delivered(t, fault) == 0)
		return; /* it can do without */
	waits_in_vain(t, other, "cannot-wait");
	after = descriptors_of(t, other);
	expect(after <= before, "wait-leaks", _("a wait leaves no descriptors open"),
	    _("before it the session has %zu, and %zu when it could not be"), before, after);
	asks(t, other, "lock b", "S locked", "cannot-wait");
	lets_go(t, p, "a");
	asks(t, other, "lock a", "S locked", "cannot-wait");
	hears_nothing(t, other, "cannot-wait");
}

/* When the lock is free, the lock set cannot take it all the same. */
static void
waits_for_nothing(void)
{
	struct trial *t = serving();
	struct peer *p = holds(t, "anna", "a"), *other = waits_for(t, "ben", "a");
	fault_id fault = trial_fault(t, (struct fault){.call = CALL_LINK,
					    .action = FAULT_FAIL,
					    .who = DESCENDANTS,
					    .nth = 1,
					    .error = ENOSPC,
					    .optional = true});

	lets_go(t, p, "a");
	for (int i = 0; i < 3 && fault_delivered(t, fault) == 0; i++) {
		trial_advance(t, LM_NOTICE_MS);
		rests(t);
	}
	if (fault_delivered(t, fault) == 0)
		return;
	waits_in_vain(t, other, "cannot-wait");
	asks(t, other, "lock b", "S locked", "cannot-wait");
}

/*
 * "C waiting has been sent before the session begins to wait"; "If a session cannot have
 * what it needs for waiting, it answers with F, and goes on". For: one that is kept until the lock
 * is there; one that is said at every look, or when nobody waits; a session that waits for a thread
 * that there is not, or leaves open what was meant for the wait.
 */
void
waiting_told(void **state)
{
	(void)state;
	struct trial *t = serving();
	struct peer *p = holds(t, "anna", "a"), *other = joins(t, "ben");

	asks(t, other, "lock a", "C waiting", "waiting");
	for (int i = 0; i < 3; i++) {
		hears_nothing(t, other, "waiting");
		trial_advance(t, LM_NOTICE_MS);
	}
	lets_go(t, p, "a");
	gets_lock(t, other, "not-noticed");
	cannot_wait(CALL_THREAD, EAGAIN);
	cannot_wait(CALL_PIPE, EMFILE);
	waits_for_nothing();
}

/* Which of those who still wait has been given the lock? How many have? */
static int
winners(struct trial *t, struct peer *const p[], int *winner)
{
	int n = 0;

	rests(t);
	for (int i = 0; i < WAITERS; i++) {
		size_t bytes;

		if (p[i] != NULL && strstr(peer_unread(p[i], &bytes), "locked") != NULL) {
			*winner = i;
			n++;
		}
	}
	return n;
}

/* How a holder gives its lock to the next one. */
static void
gives_back(struct trial *t, struct peer *p)
{
	asks(t, p, "release a", "S", "release");
}

static void
hangs_up(struct trial *t, struct peer *p)
{
	(void)t;
	peer_shutdown(p);
}

static void
breaks_off(struct trial *t, struct peer *p)
{
	(void)t;
	peer_reset(p);
}

static void
dies(struct trial *t, struct peer *p)
{
	is_killed(t, p, "not-freed");
}

/* Signals interrupt the sleep of one that waits, each time when something has come meanwhile. */
static void
interrupted_wait(void)
{
	struct trial *t = serving();
	struct peer *p = holds(t, "anna", "a"), *other = waits_for(t, "ben", "a");

	for (int i = 0; i < 3; i++) {
		trial_fault(t, (struct fault){.call = CALL_POLL,
				   .action = FAULT_FAIL,
				   .who = DESCENDANTS,
				   .nth = 1,
				   .error = EINTR,
				   .optional = true});
		(void)peer_say(other, "stat a\n");
		still_waits(t, other, "interrupted");
	}
	trial_advance(t, LM_NOTICE_MS); /* to its next call, if it looks now and then */
	still_waits(t, other, "interrupted");
	lets_go(t, p, "a");
	gets_lock(t, other, "interrupted");
}

enum { WAITS = 3 };

/* How many descriptors the session has when it has waited once more. */
static size_t
descriptors_after_wait(struct trial *t, struct peer *p, struct peer *other)
{
	asks(t, p, "lock a", "S locked", "lock");
	(void)peer_say(other, "lock a\n");
	rests(t);
	asks(t, p, "release a", "S", "release");
	gets_lock(t, other, "not-noticed");
	asks(t, other, "release a", "S", "release");
	return descriptors_of(t, other);
}

/* A thread that was joined, or detached, leaves its stack to the next one. */
static unsigned
mappings_made(struct trial *t)
{
	rests(t);
	return calls(t, CALL_MMAP, DESCENDANTS);
}

/* What a wait needs is given back; something may be kept for the next one. */
static void
waits_again(void)
{
	struct trial *t = prepared();
	struct peer *p, *other;
	size_t first, last;
	unsigned mapped;

	trial_watch(t, CALL_MMAP);
	start(t);
	p = joins(t, "anna");
	other = joins(t, "ben");
	last = first = descriptors_after_wait(t, p, other);
	mapped = mappings_made(t);
	for (int i = 0; i < WAITS; i++)
		last = descriptors_after_wait(t, p, other);
	expect(last <= first, "wait-leaks", _("a wait leaves no descriptors open"),
	    _("after one wait the session has %zu, after %d waits %zu"), first, WAITS + 1, last);
	mapped = mappings_made(t) - mapped;
	expect(mapped < WAITS || trial_is_sanitized(t), "wait-keeps",
	    _("a wait leaves no memory mapped, the stack of a thread for instance"),
	    _("in %d more waits mmap() was called %u times"), WAITS, mapped);
}

/*
 * "or its holder's session ends in whatever way, one of those who wait has it, and has said so,
 * after at most LM_NOTICE_MS". For: several who have it; somebody who is forgotten, or notices it
 * too late; a holder that is killed and whose lock nobody gives back; a wait that leaves something
 * open each time.
 */
void
handover(void **state)
{
	(void)state;
	static void (*const ways[WAITERS + 1])(struct trial * t, struct peer * p) = {
	    gives_back, hangs_up, breaks_off, dies, gives_back};
	struct trial *t = serving();
	struct peer *p[WAITERS], *holder = holds(t, "anna", "a");

	for (int i = 0; i < WAITERS; i++)
		p[i] = waits_for(t, words("w%d", i), "a");
	for (int k = 0; k < WAITERS; k++) {
		int winner = 0, n;

		expect(winners(t, p, &winner) == 0, "many", _("one session at a time has the lock"),
		    _("a second one has it"));
		ways[k](t, holder);
		n = winners(t, p, &winner);
		if (n == 0) {
			trial_advance(t, LM_NOTICE_MS);
			n = winners(t, p, &winner);
		}
		expect(n > 0, "not-noticed",
		    words(_("when the lock is free, one of those who wait has it after %d ms"),
			LM_NOTICE_MS),
		    _("nobody has it"));
		expect(n == 1, "many",
		    _("when the lock is free, exactly one of those who wait has it"),
		    _("%d of %d have it"), n, WAITERS - k);
		holder = p[winner];
		gets_lock(t, holder, "many");
		held_by(t, "a", words("w%d", winner), "many");
		p[winner] = NULL;
	}
	interrupted_wait();
	waits_again();
}

/* ---- how often it looks ------------------------------------------------------------------ */

static const enum call sleeps[] = {CALL_SLEEP, CALL_POLL, CALL_SELECT, CALL_SIGWAIT, CALL_FUTEX};

static bool
is_sleep(const struct event *e)
{
	for (size_t i = 0; i < sizeof sleeps / sizeof *sleeps; i++)
		if (e->call == sleeps[i])
			return e->call != CALL_FUTEX || e->timeout_ms > 0;
	return false;
}

/* What one process has done since the event number from. */
struct habits {
	unsigned naps, looks;
	long long asked_ms; /* for how long it wanted to sleep, all naps together */
};

static struct habits
habits_of(struct trial *t, pid_t pid, size_t from)
{
	struct habits h = {0};
	const struct event *e;
	size_t n;

	rests(t);
	e = events(t, &n);
	for (size_t i = from; i < n; i++) {
		if (e[i].kind != EVENT_CALL || e[i].pid != pid)
			continue;
		if (is_sleep(&e[i])) {
			h.naps++;
			h.asked_ms += e[i].timeout_ms < 0 ? LM_NOTICE_MS : e[i].timeout_ms;
		} else if (e[i].call == CALL_LINK || e[i].call == CALL_STAT) {
			h.looks++;
		}
	}
	return h;
}

/*
 * "at most LM_WAKES times a second on average, and sleeps in between". For: a loop that does
 * nothing but look; a timeout of 0; naps that are far too short; a client that has said something
 * and is told of again and again.
 */
void
no_busy_wait(void **state)
{
	(void)state;
	struct trial *t = prepared();
	struct peer *p, *other;
	struct habits h;
	size_t from;
	pid_t waiter;

	for (size_t i = 0; i < sizeof sleeps / sizeof *sleeps; i++)
		trial_watch(t, sleeps[i]);
	trial_watch(t, CALL_LINK);
	trial_watch(t, CALL_STAT);
	start(t);
	p = holds(t, "anna", "a");
	other = waits_for(t, "ben", "a");
	still_waits(t, other, "too-early");
	waiter = session_of(t, other)->pid;
	(void)peer_say(other, "stat a\nstat ");
	still_waits(t, other, "too-early");
	events(t, &from);
	for (int i = 0; i < LOOKS; i++)
		trial_advance(t, LM_NOTICE_MS);
	still_waits(t, other, "too-early");
	h = habits_of(t, waiter, from);
	expect(h.naps <= 12 + h.asked_ms * LM_WAKES / 1000, "busy",
	    words(_("on average a session looks at most %d times a second"), LM_WAKES),
	    _("it slept %u times, for %lld ms in all"), h.naps, h.asked_ms);
	expect(h.looks <= 8 * (h.naps + 4), "busy", _("between two looks a session sleeps"),
	    _("it looked %u times and slept %u times"), h.looks, h.naps);
	lets_go(t, p, "a");
	gets_lock(t, other, "not-noticed");
}

/* ---- what comes during a wait --------------------------------------------------------------- */

enum { MANY = 100 };

/* What it hears when it has the lock "a". */
static void
hears_all(struct trial *t, struct peer *p)
{
	gets_lock(t, p, "not-noticed");
	rests(t);
	hears(t, p, "S", peer_state(p) == PEER_OPEN ? "ahead" : "after-waiting");
	for (int i = 0; i < MANY; i++)
		hears(t, p, i % 2 == 0 ? "S locked" : "S", "ahead");
	hears(t, p, "S locked", "ahead");
	hears(t, p, "S", "ahead");
	hears(t, p, "S locked", "ahead");
	hears_nothing(t, p, "ahead");
}

/* Each lock has a name of its own: who only says that it was given back is not found here. */
static const char *
many_requests(void)
{
	const char *all = "release a\n";

	for (int i = 0; i < MANY; i++)
		all = words("%s%s x%d\n", all, i % 2 == 0 ? "lock" : "release", i / 2);
	return words("%slock y\nrelease y\nlock z\n", all);
}

/* All of it in one go, with the lock that has to be waited for; or bit by bit during the wait. */
static void
sends_ahead(bool at_once)
{
	struct trial *t = serving();
	struct peer *p = holds(t, "anna", "a"), *other = joins(t, "ben");
	const char *requests = many_requests();
	size_t third = strlen(requests) / 3;

	if (at_once) {
		(void)peer_say(other, words("lock a\n%s", requests));
	} else {
		(void)peer_say(other, "lock a\n");
		for (int i = 0; i < 3; i++) {
			rests(t);
			(void)peer_send(other, requests + (size_t)i * third,
			    i < 2 ? third : strlen(requests + 2 * third));
			trial_advance(t, LM_NOTICE_MS);
		}
	}
	still_waits(t, other, "ahead");
	lets_go(t, p, "a");
	hears_all(t, other);
}

/*
 * "All of them are answered, in order, when the wait is over". For: what has come during the wait
 * and is forgotten; answers before the lock is there; requests that came with the lock's own and
 * are lost; a session that ends because something came, or with the wait.
 */
void
ahead(void **state)
{
	(void)state;

	sends_ahead(true);
	sends_ahead(false);
}

enum { FLOOD = 24 * 1024 * 1024 };

static char *
flood(void)
{
	static char *text;

	if (text == NULL)
		text = malloc(FLOOD);
	if (text == NULL)
		grader_fault("no memory for what is sent");
	for (size_t i = 0; i < FLOOD; i += 8)
		memcpy(text + i, "stat xy\n", 8);
	return text;
}

/*
 * "It takes in at most MXP_AHEAD bytes of them, the rest stays in the connection". For: a buffer
 * that grows as long as bytes come; one that ends the session, or spins, when it is full.
 */
void
bounded(void **state)
{
	(void)state;
	struct trial *t = serving();
	struct peer *p = holds(t, "anna", "a"), *other = waits_for(t, "ben", "a"), *third;
	size_t taken = peer_fill(other, flood(), FLOOD);

	expect(taken < FLOOD, "unbounded",
	    _("what a client sends ahead stays in its connection, when MXP_AHEAD bytes have been "
	      "taken in"),
	    _("%zu bytes were taken while the session waited"), taken);
	for (int i = 0; i < 3; i++)
		trial_advance(t, LM_NOTICE_MS);
	still_waits(t, other, "too-early");
	third = holds(t, "carl", "c");
	peer_reset(other);
	rests(t);
	lets_go(t, p, "a");
	trial_advance(t, LM_NOTICE_MS);
	rests(t);
	is_free(t, third, "a", "not-cancelled");
}
