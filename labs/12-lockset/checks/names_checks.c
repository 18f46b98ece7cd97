/* names_checks.c - sessions begin, and names are looked at. */
#include "lockset.h"

#include "checks.h"
#include <string.h>

/* Task 1: "the session's file". For: a session that does not begin; no file; a wrong path. */
void
lm_init_begins(void **state)
{
	(void)state;
	struct trial *t = directory();
	const char *const names[] = {letters((size_t)draw(3, 12)), letters((size_t)draw(3, 12))};

	for (int i = 0; i < 2; i++) {
		session(t, i, names[i]);
		expect(inode_of(t, "u.", names[i]) != 0, "session-file",
		    words(_("there is a file u.%s"), names[i]), _("there is none"));
	}
	expect(inode_of(t, "u.", names[0]) != inode_of(t, "u.", names[1]), "session-file",
	    _("each session has a file of its own"), _("both are the same file"));
	trial_finish(t);
}

/* "It holds the session's name, without NUL or newline". For: one byte too many, or too few. */
void
file_holds_name(void **state)
{
	(void)state;
	struct trial *t = directory();
	const char *names[] = {
	    letters(6), "A", letters((size_t)draw(20, LM_NAME_MOST - 1)), letters(LM_NAME_MOST)};

	for (int i = 0; i < 4; i++) {
		newcomer(t, i);
		if (!is_success(step(t, i, "init", names[i])) && i == 3)
			break; /* whether it takes the longest name is another check's business */
		for (int k = 0; k <= i; k++)
			holds_name(t, names[k]);
	}
	trial_finish(t);
}

/* Every one of them is wrong for another reason. */
static const char *
bad_name(unsigned n)
{
	switch (n) {
	case 0:
		return "";
	case 1:
		return ".";
	case 2:
		return "..";
	case 3:
		return "../x";
	case 4:
		return words("%s/%s", letters(2), letters(2));
	case 5:
		return words("/%s", letters(3));
	case 6:
		return words(".%s", letters(4));
	case 7:
		return some_name(LM_NAME_MOST + 1);
	case 8:
		return some_name(300);
	case 9:
		return words("%s %s", letters(2), letters(2));
	case 10:
		return words("%s\n", letters(3));
	case 11:
		return words("%s\xc3\xa4", letters(3));
	case 12:
		return words("%s%c", letters(3), (char)(draw(0, 1) ? '*' : '@'));
	case 13:
		return words("%s/", letters(3));
	default:
		return NULL;
	}
}

/* A name that must be refused: nothing may change, neither here nor one directory up. */
static void
refuses_name(struct trial *t, const char *verb, const char *name)
{
	const char *here = names_in(t, true);
	const char *up = words("%s", answer_text(ask(t, "list", "."), "names"));

	refused(t, 0, verb, name, EINVAL, "bad-name");
	expect(strcmp(names_in(t, true), here) == 0 &&
		   strcmp(answer_text(ask(t, "list", "."), "names"), up) == 0,
	    "bad-name", _("a bad name touches nothing"), _("now the directory holds: %s"),
	    shown(names_in(t, true)));
}

/*
 * Task 1: "any other name is refused". For: names that are not looked at, or not well
 * enough: "../x", "a/b", "", ".", "..", too long; a file that is made before the test.
 */
void
session_names(void **state)
{
	(void)state;
	struct trial *t = directory();

	newcomer(t, 0);
	for (unsigned n = 0; bad_name(n) != NULL; n++)
		refuses_name(t, "init", bad_name(n));
	succeeds(t, 0, "init", some_name(LM_NAME_MOST), "good-name");
	newcomer(t, 1);
	succeeds(t, 1, "init", some_name(1), "good-name");
	newcomer(t, 2);
	succeeds(t, 2, "init", "0-_.", "good-name");
	trial_finish(t);
}

/* Task 2: the same for locks, in every function. For: one function that does not look. */
void
lock_names(void **state)
{
	(void)state;
	static const char *const verbs[] = {"lock", "try", "release", "stat"};
	const char *good[] = {"a", some_name(LM_NAME_MOST), "0-_.", "u.x", "l.x", "x..y"};
	struct trial *t = directory();

	session(t, 0, "same");
	for (size_t v = 0; v < sizeof verbs / sizeof *verbs; v++)
		for (unsigned n = 0; bad_name(n) != NULL; n++)
			refuses_name(t, verbs[v], bad_name(n));
	succeeds(t, 0, "try", "same", "good-name");
	linked(t, "same", "same", "good-name");
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		succeeds(t, 0, i % 2 ? "lock" : "try", good[i], "good-name");
		linked(t, good[i], "same", "good-name");
		gives_back(t, 0, good[i]);
		expect(answer_int(step(t, 0, "stat", good[i]), "errno") != EINVAL, "good-name",
		    words(_("%s takes the name"), "lm_stat"), _("the errno is %s"), "EINVAL");
	}
	trial_finish(t);
}

/*
 * Task 1: "A name that a live session has is refused". For: a name that two have; an early
 * return that keeps what was locked, so that the next one waits for ever; the file of the
 * first one that is overwritten or removed.
 */
void
name_taken(void **state)
{
	(void)state;
	struct trial *t = directory();
	const char *name = some_name((size_t)draw(3, 12));
	long long file, link;

	session(t, 0, name);
	file = inode_of(t, "u.", name);
	step(t, 0, "try", "a");
	link = inode_of(t, "l.", "a");
	newcomer(t, 1);
	for (int again = 0; again < 3; again++) {
		refused(t, 1, "init", name, EBUSY, "name-taken");
		begins_with_name(t, name);
		expect(inode_of(t, "u.", name) == file && inode_of(t, "l.", "a") == link,
		    "name-taken", _("the session that has the name notices nothing"),
		    _("u.%s or its lock is another file now"), name);
	}
	session(t, 2, "else");
	succeeds(t, 1, "init", words("%s2", name), "init");
	newcomer(t, 3);
	refused(t, 3, "init", name, EBUSY, "name-taken");
	step(t, 0, "free", "");
	succeeds(t, 3, "init", name, "name-again");
	begins_with_name(t, name);
	trial_finish(t);
}

/* One stands at a call of lm_init; another one with the same name comes by. Who has the name? */
static bool
two_with_one_name(struct trial *t, const struct door *door, unsigned k)
{
	const char *name = letters(8);
	const struct answer *one, *other;
	int winners, winner;

	newcomer(t, 0);
	if (!stands_at(t, 0, "init", name, door, k, HOLD_BEFORE))
		return false;
	newcomer(t, 1);
	tell(t, 1, "init", name);
	rests(t);
	goes_on(t);
	one = heard(t, 0);
	other = heard(t, 1);
	expect(one != NULL && other != NULL, "stuck", words(_("%s comes back at once"), "lm_init"),
	    _("it waits although everybody goes on"));
	winners = (answer_int(one, "result") == 1) + (answer_int(other, "result") == 1);
	expect(winners == 1, "name-race",
	    _("of two sessions that begin with the same name, one gets it"),
	    _("%d of 2 got it; the first one stood %s"), winners, where_it_stood());
	expect(answer_int(answer_int(one, "result") == 1 ? other : one, "errno") == EBUSY,
	    "name-race", words(_("%s returns 0 with errno %s"), "lm_init", "EBUSY"),
	    _("the first one stood %s"), where_it_stood());
	winner = answer_int(one, "result") == 1 ? 0 : 1;
	succeeds(t, winner, "try", name, "name-race");
	linked(t, name, name, "name-race");
	newcomer(t, 2);
	refused(t, 2, "init", name, EBUSY, "name-race");
	dies(t, 2);
	dies(t, winner);
	dies(t, 1 - winner);
	return true;
}

/*
 * Task 1: "Of two that try at the same time, one gets it". For: a test and then open(); a
 * file that others see before it is locked; a dead session's file that two clear away.
 */
void
name_race(void **state)
{
	(void)state;
	enum { MOST = 7 };
	struct trial *t = NULL;

	for (size_t d = 0; d < n_doors; d++) {
		t = with_stops(t, MOST, NULL);
		for (unsigned k = 1; k <= MOST && two_with_one_name(t, &doors[d], k); k++)
			;
	}
	trial_finish(t);
}
