/* wait_checks.c - lm_lock() waits: for long, cheaply, and not longer than it must. */
#include "lockset.h"

#include "checks.h"

enum { WAITERS = 4, LOOKS = 30 };

static const char *
in_time(void)
{
	return _("who waits has the lock within LM_NOTICE_MS of its release");
}

/* Task 3: "waits". For: one who gets it too early, or not at all, or returns with EBUSY. */
void
lock_waits(void **state)
{
	(void)state;
	struct trial *t = directory();

	session(t, 0, "anna");
	session(t, 1, "ben");
	succeeds(t, 0, "try", "a", "lock");
	tell(t, 1, "lock", "a");
	still_waits(t, 1, "too-early");
	for (int i = 0; i < 3; i++) {
		trial_advance(t, LM_NOTICE_MS);
		still_waits(t, 1, "too-early");
	}
	linked(t, "a", "anna", "too-early");
	gives_back(t, 0, "a");
	has_it_in_time(t, 1, "not-noticed", in_time());
	linked(t, "a", "ben", "not-noticed");
	trial_finish(t);
}

/* ---- how often it looks -------------------------------------------------------------- */

static const enum call sleeps[] = {CALL_SLEEP, CALL_POLL, CALL_SELECT, CALL_SIGWAIT};

static bool
is_sleep(enum call call)
{
	for (size_t i = 0; i < sizeof sleeps / sizeof *sleeps; i++)
		if (sleeps[i] == call)
			return true;
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
	size_t n;
	const struct event *e;

	look(t);
	e = events(t, &n);
	for (size_t i = from; i < n; i++) {
		if (e[i].kind != EVENT_CALL || e[i].pid != pid)
			continue;
		if (is_sleep(e[i].call)) {
			h.naps++;
			h.asked_ms += e[i].timeout_ms < 0 ? LM_NOTICE_MS : e[i].timeout_ms;
		} else if (e[i].call == CALL_LINK || e[i].call == CALL_STAT) {
			h.looks++;
		}
	}
	return h;
}

/*
 * Task 3: "at most LM_WAKES times a second". For: a loop that does nothing but look; naps that
 * are far too short; a timeout of 0; an event that is never taken from its queue.
 */
void
no_busy_wait(void **state)
{
	(void)state;
	struct trial *t = prepared_patiently();
	struct habits h;
	size_t from;
	pid_t waiter;

	for (size_t i = 0; i < sizeof sleeps / sizeof *sleeps; i++)
		trial_watch(t, sleeps[i]);
	start(t);
	session(t, 0, "anna");
	waiter = session(t, 1, "ben");
	session(t, 2, "carl");
	succeeds(t, 0, "try", "a", "lock");
	succeeds(t, 0, "try", "b", "lock");
	events(t, &from);
	tell(t, 1, "lock", "a");
	still_waits(t, 1, "too-early");
	succeeds(t, 2, "try", "c", "lock");
	gives_back(t, 2, "c");
	gives_back(t, 0, "b");
	for (int i = 0; i < LOOKS; i++) {
		trial_advance(t, LM_NOTICE_MS);
		still_waits(t, 1, "too-early");
	}
	expect_sleeps(t);
	h = habits_of(t, waiter, from);
	expect(h.naps <= 12 + h.asked_ms * LM_WAKES / 1000, "busy",
	    words(_("on average a session looks at most %d times a second"), LM_WAKES),
	    _("it slept %u times, for %lld ms in all"), h.naps, h.asked_ms);
	expect(h.looks <= 8 * (h.naps + 4), "busy", _("between two looks a session sleeps"),
	    _("it looked %u times and slept %u times"), h.looks, h.naps);
	gives_back(t, 0, "a");
	has_it_in_time(t, 1, "not-noticed", in_time());
	trial_finish(t);
}

/* ---- nothing is lost ------------------------------------------------------------------- */

/* The waiter stands somewhere on its way to sleep, and at this moment the lock is released. */
static bool
released_meanwhile(struct trial *t, const struct door *door, unsigned k, enum fault_action action)
{
	const char *lock = letters(6);
	bool stands;

	session(t, 1, words("w%s", lock));
	succeeds(t, 0, "try", lock, "lock");
	stands = stands_at(t, 1, "lock", lock, door, k, action);
	gives_back(t, 0, lock);
	goes_on(t);
	has_it_in_time(t, 1, "not-noticed",
	    stands
		? words(_("%s, wherever it was at this moment (%s)"), in_time(), where_it_stood())
		: in_time());
	linked(t, lock, words("w%s", lock), "not-noticed");
	dies(t, 1);
	return stands;
}

static void
one_holder(struct trial *t)
{
	session(t, 0, "anna");
}

/*
 * Task 3: "whatever the moment". For: a watch that begins after the last look, so that the release
 * in between wakes nobody; a look that takes "gone meanwhile" (ENOENT) for a failure.
 */
void
no_lost_release(void **state)
{
	(void)state;
	static const struct door ways[] = {{CALL_LINK, FD_ANY}, {CALL_OPEN, FD_ANY},
	    {CALL_FCNTL, FD_ANY}, {CALL_STAT, FD_ANY}, {CALL_READ, FD_FILE}, {CALL_CLOSE, FD_ANY},
	    {CALL_FLOCK, FD_ANY}};
	static const struct door beds[] = {{CALL_POLL, FD_ANY}, {CALL_SLEEP, FD_ANY},
	    {CALL_SELECT, FD_ANY}, {CALL_READ, FD_OTHER}};

	enum { MOST = 6 };
	struct trial *t = NULL;

	for (size_t d = 0; d < sizeof ways / sizeof *ways; d++) {
		bool locks = ways[d].call == CALL_FCNTL || ways[d].call == CALL_FLOCK;

		t = with_stops(t, MOST, one_holder);
		for (unsigned k = 1; k <= MOST; k++)
			if (!released_meanwhile(t, &ways[d], k, locks ? HOLD_BEFORE : HOLD_AFTER))
				break;
	}
	trial_finish(t);
	t = prepared();
	for (size_t d = 0; d < sizeof beds / sizeof *beds; d++)
		trial_watch(t, beds[d].call);
	start(t);
	one_holder(t);
	for (size_t d = 0; d < sizeof beds / sizeof *beds; d++)
		released_meanwhile(t, &beds[d], 1, HOLD_BEFORE);
	trial_finish(t);
}

/* How many of those who wait have come back with the lock; the last one of them. */
static int
winners_among(struct trial *t, const bool has[], int *winner)
{
	int n = 0;

	for (int i = 1; i <= WAITERS; i++) {
		const struct answer *a = has[i] ? NULL : heard(t, i);

		if (a == NULL)
			continue;
		succeeded(a, "lock", "many");
		*winner = i;
		n++;
	}
	return n;
}

/* Who has waited for the lock has a child when it gives it back: that has all files open, too. */
static void
has_a_child(void)
{
	struct trial *t = directory();

	for (int i = 0; i < 2; i++)
		session(t, i, i == 0 ? "anna" : "ben");
	succeeds(t, 0, "try", "a", "lock");
	tell(t, 1, "lock", "a");
	rests(t);
	gives_back(t, 0, "a");
	has_it_in_time(t, 1, "not-noticed", in_time());
	succeeds(t, 1, "child", "", "lock");
	tell(t, 0, "lock", "a");
	rests(t);
	gives_back(t, 1, "a");
	has_it_in_time(t, 0, "not-noticed", in_time());
	trial_finish(t);
}

/*
 * Task 3: "one of those who wait". For: several or nobody; another lock's release that is taken for
 * this one's; a place that a child keeps.
 */
void
many_wait(void **state)
{
	(void)state;
	struct trial *t = directory();
	bool has[SESSIONS] = {false};
	int holder = 0;

	for (int i = 0; i <= WAITERS; i++)
		session(t, i, words("s%d", i));
	succeeds(t, 0, "try", "a", "lock");
	succeeds(t, 0, "try", "b", "lock");
	for (int i = 1; i <= WAITERS; i++)
		tell(t, i, "lock", "a");
	rests(t);
	gives_back(t, 0, "b"); /* which may wake them, and is not theirs */
	for (int left = WAITERS; left > 0; left--) {
		int winner = 0, n;

		expect(winners_among(t, has, &winner) == 0, "many",
		    _("one session at a time has the lock"), _("a second one has it"));
		gives_back(t, holder, "a");
		rests(t);
		n = winners_among(t, has, &winner);
		if (n == 0) {
			trial_advance(t, LM_NOTICE_MS);
			n = winners_among(t, has, &winner);
		}
		expect(n == 1, "many",
		    _("after a release exactly one of those who wait has the lock"),
		    _("%d of %d have it"), n, left);
		linked(t, "a", words("s%d", winner), "many");
		has[winner] = true;
		holder = winner;
	}
	trial_finish(t);
	has_a_child();
}

/*
 * "A signal handler may run at any time". For: EINTR taken for a failure, for a release, or for
 * the end of the waiting.
 */
void
waits_through_signals(void **state)
{
	(void)state;
	struct trial *t = directory();
	pid_t one, other;

	session(t, 0, "anna");
	one = session(t, 1, "ben");
	other = session(t, 2, "carl");
	succeeds(t, 1, "handle", "", "signal");
	succeeds(t, 2, "handle", "", "signal");
	succeeds(t, 0, "try", "a", "lock");
	tell(t, 1, "lock", "a");
	rests(t);
	tell(t, 2, "lock", "a");
	rests(t);
	for (int i = 0; i < 3; i++) {
		trial_kill(t, one, SIGUSR1);
		trial_kill(t, other, SIGUSR1);
		still_waits(t, 1, "signal");
		still_waits(t, 2, "signal");
		linked(t, "a", "anna", "signal");
	}
	gives_back(t, 0, "a");
	rests(t);
	if (heard(t, 1) == NULL && heard(t, 2) == NULL)
		trial_advance(t, LM_NOTICE_MS);
	rests(t);
	if (heard(t, 1) != NULL) {
		succeeded(heard(t, 1), "lock", "signal");
		gives_back(t, 1, "a");
		has_it_in_time(t, 2, "not-noticed", in_time());
	} else {
		has_it_in_time(t, 2, "not-noticed", in_time());
		gives_back(t, 2, "a");
		has_it_in_time(t, 1, "not-noticed", in_time());
	}
	trial_finish(t);
}
