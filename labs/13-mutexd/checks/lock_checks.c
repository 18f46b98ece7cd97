/* lock_checks.c - what a session may ask for, when nobody has to wait. */
#include "checks.h"
#include "lockset.h"
#include <string.h>

/*
 * "lock NAME: S locked: now the session has it". For: one lock for all names; a lock that nobody
 * else sees.
 */
void
locks(void **state)
{
	(void)state;
	struct trial *t = serving();
	const char *lock = letters(6), *second = letters(7);
	struct peer *p = joins(t, "anna"), *other = joins(t, "ben");

	asks(t, p, words("lock %s", lock), "S locked", "lock");
	held_by(t, lock, "anna", "lock");
	asks(t, other, words("lock %s", second), "S locked", "lock");
	held_by(t, second, "ben", "lock");
	held_by(t, lock, "anna", "lock");
	hears_nothing(t, p, "lock");
	hears_nothing(t, other, "lock");
}

/*
 * "release NAME: S: now nobody has it". For: a release that is only said; one that gives back all
 * locks of the session, or ends it; a lock that can be had only once.
 */
void
releases(void **state)
{
	(void)state;
	struct trial *t = serving();
	const char *lock = letters(6), *kept = letters(7);
	struct peer *p = holds(t, "anna", kept), *other = joins(t, "ben");

	asks(t, p, words("lock %s", lock), "S locked", "lock");
	asks(t, p, words("release %s", lock), "S", "release");
	asks(t, other, words("lock %s", lock), "S locked", "release");
	held_by(t, lock, "ben", "release");
	held_by(t, kept, "anna", "release");
	asks(t, other, words("release %s", lock), "S", "release");
	asks(t, p, words("lock %s", lock), "S locked", "release");
	held_by(t, lock, "anna", "release");
	hears_nothing(t, p, "release");
	hears_nothing(t, other, "release");
}

/* "stat LOCK", asked by p: this one holds it, or nobody (NULL). */
static void
tells(struct trial *t, struct peer *p, const char *lock, const char *holder)
{
	const char *question = words("stat %s", lock);

	if (holder == NULL) {
		asks(t, p, question, "S free", "stat");
		return;
	}
	asks(t, p, question, words("C %s", holder), "stat");
	hears(t, p, "S held", "stat");
}

/*
 * "C holder and then S held; S free". For: a holder that is told when the lock is free; a holder
 * without "held"; a name that is cut; a lock and a user of the same name.
 */
void
stat_tells(void **state)
{
	(void)state;
	struct trial *t = serving();
	const char *name = letters(LM_NAME_MOST), *lock = letters(LM_NAME_MOST);
	struct peer *p = joins(t, name), *other = joins(t, lock);

	tells(t, p, lock, NULL);
	asks(t, p, words("lock %s", lock), "S locked", "lock");
	tells(t, p, lock, name);
	tells(t, other, lock, name);
	tells(t, other, name, NULL);
	lets_go(t, p, lock);
	tells(t, other, lock, NULL);
	hears_nothing(t, other, "stat");
}

/*
 * "F: it has this lock already", "it has not got this lock". For: a lock that anybody releases; an
 * own lock that is waited for, or given again; a failure that is told as success, of a name that is
 * none, too.
 */
void
not_yours(void **state)
{
	(void)state;
	struct trial *t = serving();
	struct peer *p = holds(t, "anna", "a"), *other = holds(t, "ben", "b");

	asks_in_vain(t, p, "lock a", "own-lock");
	asks_in_vain(t, other, "release a", "release-foreign");
	held_by(t, "a", "anna", "release-foreign");
	asks_in_vain(t, p, "release b", "release-foreign");
	held_by(t, "b", "ben", "release-foreign");
	asks_in_vain(t, p, "release c", "release-foreign");
	asks_in_vain(t, p, "release ../a", "release-foreign");
	asks_in_vain(t, p, "release a b", "release-foreign");
	asks(t, p, "release a", "S", "release");
	asks_in_vain(t, p, "release a", "release-foreign");
	hears_nothing(t, p, "own-lock");
	hears_nothing(t, other, "release-foreign");
}

/*
 * "A keyword is what stands before the first space, all of it"; "a second id, a keyword without a
 * space and a name, and an empty line". For: keywords that are compared by their beginning (an
 * empty line is then stat); a second id that is believed; a session that ends.
 */
void
unknown(void **state)
{
	(void)state;
	struct trial *t = serving();
	struct peer *p = holds(t, "anna", "a");
	static const char *const lines[] = {"", " ", "stat", "lock", "release", "id", "id ben",
	    "id anna", "s a", "sta a", "l a", "loc a", "r a", "releas a", "stats a", "locks b",
	    "locked b", "released a", "lockb", "stata", "releasea", " lock b", "LOCK b", "Stat a",
	    "help", "quit", "\xff\xfe\xfd", "\r"};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		asks(t, p, lines[i], "F unknown command", "unknown");
	held_by(t, "a", "anna", "unknown");
	is_free(t, p, "b", "unknown");
}

/*
 * "NAME is no name". For: a lock's name that becomes a path; one that is cut where a NUL stands;
 * a session that waits for ever, or ends.
 */
void
lock_names(void **state)
{
	(void)state;
	struct trial *t = serving();
	struct peer *p = joins(t, "anna");
	static const char *const bad[] = {".", "..", "../x", "/tmp/x", "a/b", ".x", " a", "a ",
	    "a b", "a\rb", "\xc3\xa4", "a%sb"};
	const char *most = letters(LM_NAME_MOST);

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		asks(t, p, words("stat %s", bad[i]), "F unable to check lock status", "bad-lock");
		asks_in_vain(t, p, words("lock %s", bad[i]), "bad-lock");
	}
	asks_in_vain(t, p, words("lock %sx", most), "bad-lock");
	asks(t, p, words("lock %s", most), "S locked", "bad-lock");
	(void)peer_send(p, "lock a\0b\n", 9);
	hears_failure(t, p, "bad-lock");
	is_free(t, p, "a", "bad-lock");
	(void)peer_send(p, "stat\0 a\n", 8);
	hears_failure(t, p, "bad-lock");
	hears_nothing(t, p, "bad-lock");
}
