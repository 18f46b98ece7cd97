/* free_checks.c - lm_free(), descriptors and memory. */
#include "lockset.h"

#include "checks.h"
#include "memory.h"
#include <string.h>

enum { LOCKS = 5 };

/*
 * Task 5: "all locks". For: one that is forgotten, the first or the last; the session's file that
 * stays; somebody else's lock that goes, too; a set that cannot be used again.
 */
void
free_releases(void **state)
{
	(void)state;
	struct trial *t = directory();
	const char *before;

	session(t, 1, "ben");
	succeeds(t, 1, "try", "other", "lock");
	newcomer(t, 0);
	for (int again = 0; again < 3; again++) {
		const struct answer *a;

		succeeds(t, 0, "init", "anna", "free-again");
		for (int i = 0; i < LOCKS; i++)
			succeeds(t, 0, i % 2 ? "lock" : "try", words("l%d", i), "lock");
		succeeds(t, 0, "release", "l2", "release");
		a = step(t, 0, "free", "");
		expect(answer_int(a, "len") == 1, "free-empty",
		    _("after lm_free the set has no session"),
		    _("the pointer in the set is not NULL"));
		expect(answer_int(a, "errno") == 77, "free-errno", _("lm_free leaves errno alone"),
		    _("now it is %s"), error_name(answer_int(a, "errno")));
		expect(strcmp(names_in(t, false), "l.other u.ben") == 0, "free-all",
		    _("lm_free removes the session's file and all its locks, and nothing else"),
		    _("the directory holds: %s"), shown(names_in(t, false)));
		if (again == 0)
			before = words("%s", names_in(t, true));
	}
	expect(strcmp(names_in(t, true), before) == 0, "files-left",
	    _("the files in the directory do not become more"), _("now it holds: %s"),
	    shown(names_in(t, true)));
	step(t, 0, "free", "");
	linked(t, "other", "ben", "free-all");
	trial_finish(t);
}

/* One who frees stands at a call; whoever takes what is free keeps it. */
static bool
frees_slowly(struct trial *t, const struct door *door, unsigned k)
{
	const char *s = letters(6), *taker = words("t%s", s);
	const char *locks[2] = {words("x%s", s), words("y%s", s)};
	bool got[2];

	session(t, 0, words("f%s", s));
	session(t, 1, taker);
	for (int i = 0; i < 2; i++)
		succeeds(t, 0, "try", locks[i], "lock");
	if (!stands_at(t, 0, "free", "", door, k, HOLD_BEFORE))
		return false;
	for (int i = 0; i < 2; i++)
		got[i] = answer_int(step(t, 1, "try", locks[i]), "result") == 1;
	goes_on(t);
	for (int i = 0; i < 2; i++) {
		if (!got[i])
			succeeds(t, 1, "try", locks[i], "free-all");
		expect(is_linked(t, locks[i], taker), "free-order",
		    _("who has taken a lock keeps it while its last holder ends"),
		    _("l.%s is not the taker's any more; lm_free stood %s"), locks[i],
		    where_it_stood());
	}
	dies(t, 0);
	dies(t, 1);
	return true;
}

/*
 * Task 5: "As long as one of its locks is not released, nobody takes the session for dead". For: a
 * session that is dead to the others before its links are gone, and then removes theirs.
 */
void
free_in_order(void **state)
{
	(void)state;
	static const struct door ways[] = {{CALL_UNLINK, FD_ANY}, {CALL_CLOSE, FD_ANY},
	    {CALL_FCNTL, FD_ANY}, {CALL_FLOCK, FD_ANY}, {CALL_RENAME, FD_ANY}};

	enum { MOST = 5 };
	struct trial *t = NULL;

	for (size_t d = 0; d < sizeof ways / sizeof *ways; d++) {
		t = with_stops(t, MOST, NULL);
		for (unsigned k = 1; k <= MOST && frees_slowly(t, &ways[d], k); k++)
			;
	}
	trial_finish(t);
}

static void
close_on_exec(struct trial *t, int i)
{
	const struct process *p = process_of(look(t), pid_of_session(i));

	for (size_t n = 0; p != NULL && n < p->n_fds; n++)
		if (p->fds[n].number > 2 && p->fds[n].kind != FD_PIPE)
			expect(p->fds[n].close_on_exec, "close-on-exec",
			    _("exec closes every descriptor of a session"),
			    _("descriptor %d (%s) stays open"), p->fds[n].number,
			    shown(p->fds[n].path));
}

/* The second session waits, if it does: that it should is another check's business. */
static void
waits_for(struct trial *t, const char *lock)
{
	tell(t, 1, "lock", lock);
	if (heard(t, 1) == NULL)
		close_on_exec(t, 1);
	gives_back(t, 0, lock);
	if (heard(t, 1) == NULL)
		trial_advance(t, LM_NOTICE_MS);
	if (heard(t, 1) != NULL)
		gives_back(t, 1, lock);
}

/* One more round of everything that opens something. */
static void
uses_everything(struct trial *t, const char *lock)
{
	succeeds(t, 0, "lock", lock, "lock");
	gives_back(t, 0, lock);
	succeeds(t, 0, "try", lock, "lock");
	step(t, 0, "try", "b");
	step(t, 0, "try", lock);
	step(t, 0, "stat", "b");
	step(t, 0, "stat", "free");
	close_on_exec(t, 0);
	waits_for(t, lock);
}

/* What is open for a moment only, when it is about to be closed again. */
static void
closes_later(struct trial *t, const char *verb, const char *lock)
{
	static const struct door closing = {CALL_CLOSE, FD_ANY};

	for (unsigned k = 1; k < 4; k++) {
		bool stands = stands_at(t, 0, verb, lock, &closing, k, HOLD_BEFORE);

		if (stands)
			close_on_exec(t, 0);
		goes_on(t);
		if (!stands)
			break;
	}
}

/* A step in which something is opened, and what it says to this name or lock. */
struct opening {
	const char *verb, *name; /* NULL: another one every time */
	int usual;               /* 0 or an errno: when nothing is done to it */
};

/* What the step of session 0 has said in the end: 0 or an errno. */
static int
said_in_the_end(struct trial *t, const struct opening *way, const char *name)
{
	const struct answer *a;

	if (strcmp(way->verb, "lock") == 0) {
		gives_back(t, 1, name);
		if (heard(t, 0) == NULL)
			trial_advance(t, LM_NOTICE_MS);
	}
	a = heard(t, 0);
	expect(a != NULL, "stuck", words(_("%s comes back at once"), function_of(way->verb)),
	    _("it does not"));
	return is_success(a) ? 0 : (int)answer_int(a, "errno");
}

/* Before the k-th such call descriptor 0 becomes free: the next that is opened is number 0. */
static fault_id
frees_0(struct trial *t, enum call call, unsigned k)
{
	return trial_fault(t, (struct fault){.call = call,
				  .action = FAULT_SIGNAL_BEFORE,
				  .who = DESCENDANTS,
				  .nth = k,
				  .signal = SIGUSR1,
				  .optional = true});
}

/*
 * It does in a step; k = 0: it does not, and what the step says is the usual. False: the step does
 * not make so many calls.
 */
static bool
opens_0(struct trial *t, struct opening *way, enum call call, unsigned k)
{
	const char *name = way->name != NULL ? way->name : letters(6);
	bool begins = strcmp(way->verb, "init") == 0, came = false;
	size_t open_before;
	fault_id fault = 0;
	int answer;

	newcomer(t, 0);
	succeeds(t, 0, "lend", "", "signal");
	open_before = descriptors_of(t, 0);
	if (!begins) {
		succeeds(t, 0, "init", letters(5), "init");
		succeeds(t, 1, "try", name, "lock");
	}
	if (k > 0)
		fault = frees_0(t, call, k);
	tell(t, 0, way->verb, name);
	rests(t);
	if (k > 0) {
		came = fault_delivered(t, fault) > 0;
		release(t, fault, false);
		look(t); /* it comes to nobody else any more */
	}
	answer = said_in_the_end(t, way, name);
	if (k == 0)
		way->usual = answer;
	expect(answer == way->usual, "descriptor-0", _("0 is a descriptor like any other"), "%s",
	    returned(heard(t, 0)));
	step(t, 0, "free", "");
	expect(descriptors_of(t, 0) == open_before - came, "descriptor-0",
	    _("after lm_free all descriptors are closed"), _("%d are still open"),
	    (int)descriptors_of(t, 0) - (int)open_before + came);
	dies(t, 0);
	return k == 0 || came;
}

static void
number_0(void)
{
	static const struct opening steps[] = {{"init", NULL, 0}, {"init", "ben", 0},
	    {"stat", NULL, 0}, {"try", NULL, 0}, {"lock", NULL, 0}};
	static const enum call ways[] = {CALL_OPEN, CALL_FCNTL, CALL_FLOCK};
	enum { WAYS = sizeof ways / sizeof *ways };
	struct trial *t = NULL;
	int faults = 0;

	for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
		struct opening way = steps[s];

		if (faults > MOST_FAULTS - WAYS * 4) {
			trial_finish(t);
			t = NULL;
			faults = 0;
		}
		if (t == NULL) {
			t = directory();
			session(t, 1, "ben");
		}
		opens_0(t, &way, CALL_OPEN, 0);
		for (size_t w = 0; w < WAYS; w++)
			for (unsigned k = 1; k < 5 && opens_0(t, &way, ways[w], k); k++)
				faults++;
		faults += WAYS;
	}
	trial_finish(t);
}

/*
 * "all descriptors are closed", "every descriptor of yours is closed by exec". For: one more with
 * every attempt; those that lm_free forgets; those without O_CLOEXEC; 0 that is taken for a
 * failure.
 */
void
descriptors(void **state)
{
	(void)state;
	struct trial *t = directory();
	size_t at_first, before, now;

	newcomer(t, 0);
	rests(t);
	at_first = descriptors_of(t, 0);
	session(t, 1, "ben");
	succeeds(t, 1, "try", "b", "lock");
	succeeds(t, 0, "init", "anna", "init");
	uses_everything(t, "r0");
	before = descriptors_of(t, 0) + descriptors_of(t, 1);
	for (int i = 1; i < 4; i++)
		uses_everything(t, words("r%d", i));
	now = descriptors_of(t, 0) + descriptors_of(t, 1);
	expect(now == before, "descriptor-left", _("what a function has opened it closes again"),
	    _("in three rounds %d descriptors were left open"), (int)now - (int)before);
	closes_later(t, "try", "b");
	closes_later(t, "stat", "b");
	tell(t, 0, "lock", "b"); /* what it keeps for the next wait is closed at the end */
	rests(t);
	gives_back(t, 1, "b");
	if (heard(t, 0) == NULL)
		trial_advance(t, LM_NOTICE_MS);
	step(t, 0, "free", "");
	rests(t);
	expect(descriptors_of(t, 0) == at_first, "descriptor-left",
	    _("after lm_free all descriptors are closed"), _("%d are still open"),
	    (int)descriptors_of(t, 0) - (int)at_first);
	trial_finish(t);
	number_0();
}

/* Task 5: "all memory is freed". For: what is kept, what is used afterwards, one byte too few. */
void
memory(void **state)
{
	(void)state;
	struct trial *t = trial("lockset");
	const char *longest = some_name(LM_NAME_MOST);

	memory_watch(t);
	trial_start(t);
	ask(t, "mkdir", "d");
	ask(t, "here", "init", "../x", "d");
	ask(t, "here", "init", "anna", "missing");
	for (int again = 0; again < 2; again++) {
		if (!is_success(ask(t, "here", "init", longest, "d"))) {
			longest = some_name(LM_NAME_MOST - 1); /* another check says so */
			ask(t, "here", "init", longest, "d");
		}
		ask(t, "here", "try", longest, "");
		ask(t, "here", "lock", words("b%d", again), "");
		ask(t, "here", "try", words("b%d", again), "");
		ask(t, "here", "try", "c", "");
		ask(t, "here", "try", "d", "");
		ask(t, "here", "stat", longest, "");
		ask(t, "here", "stat", "free", "");
		ask(t, "here", "release", "c", "");
		ask(t, "here", "release", "c", "");
		ask(t, "here", "release", longest, "");
		ask(t, "here", "lock", "a/b", "");
		ask(t, "here", "free", "", "");
	}
	ask(t, "drop");
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}
