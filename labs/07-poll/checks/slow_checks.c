/* slow_checks.c - the program bus: queues that fill. */
#include "checks.h"
#include "server.h"
#include <errno.h>
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

/* The descriptor that the server has for this client, or -1. */
static int
socket_of(struct trial *t, struct peer *p)
{
	const struct process *server = first_process(look(t));

	for (size_t i = 0; i < server->n_fds; i++)
		if (strcmp(server->fds[i].remote, peer_address(p)) == 0)
			return server->fds[i].number;
	return -1;
}

/* How many bytes have been written for this client. The trial watches CALL_WRITE. */
static size_t
written_for(struct trial *t, struct peer *p)
{
	int fd = socket_of(t, p);
	size_t n, sum = 0;
	const struct event *happened = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_CALL && happened[i].call == CALL_WRITE &&
		    happened[i].args[0] == fd && happened[i].result > 0)
			sum += (size_t)happened[i].result;
	return sum;
}

enum { LEAVERS = 3, ALMOST = 15 }; /* there is no message of less, and no "left" in this check */

/*
 * Publishes for a member that does not read, as much as there is room for in its queue, until less
 * than ALMOST bytes are missing at its limit; *meant counts what is meant for it. False when its
 * socket takes more and more.
 */
static bool
fill_up(struct trial *t, struct peer *a, struct peer *slow, size_t *meant)
{
	for (int i = 0; i < ENOUGH; i++) {
		size_t room = QUEUE_LIMIT - (*meant - written_for(t, slow)), n;

		if (room < ALMOST)
			return true;
		for (; room >= ALMOST; room -= n, *meant += n) {
			n = room <= TEXT ? room : TEXT - ALMOST;
			asks(t, a, words("publish t %s", letters(n - ALMOST)), "ok",
			    "slow-stops-others");
		}
		hears_nothing(t, a, "limit-early");
	}
	return false;
}

/*
 * Somebody leaves whose end is too much for another one: everybody hears of both. The kernel may
 * find a little room for it just then; nobody is slow then, and the next one leaves.
 */
static void
somebody_leaves(struct trial *t, struct peer *a, struct peer *slow, struct peer *leaver[LEAVERS])
{
	size_t meant = written_for(t, slow);
	bool gone = false;

	for (size_t i = 0; i < LEAVERS && !gone && fill_up(t, a, slow, &meant); i++) {
		struct farewells left = {0};

		peer_say(leaver[i], "quit\n");
		rests(t);
		meant += strlen("left leaver0 quit\n");
		gone = socket_of(t, slow) < 0;
		and_then(t, a, &left);
		expect(left.n == (gone ? 2 : 1), "slow-left",
		    _("the others hear of everybody who leaves, and of everybody who is too slow "
		      "to hear of it"),
		    _("%u have left, and they hear of %u"), gone ? 2 : 1, left.n);
		expect(gone || meant - written_for(t, slow) <= QUEUE_LIMIT, "limit-late",
		    words(_("never more than %d bytes wait for a member"), QUEUE_LIMIT),
		    _("there were %zu"), meant - written_for(t, slow));
	}
}

/* The slow one has been there before the others, or has come after them. */
static void
left_is_too_much(bool first)
{
	struct trial *t = trial("bus", "127.0.0.1:0");
	struct peer *a, *leaver[LEAVERS], *slow = NULL;

	trial_watch(t, CALL_WRITE);
	may_call(t, 6000);
	start_serving(t);
	if (first)
		slow = named(t, peer_connect_narrow(t, where()), "slow");
	for (size_t i = 0; i < LEAVERS; i++)
		leaver[i] = named(t, client(t), words("leaver%zu", i));
	if (!first)
		slow = named(t, peer_connect_narrow(t, where()), "slow");
	a = named(t, client(t), "a");
	say(t, slow, "subscribe t\n", "publish");
	rests(t);
	peer_stop_reading(slow);
	somebody_leaves(t, a, slow, leaver);
}

/*
 * Task 4: "If something does not fit". For: a publisher that waits for the slow one, a
 * queue without end, put out too early, messages lost in silence, put out and not announced, also
 * when it is an announcement that is too much.
 */
void
bus_slow(void **state)
{
	(void)state;
	one_of_three_is_slow();
	two_are_slow();
	left_is_too_much(true);
	left_is_too_much(false);
}

/*
 * More than a queue holds, but less than that and what any socket takes at once,
 * however small the writes are: a kernel counts more for many small ones.
 */
enum { PUBLISHERS = 12, BURST = 32 };

/* A reader, another member, and publishers that say more than a queue holds before the server's
 * next poll(), at whose door it is held. */
struct burst {
	struct trial *t;
	struct peer *reader, *other, *publisher[PUBLISHERS];
	fault_id door;
};

static struct burst
begin_burst(void)
{
	struct burst b = {.t = trial("bus", "127.0.0.1:0")};
	const char *lines = "", *name = letters(20);

	trial_watch(b.t, CALL_POLL);
	trial_watch(b.t, CALL_WRITE);
	may_call(b.t, 6000);
	start_serving(b.t);
	b.reader = named(b.t, client(b.t), "reader");
	asks(b.t, b.reader, "subscribe t", "ok", "publish");
	for (int i = 0; i < BURST; i++)
		lines = words("%spublish t x\n", lines);
	for (int i = 0; i < PUBLISHERS; i++)
		b.publisher[i] = named(b.t, client(b.t), words("member-%s-%02d", name, i));
	b.other = named(b.t, client(b.t), "other");
	for (int i = 0; i < PUBLISHERS; i++)
		hears(b.t, b.reader, words("joined member-%s-%02d", name, i), "joined");
	hears(b.t, b.reader, "joined other", "joined");
	rests(b.t);
	b.door =
	    trial_fault(b.t, (struct fault){.call = CALL_POLL, .action = HOLD_BEFORE, .nth = 1});
	peer_say(b.reader, "unsubscribe nothing\n");
	await_held(b.t, b.door);
	for (int i = 0; i < PUBLISHERS; i++)
		peer_say(b.publisher[i], lines);
	return b;
}

static void
everything_is_heard(void)
{
	struct burst b = begin_burst();

	release(b.t, b.door, false);
	hears(b.t, b.reader, "error not subscribed", "burst");
	for (int i = 0; i < PUBLISHERS * BURST; i++) {
		const char *heard = peer_line(b.reader);

		if (heard == NULL)
			rests(b.t);
		expect(heard != NULL, "burst", _("who reads hears every message"),
		    _("message %d of %d does not come"), i + 1, PUBLISHERS * BURST);
	}
	hears_nothing(b.t, b.reader, "burst");
}

/* One write() of the burst fails, perhaps when a queue was full: whoever it was for has failed. */
static void
a_write_fails(void)
{
	struct burst b = begin_burst();
	fault_id failure = trial_fault(b.t, (struct fault){.call = CALL_WRITE,
						.action = FAULT_FAIL,
						.fd = FD_SOCKET,
						.nth = 2,
						.error = EIO,
						.optional = true});
	struct farewells left = {0};
	const char *reason;

	release(b.t, b.door, false);
	rests(b.t);
	if (fault_delivered(b.t, failure) == 0)
		return;
	and_then(b.t, b.other, &left);
	reason = left.n == 0 ? "" : strrchr(left.heard[0], ' ') + 1;
	expect(left.n == 1 && strcmp(reason, "failed") == 0, "left",
	    _("when write() fails for a member, the others hear \"left NAME failed\", once"),
	    _("they hear \"%s\""), left.n == 0 ? "" : left.heard[left.n - 1]);
}

/*
 * Task 4: "although the client's socket has been given all that it takes now". For: a
 * queue that is full because nobody has flushed it; a failure of that write() that is lost.
 */
void
bus_burst(void **state)
{
	(void)state;
	everything_is_heard();
	a_write_fails();
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
