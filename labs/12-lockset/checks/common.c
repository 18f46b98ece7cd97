/* common.c - sessions, their steps, and what the kernel says about their files. */
#include "lockset.h"

#include "checks.h"
#include <string.h>

/* More than any session needs in a check: it looks again and again without sleeping. */
enum { CALLS_MOST = 8000, FAMILIES = 7 };

static const enum call looking[FAMILIES] = {
    CALL_LINK, CALL_OPEN, CALL_STAT, CALL_FCNTL, CALL_POLL, CALL_SLEEP, CALL_UNLINK};

static struct {
	long long begun; /* steps */
	pid_t pid;
	const char *verb;
} all[SESSIONS];
static fault_id brakes[FAMILIES], hold;
static bool stopped;
static const char *stood;

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

struct trial *
prepared(void)
{
	struct trial *t = trial("lockset");

	memset(all, 0, sizeof all);
	trial_clock(t);
	for (size_t d = 0; d < n_doors; d++)
		trial_watch(t, doors[d].call);
	for (size_t f = 0; f < FAMILIES; f++)
		brakes[f] = trial_fault(t, (struct fault){.call = looking[f],
					       .action = HOLD_BEFORE,
					       .who = DESCENDANTS,
					       .nth = CALLS_MOST,
					       .per_process = 1,
					       .optional = true});
	return t;
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

static void
tell_in(struct trial *t, int i, const char *verb, const char *name, const char *dir)
{
	all[i].begun++;
	all[i].verb = verb;
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
	for (size_t f = 0; f < FAMILIES; f++)
		expect(fault_delivered(t, brakes[f]) == 0, "busy",
		    _("a session that waits sleeps, and one that works comes to an end"),
		    _("%d calls of %s() were made"), CALLS_MOST, call_name(looking[f]));
}

const struct answer *
heard(struct trial *t, int i)
{
	const struct answer *a;

	rests(t);
	a = ask(t, "said", word(i));
	return answer_int(a, "done") == all[i].begun ? a : NULL;
}

/* A session that does not come back: where is it? */
static _Noreturn void
is_stuck(struct trial *t, int i, const char *key, const char *expected)
{
	const struct process *p = process_of(look(t), all[i].pid);

	if (p == NULL || p->state == 'Z')
		check_fail("session-ended", expected, _("its process has ended in %s"),
		    function_of(all[i].verb));
	check_fail(key, expected, _("%s does not come back; it is blocked in %s()"),
	    function_of(all[i].verb), call_name(p->blocked_in));
}

const struct answer *
step(struct trial *t, int i, const char *verb, const char *name)
{
	const struct answer *a;

	tell(t, i, verb, name);
	a = heard(t, i);
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
	a = heard(t, i);
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
	const struct answer *a = heard(t, i);

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

long long
inode_of(struct trial *t, const char *prefix, const char *name)
{
	return answer_int(ask(t, "file", words("d/%s%s", prefix, name)), "inode");
}

void
linked(struct trial *t, const char *lock, const char *name, const char *key)
{
	long long link = inode_of(t, "l.", lock), file = inode_of(t, "u.", name);

	expect(link != 0 && link == file, key,
	    words(_("l.%s is a hard link to the file u.%s"), lock, name), "%s",
	    link == 0   ? words(_("there is no l.%s"), lock)
	    : file == 0 ? words(_("there is no u.%s"), name)
			: _("they are two files"));
}

void
not_linked(struct trial *t, const char *lock, const char *key)
{
	expect(inode_of(t, "l.", lock) == 0, key, words(_("there is no file l.%s"), lock),
	    _("it is there"));
}

void
holds_name(struct trial *t, const char *name)
{
	size_t n;
	const char *text = trial_read_file(t, words("d/u.%s", name), &n);

	expect(text != NULL, "session-file", words(_("there is a file u.%s"), name),
	    _("there is none"));
	expect(n == strlen(name) && memcmp(text, name, n) == 0, "session-file",
	    words(_("the session's file holds \"%s\""), name), _("it holds \"%s\" (%zu bytes)"),
	    shown(words("%.*s", (int)n, text)), n);
}

const char *
names_in(struct trial *t, bool dots)
{
	char *names = (char *)words("%s", answer_text(ask(t, "list", "d"), "names"));
	const char *kept = "";

	for (char *at = strtok(names, " "); at != NULL; at = strtok(NULL, " "))
		if (dots || at[0] != '.')
			kept = words("%s%s%s", kept, kept[0] == '\0' ? "" : " ", at);
	return kept;
}

void
dies(struct trial *t, int i)
{
	unsigned before = exits(t);

	trial_kill(t, all[i].pid, SIGKILL);
	await_exits(t, before + 1);
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
	tell(t, i, verb, name);
	rests(t);
	stopped = fault_delivered(t, hold) > 0;
	if (!stopped)
		release(t, hold, false); /* the next one who comes there is somebody else */
	return stopped;
}

void
goes_on(struct trial *t)
{
	if (stopped)
		release(t, hold, false);
	stopped = false;
	rests(t);
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
