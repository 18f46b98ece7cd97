/* slow_checks.c - the program bus: queues that fill. */
#include "checks.h"
#include "server.h"
#include <string.h>

static struct peer *
named(struct trial *t, struct peer *p, const char *name)
{
	asks(t, p, words("name %s", name), "ok", "bus-name");
	return p;
}

/* A member that subscribes to news, then reads no more. */
static struct peer *
slow_member(struct trial *t, const char *name)
{
	struct peer *p = named(t, peer_connect_narrow(t, where()), name);

	asks(t, p, "subscribe news", "ok", "publish");
	rests(t);
	peer_stop_reading(p);
	return p;
}

enum { ENOUGH = 400, TEXT = 480 };

/* The i-th message, as it is heard, with its newline. */
static const char *
message(int i)
{
	return words("published news a %0*d\n", TEXT, i);
}

/* Who has left, as a heard of it. */
struct farewells {
	unsigned n;
	const char *heard[2];
};

/*
 * Says a line that is none, whose answer comes when all that a has said before has had its
 * consequences; what a hears until then is kept.
 */
static void
and_then(struct trial *t, struct peer *a, struct farewells *left)
{
	say(t, a, "so\n", "slow-stops-others");
	for (;;) {
		const char *heard = peer_line(a);

		if (heard == NULL)
			rests(t);
		expect(heard != NULL, "slow-stops-others", _("who publishes is answered"),
		    _("it hears nothing, and the server rests"));
		if (strcmp(heard, "error syntax") == 0)
			return;
		expect(strncmp(heard, "left ", 5) == 0 && left->n < 2, "slow-left",
		    _("the others hear who was too slow, once"), _("they hear \"%s\""), heard);
		left->heard[left->n++] = heard;
	}
}

/*
 * Publishes until a has heard of n that have left. Returns how many messages that took.
 */
static int
publish_until_left(struct trial *t, struct peer *a, unsigned n, struct farewells *left)
{
	for (int i = 0; i < ENOUGH; i++) {
		asks(t, a, words("publish news %0*d", TEXT, i), "ok", "slow-stops-others");
		and_then(t, a, left);
		if (left->n == n)
			return i + 1;
	}
	check_fail("no-limit", _("a member for which more than QUEUE_LIMIT bytes wait is put out"),
	    _("%d messages of %zu bytes wait for it"), ENOUGH, strlen(message(0)));
}

static void
hears_messages(struct trial *t, struct peer *reader, int n)
{
	for (int i = 0; i < n; i++) {
		const char *line = message(i);

		hears(t, reader, words("%.*s", (int)strlen(line) - 1, line), "slow-stops-others");
	}
}

/* What it can still read is the beginning, and what waited was as much as the limit allows. */
static void
limit_is_kept(struct trial *t, struct peer *slow, int published)
{
	const char *rest;
	size_t n, size = strlen(message(0)), waited;

	peer_read_on(slow);
	is_put_out(t, slow, "slow-left");
	rest = peer_unread(slow, &n);
	for (size_t i = 0; i < n / size; i++)
		expect(strncmp(rest + i * size, message((int)i), size) == 0, "publish",
		    _("messages arrive in order"), _("message %zu is not the one"), i);
	waited = (size_t)published * size - n;
	expect(waited > QUEUE_LIMIT, "limit-early",
	    words(_("a member is put out when more than %d bytes would wait for it"), QUEUE_LIMIT),
	    _("with the last message there would have been %zu"), waited);
	expect(waited <= QUEUE_LIMIT + size, "limit-late",
	    words(_("never more than %d bytes wait for a member"), QUEUE_LIMIT),
	    _("there were %zu"), waited - size);
}

static void
one_of_three_is_slow(void)
{
	struct trial *t = serving("bus");
	struct peer *a = named(t, client(t), "a"), *reader, *slow;
	struct farewells left = {0};
	int published;

	reader = named(t, client(t), "reader");
	hears(t, a, "joined reader", "joined");
	asks(t, reader, "subscribe news", "ok", "publish");
	slow = slow_member(t, "slow");
	hears(t, a, "joined slow", "joined");
	hears(t, reader, "joined slow", "joined");
	published = publish_until_left(t, a, 1, &left);
	expect(strcmp(left.heard[0], "left slow slow") == 0, "slow-left",
	    _("the others hear who was too slow"), _("they hear \"%s\""), left.heard[0]);
	hears_messages(t, reader, published);
	hears(t, reader, "left slow slow", "slow-left");
	limit_is_kept(t, slow, published);
	asks(t, a, "publish news more", "ok", "slow-stops-others");
	hears(t, reader, "published news a more", "slow-stops-others");
	hears_nothing(t, reader, "slow-left");
	expect(connections(t) == 2, "not-closed", _("two members are left"),
	    _("the server holds %zu connections"), connections(t));
	asks(t, client(t), "name slow", "ok", "name-free");
}

/* The message that is too much for one is too much for the other, or "left" is. */
static void
two_are_slow(void)
{
	struct trial *t = serving("bus");
	struct peer *a = named(t, client(t), "a");
	struct farewells left = {0};

	slow_member(t, "one");
	slow_member(t, "two");
	hears(t, a, "joined one", "joined");
	hears(t, a, "joined two", "joined");
	publish_until_left(t, a, 2, &left);
	expect(strcmp(left.heard[0], left.heard[1]) != 0, "slow-left",
	    _("the others hear of both who were too slow"), _("they hear \"%s\" twice"),
	    left.heard[0]);
	hears_nothing(t, a, "left");
}

/*
 * Task 4: "If something does not fit". For: a publisher that waits for the slow one, a
 * queue without end, put out too early, messages lost in silence, put out and not announced.
 */
void
bus_slow(void **state)
{
	(void)state;
	one_of_three_is_slow();
	two_are_slow();
}

/*
 * More than a queue holds, but less than that and what any socket takes at once,
 * however small the writes are: a kernel counts more for many small ones.
 */
enum { PUBLISHERS = 12, BURST = 32 };

/*
 * Task 4: "although the client's socket has been given all that it takes now". For: a
 * queue that is full because nobody has flushed it.
 */
void
bus_burst(void **state)
{
	(void)state;
	struct trial *t = trial("bus", "127.0.0.1:0");
	struct peer *reader, *p[PUBLISHERS];
	const char *lines = "", *name = letters(20);
	fault_id door;

	trial_watch(t, CALL_POLL);
	start_serving(t);
	reader = named(t, client(t), "reader");
	asks(t, reader, "subscribe t", "ok", "publish");
	for (int i = 0; i < BURST; i++)
		lines = words("%spublish t x\n", lines);
	for (int i = 0; i < PUBLISHERS; i++) {
		p[i] = named(t, client(t), words("member-%s-%02d", name, i));
		hears(t, reader, words("joined member-%s-%02d", name, i), "joined");
	}
	rests(t);
	door = trial_fault(t, (struct fault){.call = CALL_POLL, .action = HOLD_BEFORE, .nth = 1});
	peer_say(reader, "unsubscribe nothing\n");
	await_held(t, door);
	for (int i = 0; i < PUBLISHERS; i++)
		peer_say(p[i], lines);
	release(t, door, false);
	hears(t, reader, "error not subscribed", "burst");
	for (int i = 0; i < PUBLISHERS * BURST; i++) {
		const char *heard = peer_line(reader);

		if (heard == NULL)
			rests(t);
		expect(heard != NULL, "burst", _("who reads hears every message"),
		    _("message %d of %d does not come"), i + 1, PUBLISHERS * BURST);
	}
	hears_nothing(t, reader, "burst");
}

enum { EMPTY_LINES = 3000 };

/*
 * Task 3: "Answers to its own lines never bring a client to this limit". For: reading on while
 * the answers pile up; lines that stay in the buffer for ever.
 */
void
bus_own_answers(void **state)
{
	(void)state;
	struct trial *t = serving("bus");
	struct peer *slow = slow_client(t), *other = client(t);
	char lines[EMPTY_LINES];

	memset(lines, '\n', sizeof lines);
	peer_send(slow, lines, sizeof lines);
	rests(t);
	expect(peer_state(slow) == PEER_OPEN && connections(t) == 2, "own-answers",
	    _("its own answers never put a client out"), _("its connection has been closed"));
	asks(t, other, "name other", "ok", "slow-stops-others");
	peer_read_on(slow);
	for (int i = 0; i < EMPTY_LINES; i++)
		hears(t, slow, "error syntax", "goes-on");
	asks(t, slow, "name slow", "ok", "goes-on");
}
