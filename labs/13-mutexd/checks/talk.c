/* talk.c - how a check talks with the daemon. */
#include "lockset.h"

#include "checks.h"
#include "mxp.h"
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

/* More calls of one family than any session needs in a check: it does not sleep. */
enum { CALLS_MOST = 4000 };

static const enum call busy_calls[] = {CALL_POLL, CALL_SELECT, CALL_READ, CALL_WRITE, CALL_LINK,
    CALL_STAT, CALL_SLEEP, CALL_FCNTL, CALL_FUTEX};
enum { BUSY_CALLS = sizeof busy_calls / sizeof *busy_calls };

static fault_id brakes[BUSY_CALLS];
static bool braked;
static const char *listening_at;

struct trial *
prepared(void)
{
	struct trial *t = trial("mutexd", "127.0.0.1:0", ".");

	trial_clock(t);
	braked = true;
	for (size_t i = 0; i < BUSY_CALLS; i++)
		brakes[i] = trial_fault(t, (struct fault){.call = busy_calls[i],
					       .action = HOLD_BEFORE,
					       .nth = CALLS_MOST,
					       .per_process = 1,
					       .optional = true});
	return t;
}

/* Where a session makes many thousand calls, each that is followed would cost too much. */
struct trial *
unwatched(void)
{
	braked = false;
	return trial("mutexd", "127.0.0.1:0", ".");
}

void
start(struct trial *t)
{
	trial_start(t);
	listening_at = await_listening(t);
}

struct trial *
serving(void)
{
	struct trial *t = prepared();

	start(t);
	return t;
}

const char *
where(void)
{
	return listening_at;
}

/* "exit status 1" or "killed by SIGPIPE", of a daemon that has ended. */
static const char *
how_it_ended(struct trial *t)
{
	trial_finish(t); /* says it of a crash */
	return ending_of(
	    trial_term_signal(t) != 0 ? trial_term_signal(t) : trial_exit_status(t) << 8);
}

void
rests(struct trial *t)
{
	if (!await_settled_or_end(t))
		check_fail("daemon-ended", _("the daemon serves until it is told to end"),
		    _("it has ended: %s"), how_it_ended(t));
	for (size_t i = 0; braked && i < BUSY_CALLS; i++)
		expect(fault_delivered(t, brakes[i]) == 0, "busy",
		    _("who has nothing to do sleeps"), _("it calls %s() again and again"),
		    call_name(busy_calls[i]));
}

static struct peer *
connected(struct trial *t, struct peer *p)
{
	if (p != NULL)
		return p;
	rests(t); /* unless it has ended: then that is what to tell */
	check_fail("daemon-ended", _("the daemon serves until it is told to end"), "%s",
	    _("nobody listens any more"));
}

struct peer *
client(struct trial *t)
{
	return connected(t, peer_try_connect(t, listening_at));
}

/* A daemon that does not read is found by what it does not answer. */
static void
says(struct peer *p, const char *line)
{
	(void)peer_say(p, words("%s\n", line));
}

/* What p has heard must begin with this letter. */
static void
must_begin(struct trial *t, struct peer *p, const char *heard, char letter, const char *key)
{
	if (heard == NULL)
		rests(t);
	expect(heard != NULL, key, words(_("the client hears a line that begins with %c"), letter),
	    "%s",
	    peer_state(p) == PEER_OPEN ? _("it hears nothing, and everybody rests")
				       : _("its connection has ended"));
	expect(heard[0] == letter && (heard[1] == ' ' || heard[1] == '\0'), key,
	    words(_("the client hears a line that begins with %c"), letter), _("it hears \"%s\""),
	    shown(heard));
}

static void
hears_success(struct trial *t, struct peer *p, const char *key)
{
	must_begin(t, p, peer_line(p), 'S', key);
}

/* What lies in the connection, and was not read. */
static unsigned long long
unread(const struct process *session)
{
	unsigned long long n = 0;

	for (size_t i = 0; session != NULL && i < session->n_fds; i++)
		n += session->fds[i].unread;
	return n;
}

/* So many at once, and so often at most: more than all buffers of the kernel hold answers. */
enum { EMPTY_LINES = 50000, FILLS = 12 };

struct peer *
stalls(struct trial *t, const char *name)
{
	static char lines[EMPTY_LINES];
	struct peer *p = peer_connect_narrow(t, listening_at);

	memset(lines, '\n', sizeof lines);
	hears_success(t, p, "greeting");
	says(p, words("id %s", name));
	hears_success(t, p, "welcome");
	asks(t, p, words("lock %s", name), "S locked", "lock");
	peer_stop_reading(p);
	for (int i = 0; i < FILLS && unread(session_of(t, p)) == 0; i++) {
		(void)peer_fill(p, lines, sizeof lines);
		rests(t);
	}
	expect(unread(session_of(t, p)) > 0, "never-stalled",
	    _("a session whose client does not read what it is answered reads no more"),
	    _("it has read %d requests"), FILLS * EMPTY_LINES);
	return p;
}

void
goes_on(struct trial *t, struct peer *p)
{
	peer_read_on(p);
	rests(t);
	expect(unread(session_of(t, p)) == 0, "stalled-on",
	    _("a session whose client reads again goes on"),
	    _("it has not read all that it was asked, and rests"));
}

struct peer *
joins(struct trial *t, const char *name)
{
	struct peer *p = client(t);

	hears_success(t, p, "greeting");
	says(p, words("id %s", name));
	hears_success(t, p, "welcome");
	return p;
}

struct peer *
holds(struct trial *t, const char *name, const char *lock)
{
	struct peer *p = joins(t, name);

	asks(t, p, words("lock %s", lock), "S locked", "lock");
	return p;
}

struct peer *
waits_for(struct trial *t, const char *name, const char *lock)
{
	struct peer *p = joins(t, name);

	says(p, words("lock %s", lock));
	rests(t);
	return p;
}

/* Nothing has come, or something else. */
static void
must_be(struct trial *t, struct peer *p, const char *heard, const char *line, const char *key)
{
	if (heard == NULL)
		rests(t);
	expect(heard != NULL, key, words(_("the client hears \"%s\""), line), "%s",
	    peer_state(p) == PEER_OPEN ? _("it hears nothing, and everybody rests")
				       : _("its connection has ended"));
	expect(strcmp(heard, line) == 0, key, words(_("the client hears \"%s\""), line),
	    _("it hears \"%s\""), shown(heard));
}

void
hears(struct trial *t, struct peer *p, const char *line, const char *key)
{
	must_be(t, p, peer_line(p), line, key);
}

void
hears_failure(struct trial *t, struct peer *p, const char *key)
{
	must_begin(t, p, peer_line(p), 'F', key);
}

void
asks(struct trial *t, struct peer *p, const char *line, const char *answer, const char *key)
{
	says(p, line);
	hears(t, p, answer, key);
}

void
asks_in_vain(struct trial *t, struct peer *p, const char *line, const char *key)
{
	says(p, line);
	hears_failure(t, p, key);
}

void
hears_no_more(struct trial *t, struct peer *p, const char *key)
{
	const char *rest;
	size_t n;

	rests(t);
	rest = peer_unread(p, &n);
	expect(n == 0, key, _("the client hears nothing more"), _("it hears \"%s\""), shown(rest));
}

void
hears_nothing(struct trial *t, struct peer *p, const char *key)
{
	hears_no_more(t, p, key);
	expect(peer_state(p) == PEER_OPEN, key, _("the connection of the client stays open"),
	    _("it has ended"));
}

void
is_let_go(struct trial *t, struct peer *p, const char *key)
{
	const char *expected = _("the daemon closes the connection, and says nothing more"), *rest;
	bool over = peer_end(p);
	size_t n;

	if (!over)
		rests(t);
	rest = peer_unread(p, &n);
	expect(n == 0, key, expected, _("the client hears \"%s\""), shown(rest));
	expect(over, key, expected, _("the connection stays open"));
}

static const char still[] = "C waiting";

void
still_waits(struct trial *t, struct peer *p, const char *key)
{
	const char *rest;
	size_t n;

	rests(t);
	rest = peer_unread(p, &n);
	while (n > 0 && strncmp(rest, still, sizeof still - 1) == 0) {
		rest += sizeof still - 1;
		rest += *rest == '\n';
		n = strlen(rest);
	}
	expect(n == 0, key, _("who waits for a lock has no answer yet"), _("it hears \"%s\""),
	    shown(rest));
	expect(peer_state(p) == PEER_OPEN, key, _("the connection of the client stays open"),
	    _("it has ended"));
}

static const char *
line_but_waiting(struct peer *p)
{
	const char *heard;

	do
		heard = peer_line(p);
	while (heard != NULL && strcmp(heard, still) == 0);
	return heard;
}

enum { PATIENCE = 10 };

void
gets_lock(struct trial *t, struct peer *p, const char *key)
{
	const char *heard = line_but_waiting(p);

	for (int i = 0; i < PATIENCE && heard == NULL && peer_state(p) == PEER_OPEN; i++) {
		rests(t);
		trial_advance(t, LM_NOTICE_MS);
		heard = line_but_waiting(p);
	}
	must_be(t, p, heard, "S locked", key);
}

void
waits_in_vain(struct trial *t, struct peer *p, const char *key)
{
	must_begin(t, p, line_but_waiting(p), 'F', key);
}

void
held_by(struct trial *t, const char *lock, const char *name, const char *key)
{
	const char *holder;
	size_t n = 0;

	rests(t);
	holder = trial_read_file(t, words("l.%s", lock), &n);
	expect(holder != NULL, key, words(_("%s holds the lock %s"), name, lock),
	    _("in LOCKDIR there is no l.%s"), lock);
	expect(n == strlen(name) && memcmp(holder, name, n) == 0, key,
	    words(_("%s holds the lock %s"), name, lock), _("in LOCKDIR it is %s"),
	    shown(words("%.*s", (int)n, holder)));
}

void
is_free(struct trial *t, struct peer *p, const char *lock, const char *key)
{
	asks(t, p, words("lock %s", lock), "S locked", key);
}

void
lets_go(struct trial *t, struct peer *p, const char *lock)
{
	says(p, words("release %s", lock));
	(void)peer_line(p);
	peer_shutdown(p);
	rests(t);
}

static bool
is_connected_to(const struct process *p, const char *address)
{
	for (size_t i = 0; i < p->n_fds; i++)
		if (p->fds[i].kind == FD_SOCKET && strcmp(p->fds[i].remote, address) == 0)
			return true;
	return false;
}

const struct process *
session_of(struct trial *t, struct peer *p)
{
	const struct look *l = look(t);

	for (size_t i = 0; i < l->n; i++)
		if (is_connected_to(&l->processes[i], peer_address(p)))
			return &l->processes[i];
	return NULL;
}

bool
has_file(struct trial *t, const char *prefix, const char *name)
{
	size_t n;

	return trial_read_file(t, words("%s%s", prefix, name), &n) != NULL;
}

void
no_file(struct trial *t, const char *prefix, const char *name, const char *key)
{
	expect(!has_file(t, prefix, name), key,
	    _("at the end nothing of sessions and locks is left in LOCKDIR"),
	    _("there is still %s%s"), prefix, name);
}

/* A daemon that goes on: who else than it? */
static _Noreturn void
does_not_end(struct trial *t, const char *key)
{
	const struct look *l = look(t);

	check_fail(key, _("the daemon ends, with all its processes"),
	    _("it goes on: %zu processes are there, and everybody rests"), l->n);
}

void
must_end(struct trial *t, const char *key)
{
	if (await_settled_or_end(t))
		does_not_end(t, key);
	trial_finish(t);
}

void
has_stopped(struct trial *t, const char *key)
{
	must_end(t, key);
	refute_left_processes(t, "left-behind");
}

void
is_stopped(struct trial *t, const char *key)
{
	rests(t);
	trial_kill(t, 0, SIGTERM);
	has_stopped(t, key);
}

void
refute_killed(struct trial *t, const char *key)
{
	size_t n;
	const struct event *e;

	rests(t);
	e = events(t, &n);
	for (size_t i = 0; i < n; i++)
		expect(e[i].kind != EVENT_EXIT || !WIFSIGNALED(e[i].status), key,
		    _("no client can make its session end by a signal"),
		    _("the process of a session was %s"), ending_of(e[i].status));
}
