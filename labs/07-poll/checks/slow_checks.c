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

/* Who has left, as a heard of it. */
enum { FAREWELLS = 4 };

struct farewells {
	unsigned n;
	const char *heard[FAREWELLS];
};

/* a hears this answer; who has left meanwhile is kept. */
static void
is_answered(struct trial *t, struct peer *a, const char *answer, struct farewells *left)
{
	const char *heard;

	while ((heard = next_line(t, a)) != NULL && strncmp(heard, "left ", 5) == 0) {
		expect(left->n < FAREWELLS, "slow-left",
		    _("the others hear who was too slow, once"), _("they hear \"%s\""), heard);
		left->heard[left->n++] = heard;
	}
	expect(heard != NULL, "slow-stops-others", _("who publishes is answered"),
	    _("it hears nothing, and the server rests"));
	expect(strcmp(heard, answer) == 0, "slow-stops-others",
	    words(_("the client hears \"%s\""), answer), _("it hears \"%s\""), heard);
}

/* A line that is none is answered when all that was said before has had its consequences. */
static void
and_then(struct trial *t, struct peer *a, struct farewells *left)
{
	say(t, a, "so\n", "slow-stops-others");
	is_answered(t, a, "error syntax", left);
}

static void
once(const struct farewells *left, const char *farewell)
{
	unsigned n = 0;

	for (unsigned i = 0; i < left->n; i++)
		n += strcmp(left->heard[i], farewell) == 0;
	expect(n == 1, "slow-left", words(_("the client hears \"%s\""), farewell),
	    _("it hears \"%s\""), left->n == 0 ? "" : left->heard[left->n - 1]);
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

/* How many bytes have been written to this descriptor. The trial watches CALL_WRITE. */
static size_t
written_to(struct trial *t, int fd)
{
	size_t n, sum = 0;
	const struct event *happened = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_CALL && happened[i].call == CALL_WRITE &&
		    happened[i].args[0] == fd && happened[i].result > 0)
			sum += (size_t)happened[i].result;
	return sum;
}

/* ---- a member that publishes, one that reads, one that does not --------------------- */

enum {
	TEXT = 480,         /* bytes of a long text */
	ALMOST = 100,       /* so little room is left when the queue is almost full, */
	REST = 60,          /* or so little, */
	TOO_MUCH = ALMOST,  /* and a text of so many bytes is too much then */
	STEPS = 40,         /* more often than a socket takes anything without being read */
	MEANT_MAX = 400000, /* much more than fits into a queue and all buffers on the way */
};

struct audience {
	struct trial *t;
	struct peer *a, *reader, *slow;
	int socket;  /* the server's for slow */
	size_t said; /* before news: what slow has been told */
	size_t n;    /* the news that are meant for slow, */
	size_t sure; /* and so much of it before the last ones, which are too much */
	char meant[MEANT_MAX];
	struct farewells left;
};

static struct audience *
audience(bool with_reader)
{
	static struct audience o;

	memset(&o, 0, sizeof o);
	o.t = server("bus");
	trial_watch(o.t, CALL_WRITE);
	may_call(o.t, 6000);
	start_serving(o.t);
	o.a = named(o.t, client(o.t), "a");
	if (with_reader) {
		o.reader = named(o.t, client(o.t), "reader");
		hears(o.t, o.a, "joined reader", "joined");
		asks(o.t, o.reader, "subscribe news", "ok", "publish");
	}
	o.slow = slow_member(o.t, "slow");
	hears(o.t, o.a, "joined slow", "joined");
	if (with_reader)
		hears(o.t, o.reader, "joined slow", "joined");
	o.socket = socket_of(o.t, o.slow);
	o.said = written_to(o.t, o.socket);
	return &o;
}

/* What waits for the slow one, if nothing was thrown away. */
static size_t
waiting(struct audience *o)
{
	return o->n + o->said - written_to(o->t, o->socket);
}

/* One more line for a to say, with so many bytes of text; what slow is to hear is kept. */
static const char *
news(struct audience *o, size_t length)
{
	const char *text = letters(length), *heard = words("published news a %s\n", text);

	if (o->n + strlen(heard) >= MEANT_MAX)
		grader_fault("too much news");
	memcpy(o->meant + o->n, heard, strlen(heard) + 1);
	o->n += strlen(heard);
	return words("publish news %s\n", text);
}

/*
 * Publishes as much as there is room for in the queue of the slow one, until it is almost full; or
 * until it is put out, which is too early.
 */
static void
fill_up(struct audience *o)
{
	const size_t more = strlen("published news a \n");

	for (int i = 0; i < STEPS && o->left.n == 0; i++) {
		size_t room = QUEUE_LIMIT - waiting(o), n, lines = 0;
		const char *text = "";

		if (room < ALMOST)
			return;
		for (; room >= ALMOST; room -= n, lines++) {
			n = room - REST < TEXT + more ? room - REST : TEXT + more;
			text = words("%s%s", text, news(o, n - more));
		}
		say(o->t, o->a, text, "slow-stops-others");
		while (lines-- > 0)
			is_answered(o->t, o->a, "ok", &o->left);
		rests(o->t);
	}
}

/* Three at once: too much; so little that there would be room for it; too much again. */
static const char *
last_news(struct audience *o)
{
	const char *first, *second;

	o->sure = o->n;
	first = news(o, TOO_MUCH);
	second = news(o, 1);
	return words("%s%s%s", first, second, news(o, TOO_MUCH));
}

/* The socket may take a little just then; nobody is too slow then, and it begins anew. */
static void
publish_until_left(struct audience *o)
{
	for (int i = 0; i < STEPS; i++) {
		fill_up(o);
		if (o->left.n > 0)
			return;
		say(o->t, o->a, last_news(o), "slow-stops-others");
		for (int k = 0; k < 3; k++)
			is_answered(o->t, o->a, "ok", &o->left);
		and_then(o->t, o->a, &o->left);
		if (o->left.n > 0)
			return;
		rests(o->t);
		expect(waiting(o) <= QUEUE_LIMIT, "no-limit",
		    _("a member for which more than QUEUE_LIMIT bytes wait is put out"),
		    _("there were %zu"), waiting(o));
	}
}

/* The reader hears all news, and once who has left; that may come before the last news. */
static void
reader_hears_all(struct audience *o)
{
	struct farewells left = {0};

	for (const char *line = o->meant, *end; *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		is_answered(o->t, o->reader, words("%.*s", (int)(end - line), line), &left);
	}
	and_then(o->t, o->reader, &left);
	once(&left, "left slow slow");
}

/* What it can still read is the beginning of what was meant for it; returns how much that is. */
static size_t
hears_the_beginning(struct audience *o)
{
	const char *rest;
	size_t n, lines = 1;

	rest = peer_unread(o->slow, &n);
	for (size_t i = 0; i < n; i++) {
		expect(i < o->n && rest[i] == o->meant[i], "publish", _("messages arrive in order"),
		    _("message %zu is not the one"), lines);
		lines += rest[i] == '\n';
	}
	return n;
}

/* What waited was as much as the limit allows, and the last news were too much. */
static void
limit_is_kept(struct audience *o)
{
	size_t heard;

	peer_read_on(o->slow);
	is_put_out(o->t, o->slow, "slow-left");
	heard = hears_the_beginning(o);
	expect(o->n - heard > QUEUE_LIMIT, "limit-early",
	    words(_("a member is put out when more than %d bytes would wait for it"), QUEUE_LIMIT),
	    _("with the last message there would have been %zu"), o->n - heard);
	expect(o->sure <= heard + QUEUE_LIMIT, "no-limit",
	    words(_("never more than %d bytes wait for a member"), QUEUE_LIMIT),
	    _("there were %zu"), o->sure - heard);
}

static void
one_of_three_is_slow(void)
{
	struct audience *o = audience(true);
	struct trial *t = o->t;

	publish_until_left(o);
	once(&o->left, "left slow slow");
	reader_hears_all(o);
	limit_is_kept(o);
	asks(t, o->a, "publish news more", "ok", "slow-stops-others");
	hears(t, o->reader, "published news a more", "slow-stops-others");
	hears_nothing(t, o->reader, "slow-left");
	expect(connections(t) == 2, "not-closed", _("two members are left"),
	    _("the server holds %zu connections"), connections(t));
	asks(t, client(t), "name slow", "ok", "name-free");
}

/*
 * Whoever is put out hears nothing more, even if it reads now: what comes after a message that was
 * lost is thrown away, too. A server that has found it reading may have kept it: then it hears
 * everything.
 */
static void
nothing_after_the_end(void)
{
	struct audience *o = audience(false);
	struct trial *t = o->t;
	fault_id door;

	fill_up(o);
	door = trial_fault(t, (struct fault){.call = CALL_WRITE,
				  .action = HOLD_BEFORE,
				  .fd = FD_SOCKET,
				  .nth = 2,
				  .optional = true});
	peer_say(o->a, last_news(o));
	(void)await_held_or_end(t, door);
	peer_read_on(o->slow);
	peer_state(o->slow); /* it takes what has come */
	release(t, door, false);
	for (int i = 0; i < 3; i++)
		is_answered(t, o->a, "ok", &o->left);
	rests(t);
	expect(hears_the_beginning(o) == o->n || socket_of(t, o->slow) < 0, "publish",
	    _("messages arrive in order"), _("%zu of %zu bytes arrived"), hears_the_beginning(o),
	    o->n);
}

/* ---- announcements ------------------------------------------------------------------ */

enum { LEAVERS = 3 };

/* A member that does not read. */
struct deaf {
	struct peer *peer;
	const char *name;
	int socket;
	bool gone;
	size_t meant; /* bytes in all */
};

static void
goes_deaf(struct trial *t, struct deaf *d)
{
	d->socket = socket_of(t, d->peer);
	d->meant = written_to(t, d->socket);
	peer_stop_reading(d->peer);
}

/* Sends it as much as there is room for in its queue, until no message is so short. */
static void
deafen(struct trial *t, struct peer *a, struct deaf *d)
{
	const size_t least = strlen("sent a \n");
	struct farewells left = {0};

	for (int i = 0; i < STEPS && !d->gone; i++) {
		size_t room = QUEUE_LIMIT - (d->meant - written_to(t, d->socket)), n, lines = 0;
		const char *text = "";

		if (room < least)
			return;
		for (; room >= least; room -= n, d->meant += n, lines++) {
			n = room < TEXT ? room : TEXT;
			text = words("%ssend %s %s\n", text, d->name, letters(n - least));
		}
		say(t, a, text, "slow-stops-others");
		while (lines-- > 0)
			is_answered(t, a, "ok", &left);
		rests(t);
		expect(left.n == 0, "limit-early",
		    words(_("a member is put out when more than %d bytes would wait for it"),
			QUEUE_LIMIT),
		    _("they hear \"%s\""), left.heard[0]);
	}
}

/* The one has left, as everybody hears. Is it too much for the other? */
static void
hears_of(struct trial *t, struct deaf *d, const char *farewell)
{
	if (d->gone)
		return;
	d->meant += strlen(farewell) + 1;
	expect(d->meant - written_to(t, d->socket) <= QUEUE_LIMIT, "no-limit",
	    words(_("never more than %d bytes wait for a member"), QUEUE_LIMIT),
	    _("there were %zu"), d->meant - written_to(t, d->socket));
}

/* One member leaves; everybody hears of it, and of those for whom that is too much. */
static void
somebody_leaves(struct trial *t, struct peer *a, struct peer *leaver, unsigned i, struct deaf d[2])
{
	const char *farewell = words("left leaver%u quit", i);
	struct farewells left = {0};
	unsigned n = 1;

	peer_say(leaver, "quit\n");
	rests(t);
	and_then(t, a, &left);
	once(&left, farewell);
	for (size_t k = 0; k < 2; k++) {
		bool was_gone = d[k].gone;

		d[k].gone = was_gone || socket_of(t, d[k].peer) < 0;
		if (was_gone || !d[k].gone)
			continue;
		once(&left, words("left %s slow", d[k].name));
		n++;
	}
	expect(left.n == n, "slow-left",
	    _("the others hear of everybody who leaves, and of everybody who is too slow "
	      "to hear of it"),
	    _("%u have left, and they hear of %u"), n, left.n);
	for (size_t k = 0; k < 2; k++)
		hears_of(t, &d[k], farewell);
	if (n == 2)
		hears_of(t, &d[d[0].gone ? 1 : 0], "left first slow");
}

/*
 * Somebody leaves, and that is too much for two others, the one there before it, the other after
 * it: everybody hears of all of them. A socket may take a little just then; nobody is too slow
 * then, and the next one leaves.
 */
static void
left_is_too_much(void)
{
	struct trial *t = server("bus");
	struct deaf d[2] = {{.name = "first"}, {.name = "other"}};
	struct peer *a, *leaver[LEAVERS];

	trial_watch(t, CALL_WRITE);
	may_call(t, 6000);
	start_serving(t);
	d[0].peer = named(t, peer_connect_narrow(t, where()), d[0].name);
	for (size_t i = 0; i < LEAVERS; i++)
		leaver[i] = named(t, client(t), words("leaver%zu", i));
	d[1].peer = named(t, peer_connect_narrow(t, where()), d[1].name);
	a = named(t, client(t), "a");
	rests(t);
	for (size_t k = 0; k < 2; k++)
		goes_deaf(t, &d[k]);
	for (unsigned i = 0; i < LEAVERS && !(d[0].gone && d[1].gone); i++) {
		for (size_t k = 0; k < 2; k++)
			deafen(t, a, &d[k]);
		somebody_leaves(t, a, leaver[i], i, d);
	}
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
	nothing_after_the_end();
}

/*
 * Task 4: "the others hear left", whatever it costs. For: a member that is put out by an
 * announcement and not announced itself; something written to whoever was put out.
 */
void
bus_slow_leaves(void **state)
{
	(void)state;
	left_is_too_much();
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
	struct burst b = {.t = server("bus")};
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
		const char *heard = next_line(b.t, b.reader);

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

enum {
	AT_ONCE = 500,      /* empty lines that one read may bring; their answers are too many */
	EMPTY_LINES = 5000, /* more answers than a queue and all buffers on the way hold */
};

static void
say_nothing(struct peer *p, size_t lines)
{
	static char newlines[EMPTY_LINES];

	memset(newlines, '\n', lines);
	peer_send(p, newlines, lines);
}

static void
hears_errors(struct trial *t, struct peer *p, size_t lines)
{
	for (size_t i = 0; i < lines; i++)
		hears(t, p, "error syntax", "goes-on");
}

/*
 * Task 3: "Answers to its own lines never bring a client to this limit". For: reading on while
 * the answers pile up; lines that stay in the buffer for ever.
 */
void
bus_own_answers(void **state)
{
	(void)state;
	struct trial *t = server("bus");
	struct peer *slow, *other;

	may_call(t, 2 * EMPTY_LINES); /* each answer may be written by itself */
	start_serving(t);
	slow = slow_client(t);
	other = client(t);
	say_nothing(other, AT_ONCE);
	hears_errors(t, other, AT_ONCE);
	say_nothing(slow, EMPTY_LINES);
	rests(t);
	expect(peer_state(slow) == PEER_OPEN && connections(t) == 2, "own-answers",
	    _("its own answers never put a client out"), _("its connection has been closed"));
	asks(t, other, "name other", "ok", "slow-stops-others");
	peer_read_on(slow);
	hears_errors(t, slow, EMPTY_LINES);
	asks(t, slow, "name slow", "ok", "goes-on");
}
