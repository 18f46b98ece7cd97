/*
 * dead_checks.c - sessions that are killed, and what becomes of their locks.
 *
 * Nobody waits for those who are killed here, so that each stays a zombie: its PID is still
 * taken, and kill(PID, 0) still says that somebody is there.
 */
#include "lockset.h"

#include "checks.h"
#include <string.h>

/* A lock that a dead one has left can be taken. */
static void
is_free(struct trial *t, const char *lock, int taker, const char *verb, const char *name)
{
	succeeds(t, taker, verb, lock, "dead-lock");
	linked(t, lock, name, "dead-lock");
}

/*
 * Task 4: "however it ends". For: a lock that a dead one keeps for ever; a PID that is asked
 * although its process is a zombie, or somebody else.
 */
void
dead_holder(void **state)
{
	(void)state;
	struct trial *t = directory();

	session(t, 0, "anna");
	session(t, 1, "ben");
	session(t, 2, "carl");
	succeeds(t, 0, "try", "a", "lock");
	succeeds(t, 0, "lock", "b", "lock");
	succeeds(t, 0, "try", "c", "lock");
	dies(t, 0);
	is_free(t, "a", 1, "try", "ben");
	is_free(t, "b", 2, "try", "carl");
	is_free(t, "c", 1, "lock", "ben");
	trial_finish(t);
}

/* A session of this name has had three locks, and is dead; session 1 has its name now. */
static struct trial *
with_a_namesake(void)
{
	struct trial *t = directory();

	session(t, 0, "anna");
	succeeds(t, 0, "try", "a", "lock");
	succeeds(t, 0, "try", "b", "lock");
	succeeds(t, 0, "try", "c", "lock");
	dies(t, 0);
	newcomer(t, 1);
	succeeds(t, 1, "init", "anna", "dead-name");
	return t;
}

/*
 * Task 4: "and so is its name". For: a name that is lost with its session; a session that takes
 * itself for the owner of what its namesake has left.
 */
void
dead_name(void **state)
{
	(void)state;
	struct trial *t = with_a_namesake();
	const struct answer *a;
	long long left;

	begins_with_name(t, "anna");
	left = inode_of(t, "l.", "a");
	a = step(t, 1, "release", "a");
	expect(!is_success(a) || inode_of(t, "l.", "a") == left, "dead-release",
	    _("a new session releases nothing that its dead namesake held"), "%s", returned(a));
	trial_finish(t);
}

/*
 * Task 4: "A new session with an old name has nothing of the old one's". For: the old file that is
 * used again, and its locks come alive; liveness that is judged by the name.
 */
void
dead_again(void **state)
{
	(void)state;
	struct trial *t = with_a_namesake();

	session(t, 2, "ben");
	succeeds(t, 2, "try", "a", "dead-again");
	linked(t, "a", "ben", "dead-again");
	succeeds(t, 1, "try", "b", "dead-again");
	linked(t, "b", "anna", "dead-again");
	succeeds(t, 1, "lock", "c", "dead-again");
	trial_finish(t);
}

/* "The lock of a session that is dead is free." For: lm_stat that asks nobody whether it lives. */
void
dead_stat(void **state)
{
	(void)state;
	struct trial *t = directory();
	const struct answer *a;

	session(t, 0, "anna");
	session(t, 1, "ben");
	succeeds(t, 0, "try", "a", "lock");
	a = step(t, 1, "stat", "a"); /* who says nothing of anybody says nothing of the dead */
	expect(is_success(a) && strcmp(answer_text(a, "holder"), "anna") == 0, "stat-holder",
	    words(_("lm_stat says that the holder is \"%s\""), "anna"),
	    _("it says \"%s\", which has length %lld"), shown(answer_text(a, "holder")),
	    answer_int(a, "len"));
	dies(t, 0);
	tells_holder(t, 1, "a", "", "dead-stat");
	trial_finish(t);
}

/*
 * Two wait, and the holder, who took the lock like this, dies; two thieves at most, of whom one may
 * stand before unlink().
 */
static void
one_of_two_after_death(const char *verb, bool held)
{
	struct trial *t = directory();
	const struct answer *a, *b;
	fault_id at_unlink = 0;
	int n;

	session(t, 0, "anna");
	session(t, 1, "ben");
	session(t, 2, "carl");
	succeeds(t, 0, verb, "a", "lock");
	tell(t, 1, "lock", "a");
	rests(t);
	tell(t, 2, "lock", "a");
	rests(t);
	if (held)
		at_unlink = trial_fault(t, (struct fault){.call = CALL_UNLINK,
					       .action = HOLD_BEFORE,
					       .who = DESCENDANTS,
					       .nth = 1,
					       .optional = true});
	dies(t, 0);
	rests(t);
	trial_advance(t, LM_NOTICE_MS);
	rests(t);
	if (held) {
		trial_advance(t, LM_NOTICE_MS);
		rests(t);
		release(t, at_unlink, false);
		rests(t);
	}
	a = heard(t, 1);
	b = heard(t, 2);
	n = (a != NULL) + (b != NULL);
	expect(n == 1, "dead-not-noticed",
	    _("when the holder dies, one of those who wait has the lock within LM_NOTICE_MS"),
	    _("%d of 2 have it"), n);
	succeeded(a != NULL ? a : b, "lock", "dead-not-noticed");
	linked(t, "a", a != NULL ? "ben" : "carl", "dead-not-noticed");
	gives_back(t, a != NULL ? 1 : 2, "a");
	has_it_in_time(t, a != NULL ? 2 : 1, "not-noticed",
	    _("who waits has the lock within LM_NOTICE_MS of its release"));
	trial_finish(t);
}

/*
 * Task 4: "or its holder dies". For: one who waits for unlink() only, which the dead do not call;
 * two who both take what the dead one had.
 */
void
dead_while_waiting(void **state)
{
	(void)state;
	one_of_two_after_death("try", false);
	one_of_two_after_death("try", true);
	one_of_two_after_death("lock", false);
}

/*
 * "it lives although it is stopped, or has not done anything for days". For: a lock that is too
 * old, a session that has not answered.
 */
void
alive_kept(void **state)
{
	(void)state;
	struct trial *t = directory();
	pid_t holder = session(t, 0, "anna");

	session(t, 1, "ben");
	succeeds(t, 0, "try", "a", "lock");
	trial_kill(t, holder, SIGSTOP);
	for (int day = 0; day < 3; day++) {
		trial_advance(t, 24 * 3600 * 1000);
		rests(t);
		refused(t, 1, "try", "a", EBUSY, "robbed");
	}
	linked(t, "a", "anna", "robbed");
	trial_kill(t, holder, SIGCONT);
	succeeds(t, 0, "release", "a", "robbed");
	trial_finish(t);
}

/* ---- two thieves ----------------------------------------------------------------------- */

static bool
has(struct trial *t, int i)
{
	const struct answer *a = heard(t, i);

	return a != NULL && answer_int(a, "result") == 1;
}

/*
 * A dead one's lock, and three who want it. The first thief stands at one of its calls; the second
 * one takes the lock, as far as it comes, and perhaps hands it on to the third. Then the first goes
 * on.
 */
static bool
thief_stands(struct trial *t, const struct door *door, unsigned k, bool hand_on)
{
	const char *lock = letters(6);
	const char *const names[] = {"", "one", "two", "three"};
	bool handed = false;
	int n = 0, winner = 0;

	session(t, 0, words("dead-%s", lock));
	succeeds(t, 0, "try", lock, "lock");
	dies(t, 0);
	if (!stands_at(t, 1, "try", lock, door, k, HOLD_BEFORE))
		return false;
	tell(t, 2, "try", lock);
	if (hand_on && has(t, 2)) {
		gives_back(t, 2, lock);
		succeeds(t, 3, "try", lock, "dead-lock");
		handed = true;
	}
	goes_on(t);
	for (int i = 1; i < 4; i++) {
		expect(heard(t, i) != NULL, "stuck",
		    words(_("%s comes back at once"), "lm_nonblocking_lock"),
		    _("a session waits although everybody goes on"));
		if (i == (handed ? 2 : 3) || !has(t, i))
			continue; /* it has handed it on, or was not asked */
		winner = i;
		n++;
	}
	expect(n == 1, "dead-twice", _("what a dead session has left goes to exactly one"),
	    _("%d say that they have it; the first one stood %s"), n, where_it_stood());
	linked(t, lock, names[winner], "dead-twice");
	return true;
}

static void
three_thieves(struct trial *t)
{
	session(t, 1, "one");
	session(t, 2, "two");
	session(t, 3, "three");
}

/*
 * Task 4: "exactly one". For: a look at the dead one's link and then unlink(), by which time
 * the link is somebody else's; a guard without a second look; rename() over a lock.
 */
void
one_thief(void **state)
{
	(void)state;
	static const struct door ways[] = {{CALL_UNLINK, FD_ANY}, {CALL_FCNTL, FD_ANY},
	    {CALL_LINK, FD_ANY}, {CALL_OPEN, FD_ANY}, {CALL_RENAME, FD_ANY}, {CALL_FLOCK, FD_ANY},
	    {CALL_CLOSE, FD_ANY}, {CALL_STAT, FD_ANY}};

	enum { MOST = 7 };
	struct trial *t = NULL;

	for (size_t d = 0; d < sizeof ways / sizeof *ways; d++) {
		t = with_stops(t, 2 * MOST, three_thieves);
		for (unsigned k = 1; k <= MOST; k++)
			if (!thief_stands(t, &ways[d], k, false) ||
			    !thief_stands(t, &ways[d], k, true))
				break;
	}
	trial_finish(t);
}

/* ---- killed anywhere --------------------------------------------------------------------- */

/* The victim is killed at a call; then everybody can go on, and the lock goes to one. */
static bool
killed_at(struct trial *t, const char *verb, const struct door *door, unsigned k)
{
	const char *lock = letters(6), *name = words("v%s", lock);
	bool begins = verb[0] == 'i', ends = verb[0] == 'r' || verb[0] == 'f', stands;

	if (begins)
		newcomer(t, 0);
	else
		session(t, 0, name);
	if (ends)
		succeeds(t, 0, "try", lock, "lock");
	stands = stands_at(t, 0, verb, begins ? name : lock, door, k, HOLD_BEFORE);
	dies(t, 0);
	if (!stands)
		return false;
	is_free(t, lock, 1, "try", "anna");
	newcomer(t, 3);
	succeeds(t, 3, "init", name, "dead-name");
	if (!begins) {
		gives_back(t, 1, lock);
		is_free(t, lock, 3, "lock", name);
	}
	dies(t, 3);
	return true;
}

static void
one_survivor(struct trial *t)
{
	session(t, 1, "anna");
}

/*
 * Task 4: "kill -9 among the ways", at whatever moment. For: a file that is half made and in the
 * way for ever; a guard that dies with its owner and stays locked.
 */
void
killed_anywhere(void **state)
{
	(void)state;
	static const struct door ways[] = {{CALL_OPEN, FD_ANY}, {CALL_WRITE, FD_FILE},
	    {CALL_FCNTL, FD_ANY}, {CALL_LINK, FD_ANY}, {CALL_UNLINK, FD_ANY}, {CALL_RENAME, FD_ANY},
	    {CALL_FLOCK, FD_ANY}};
	static const char *const verbs[] = {"init", "try", "lock", "release", "free"};

	enum { MOST = 5 };
	struct trial *t = NULL;

	for (size_t v = 0; v < sizeof verbs / sizeof *verbs; v++)
		for (size_t d = 0; d < sizeof ways / sizeof *ways; d++) {
			t = with_stops(t, MOST, one_survivor);
			for (unsigned k = 1; k <= MOST && killed_at(t, verbs[v], &ways[d], k); k++)
				;
		}
	trial_finish(t);
}
