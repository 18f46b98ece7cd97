/* lock_checks.c - locks are taken, seen and released. */
#include "lockset.h"

#include "checks.h"
#include <string.h>

/* Two sessions have three locks: lock and lock2 are the first one's, other the second one's. */
static struct trial *
with_three_locks(const char *lock, const char *other)
{
	struct trial *t = directory();

	session(t, 0, "anna");
	session(t, 1, "ben");
	succeeds(t, 0, "try", lock, "lock");
	not_linked(t, other, "lock");
	succeeds(t, 1, "lock", other, "lock");
	succeeds(t, 0, "lock", words("%s2", lock), "lock");
	return t;
}

/* "l.LOCK: a lock that is held". For: a wrong name; locks that are mixed up. */
void
lock_taken(void **state)
{
	(void)state;
	const char *lock = some_name((size_t)draw(3, 20)), *other = some_name((size_t)draw(3, 20));
	struct trial *t = with_three_locks(lock, other);
	const char *const all[] = {lock, other, words("%s2", lock)};

	for (int i = 0; i < 3; i++)
		expect(inode_of(t, "l.", all[i]) != 0, "lock",
		    _("a lock that is held is a file in the directory"), _("there is no l.%s"),
		    all[i]);
	trial_finish(t);
}

/* Task 2: "a hard link". For: a file of its own; a symbolic link. */
void
lock_is_a_link(void **state)
{
	(void)state;
	const char *lock = some_name((size_t)draw(3, 20)), *other = some_name((size_t)draw(3, 20));
	struct trial *t = with_three_locks(lock, other);

	hard_linked(t, lock, "anna");
	hard_linked(t, other, "ben");
	hard_linked(t, words("%s2", lock), "anna");
	trial_finish(t);
}

/* Task 2: "lm_stat tells". For: the wrong name; text of the last time; ENOENT as a failure. */
void
stat_tells(void **state)
{
	(void)state;
	struct trial *t = directory();
	const char *lock = some_name((size_t)draw(3, 20)), *other = some_name((size_t)draw(3, 20));
	const char *longest = some_name(LM_NAME_MOST);

	session(t, 0, "anna");
	newcomer(t, 1);
	if (!is_success(step(t, 1, "init", longest))) { /* which is another check's business */
		longest = some_name(LM_NAME_MOST - 1);
		succeeds(t, 1, "init", longest, "init");
	}
	tells_holder(t, 1, lock, "", "stat-free");
	succeeds(t, 0, "try", lock, "lock");
	tells_holder(t, 1, lock, "anna", "stat-holder");
	tells_holder(t, 1, other, "", "stat-free");
	succeeds(t, 1, "try", other, "lock");
	tells_holder(t, 0, other, longest, "stat-holder");
	tells_holder(t, 0, lock, "anna", "stat-holder");
	tells_holder(t, 0, words("%s2", lock), "", "stat-free");
	trial_finish(t);
}

/*
 * Task 2: "EBUSY: another live session holds it". For: a lock that a second one gets; a failure
 * that takes the lock away; lm_stat that closes the holder's own file and so loses its lock.
 */
void
lock_held(void **state)
{
	(void)state;
	struct trial *t = directory();

	session(t, 0, "anna");
	session(t, 1, "ben");
	session(t, 2, "carl");
	succeeds(t, 0, "try", "a", "lock");
	for (int again = 0; again < 2; again++) {
		refused(t, 1, "try", "a", EBUSY, "held");
		step(t, 0, "stat", "a"); /* which must not cost it the lock */
		refused(t, 2, "try", "a", EBUSY, "held");
		linked(t, "a", "anna", "held");
	}
	succeeds(t, 1, "try", "b", "lock");
	refused(t, 0, "try", "b", EBUSY, "held");
	refused(t, 2, "try", "a", EBUSY, "held");
	trial_finish(t);
}

/* Task 2: "EDEADLK". For: one who waits for itself, or who is told that it has the lock twice. */
void
lock_own(void **state)
{
	(void)state;
	struct trial *t = directory();
	const struct answer *a;

	session(t, 0, "anna");
	session(t, 1, "ben");
	succeeds(t, 0, "try", "a", "lock");
	succeeds(t, 0, "lock", "b", "lock");
	refused(t, 0, "lock", "a", EDEADLK, "own");
	refused(t, 0, "try", "a", EDEADLK, "own");
	refused(t, 0, "lock", "b", EDEADLK, "own");
	linked(t, "a", "anna", "own");
	succeeds(t, 1, "try", "c", "lock");
	a = step(t, 0, "try", "c");
	expect(is_success(a) || answer_int(a, "errno") != EDEADLK, "own",
	    _("another session's lock is not taken for an own one"), "%s", returned(a));
	trial_finish(t);
}

/* Everybody who is not back yet goes on alone, in an order that is drawn. */
static void
one_after_the_other(struct trial *t, fault_id at_link, int n)
{
	int order[SESSIONS];

	for (int i = 0; i < n; i++)
		order[i] = i;
	for (int i = n - 1; i > 0; i--) {
		int k = (int)draw(0, i), other = order[k];

		order[k] = order[i];
		order[i] = other;
	}
	for (int i = 0; i < n; i++) {
		release_one(t, at_link, pid_of_session(order[i]));
		rests(t);
	}
	release(t, at_link, false);
	rests(t);
}

/* n sessions stand at link() for the same lock; then each goes on. */
static void
contenders(int n)
{
	struct trial *t = directory();
	const char *lock = letters(5);
	fault_id at_link;
	int winners = 0, winner = 0;

	for (int i = 0; i < n; i++)
		session(t, i, words("s%d", i));
	at_link = trial_fault(
	    t, (struct fault){.call = CALL_LINK, .action = HOLD_BEFORE, .who = DESCENDANTS});
	for (int i = 0; i < n; i++)
		tell(t, i, "try", lock);
	rests(t);
	expect(fault_delivered(t, at_link) == (unsigned)n, "by-link",
	    _("who gets a free lock is decided by link(), and nobody waits before it"),
	    _("%u of %d contenders are in link()"), fault_delivered(t, at_link), n);
	one_after_the_other(t, at_link, n);
	for (int i = 0; i < n; i++) {
		const struct answer *a = heard(t, i);

		expect(a != NULL, "stuck", words(_("%s comes back at once"), "lm_nonblocking_lock"),
		    _("it does not"));
		if (answer_int(a, "result") == 1) {
			winner = i;
			winners++;
		} else {
			expect(answer_int(a, "errno") == EBUSY, "held",
			    words(_("%s returns 0 with errno %s"), "lm_nonblocking_lock", "EBUSY"),
			    _("the errno is %s"), error_name(answer_int(a, "errno")));
		}
	}
	expect(winners == 1, "one-winner", _("exactly one of those who try gets the lock"),
	    _("%d of %d say that they have it"), winners, n);
	linked(t, lock, words("s%d", winner), "one-winner");
	trial_finish(t);
}

/* Task 2: "exactly one". For: a test and then open() or rename(); EEXIST taken for success. */
void
one_winner(void **state)
{
	(void)state;
	contenders(2);
	contenders(2);
	contenders(5);
}

/* While one stands somewhere in lm_init or on its way to the lock, another one asks who has it. */
static void
asks_meanwhile(const struct door *door, enum fault_action action)
{
	struct trial *t = directory();
	bool stands = true;

	session(t, 1, "ben");
	for (unsigned k = 1; stands && k < 6; k++) {
		const char *name = letters(9), *lock = letters(7), *told;
		const struct answer *a;

		session(t, 0, name);
		stands = stands_at(t, 0, "try", lock, door, k, action);
		a = step(t, 1, "stat", lock);
		told = is_success(a) ? answer_text(a, "holder") : "";
		expect(told[0] == '\0' || strcmp(told, name) == 0, "whole-name",
		    _("lm_stat tells the whole name of the holder, or that the lock is free"),
		    _("it told \"%s\" in place of \"%s\""), shown(told), name);
		expect(told[0] != '\0' || inode_of(t, "l.", lock) == 0, "whole-name",
		    _("the holder's name is there as soon as the lock is taken"),
		    _("l.%s is there, and lm_stat tells no holder; it stood %s"), lock,
		    where_it_stood());
		goes_on(t);
		linked(t, lock, name, "whole-name");
		dies(t, 0);
	}
	trial_finish(t);
}

/*
 * "what u.SESSION holds is complete before anything links to it". For: a lock that is made first
 * and gets the holder's name afterwards.
 */
void
holder_whole(void **state)
{
	(void)state;
	static const struct door ways[] = {
	    {CALL_LINK, FD_ANY}, {CALL_OPEN, FD_ANY}, {CALL_WRITE, FD_FILE}};

	for (size_t d = 0; d < sizeof ways / sizeof *ways; d++)
		asks_meanwhile(&ways[d], HOLD_AFTER);
}

/*
 * Task 2: "gives a lock back". For: a link that stays; another lock's that goes, too; a lock that
 * its last holder releases once more.
 */
void
release_gives(void **state)
{
	(void)state;
	struct trial *t = directory();

	session(t, 0, "anna");
	session(t, 1, "ben");
	succeeds(t, 0, "try", "a", "lock");
	succeeds(t, 0, "try", "b", "lock");
	succeeds(t, 0, "try", "c", "lock");
	succeeds(t, 0, "release", "b", "release");
	not_linked(t, "b", "release");
	linked(t, "a", "anna", "release");
	linked(t, "c", "anna", "release");
	succeeds(t, 1, "try", "b", "release");
	linked(t, "b", "ben", "release");
	succeeds(t, 0, "release", "a", "release");
	succeeds(t, 0, "try", "a", "release");
	succeeds(t, 0, "release", "a", "release");
	succeeds(t, 0, "release", "c", "release");
	succeeds(t, 1, "lock", "a", "release");
	succeeds(t, 1, "lock", "c", "release");
	step(t, 0, "release", "c"); /* what it returns is another check's business */
	linked(t, "c", "ben", "release-twice");
	trial_finish(t);
}

/*
 * Task 2: "EPERM". For: unlink() of somebody else's lock; an owner that is not looked at;
 * success for what is free.
 */
void
release_foreign(void **state)
{
	(void)state;
	struct trial *t = directory();

	session(t, 0, "anna");
	session(t, 1, "ann");
	succeeds(t, 0, "try", "a", "lock");
	refused(t, 1, "release", "a", EPERM, "foreign");
	linked(t, "a", "anna", "foreign");
	refused(t, 1, "release", "free", EPERM, "foreign");
	succeeds(t, 1, "try", "b", "lock");
	refused(t, 0, "release", "b", EPERM, "foreign");
	linked(t, "b", "ann", "foreign");
	trial_finish(t);
}
