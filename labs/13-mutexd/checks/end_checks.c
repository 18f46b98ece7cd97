/* end_checks.c - how sessions end: their clients go, or their processes are killed. */
#include "checks.h"
#include "lockset.h"
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

static void (*const ways[])(struct peer *p) = {
    peer_shutdown, peer_close, peer_reset, in_mid_line, reset_in_mid_line};
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
	if (ways[way] == peer_shutdown || ways[way] == in_mid_line)
		expect(peer_end(goes), "not-cancelled",
		    _("at the end of the client's bytes a wait is over"),
		    _("the connection stays open"));
	rests(t);
	third = client(t); /* while the lock is still held: the name is free */
	(void)peer_line(third);
	asks(t, third, words("id %s", gone), "S welcome", "not-cancelled");
	held_by(t, lock, words("h%d", way), "not-cancelled");
	asks(t, p, words("release %s", lock), "S", "release");
	gets_lock(t, other, "not-cancelled");
	held_by(t, lock, next, "not-cancelled");
	peer_shutdown(p);
	peer_shutdown(other);
	peer_shutdown(third);
}

/*
 * "the wait is cancelled: the session ends, and never gets the lock". For: a session that is deaf
 * while it waits; end of file that is kept until the wait is over; bytes that hide it.
 */
void
cancelled(void **state)
{
	(void)state;
	struct trial *t = serving();

	for (int i = 0; i < WAYS; i++)
		goes_while_waiting(t, i);
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

/*
 * "LOCKDIR then holds no u.* and no l.*, whether they ended now or before". For: lm_free() that is
 * passed by when a client goes, is refused, or goes while it waits or is answered.
 */
void
leaves_nothing(void **state)
{
	(void)state;
	struct trial *t = serving();
	struct peer *p = holds(t, "stays", "lock"), *other;

	for (int i = 0; i < WAYS; i++) {
		ways[i](holds(t, words("h%d", i), words("l%d", i)));
		other = waits_for(t, words("w%d", i), "lock");
		rests(t);
		ways[i](other);
		rests(t);
	}
	gone_before_answer(t, "gone", peer_reset);
	(void)peer_say(p, "release x\nrelease lock\n");
	peer_shutdown(p);
	is_stopped(t, "stop-sessions");
	for (int i = 0; i < WAYS; i++)
		is_tidy(t, words("h%d", i), words("l%d", i));
	for (int i = 0; i < WAYS; i++)
		is_tidy(t, words("w%d", i), "a");
	is_tidy(t, "stays", "lock");
	is_tidy(t, "gone", "a");
}
