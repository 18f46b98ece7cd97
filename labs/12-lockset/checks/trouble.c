/* trouble.c - what can fail inside of a step; see trouble.h. */
#include "trouble.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

/* F_OFD_SETLKW of Linux, which not every POSIX has. */
enum { OFD_SETLKW = 38 };

enum { MANY = 12 };

static unsigned room; /* for so many faults more */

struct trial *
roomy_directory(void)
{
	struct trial *t = prepared_patiently();

	room = MOST_FAULTS;
	start(t);
	return t;
}

bool
has_room(void)
{
	return room > 0;
}

static const char *me;

void
begin_as_me(struct trial *t)
{
	me = letters(6);
	session(t, 0, me);
}

const char *
my_name(void)
{
	return me;
}

/* Locks come last: who could not unlock a guard is not asked what becomes of the others. */
const struct trouble troubles[TROUBLES] = {
    {.call = CALL_LINK, .error = EMLINK},
    {.call = CALL_OPEN, .error = ENFILE},
    {.call = CALL_UNLINK, .error = EACCES},
    {.call = CALL_RENAME, .error = EACCES},
    {.call = CALL_STAT, .error = EACCES},
    {.call = CALL_READ, .fd = FD_FILE, .error = EIO},
    {.call = CALL_WRITE, .fd = FD_FILE, .error = EDQUOT},
    {.lack = LACK_MEMORY, .error = ENOMEM},
    {.lack = LACK_DESCRIPTORS, .error = EMFILE},
    {.call = CALL_FCNTL, .error = ENOLCK},
    {.call = CALL_FLOCK, .error = ENOLCK},
};
struct chances
calls_by_now(struct trial *t)
{
	struct chances made = {{0}};

	for (size_t i = 0; i < TROUBLES; i++)
		if (troubles[i].lack == LACK_CALL)
			made.most[i] = calls(t, troubles[i].call, DESCENDANTS);
	return made;
}

struct chances
chances_of(const struct chances *before, struct chances now, const struct answer *a)
{
	for (size_t i = 0; i < TROUBLES; i++) {
		if (troubles[i].lack == LACK_MEMORY)
			now.most[i] = (unsigned)answer_int(a, "allocations");
		else if (troubles[i].lack == LACK_DESCRIPTORS)
			now.most[i] = EACH;
		else
			now.most[i] -= before->most[i];
		if (now.most[i] > EACH)
			now.most[i] = EACH;
	}
	return now;
}

unsigned
first_of(const struct trouble *what, unsigned most)
{
	return what->lack == LACK_CALL && most > 0 ? 0 : 1;
}

bool
is_locking(const struct trouble *what)
{
	return what->call == CALL_FCNTL || what->call == CALL_FLOCK;
}

const char *
in_words(const struct trouble *what)
{
	if (what->lack == LACK_MEMORY)
		return words(_("no memory for allocation %u"), what->k);
	if (what->lack == LACK_DESCRIPTORS)
		return words(_("only %u descriptors left"), what->k - 1);
	if (what->k == 0)
		return words(
		    _("every %s() fails with %s"), call_name(what->call), error_name(what->error));
	return words(_("call %u of %s() fails with %s"), what->k, call_name(what->call),
	    error_name(what->error));
}

fault_id
begins(struct trial *t, const struct trouble *what)
{
	room--;
	give_turns(what->lack != LACK_CALL);
	if (what->lack == LACK_CALL)
		return trial_fault(t, (struct fault){.call = what->call,
					  .action = FAULT_FAIL,
					  .who = DESCENDANTS,
					  .fd = what->fd,
					  .nth = what->k,
					  .error = what->error,
					  .optional = true});
	if (what->lack == LACK_MEMORY)
		step(t, 0, "starve", word(what->k));
	else
		step(t, 0, "room", word(what->k - 1));
	return 0;
}

bool
disarm(struct trial *t, fault_id fault)
{
	if (fault == 0)
		return false;
	release(t, fault, false);
	give_turns(true);
	look(t); /* whose answer comes after that */
	return fault_delivered(t, fault) > 0;
}

bool
is_over(struct trial *t, const struct trouble *what, fault_id fault, const struct answer *a)
{
	if (what->lack == LACK_MEMORY)
		return answer_int(a, "starved") > 0;
	if (what->lack == LACK_DESCRIPTORS) {
		bool failed = !is_success(a);

		step(t, 0, "room", "-1");
		return failed;
	}
	return disarm(t, fault);
}

void
keeps_nothing(const char *verb, const struct trouble *what)
{
	struct trial *t = roomy_directory();
	const char *name = letters(7);
	long long before = 0, now = 0;

	if (strcmp(verb, "init") == 0)
		newcomer(t, 0);
	else
		begin_as_me(t);
	for (int i = 0; i < MANY; i++) {
		fault_id fault = begins(t, what);
		const struct answer *a = step(t, 0, verb, name);

		now = answer_int(a, "blocks");
		if (!is_over(t, what, fault, a) || is_success(a))
			break;
		if (i == 2)
			before = now;
	}
	expect(before == 0 || now <= before, "failure-leaks",
	    _("a step that fails keeps no memory"),
	    _("%s has failed %d times more (%s), and uses %lld blocks more"), function_of(verb),
	    MANY - 3, in_words(what), now - before);
	trial_finish(t);
}

/*
 * The call that has failed was to wait for a lock, not to give one back: then nobody can go on as
 * if it had been locked.
 */
static bool
has_lost_a_lock(struct trial *t, const struct trouble *what)
{
	size_t n;
	const struct event *e = events(t, &n);

	if (!is_locking(what))
		return false;
	while (n-- > 0)
		if (e[n].kind == EVENT_CALL && e[n].call == what->call &&
		    e[n].result == -what->error)
			return what->call == CALL_FCNTL
				   ? e[n].args[1] == F_SETLKW || e[n].args[1] == OFD_SETLKW
				   : (e[n].args[1] & LOCK_UN) == 0;
	return false;
}

void
expect_loss_told(struct trial *t, const struct trouble *what, const char *verb)
{
	expect(!has_lost_a_lock(t, what), "handed-on",
	    words(_("%s returns 0 with errno %s"), function_of(verb), error_name(what->error)),
	    _("it returned 1 (%s)"), in_words(what));
}

void
expect_closed(struct trial *t, int usual, size_t open_before, const char *trouble)
{
	int grown = (int)descriptors_of(t, 0) - (int)open_before;

	expect(grown <= usual, "descriptor-left", _("after a failure all descriptors are closed"),
	    _("%d more are open (%s)"), grown, trouble);
}
