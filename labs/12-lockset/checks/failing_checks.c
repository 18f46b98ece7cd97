/*
 * failing_checks.c - calls that fail inside of a function: errno says so, and nothing has changed.
 */
#include "lockset.h"

#include "trouble.h"
#include <string.h>

/* ---- everything else ------------------------------------------------------------------------ */

/* Whose the lock is when the step comes. */
enum whose { FREE, OWN, OTHERS, DEAD };

struct scene {
	const char *verb;
	enum whose whose;
};

/* What the step says when nothing fails: an errno, or 0. */
static int
answer_without(const struct scene *scene)
{
	return scene->whose == OTHERS && strcmp(scene->verb, "try") == 0 ? EBUSY : 0;
}

static void
set(struct trial *t, const struct scene *scene, const char *lock)
{
	if (scene->whose == DEAD) {
		session(t, 2, words("d%s", lock));
		succeeds(t, 2, "try", lock, "lock");
		dies(t, 2);
	} else if (scene->whose != FREE) {
		succeeds(t, scene->whose == OWN ? 0 : 1, "try", lock, "lock");
	}
}

static const char *
holder_in(const struct scene *scene)
{
	return scene->whose == OWN ? my_name() : scene->whose == OTHERS ? "ben" : "";
}

/* Is this what the step says when nothing fails? */
static bool
is_true(const struct scene *scene, const struct answer *a)
{
	int right = answer_without(scene);

	if (right != 0)
		return !is_success(a) && answer_int(a, "errno") == right;
	return is_success(a) && (strcmp(scene->verb, "stat") != 0 ||
				    strcmp(answer_text(a, "holder"), holder_in(scene)) == 0);
}

/* The step says that it has succeeded: so says the directory. */
static void
expect_done(struct trial *t, const struct scene *scene, const char *lock)
{
	if (strcmp(scene->verb, "release") == 0)
		not_linked(t, lock, "handed-on");
	else if (strcmp(scene->verb, "stat") != 0)
		linked(t, lock, my_name(), "handed-on");
}

/* The step has failed: the lock is whose it was, for everybody. */
static void
expect_unchanged(struct trial *t, const struct scene *scene, const char *lock)
{
	const char *key = "undone";

	switch (scene->whose) {
	case FREE:
	case DEAD:
		if (scene->whose == FREE)
			not_linked(t, lock, key);
		succeeds(t, 1, "try", lock, key);
		if (strcmp(scene->verb, "stat") != 0)
			refused(t, 0, "try", lock, EBUSY, key);
		gives_back(t, 1, lock);
		break;
	case OWN:
		linked(t, lock, my_name(), key);
		refused(t, 1, "try", lock, EBUSY, key);
		if (strcmp(scene->verb, "stat") != 0)
			refused(t, 0, "try", lock, EDEADLK, key);
		break;
	case OTHERS:
		linked(t, lock, "ben", key);
		break;
	}
}

/* Now nothing fails. */
static void
once_more(struct trial *t, const struct scene *scene, const char *lock)
{
	const struct answer *a = step(t, 0, scene->verb, lock);

	expect(is_true(scene, a), "undone",
	    _("what has failed once can be done when nothing fails any more"), "%s", returned(a));
}

/* Whoever has the lock gives it back. */
static void
clear_up(struct trial *t, const struct scene *scene, const char *lock)
{
	if (scene->whose == OTHERS)
		gives_back(t, 1, lock);
	else if (is_linked(t, lock, my_name()))
		gives_back(t, 0, lock);
}

/* What a step leaves behind although nothing fails is another check's business. */
static struct {
	int descriptors;
	long long blocks;
} usual;

/* It comes to one step of session 0. False: not so far. */
static bool
fails_in_step(struct trial *t, const struct scene *scene, const struct trouble *what)
{
	const char *lock = letters(7);
	size_t open_before;
	fault_id fault;
	const struct answer *a;
	bool came;

	set(t, scene, lock);
	rests(t);
	open_before = descriptors_of(t, 0);
	fault = begins(t, what);
	a = step(t, 0, scene->verb, lock);
	came = is_over(t, what, fault, a) || !is_true(scene, a);
	/* A release that has failed has not closed either what belongs to the lock. */
	expect_closed(t, is_success(a) || usual.descriptors > 0 ? usual.descriptors : 0,
	    open_before, in_words(what));
	if (is_success(a)) {
		if (came)
			expect_loss_told(t, what, scene->verb);
		expect_done(t, scene, lock);
	}
	if (came && !is_true(scene, a)) {
		expect(!is_success(a) && answer_int(a, "errno") == what->error, "handed-on",
		    words(_("%s fails with the errno of the call that failed, %s, or says "
			    "what is "
			    "true"),
			function_of(scene->verb), error_name(what->error)),
		    "%s (%s)", is_success(a) ? _("it returned 1") : returned(a), in_words(what));
		if (!is_locking(what)) {
			expect_unchanged(t, scene, lock);
			once_more(t, scene, lock);
		}
	}
	if (came && is_locking(what)) { /* perhaps it was an unlocking */
		dies(t, 0);
		begin_as_me(t);
	} else {
		clear_up(t, scene, lock);
	}
	return came;
}

static struct chances
chances_in(struct trial *t, const struct scene *scene)
{
	const char *lock = letters(7);
	struct chances before, chances;
	const struct answer *a;
	size_t open_before;

	set(t, scene, lock);
	rests(t);
	open_before = descriptors_of(t, 0);
	before = calls_by_now(t);
	a = step(t, 0, scene->verb, lock);
	chances = chances_of(&before, calls_by_now(t), a);
	usual.descriptors = (int)descriptors_of(t, 0) - (int)open_before;
	clear_up(t, scene, lock);
	return chances;
}

static void
everything_fails_in(const struct scene *scene)
{
	struct trial *t = roomy_directory();
	struct chances chances;

	begin_as_me(t);
	session(t, 1, "ben");
	chances = chances_in(t, scene);
	for (size_t i = 0; i < TROUBLES; i++) {
		struct trouble what = troubles[i];

		for (what.k = first_of(&what, chances.most[i]);
		     what.k <= chances.most[i] && has_room() && fails_in_step(t, scene, &what);
		     what.k++)
			;
	}
	trial_finish(t);
}

/* lm_init has got along without memory or a lock: then the session lives, and can wait. */
static void
begins_all_the_same(void)
{
	struct trial *t = roomy_directory();

	session(t, 1, "ben");
	for (size_t i = 0; i < TROUBLES; i++) {
		struct trouble what = troubles[i];

		if (!is_locking(&what) && what.lack != LACK_MEMORY)
			continue;
		for (what.k = 1; what.k < EACH && has_room(); what.k++) {
			const char *name = letters(6);
			const struct answer *a;
			fault_id fault;

			newcomer(t, 0);
			fault = begins(t, &what);
			a = step(t, 0, "init", name);
			if (is_over(t, &what, fault, a) && is_success(a)) {
				succeeds(t, 0, "lock", name, "lock");
				refused(t, 1, "try", name, EBUSY, "held");
			}
			dies(t, 0);
		}
	}
	trial_finish(t);
}

static void
everything_fails(const struct scene *scenes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		everything_fails_in(&scenes[i]);
}

/* What has failed before, in the session or elsewhere, has left its errno. */
static void
fails_no_more(void)
{
	struct trial *t = directory();

	session(t, 0, "anna");
	succeeds(t, 0, "busy", "", "lock");
	succeeds(t, 0, "lock", "a", "stuck");
	trial_finish(t);
}

/*
 * "Other errors ... are handed on as the call that failed gave them", "After a failure everything
 * is as it was before the call". For: a failure that is taken for EEXIST, or not noticed; a lock
 * that is in the list although link() has failed; an errno that the cleaning up has overwritten, or
 * that is looked at although nothing has failed; memory and descriptors.
 */
void
lock_fails(void **state)
{
	(void)state;
	static const struct scene scenes[] = {{"try", FREE}, {"lock", FREE}, {"try", OTHERS}};
	static const struct trouble no_link = {.call = CALL_LINK, .error = EMLINK, .k = 1};

	everything_fails(scenes, sizeof scenes / sizeof *scenes);
	begins_all_the_same();
	keeps_nothing("try", &no_link);
	keeps_nothing("lock", &no_link);
	fails_no_more();
}

/* The same. For: a lock that is not in the list any more although unlink() has failed. */
void
release_fails(void **state)
{
	(void)state;
	static const struct scene own = {"release", OWN};

	everything_fails(&own, 1);
}

/* The same. For: a failure that is taken for ENOENT; a descriptor that stays open. */
void
stat_fails(void **state)
{
	(void)state;
	static const struct scene scenes[] = {{"stat", FREE}, {"stat", OWN}, {"stat", OTHERS}};

	everything_fails(scenes, sizeof scenes / sizeof *scenes);
}

/* ---- the dead, and the end ------------------------------------------------------------------ */

/* A dead session's file cannot be cleared away. */
static bool
fails_at_dead_name(struct trial *t, const struct trouble *what)
{
	const char *name = letters(6);
	fault_id fault;
	const struct answer *a;
	bool came;

	session(t, 2, name);
	dies(t, 2);
	newcomer(t, 0);
	fault = begins(t, what);
	a = step(t, 0, "init", name);
	came = is_over(t, what, fault, a) || !is_success(a);
	if (!is_success(a)) {
		expect(answer_int(a, "errno") == what->error, "handed-on",
		    words(_("%s returns 0 with errno %s"), "lm_init", error_name(what->error)),
		    "%s (%s)", returned(a), in_words(what));
		if (!is_locking(what)) {
			session(t, 1, letters(5));
			succeeds(t, 0, "init", name, "undone");
		}
	} else if (came) {
		expect_loss_told(t, what, "init");
	}
	dies(t, 0);
	return came;
}

enum { NEVER = 99 };

/* lm_free cannot remove something: the session is over all the same, and its locks are
 * free. */
static bool
fails_in_free(struct trial *t, unsigned k)
{
	const char *s = letters(6), *name = words("f%s", s);
	const char *locks[2] = {words("x%s", s), words("y%s", s)};
	const struct trouble what = {.call = CALL_UNLINK, .error = EACCES, .k = k};
	const struct answer *a;
	size_t open_before;
	long long blocks;
	fault_id fault;
	bool came;

	newcomer(t, 0);
	blocks = answer_int(step(t, 0, "room", "-1"), "blocks");
	open_before = descriptors_of(t, 0);
	succeeds(t, 0, "init", name, "init");
	for (int i = 0; i < 2; i++)
		succeeds(t, 0, "try", locks[i], "lock");
	fault = begins(t, &what);
	a = step(t, 0, "free", "");
	came = is_over(t, &what, fault, a);
	expect(answer_int(a, "len") == 1 && answer_int(a, "errno") == 77, "free-fails",
	    _("after lm_free the set has no session, and errno is as it was"),
	    _("it is not so (%s)"), in_words(&what));
	blocks = answer_int(a, "blocks") - blocks;
	if (k == NEVER) {
		usual.descriptors = (int)descriptors_of(t, 0) - (int)open_before;
		usual.blocks = blocks;
	}
	expect_closed(t, usual.descriptors, open_before, in_words(&what));
	expect(blocks <= usual.blocks, "leak", _("after lm_free all memory is freed"),
	    _("%lld blocks are not (%s)"), blocks, in_words(&what));
	for (int i = 0; i < 2; i++) {
		succeeds(t, 1, "try", locks[i], "free-fails");
		gives_back(t, 1, locks[i]);
	}
	succeeds(t, 0, "init", name, "free-fails");
	dies(t, 0);
	return came;
}

/*
 * The same for what the dead have left. For: a guard that stays locked when unlink() fails; a loop
 * without end; a dead one's lock that is taken for a live one's, or for free.
 */
void
dead_fails(void **state)
{
	(void)state;
	static const struct scene scenes[] = {{"try", DEAD}, {"stat", DEAD}};
	struct trial *t;

	everything_fails(scenes, sizeof scenes / sizeof *scenes);
	t = roomy_directory();
	session(t, 1, "ben");
	for (size_t i = 0; i < TROUBLES; i++) {
		struct trouble what = troubles[i];

		for (what.k = 1; what.k <= EACH && has_room() && fails_at_dead_name(t, &what);
		     what.k++)
			;
	}
	trial_finish(t);
}

/* "What cannot be removed is left behind". For: a session that goes on; a loop without end. */
void
free_fails(void **state)
{
	(void)state;
	struct trial *t = roomy_directory();

	session(t, 1, "ben");
	fails_in_free(t, NEVER);
	for (unsigned k = 0; k <= EACH && has_room() && fails_in_free(t, k); k++)
		;
	trial_finish(t);
}
