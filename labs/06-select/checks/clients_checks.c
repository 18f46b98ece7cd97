/* clients_checks.c - who comes, who goes, who does not read, and who does not get in. */
#include "chat.h"
#include "checks.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>

/*
 * "a number is never used again". For: descriptors that stay open; the number of who has gone; a
 * client who goes takes others with him.
 */
void
chat_come_and_go(void **state)
{
	(void)state;
	struct room *r = room(IDLE_FOR_EVER);
	const char *key = "come-and-go";
	struct peer *first;

	r->numbers_count = true;
	open_room(r);
	first = comes_in(r, key);
	for (int i = 0; i < 7; i++) {
		struct peer *p = comes_in(r, key);
		const char *line = drawn_word();

		if (i % 2 == 0) {
			peer_shutdown(p);
			is_disconnected(r, p, key, _("a client that goes is disconnected"));
		} else {
			peer_close(p);
			forget(r, p);
		}
		says(first, line);
		all_hear(r, key, said_by(r, first, line));
	}
	expect_clients(r, 1, key);
}

/* "A client that says nothing, or half a line, holds up nobody". For: reading whole lines. */
void
chat_nobody_waits(void **state)
{
	(void)state;
	struct room *r = room(IDLE_FOR_EVER);
	const char *line = drawn_word();
	struct peer *half;

	open_room(r);
	comes(r, "held-up");
	half = comes(r, "held-up");
	peer_say(half, "half a li");
	comes_in(r, "held-up");
	comes_in(r, "held-up");
	says(half, line);
	all_hear(r, "held-up", said_by(r, half, words("half a li%s", line)));
}

/*
 * 80 batches are 660 KB: more than the kernel keeps for a client with small buffers that does not
 * read (about 90 KB), and more than a server may ask for with SO_SNDBUF.
 */
enum { BATCH = 16, BATCHES = 80, SPIN = 150 };

/* The talker says lines until somebody is disconnected, or long enough; who reads misses none. */
static void
talk_until_gone(struct room *r, struct peer *talker, struct peer *listener)
{
	char line[LINE_LIMIT + 1];
	size_t before = clients_of(r);

	memset(line, 'x', LINE_LIMIT);
	line[LINE_LIMIT] = '\0';
	for (int i = 0; i < BATCHES && clients_of(r) == before; i++) {
		for (int j = 0; j < BATCH; j++)
			says(talker, line);
		for (int j = 0; j < BATCH; j++) {
			hears(r, talker, "slow-reader", said_by(r, talker, line));
			hears(r, listener, "slow-reader", said_by(r, talker, line));
		}
	}
}

/*
 * "if a line for it does not fit ... it is disconnected". For: a send() that blocks; lines that
 * are dropped or kept without bound.
 */
void
chat_slow_reader(void **state)
{
	(void)state;
	struct room *r = room(IDLE_FOR_EVER);
	struct peer *talker, *listener, *slow;
	const char *line = drawn_word();

	open_room(r);
	talker = comes_in(r, "everybody");
	listener = comes_in(r, "everybody");
	slow = comes_narrow(r);
	says(slow, line);
	all_hear(r, "everybody", said_by(r, slow, line));
	peer_stop_reading(slow);
	talk_until_gone(r, talker, listener);
	forget(r, slow);
	peer_read_on(slow);
	while (peer_line(slow) != NULL)
		;
	expect(peer_state(slow) != PEER_OPEN, "slow-reader",
	    _("a client that does not read is disconnected"), _("it is still connected; %s"),
	    where(r));
	comes_in(r, "slow-reader");
}

/* The server stands before its next select(), which is watched: what comes now, comes in one round.
 */
static fault_id
hold_at_wait(struct room *r, const char *key)
{
	fault_id door =
	    trial_fault(r->t, (struct fault){.call = CALL_SELECT, .action = HOLD_BEFORE});

	forget(r, comes(r, key)); /* somebody for whom it wakes */
	await_held(r->t, door);
	return door;
}

/*
 * One talks while the other is already gone. A reset behind the end of the stream makes the first
 * write to him EPIPE; a reset alone would make it ECONNRESET, which brings no SIGPIPE.
 */
static void
talk_to_nobody(struct room *r, struct peer *talker, struct peer *goes)
{
	fault_id door = hold_at_wait(r, "client-reset");
	const char *last = drawn_word();

	peer_shutdown(goes);
	peer_reset(goes);
	forget(r, goes);
	for (int i = 0; i < 20; i++)
		says(talker, "is somebody there?");
	says(talker, last);
	release(r->t, door, false);
	hears_at_last(r, talker, "client-reset", said_by(r, talker, last));
}

/* Three lines come in one read(), and with the first one the server learns that their client is
 * gone. */
static void
gone_in_the_middle(void)
{
	struct room *r = room(IDLE_FOR_EVER);
	const char *last = drawn_word(), *got;
	struct peer *stays, *goes;
	fault_id door;

	trial_sanitize(r->t);
	r->numbers_count = true;
	trial_watch(r->t, CALL_SELECT);
	open_room(r);
	stays = comes_in(r, "everybody");
	goes = comes_in(r, "everybody");
	door = hold_selects(r, stays);
	peer_say(goes, "one\ntwo\nthree\n");
	peer_reset(goes);
	next_select(r, door);
	says(stays, last);
	next_select(r, door);
	next_select(r, door);
	while ((got = peer_line(stays)) != NULL && strcmp(got, said_by(r, stays, last)) != 0)
		expect(strncmp(got, "1: ", 3) == 0 || strncmp(got, "2: ", 3) == 0, "lost-number",
		    _("the lines of client 2 have its number, or do not come any more"),
		    _("client 1 receives \"%s\""), shown(got));
	if (got == NULL)
		check_fail("client-reset", _("the server goes on"), "%s", where(r));
}

/* Every read() from this connection fails: who only tries again never sleeps. */
static void
broken_for_good(void)
{
	struct room *r = room(IDLE_FOR_EVER);
	struct peer *p;

	/* who reads again and again is held; who only asks too often is not */
	trial_fault(r->t, (struct fault){.call = CALL_READ,
			      .action = HOLD_BEFORE,
			      .fd = FD_SOCKET,
			      .nth = SPIN,
			      .optional = true});
	trial_fault(r->t,
	    (struct fault){
		.call = CALL_READ, .action = FAULT_FAIL, .fd = FD_SOCKET, .error = ETIMEDOUT});
	open_room(r);
	p = comes(r, "client-reset");
	says(p, "is somebody there?");
	is_disconnected(
	    r, p, "client-reset", _("a client whose connection has broken off is disconnected"));
}

/*
 * "Whatever happens to the connection of one client ends that client only". For: SIGPIPE not
 * ignored; ECONNRESET that ends the server; every failure taken for EAGAIN.
 */
void
chat_resets(void **state)
{
	(void)state;
	struct room *r = room(IDLE_FOR_EVER);
	const char *key = "client-reset", *farewell = drawn_word(), *line = drawn_word();
	struct peer *p[5];

	trial_watch(r->t, CALL_SELECT);
	open_room(r);
	for (int i = 0; i < 5; i++)
		p[i] = comes_in(r, key);
	/* nobody has gone before: whether the server goes by descriptors or by age, up or down,
	 * once it hears who talks before it hears who goes */
	talk_to_nobody(r, p[0], p[1]);
	talk_to_nobody(r, p[3], p[2]);
	says(p[4], farewell); /* after this the server has nothing to say to him */
	hears_at_last(r, p[4], key, said_by(r, p[4], farewell));
	peer_reset(p[4]);
	forget(r, p[4]);
	p[4] = comes(r, key);
	says(p[4], line);
	for (int i = 0; i < 5; i++)
		if (i != 1 && i != 2) /* they have gone */
			hears_at_last(r, p[i], key, said_by(r, p[4], line));
	broken_for_good();
}

/* Whom SIGPIPE has killed is told of that. */
static const char *
key_of_end(struct room *r, const char *key)
{
	await_asleep(r->t, 0);
	if (first_process(look(r->t)) != NULL || trial_end(r->t) != END_SIGNALED)
		return key;
	return trial_term_signal(r->t) == SIGPIPE ? "client-reset" : key;
}

/* He hears both, in whatever order, whatever else he hears. */
static void
hears_both(struct room *r, struct peer *p, const char *key, const char *one, const char *other)
{
	bool heard[2] = {false, false};

	while (!heard[0] || !heard[1]) {
		const char *got = peer_line(p);

		if (got == NULL)
			check_fail(key_of_end(r, key),
			    words(_("the lines \"%s\" and \"%s\" arrive"), one, other),
			    _("not both have; %s"), where(r));
		heard[0] = heard[0] || is_line(r, got, one);
		heard[1] = heard[1] || is_line(r, got, other);
	}
}

/* What is sent to him now is answered by a reset, while his own lines are still being told. */
static void
talks_and_goes(struct peer *p)
{
	for (int i = 0; i < 20; i++)
		says(p, "I do not wait for an answer");
	peer_close(p);
}

/*
 * "ends that client only", all in one round. For: a list that is walked while clients are taken
 * out of it; memory that is used after it was freed; a number that is cleared too early.
 */
void
chat_same_round(void **state)
{
	(void)state;
	struct room *r = room(IDLE_FOR_EVER);
	const char *key = "same-round", *last = drawn_word();
	struct peer *p[7], *late;
	fault_id door;

	trial_sanitize(r->t);
	trial_watch(r->t, CALL_SELECT);
	open_room(r);
	for (int i = 0; i < 7; i++)
		p[i] = comes_in(r, key);
	door = hold_at_wait(r, key);
	talks_and_goes(p[0]);
	says(p[1], last);
	says(p[2], "good bye");
	peer_shutdown(p[2]);
	peer_reset(p[3]);
	peer_reset(p[5]);
	talks_and_goes(p[6]);
	release(r->t, door, false);
	for (int i = 1; i <= 4; i += 3)
		hears_both(r, p[i], key, said_by(r, p[1], last), said_by(r, p[2], "good bye"));
	late = comes(r, key);
	says(late, last);
	hears_at_last(r, late, key, said_by(r, late, last));
	gone_in_the_middle();
}
