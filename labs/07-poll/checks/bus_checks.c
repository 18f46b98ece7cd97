/* bus_checks.c - the program bus: what its lines mean. */
#include "bus.h"
#include "checks.h"
#include "memory.h"
#include "server.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* A new client that takes a name. */
static struct peer *
member(struct trial *t, const char *name)
{
	struct peer *p = client(t);

	asks(t, p, words("name %s", name), "ok", "bus-name");
	return p;
}

/* A name that nobody can know beforehand. */
static const char *
new_name(const char *begin)
{
	return words("%s%s", begin, letters(4));
}

/*
 * Task 4: "From now on the client is a member." For: joined said to the new one, to nobody, or to
 * who has no name.
 */
void
bus_names(void **state)
{
	(void)state;
	struct trial *t = serving("bus");
	const char *anna = new_name("An-"), *ben = new_name("b_9."), *carl = new_name("C.");
	struct peer *a = client(t), *b, *c = client(t);

	asks(t, a, words("name %s", anna), "ok", "bus-name");
	b = member(t, ben);
	hears(t, a, words("joined %s", ben), "joined");
	asks(t, c, words("name %s", carl), "ok", "bus-name");
	hears(t, a, words("joined %s", carl), "joined");
	hears(t, b, words("joined %s", carl), "joined");
	hears_nothing(t, a, "joined");
	hears_nothing(t, c, "joined");
}

/* What is no name, and the longest that is one; returns it. */
static const char *
name_rules(struct trial *t, struct peer *p)
{
	const char *longest = letters(BUS_WORD_MAX);

	asks(t, p, words("name %s%s", longest, "x"), "error syntax", "bus-word");
	asks(t, p, "name ", "error syntax", "bus-word");
	asks(t, p, "name a/b", "error syntax", "bus-word");
	asks(t, p, "name \xc3\xa4", "error syntax", "bus-word");
	asks(t, p, "subscribe news", "error name first", "name-first");
	asks(t, p, "unsubscribe news", "error name first", "name-first");
	asks(t, p, "publish news text", "error name first", "name-first");
	asks(t, p, "send nobody text", "error name first", "name-first");
	asks(t, p, words("name %s", longest), "ok", "bus-word");
	return longest;
}

/*
 * bus.h: "error name taken", "error already named", "error name first", "error syntax". For: two
 * members of one name, a second name, commands before the name, bytes and lengths that are not
 * looked at.
 */
void
bus_name_rules(void **state)
{
	(void)state;
	struct trial *t = serving("bus");
	const char *anna = new_name("An-"), *longest;
	struct peer *a = client(t), *c = client(t);

	asks(t, a, words("name %s", anna), "ok", "bus-name");
	asks(t, c, words("name %s", anna), "error name taken", "name-taken");
	asks(t, a, "name other", "error already named", "name-taken");
	asks(t, c, words("name %sx", anna), "ok", "name-taken");
	hears(t, a, words("joined %sx", anna), "joined");
	longest = name_rules(t, client(t));
	hears(t, a, words("joined %s", longest), "joined");
	hears(t, c, words("joined %s", longest), "joined");
	hears_nothing(t, a, "joined");
}

/*
 * Task 4: "All other members that have subscribed". For: everybody hears, the publisher hears,
 * twice, under the wrong name, or the text loses its blanks.
 */
void
bus_publish(void **state)
{
	(void)state;
	struct trial *t = serving("bus");
	const char *news = new_name("news."), *text = words(" a  %s ", letters(9));
	const char *heard = words("published %s ben %s", news, text);
	struct peer *a = member(t, "anna"), *b = member(t, "ben"), *c = member(t, "carl"),
		    *unnamed = client(t);

	hears(t, a, "joined ben", "joined");
	hears(t, a, "joined carl", "joined");
	hears(t, b, "joined carl", "joined");
	asks(t, b, words("publish %s %s", news, text), "ok", "publish");
	asks(t, a, words("subscribe %s", news), "ok", "publish-all");
	asks(t, a, words("subscribe %s", news), "ok", "publish");
	asks(t, b, words("subscribe %s", news), "ok", "publish");
	asks(t, c, words("subscribe %sx", news), "ok", "publish");
	asks(t, b, words("publish %s %s", news, text), "ok", "publish-self");
	hears(t, a, heard, "publish");
	hears_nothing(t, a, "publish-twice");
	hears_nothing(t, b, "publish-self");
	hears_nothing(t, c, "publish-all");
	hears_nothing(t, unnamed, "publish-all");
	asks(t, a, words("unsubscribe %s", news), "ok", "unsubscribe");
	asks(t, a, words("unsubscribe %s", news), "error not subscribed", "unsubscribe");
	asks(t, c, words("publish %s ", news), "ok", "publish");
	hears(t, b, words("published %s carl ", news), "publish");
	hears_nothing(t, a, "unsubscribe");
}

/* As long as a topic may be. */
static const char *
numbered_topic(int i)
{
	return words("%0*d", BUS_WORD_MAX, i);
}

/* Topics go and come in any order, up to the limit. */
static void
topics(struct trial *t, struct peer *a, struct peer *b)
{
	int gone = (int)draw(0, BUS_TOPICS_MAX - 2);

	for (int i = 0; i < BUS_TOPICS_MAX; i++)
		asks(t, a, words("subscribe %s", numbered_topic(i)), "ok", "topics");
	asks(t, a, "subscribe topic", "error too many topics", "topics");
	asks(t, a, words("subscribe %s", numbered_topic(gone)), "ok", "topics");
	asks(t, a, words("unsubscribe %s", numbered_topic(gone)), "ok", "topics");
	asks(t, a, "subscribe topic", "ok", "topics");
	asks(t, a, words("subscribe %s", numbered_topic(gone)), "error too many topics", "topics");
	for (int i = 0; i < BUS_TOPICS_MAX; i++) {
		asks(t, b, words("publish %s %d", numbered_topic(i), i), "ok", "topics");
		if (i != gone)
			hears(t, a, words("published %s b %d", numbered_topic(i), i), "topics");
	}
	asks(t, b, "publish topic x", "ok", "topics");
	hears(t, a, "published topic b x", "topics");
	hears_nothing(t, a, "topics");
}

/*
 * Task 4: "The member of this name hears". For: a message to everybody, to the first one, or to
 * the sender; an unknown name that is no error; the order of messages.
 */
void
bus_send(void **state)
{
	(void)state;
	struct trial *t = serving("bus");
	const char *text = words("x  %s", letters(9));
	struct peer *a = member(t, "a"), *b = member(t, "b"), *c = member(t, "c");

	hears(t, a, "joined b", "joined");
	hears(t, a, "joined c", "joined");
	hears(t, b, "joined c", "joined");
	asks(t, a, words("send b %s", text), "ok", "send");
	hears(t, b, words("sent a %s", text), "send");
	hears_nothing(t, c, "send");
	hears_nothing(t, a, "send");
	asks(t, c, "send nobody text", "error no such member", "send");
	asks(t, c, "send c to me", "ok", "send");
	hears(t, c, "sent c to me", "send");
	say(t, a, "send b 1\nsend b 2\nsend b \nsend c 3\n", "send");
	for (int i = 0; i < 4; i++)
		hears(t, a, "ok", "send");
	hears(t, b, "sent a 1", "send");
	hears(t, b, "sent a 2", "send");
	hears(t, b, "sent a ", "send");
	hears(t, c, "sent a 3", "send");
	topics(t, a, b);
}

/* Whoever leaves is announced, and why. */
static void
hears_left(struct trial *t, struct peer *p, const char *name, const char *reason)
{
	const char *heard = next_line(t, p), *left = words("left %s ", name);

	if (heard == NULL)
		check_fail("left", words(_("the client hears \"%s%s\""), left, reason), "%s",
		    _("it hears nothing, and the server rests"));
	expect(strcmp(heard, words("%s%s", left, reason)) == 0,
	    strncmp(heard, left, strlen(left)) == 0 ? "left-reason" : "left",
	    words(_("the client hears \"%s%s\""), left, reason), _("it hears \"%s\""),
	    shown(heard));
}

/* The next call for a member fails, and with it the member. */
static void
call_fails(struct trial *t, struct peer *a, enum call call, int error)
{
	struct peer *p = member(t, "p");

	hears(t, a, "joined p", "joined");
	rests(t);
	trial_fault(
	    t, (struct fault){
		   .call = call, .action = FAULT_FAIL, .fd = FD_SOCKET, .nth = 1, .error = error});
	peer_say(p, "subscribe x\n");
	hears_left(t, a, "p", "failed");
	is_put_out(t, p, "left");
}

static void
calls_fail(void)
{
	struct trial *t = serving("bus");
	struct peer *a = member(t, "a");

	call_fails(t, a, CALL_READ, EIO);
	call_fails(t, a, CALL_READ, ECONNRESET);
	call_fails(t, a, CALL_WRITE, EPIPE);
	call_fails(t, a, CALL_WRITE, EIO);
}

/*
 * Task 4: "When a member leaves". For: nothing said, said twice or to the wrong ones, the name
 * not free; a subscription that outlives its member.
 */
void
bus_leaves(void **state)
{
	(void)state;
	struct trial *t = serving("bus");
	struct peer *a = member(t, "a"), *b = member(t, "b"), *c = member(t, "c"),
		    *d = member(t, "d"), *unnamed = client(t);

	hears(t, a, "joined b", "joined");
	hears(t, a, "joined c", "joined");
	hears(t, a, "joined d", "joined");
	hears(t, c, "joined d", "joined");
	asks(t, c, "subscribe news", "ok", "publish");
	say(t, d, "quit\nsend a too late\n", "quit");
	hears(t, d, "ok", "quit");
	is_put_out(t, d, "quit");
	hears_left(t, a, "d", "quit");
	/* Who closes with something unread resets the connection. */
	hears_left(t, c, "d", "quit");
	peer_close(c);
	hears_left(t, a, "c", "closed");
	rests(t);
	peer_reset(b);
	hears_left(t, a, "b", "failed");
	peer_close(unnamed);
	hears_nothing(t, a, "left");
	c = client(t);
	asks(t, c, "name c", "ok", "name-free");
	hears(t, a, "joined c", "joined");
	asks(t, a, "publish news x", "ok", "publish");
	hears_nothing(t, c, "name-free");
	asks(t, client(t), "quit", "ok", "quit");
	hears_nothing(t, a, "left");
	peer_shutdown(c);
	hears_left(t, a, "c", "closed");
	is_put_out(t, c, "left");
	rests(t);
	let_go(t);
	trial_kill(t, 0, SIGTERM);
	trial_finish(t);
	expect_exit(t, 0, "sigterm");
	calls_fail();
}

/* It hears this error, and can go on. */
static void
bad(struct trial *t, struct peer *p, const void *line, size_t n, const char *error)
{
	peer_send(p, line, n);
	hears(t, p, error, "bad-line");
}

/*
 * Task 4: "After an error the session goes on." For: a prefix or other letters taken for a
 * command, a missing word that crashes, NUL, an answer too many, a session that ends.
 */
void
bus_bad_lines(void **state)
{
	static const char *const lines[] = {"", " ", "hello", "nam x", "names x", "NAME x",
	    " name x", "name", "name  x", "name x ", "name x y", "subscribe", "subscribe ",
	    "subscribe a b", "unsubscribe", "publish", "publish t", "publish  t x", "publish a/b x",
	    "send", "send a", "send a:b x", "quit ", "quit now", "\r", "name x\r", "\x01\xff\x80"};

	(void)state;
	struct trial *t = serving("bus");
	struct peer *a = member(t, "anna"), *b = client(t);

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		asks(t, a, lines[i], "error syntax", "bad-line");
		asks(t, b, lines[i], "error syntax", "bad-line");
	}
	bad(t, a, "send anna a\0b\n", 14, "error syntax");
	bad(t, a, "quit\0\n", 6, "error syntax");
	bad(t, b, "name x\0\n", 8, "error syntax");
	bad(t, b, "\0\n", 2, "error syntax");
	asks(t, a, letters(LINES_LONGEST + 1), "error too long", "bad-line");
	asks(t, b, letters((size_t)draw(600, 3000)), "error too long", "bad-line");
	asks(t, a, words("send anna %s", letters(LINES_LONGEST - 10)), "ok", "bad-line");
	peer_line(a);
	asks(t, b, "name ben", "ok", "bad-line");
	hears(t, a, "joined ben", "joined");
	hears_nothing(t, a, "bad-line");
	hears_nothing(t, b, "bad-line");
}

/* Task 4: "frees". For: members, clients and queues that are left when they go, or at the end. */
void
bus_memory(void **state)
{
	(void)state;
	struct trial *t = trial("bus", "127.0.0.1:0");
	struct peer *a, *b, *c, *stranger = NULL;

	memory_watch(t);
	start_serving(t);
	a = member(t, "a");
	b = member(t, "b");
	c = member(t, "c");
	for (int i = 0; i < 20; i++) /* more places than at first */
		stranger = client(t);
	hears(t, a, "joined b", "joined");
	hears(t, a, "joined c", "joined");
	hears(t, b, "joined c", "joined");
	member(t, "d"); /* is there until the end, as a is */
	hears(t, a, "joined d", "joined");
	hears(t, b, "joined d", "joined");
	asks(t, b, "subscribe t", "ok", "publish");
	asks(t, a, words("publish t %s", letters(LINES_LONGEST - 10)), "ok", "publish");
	asks(t, a, letters(2000), "error too long", "bad-line");
	asks(t, a, "publish", "error syntax", "bad-line");
	peer_close(b);
	hears_left(t, a, "b", "closed");
	peer_say(c, "quit\n");
	hears_left(t, a, "c", "quit");
	trial_kill(t, 0, SIGTERM);
	peer_close(stranger); /* wakes a server that has lost the signal: not what this is about */
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}
