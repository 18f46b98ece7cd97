/* common.c - sessions and their steps. */
#include "lockset.h"

#include "checks.h"
#include <string.h>

/*
 * Who makes so many calls of one kind is stopped: does it look again and again without sleeping? In
 * a trial that may happen so often that it can go on.
 */
enum { CALLS_MOST = 500, CALLS_OF_PATIENT = 8000, FAMILIES = 7, MORE_TURNS = 10 };

/* In one trial: what is killed stays a zombie, and a trial has room for so many. */
enum { MOST_STOPS = 30 };

static const enum call looking[FAMILIES] = {
    CALL_LINK, CALL_OPEN, CALL_STAT, CALL_FCNTL, CALL_POLL, CALL_SLEEP, CALL_UNLINK};

static struct {
	long long begun; /* steps */
	pid_t pid;
	const char *verb, *name; /* of its session */
} all[SESSIONS];
static fault_id brakes[FAMILIES], hold;
static unsigned calls_most, more_turns, stops;
static bool stopped, no_turns;
static int standing; /* the session that stands_at() is about */
static const char *stood;
static size_t output_before, events_before; /* the last step that has begun */

const struct door doors[] = {
    {CALL_LINK, FD_ANY},
    {CALL_OPEN, FD_ANY},
    {CALL_FCNTL, FD_ANY},
    {CALL_UNLINK, FD_ANY},
    {CALL_WRITE, FD_FILE},
    {CALL_RENAME, FD_ANY},
    {CALL_CLOSE, FD_FILE},
    {CALL_STAT, FD_ANY},
    {CALL_FLOCK, FD_ANY},
    {CALL_READ, FD_FILE},
};
const size_t n_doors = sizeof doors / sizeof *doors;

const char *
function_of(const char *verb)
{
	return strcmp(verb, "try") == 0 ? "lm_nonblocking_lock" : words("lm_%s", verb);
}

static fault_id
brake(struct trial *t, enum call call)
{
	return trial_fault(t, (struct fault){.call = call,
				  .action = HOLD_BEFORE,
				  .who = DESCENDANTS,
				  .nth = calls_most,
				  .per_process = 1,
				  .optional = true});
}

static struct trial *
prepared_for(unsigned calls)
{
	struct trial *t = trial("lockset");

	calls_most = calls;
	memset(all, 0, sizeof all);
	trial_clock(t);
	for (size_t d = 0; d < n_doors; d++)
		trial_watch(t, doors[d].call);
	for (size_t f = 0; f < FAMILIES; f++)
		brakes[f] = brake(t, looking[f]);
	more_turns = MORE_TURNS;
	no_turns = false;
	stops = 0;
	return t;
}

struct trial *
prepared(void)
{
	return prepared_for(CALLS_MOST);
}

struct trial *
prepared_patiently(void)
{
	return prepared_for(CALLS_OF_PATIENT);
}

void
start(struct trial *t)
{
	trial_start(t);
	ask(t, "mkdir", "d");
}

struct trial *
directory(void)
{
	struct trial *t = prepared();

	start(t);
	return t;
}

pid_t
newcomer(struct trial *t, int i)
{
	all[i].begun = 0;
	all[i].pid = (pid_t)answer_int(ask(t, "session", word(i)), "pid");
	return all[i].pid;
}

pid_t
session(struct trial *t, int i, const char *name)
{
	pid_t pid = newcomer(t, i);

	succeeds(t, i, "init", name, "init");
	return pid;
}

pid_t
pid_of_session(int i)
{
	return all[i].pid;
}

/* What comes from now on is news. */
static void
mark(struct trial *t)
{
	output_before = trial_output_size(t);
	events(t, &events_before);
}

static void
tell_in(struct trial *t, int i, const char *verb, const char *name, const char *dir)
{
	all[i].begun++;
	all[i].verb = verb;
	if (strcmp(verb, "init") == 0)
		all[i].name = name;
	mark(t);
	ask(t, "do", word(i), verb, name, dir);
}

void
tell(struct trial *t, int i, const char *verb, const char *name)
{
	tell_in(t, i, verb, name, "d");
}

void
rests(struct trial *t)
{
	await_settled(t);
}

void
expect_sleeps(struct trial *t)
{
	for (size_t f = 0; f < FAMILIES; f++)
		expect(fault_delivered(t, brakes[f]) == 0, "busy",
		    _("a session that waits sleeps, and one that works comes to an end"),
		    _("%u calls of %s() were made"), calls_most, call_name(looking[f]));
}

void
give_turns(bool give)
{
	no_turns = !give;
}

/* Those who are stopped because they make so many calls go on. False: there is none. */
static bool
has_more_turns(struct trial *t)
{
	bool any = false;

	for (size_t f = 0; f < FAMILIES && more_turns > 0 && !no_turns; f++) {
		if (fault_delivered(t, brakes[f]) == 0)
			continue;
		mark(t);
		release(t, brakes[f], false);
		brakes[f] = brake(t, looking[f]);
		more_turns--;
		any = true;
	}
	return any;
}

static const struct answer *
said(struct trial *t, int i)
{
	const struct answer *a = ask(t, "said", word(i));

	return answer_int(a, "done") == all[i].begun ? a : NULL;
}

const struct answer *
heard(struct trial *t, int i)
{
	const struct answer *a = said(t, i);

	if (a != NULL)
		return a;
	rests(t);
	return said(t, i);
}

/* A session says that a step is over, one is held, or everybody rests: time to ask. */
static bool
is_news(struct trial *t, void *with)
{
	size_t n;
	const struct event *e = events(t, &n);

	(void)with;
	if (trial_output_size(t) > output_before)
		return true;
	for (size_t i = events_before; i < n; i++)
		if (e[i].kind == EVENT_SETTLED || e[i].kind == EVENT_QUIET ||
		    e[i].kind == EVENT_HELD || e[i].kind == EVENT_EXIT)
			return true;
	events_before = n;
	return false;
}

/* To come back is quicker than to come to rest: most steps need not wait for that. */
static const struct answer *
heard_soon(struct trial *t, int i)
{
	const struct answer *a;

	await(t, is_news, NULL, function_of(all[i].verb));
	for (a = heard(t, i); a == NULL && has_more_turns(t);)
		a = heard(t, i);
	return a;
}

/* A session that does not come back: where is it? */
static _Noreturn void
is_stuck(struct trial *t, int i, const char *key, const char *expected)
{
	const struct process *p = process_of(look(t), all[i].pid);

	if (p == NULL || p->state == 'Z')
		check_fail("session-ended", expected, _("its process has ended in %s"),
		    function_of(all[i].verb));
	expect_sleeps(t);
	check_fail(key, expected, _("%s does not come back; it is blocked in %s()"),
	    function_of(all[i].verb), call_name(p->blocked_in));
}

const struct answer *
step(struct trial *t, int i, const char *verb, const char *name)
{
	const struct answer *a;

	tell(t, i, verb, name);
	a = heard_soon(t, i);
	if (a == NULL)
		is_stuck(t, i, "stuck", words(_("%s comes back at once"), function_of(verb)));
	return a;
}

bool
is_success(const struct answer *a)
{
	return answer_int(a, "result") == 1;
}

const char *
returned(const struct answer *a)
{
	return is_success(a) ? _("it returned 1")
			     : words(_("it returned %lld with errno %s"), answer_int(a, "result"),
				   error_name(answer_int(a, "errno")));
}

void
succeeded(const struct answer *a, const char *verb, const char *key)
{
	expect(is_success(a), key, words(_("%s returns 1"), function_of(verb)), "%s", returned(a));
}

void
succeeds(struct trial *t, int i, const char *verb, const char *name, const char *key)
{
	succeeded(step(t, i, verb, name), verb, key);
}

static void
has_refused(const struct answer *a, const char *verb, int error, const char *key)
{
	expect(answer_int(a, "result") == 0 && answer_int(a, "errno") == error, key,
	    words(_("%s returns 0 with errno %s"), function_of(verb), error_name(error)), "%s",
	    returned(a));
}

void
refused(struct trial *t, int i, const char *verb, const char *name, int error, const char *key)
{
	has_refused(step(t, i, verb, name), verb, error, key);
}

void
refused_in(struct trial *t, int i, const char *name, const char *dir, int error, const char *key)
{
	const struct answer *a;

	tell_in(t, i, "init", name, dir);
	a = heard_soon(t, i);
	if (a == NULL)
		is_stuck(t, i, "stuck", words(_("%s comes back at once"), "lm_init"));
	has_refused(a, "init", error, key);
}

size_t
descriptors_of(struct trial *t, int i)
{
	const struct process *p = process_of(look(t), all[i].pid);

	return p == NULL ? 0 : p->n_fds;
}

void
still_waits(struct trial *t, int i, const char *key)
{
	const struct answer *a = heard(t, i);

	if (a != NULL)
		check_fail(key, _("lm_lock waits as long as another session holds the lock"), "%s",
		    returned(a));
}

void
has_it_in_time(struct trial *t, int i, const char *key, const char *expected)
{
	const struct answer *a;

	mark(t);
	a = heard_soon(t, i);
	if (a == NULL) {
		trial_advance(t, LM_NOTICE_MS);
		a = heard(t, i);
	}
	if (a == NULL)
		is_stuck(t, i, key, expected);
	expect(is_success(a), key, expected, "%s", returned(a));
}

void
tells_holder(struct trial *t, int i, const char *lock, const char *holder, const char *key)
{
	const struct answer *a = step(t, i, "stat", lock);
	const char *told = answer_text(a, "holder");

	succeeded(a, "stat", key);
	expect(strcmp(told, holder) == 0 && answer_int(a, "len") == (long long)strlen(holder), key,
	    words(_("lm_stat says that the holder is \"%s\""), holder),
	    _("it says \"%s\", which has length %lld"), shown(told), answer_int(a, "len"));
}

void
gives_back(struct trial *t, int i, const char *lock)
{
	step(t, i, "release", lock);
	if (is_linked(t, lock, all[i].name))
		ask(t, "unlink", words("d/l.%s", lock));
}

void
not_linked(struct trial *t, const char *lock, const char *key)
{
	expect(inode_of(t, "l.", lock) == 0, key, words(_("there is no file l.%s"), lock),
	    _("it is there"));
}

void
dies(struct trial *t, int i)
{
	unsigned before = exits(t);

	trial_kill(t, all[i].pid, SIGKILL);
	await_exits(t, before + 1);
}

struct trial *
with_stops(struct trial *t, unsigned n, void (*set)(struct trial *t))
{
	if (t != NULL && stops + n <= MOST_STOPS)
		return t;
	if (t != NULL)
		trial_finish(t);
	t = directory();
	if (set != NULL)
		set(t);
	return t;
}

bool
stands_at(struct trial *t, int i, const char *verb, const char *name, const struct door *door,
    unsigned k, enum fault_action action)
{
	stood = action == HOLD_BEFORE ? words(_("before call %u of %s()"), k, call_name(door->call))
				      : words(_("after call %u of %s()"), k, call_name(door->call));
	hold = trial_fault(t, (struct fault){.call = door->call,
				  .action = action,
				  .who = DESCENDANTS,
				  .fd = door->fd,
				  .nth = k,
				  .optional = true});
	stops++;
	tell(t, i, verb, name);
	await(t, is_news, NULL, function_of(verb));
	if (fault_delivered(t, hold) == 0)
		heard(t, i);
	stopped = fault_delivered(t, hold) > 0;
	standing = i;
	if (!stopped)
		release(t, hold, false); /* the next one who comes there is somebody else */
	return stopped;
}

void
goes_on(struct trial *t)
{
	if (!stopped)
		return;
	stopped = false;
	mark(t);
	release(t, hold, false);
	heard_soon(t, standing);
}

const char *
where_it_stood(void)
{
	return stood;
}

const char *
some_name(size_t n)
{
	static const char good[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	char *name = (char *)words("%s", letters(n));

	for (size_t i = 1; i < n; i++)
		name[i] = good[draw(0, sizeof good - 2)];
	return name;
}
