/* waiting_checks.c - calls that fail inside of lm_lock() while another session has the lock. */
#include "lockset.h"

#include "trouble.h"

/*
 * So many descriptors stay open when nothing fails, which is another check's business: in a
 * session's first wait, from which it may keep something for the next one, and in a later wait.
 */
static int usual_first, usual_later;
static bool has_waited; /* session 0, in its life */

static void
new_session(struct trial *t)
{
	begin_as_me(t);
	has_waited = false;
}

/* Session 1 has the lock; session 0 waits for it, and something fails, at once or at a
 * later look.
 */
static const struct answer *
waits_until_it_fails(struct trial *t, const char *lock)
{
	const struct answer *a;

	tell(t, 0, "lock", lock);
	a = heard(t, 0);
	for (int i = 0; i < 2 && a == NULL; i++) {
		trial_advance(t, LM_NOTICE_MS);
		a = heard(t, 0);
	}
	linked(t, lock, "ben", "undone");
	return a;
}

static struct chances
chances_in_wait(struct trial *t)
{
	const char *lock = letters(7);
	struct chances before, now;
	size_t open_before;

	succeeds(t, 1, "try", lock, "lock");
	rests(t);
	open_before = descriptors_of(t, 0);
	before = calls_by_now(t);
	if (waits_until_it_fails(t, lock) != NULL)
		check_fail("too-early",
		    _("lm_lock waits as long as another session holds the lock"), "%s",
		    _("it has come back"));
	now = calls_by_now(t);
	gives_back(t, 1, lock);
	has_it_in_time(
	    t, 0, "not-noticed", _("who waits has the lock within LM_NOTICE_MS of its release"));
	now = chances_of(&before, now, heard(t, 0));
	*(has_waited ? &usual_later : &usual_first) = (int)descriptors_of(t, 0) - (int)open_before;
	has_waited = true;
	gives_back(t, 0, lock);
	return now;
}

static bool
fails_in_wait(struct trial *t, const struct trouble *what)
{
	const char *lock = letters(7);
	size_t open_before;
	fault_id fault;
	const struct answer *a;
	bool came;

	if (what->lack == LACK_DESCRIPTORS && has_waited) { /* most are opened by the first wait */
		dies(t, 0);
		new_session(t);
	}
	succeeds(t, 1, "try", lock, "lock");
	rests(t);
	open_before = descriptors_of(t, 0);
	fault = begins(t, what);
	a = waits_until_it_fails(t, lock);
	came = disarm(t, fault) || a != NULL; /* it is not for session 1 */
	gives_back(t, 1, lock);
	if (a == NULL) {
		has_it_in_time(t, 0, "not-noticed",
		    _("who waits has the lock within LM_NOTICE_MS of its release"));
		linked(t, lock, my_name(), "not-noticed");
		gives_back(t, 0, lock);
	} else {
		expect(!is_success(a) && answer_int(a, "errno") == what->error, "handed-on",
		    words(_("%s returns 0 with errno %s"), "lm_lock", error_name(what->error)),
		    "%s (%s)", returned(a), in_words(what));
	}
	if (what->lack == LACK_DESCRIPTORS)
		step(t, 0, "room", "-1");
	expect_closed(t, has_waited ? usual_later : usual_first, open_before, in_words(what));
	if (came && is_locking(what)) {
		dies(t, 0);
		new_session(t);
		return came;
	}
	has_waited = has_waited || a == NULL;
	not_linked(t, lock, "undone");
	for (int i = 2; i >= 0; i -= 2) { /* its place in the line is free, too */
		succeeds(t, i, "lock", lock, "undone");
		gives_back(t, i, lock);
	}
	return came;
}

/*
 * The directory can be searched, but no more read: who cannot watch it may say so, or do without.
 * It has no lock that is another one's.
 */
static void
cannot_watch(void)
{
	enum { SEARCH = 0300, ALL = 0777 };
	struct trial *t = roomy_directory();
	const struct answer *a;

	begin_as_me(t);
	session(t, 1, "ben");
	succeeds(t, 1, "try", "a", "lock");
	ask(t, "chmod", "d", word(SEARCH));
	a = waits_until_it_fails(t, "a");
	expect(a == NULL || !is_success(a), "too-early",
	    _("lm_lock waits as long as another session holds the lock"), "%s",
	    _("it has come back"));
	if (a != NULL)
		expect(answer_int(a, "errno") == EACCES, "handed-on",
		    words(_("%s returns 0 with errno %s"), "lm_lock", error_name(EACCES)), "%s",
		    returned(a));
	ask(t, "chmod", "d", word(ALL));
	gives_back(t, 1, "a");
	if (a == NULL)
		has_it_in_time(t, 0, "not-noticed",
		    _("who waits has the lock within LM_NOTICE_MS of its release"));
	else
		succeeds(t, 0, "lock", "a", "undone");
	trial_finish(t);
}

/* The same for who waits. For: a failure that is taken for the lock; a place that is kept. */
void
wait_fails(void **state)
{
	(void)state;
	struct trial *t = roomy_directory();
	struct chances chances;

	new_session(t);
	session(t, 1, "ben");
	session(t, 2, "carl");
	chances = chances_in_wait(t);
	(void)chances_in_wait(t);
	for (size_t i = 0; i < TROUBLES; i++) {
		struct trouble what = troubles[i];

		for (what.k = first_of(&what, chances.most[i]);
		     what.k <= chances.most[i] && has_room() && fails_in_wait(t, &what); what.k++)
			;
	}
	trial_finish(t);
	cannot_watch();
}
