/* end_checks.c - how sessions end: their clients go, or their processes are killed. */
#include "checks.h"
#include "lockset.h"
#include "mxp.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* ---- ways of going --------------------------------------------------------------------- */

static void
in_mid_line(struct peer *p)
{
	(void)peer_say(p, "release");
	peer_shutdown(p);
}

static void
reset_in_mid_line(struct peer *p)
{
	(void)peer_say(p, "release");
	peer_reset(p);
}

/* The session skips what comes, up to a newline that never does. */
static void
in_too_long_line(struct peer *p)
{
	(void)peer_say(p, letters(3 * MXP_LINE));
	peer_shutdown(p);
}

static void (*const ways[])(struct peer *p) = {
    peer_shutdown, peer_close, peer_reset, in_mid_line, reset_in_mid_line, in_too_long_line};
enum { WAYS = sizeof ways / sizeof *ways };

/* SIGKILL for the process of this client's session. */
void
is_killed(struct trial *t, struct peer *p, const char *key)
{
	const struct process *session;
	unsigned before;

	rests(t);
	session = session_of(t, p);
	expect(session != NULL && session->pid != first_process(look(t))->pid, key,
	    _("each session is served by a process of its own"), _("it is not"));
	before = exits(t);
	trial_kill(t, session->pid, SIGKILL);
	await_exits(t, before + 1);
}

/*
 * "However a session ends, its locks become free". For: a session that does not notice that its
 * client has gone; a lock that nobody gives back; half a line that is taken for a request; locks
 * that one process keeps for all.
 */
void
ended(void **state)
{
	(void)state;
	struct trial *t = serving();
	struct peer *other = joins(t, "other"), *p;

	for (int i = 0; i <= WAYS; i++) {
		const char *lock = letters(5), *holder = words("h%d", i);

		p = holds(t, holder, lock);
		asks(t, p, words("lock %sx", lock), "S locked", "lock");
		if (i < WAYS)
			ways[i](p);
		else
			is_killed(t, p, "not-freed");
		rests(t);
		is_free(t, other, lock, "not-freed");
		is_free(t, other, words("%sx", lock), "not-freed");
		p = client(t);
		(void)peer_line(p);
		asks(t, p, words("id %s", holder), "S welcome", "not-freed");
	}
	hears_nothing(t, other, "not-freed");
}

/* One that waits goes; the holder still holds the lock. Then the next one gets it. */
static void
goes_while_waiting(struct trial *t, int way)
{
	const char *lock = letters(5), *gone = words("g%d", way), *next = words("n%d", way);
	struct peer *p = holds(t, words("h%d", way), lock), *goes = waits_for(t, gone, lock),
		    *other = waits_for(t, next, lock), *third;

	rests(t);
	ways[way](goes);
	rests(t);
	trial_advance(t, LM_NOTICE_MS);
	if (ways[way] == peer_shutdown || ways[way] == in_mid_line || ways[way] == in_too_long_line)
		expect(peer_end(goes), "not-cancelled",
		    _("at the end of the client's bytes a wait is over"),
		    _("the connection stays open"));
	rests(t);
	third = client(t); /* while the lock is still held: the name is free */
	(void)peer_line(third);
	asks(t, third, words("id %s", gone), "S welcome", "not-cancelled");
	held_by(t, lock, words("h%d", way), "not-cancelled");
	lets_go(t, p, lock);
	gets_lock(t, other, "not-cancelled");
	peer_shutdown(other);
	peer_shutdown(third);
}

/*
 * The client's bytes end when its session, which has waited before, is about to take one lock that
 * is free, and has to wait for another: the first it gets, and there is nothing to wait for. What
 * it asks for behind that is not answered.
 */
static void
goes_before_the_wait(void)
{
	struct trial *t = prepared();
	struct peer *first, *p;
	const char *line;
	fault_id door;

	trial_watch(t, CALL_LINK);
	start(t);
	first = holds(t, "anna", "a");
	(void)holds(t, "carl", "held");
	p = waits_for(t, "ben", "a");
	lets_go(t, first, "a");
	gets_lock(t, p, "not-cancelled");
	rests(t);
	if (peer_state(p) != PEER_OPEN) /* is another check's business */
		return;
	door = trial_fault(
	    t, (struct fault){
		   .call = CALL_LINK, .action = HOLD_BEFORE, .who = DESCENDANTS, .optional = true});
	(void)peer_say(p, "lock free\nlock held\nlock behind\n");
	(void)await_held_or_end(t, door);
	peer_shutdown(p);
	rests(t);
	release(t, door, false);
	line = peer_line(p);
	expect(line != NULL && strcmp(line, "S locked") == 0, "not-cancelled",
	    _("what was asked before the end of the client's bytes is answered"),
	    _("the client hears \"%s\""), line == NULL ? "" : line);
	expect(peer_end(p), "not-cancelled", _("at the end of the client's bytes a wait is over"),
	    _("the connection stays open"));
	do
		line = peer_line(p);
	while (line != NULL && strcmp(line, "C waiting") == 0);
	expect(line == NULL, "not-cancelled",
	    _("nobody gets a lock, or hears that he cannot have it, after the end of his bytes"),
	    _("the client hears \"%s\""), line);
	is_free(t, joins(t, "dora"), "free", "not-cancelled");
}

/*
 * "the wait is cancelled: the session ends, and never gets the lock". For: a session that is deaf
 * while it waits; end of file that is kept until the wait is over, or comes before it; bytes that
 * hide it; a wait that is over and counts; one that is cancelled, and told of, or gone on from.
 */
void
cancelled(void **state)
{
	(void)state;
	struct trial *t = serving();

	for (int i = 0; i < WAYS; i++)
		goes_while_waiting(t, i);
	goes_before_the_wait();
}

/* The session stands before the answer, and its client goes. */
static void
gone_before_answer(struct trial *t, const char *name, void (*goes)(struct peer *p))
{
	struct peer *p = holds(t, name, "a"), *other;
	fault_id door;

	rests(t);
	door = trial_fault(t, (struct fault){.call = CALL_WRITE,
				  .action = HOLD_BEFORE,
				  .who = DESCENDANTS,
				  .fd = FD_SOCKET,
				  .nth = 1});
	(void)peer_say(p, "lock b\nlock c\nlock d\n");
	await_held(t, door);
	goes(p);
	release(t, door, false);
	refute_killed(t, "sigpipe");
	other = holds(t, letters(7), "a");
	peer_shutdown(other);
	is_let_go(t, other, "session-end");
	rests(t);
}

/*
 * "A client that is gone when it is answered is no error"; "No signal that its client can cause
 * ends its process". For: SIGPIPE; an answer that is tried again for ever.
 */
void
gone(void **state)
{
	(void)state;
	struct trial *t = serving();

	gone_before_answer(t, "anna", peer_reset);
	gone_before_answer(t, "ben", peer_close);
}

/* Of a daemon that has ended: nothing of this session and its lock. */
static void
is_tidy(struct trial *t, const char *name, const char *lock)
{
	no_file(t, "u.", name, "files-left");
	no_file(t, "l.", lock, "files-left");
}

/* Of a session that has ended, while the daemon goes on. */
static void
has_tidied_up(struct trial *t, const char *name, const char *lock)
{
	static const char *const prefixes[] = {"u.", "l."};
	const char *const names[] = {name, lock};

	for (int i = 0; i < 2; i++)
		expect(!has_file(t, prefixes[i], names[i]), "files-stay",
		    _("a session that has ended leaves nothing in LOCKDIR"),
		    _("there is still %s%s"), prefixes[i], names[i]);
}

/* As Ctrl-C does: the signal reaches all processes of the daemon's group. */
static void
whole_group_is_hit(int signal)
{
	struct trial *t = serving();

	holds(t, "holder", "lock");
	waits_for(t, "waiter", "lock");
	trial_kill(t, -first_process(look(t))->pid, signal);
	must_end(t, "stop-sessions");
	if (trial_term_signal(t) == signal)
		return; /* that it must not is the business of another check */
	refute_left_processes(t, "left-behind");
	is_tidy(t, "holder", "lock");
	is_tidy(t, "waiter", "lock");
}

/* Names that only look like those of sessions and locks. */
static const char *const foreign[] = {"notes", "ulysses", "luggage", "x.u.anna"};
enum { FOREIGN = sizeof foreign / sizeof *foreign };

/*
 * "LOCKDIR then holds no u.* and no l.*, whether they ended now or before"; "its files are no
 * longer in LOCKDIR, although the daemon goes on". For: lm_free() that nobody calls, as all is
 * cleared away at last; one that is passed by when a client goes, is refused, or goes while it
 * waits or is answered, when nobody clears away; whoever clears away only half of it, or too much,
 * or when a signal comes, or is ended by the signal that ends the daemon.
 */
void
leaves_nothing(void **state)
{
	(void)state;
	struct trial *t = prepared();
	struct peer *p, *other;

	for (size_t i = 0; i < FOREIGN; i++)
		trial_file(t, foreign[i], "mine", 4, 0644);
	trial_fault(t, (struct fault){.call = CALL_READ,
			   .action = FAULT_FAIL,
			   .who = DESCENDANTS,
			   .fd = FD_PIPE,
			   .nth = 1,
			   .per_process = 1,
			   .error = EINTR,
			   .optional = true});
	start(t);
	p = holds(t, "stays", "lock");
	for (int i = 0; i < WAYS; i++) {
		ways[i](holds(t, words("h%d", i), words("l%d", i)));
		other = holds(t, words("w%d", i), words("m%d", i));
		(void)peer_say(other, "lock lock\n");
		rests(t);
		ways[i](other);
		rests(t);
	}
	for (int i = 0; i < WAYS; i++)
		has_tidied_up(t, words("h%d", i), words("l%d", i));
	gone_before_answer(t, "gone", peer_reset);
	(void)peer_say(p, "release x\nrelease lock\n");
	peer_shutdown(p);
	is_stopped(t, "stop-sessions");
	for (int i = 0; i < WAYS; i++)
		is_tidy(t, words("h%d", i), words("l%d", i));
	for (int i = 0; i < WAYS; i++)
		is_tidy(t, words("w%d", i), words("m%d", i));
	is_tidy(t, "stays", "lock");
	is_tidy(t, "gone", "a");
	for (size_t i = 0; i < FOREIGN; i++)
		expect(has_file(t, "", foreign[i]), "files-left",
		    _("what belongs to no session stays in LOCKDIR"), _("there is no %s any more"),
		    foreign[i]);
	whole_group_is_hit(SIGINT);
	whole_group_is_hit(SIGTERM);
}
