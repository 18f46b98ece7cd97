/* beginning_checks.c - calls that fail inside of lm_init(): nothing of the session is left. */
#include "lockset.h"

#include "trouble.h"
#include <string.h>

/* There is no session, and nothing of it is left; now everybody can begin one. */
static void
expect_no_session(struct trial *t, const struct trouble *what, const struct answer *a,
    const char *before, size_t open_before, const char *name)
{
	expect(answer_int(a, "errno") == what->error, "init-errno",
	    words(_("%s returns 0 with errno %s"), "lm_init", error_name(what->error)), "%s (%s)",
	    returned(a), in_words(what));
	expect(strcmp(names_in(t, false), before) == 0, "init-leaves",
	    _("after a failure there is no session and no file of it"),
	    _("the directory holds: %s"), shown(names_in(t, false)));
	expect(descriptors_of(t, 0) == open_before, "descriptor-left",
	    _("after a failure all descriptors are closed"), _("%zu more are open"),
	    descriptors_of(t, 0) - open_before);
	if (is_locking(what))
		return;
	succeeds(t, 0, "init", name, "init-leaves");
	session(t, 1, letters(5));
}

/* It comes to lm_init. What is true with a fault of the eye's is what the kernel says. */
static bool
fails_in_init(struct trial *t, const struct trouble *what)
{
	const char *name = letters(6), *before = names_in(t, false);
	size_t open_before;
	fault_id fault;
	const struct answer *a;
	bool came;

	newcomer(t, 0);
	rests(t);
	open_before = descriptors_of(t, 0);
	fault = begins(t, what);
	a = step(t, 0, "init", name);
	came = is_over(t, what, fault, a);
	if (!is_success(a))
		expect_no_session(t, what, a, before, open_before, name);
	else if (came) {
		expect_loss_told(t, what, "init");
		begins_with_name(t, name);
	}
	dies(t, 0);
	return came;
}

/* A disk that is almost full: write() moves less than it was given, and that is no failure. */
static void
writes_short(void)
{
	struct trial *t = roomy_directory();
	const char *name = letters(7);
	const struct answer *a;

	newcomer(t, 0);
	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_CUT,
			   .who = DESCENDANTS,
			   .fd = FD_FILE,
			   .nth = 1,
			   .bytes = 2,
			   .optional = true});
	a = step(t, 0, "init", name);
	if (is_success(a)) {
		begins_with_name(t, name);
	} else {
		expect(answer_int(a, "errno") == ENOSPC, "init-errno",
		    words(_("%s returns 0 with errno %s"), "lm_init", error_name(ENOSPC)), "%s",
		    returned(a));
		expect(names_in(t, false)[0] == '\0', "init-leaves",
		    _("after a failure there is no session and no file of it"),
		    _("the directory holds: %s"), shown(names_in(t, false)));
	}
	trial_finish(t);
}

/* Nothing can be written, and close() says so once more: errno is that of the first failure. */
static void
fails_twice(void)
{
	struct trial *t = directory();
	const struct answer *a;

	newcomer(t, 0);
	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_FAIL,
			   .who = DESCENDANTS,
			   .fd = FD_FILE,
			   .nth = 1,
			   .error = EDQUOT,
			   .optional = true});
	trial_fault(t, (struct fault){.call = CALL_CLOSE,
			   .action = FAULT_FAIL,
			   .who = DESCENDANTS,
			   .fd = FD_FILE,
			   .error = EIO,
			   .optional = true});
	a = step(t, 0, "init", "anna");
	expect(is_success(a) || answer_int(a, "errno") == EDQUOT, "init-errno",
	    words(_("%s returns 0 with errno %s"), "lm_init", error_name(EDQUOT)), "%s",
	    returned(a));
	trial_finish(t);
}

/* No directory at all: nothing, a file, and something that open() could wait at. */
static void
is_no_directory(struct trial *t)
{
	ask(t, "mkfifo", "pipe");
	newcomer(t, 0);
	refused_in(t, 0, "anna", "missing", ENOENT, "init-errno");
	refused_in(t, 0, "anna", "pipe", ENOTDIR, "init-errno");
	succeeds(t, 0, "init", "anna", "init");
	newcomer(t, 1);
	refused_in(t, 1, "ben", "d/u.anna", ENOTDIR, "init-errno");
}

/* A name that is taken: who is refused has opened something, too. */
static void
is_refused(struct trial *t)
{
	size_t before;

	session(t, 1, "ben");
	newcomer(t, 0);
	rests(t);
	before = descriptors_of(t, 0);
	if (!is_success(step(t, 0, "init", "ben"))) /* otherwise it is another check's business */
		expect(descriptors_of(t, 0) == before, "descriptor-left",
		    _("after a failure all descriptors are closed"), _("%zu more are open"),
		    descriptors_of(t, 0) - before);
}

/*
 * "Other errors are handed on", and "everything is as it was". For: an early return that leaves
 * the file, a descriptor or a locked guard; an errno that close() or unlink() has overwritten; a
 * name that is written in part.
 */
void
init_fails(void **state)
{
	(void)state;
	static const struct trouble full_disk = {
	    .call = CALL_WRITE, .fd = FD_FILE, .error = EDQUOT, .k = 1};
	static const struct trouble no_descriptor = {.call = CALL_OPEN, .error = EMFILE, .k = 1};
	struct trial *t = roomy_directory();
	struct chances before, chances;
	const struct answer *a;

	newcomer(t, 0);
	before = calls_by_now(t);
	a = step(t, 0, "init", letters(6));
	chances = chances_of(&before, calls_by_now(t), a);
	for (size_t i = 0; i < TROUBLES; i++) {
		struct trouble what = troubles[i];

		for (what.k = first_of(&what, chances.most[i]);
		     what.k <= chances.most[i] && has_room() && fails_in_init(t, &what); what.k++)
			;
	}
	trial_finish(t);
	writes_short();
	fails_twice();
	t = directory();
	is_no_directory(t);
	is_refused(t);
	trial_finish(t);
	keeps_nothing("init", &full_disk);
	keeps_nothing("init", &no_descriptor);
}
