/* passing_checks.c - the parent accepts, and passes clients to its children. */
#include "checks.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* Where the parent and its children are while there is nothing to do. */
static void
expect_roles(struct trial *t, unsigned n)
{
	const struct process *parent = first_process(look(t));

	expect(parent->blocked_in == CALL_SELECT || parent->blocked_in == CALL_POLL,
	    "parent-waits-elsewhere", _("the parent waits in select(), poll() or the like"),
	    _("it waits in %s()"), call_name(parent->blocked_in));
	expect(blocked_in(t, CALL_READ, NULL) == n, "children-wait-elsewhere",
	    words(_("%u children wait for a descriptor"), n), _("where the children are: %s"),
	    where_children_are(t));
}

/* accept() is the parent's. */
static void
expect_parent_accepts(struct trial *t)
{
	expect(calls(t, CALL_ACCEPT, DESCENDANTS) == 0, "child-accepts",
	    _("only the parent accepts"), _("children called accept() %u times"),
	    calls(t, CALL_ACCEPT, DESCENDANTS));
}

/* Each of n children serves one client, all at the same time. */
void
each_serves(struct trial *t, unsigned n)
{
	struct peer *p[CHILDREN_MOST];

	for (unsigned i = 0; i < n; i++)
		is_served(t, p[i] = client(t), "served");
	for (unsigned i = 0; i < n; i++) {
		expect(server_of(t, p[i]) != 0, "child-serves", _("a child serves the client"),
		    _("none does"));
		is_served(t, p[i], "served");
	}
}

static void
parent_passes(const char *program)
{
	unsigned n = (unsigned)draw(2, 4);
	struct trial *t = server(program, n);

	trial_watch(t, CALL_ACCEPT);
	serves(t, n);
	expect_roles(t, n);
	each_serves(t, n);
	expect_parent_accepts(t);
	expect_children(t, n, "children");
}

/*
 * Task 4: prefork-stream. For: a number that is sent instead of a descriptor, a parent that serves,
 * children that accept, a client that ends the server, a parent that waits for a child's answer.
 */
void
stream_serves(void **state)
{
	(void)state;
	parent_passes("prefork-stream");
}

/*
 * Task 4: "passes a client to a child that is free". For: one child after the other, whether it is
 * free or not; a child that is never free again.
 */
void
stream_free(void **state)
{
	(void)state;
	unsigned n = (unsigned)draw(3, 4);
	struct trial *t = server("prefork-stream", n);
	struct peer *stays[CHILDREN_MOST] = {NULL};

	serves(t, n);
	for (unsigned i = 0; i < n - 1; i++)
		is_served(t, stays[i] = client(t), "served");
	for (unsigned i = 0; i < n + 1; i++) {
		struct peer *comes = client(t);

		is_served(t, comes, "busy-child");
		goes(t, comes);
	}
	goes(t, stays[0]);
	for (unsigned i = 0; i < 2; i++)
		is_served(t, client(t), "busy-child");
	is_served(t, stays[1], "busy-child");
}

enum { ACCEPT_FAILURES = 4 };

/* A client is gone before accept(), or another one was meant. */
static void
accept_may_fail(struct trial *t)
{
	static const int errors[ACCEPT_FAILURES] = {ECONNABORTED, EPROTO, EAGAIN, EINTR};

	for (unsigned i = 0; i < ACCEPT_FAILURES; i++)
		trial_fault(t, (struct fault){.call = CALL_ACCEPT,
				   .action = FAULT_FAIL,
				   .who = FIRST,
				   .nth = i + 1,
				   .error = errors[i]});
}

static void
expect_not_blocking(struct trial *t)
{
	const struct descriptor *listener = listener_of(first_process(look(t)));

	expect(listener != NULL && listener->nonblocking, "listener-blocks",
	    _("the listening socket does not block"),
	    listener == NULL ? _("there is none") : _("it has no O_NONBLOCK"));
}

/* A call of the parent's fails for good: no child would help. It needs a client to come there. */
static void
parent_fails(const char *program, enum call call, int error)
{
	struct trial *t = server(program, 2);

	trial_fault(t, (struct fault){.call = call,
			   .action = FAULT_FAIL,
			   .who = FIRST,
			   .fd = FD_SOCKET,
			   .nth = 1,
			   .error = error});
	serves(t, 2);
	client(t);
	gives_up(t, 1, "gives-up");
	expect(
	    *trial_errors(t) != '\0', "gives-up", _("standard error says why"), _("it is empty"));
}

/* The same of the call in which it waits. */
static void
parent_cannot_wait(const char *program)
{
	static const enum call calls[] = {CALL_SELECT, CALL_POLL};
	struct trial *t = server(program, 2);

	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		trial_fault(t, (struct fault){.call = calls[i],
				   .action = FAULT_FAIL,
				   .who = FIRST,
				   .nth = 1,
				   .error = ENOMEM,
				   .optional = true});
	start(t);
	gives_up(t, 1, "gives-up");
}

/* "and so it does after a failure of the parent's own". For: a failure that nobody looks at. */
static void
parent_gives_up(const char *program)
{
	parent_fails(program, CALL_ACCEPT, EMFILE);
	parent_cannot_wait(program);
}

/* A child that cannot say that it is free would wait for ever. */
static void
child_gives_up(void)
{
	struct trial *t = server("prefork-stream", 2);

	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_FAIL,
			   .who = DESCENDANTS,
			   .fd = FD_SOCKET,
			   .nth = 1,
			   .error = ENOBUFS});
	a_child_gives_up(t);
}

/*
 * Task 4: "While no child is free, the parent does not accept, and sleeps". For: the listening
 * socket in the set, a client that is accepted and waits, a parent that waits for one child.
 */
void
stream_full(void **state)
{
	(void)state;
	struct trial *t = server("prefork-stream", 2);
	struct peer *a, *b, *c, *d;

	trial_watch(t, CALL_ACCEPT);
	accept_may_fail(t);
	serves(t, 2);
	expect_not_blocking(t);
	is_served(t, a = client(t), "served");
	is_served(t, b = client(t), "served");
	asks(c = client(t), 5);
	asks(d = client(t), 6);
	waits(t, c, "one-at-a-time");
	expect(holders_of(t, c) == 0 && calls(t, CALL_ACCEPT, FIRST) == ACCEPT_FAILURES + 2,
	    "accepts-too-early", _("while no child is free, nobody is accepted"),
	    _("%u are accepted"), calls(t, CALL_ACCEPT, FIRST) - ACCEPT_FAILURES);
	goes(t, b);
	gets(t, c, 5, "full-for-ever");
	waits(t, d, "one-at-a-time");
	goes(t, a);
	gets(t, d, 6, "full-for-ever");
	is_served(t, c, "served");
	parent_gives_up("prefork-stream");
	child_gives_up();
	begins_with("prefork-stream", 6); /* three, one to listen with, two for the first child */
	begins_without_fcntl("prefork-stream");
}

/* Unix sockets of everybody, and the listening socket. */
void
expect_ends(struct trial *t, unsigned n, unsigned of_parent)
{
	const struct look *now = look(t);

	for (size_t i = 0; i < now->n; i++) {
		const struct process *p = &now->processes[i];
		unsigned local = sockets_of(p, SOCKET_LOCAL);

		if (p == first_process(now)) {
			expect(local == of_parent, "parent-keeps-ends",
			    words(_("the parent holds %u Unix sockets for %u children"), of_parent,
				n),
			    _("it holds %u"), local);
			continue;
		}
		expect(local == 1, "child-keeps-ends", _("a child holds its own end and no other"),
		    _("a child holds %u Unix sockets"), local);
		expect(listener_of(p) == NULL, "child-keeps-listener",
		    _("a child does not hold the listening socket"), _("a child holds it"));
	}
}

void
expect_holders(struct trial *t, struct peer *p, unsigned n)
{
	sleeps(t);
	expect(holders_of(t, p) == n, n == 0 ? "session-not-closed" : "holders",
	    n == 0 ? _("after the session nobody holds the socket of the client")
		   : _("the child that serves a client holds its socket, and nobody else"),
	    _("%u processes hold it"), holders_of(t, p));
}

/*
 * "A connected socket is open in the child that serves it, and in nobody else". A child that is
 * made while a client waits must not have that either.
 */
static void
who_holds(const char *program, unsigned n, unsigned of_parent)
{
	struct trial *t = server(program, n);

	serves(t, n);
	expect_ends(t, n, of_parent);
	for (int i = 0; i < 3; i++) {
		struct peer *p = client(t);

		is_served(t, p, "served");
		expect_holders(t, p, 1);
		peer_shutdown(p);
		expect_holders(t, p, 0);
		expect_ends(t, n, of_parent);
	}
}

/*
 * Task 4: who holds what. For: no close in the parent or in the child, a descriptor that is passed
 * and not closed, received and not closed, ends of elder children in the younger.
 */
void
stream_holds(void **state)
{
	unsigned n = (unsigned)draw(3, 4);

	(void)state;
	who_holds("prefork-stream", n, n);
}

/* ---- datagrams ---------------------------------------------------------------------------------
 */

/*
 * Task 4: prefork-datagram. For: a parent that keeps or closes too much, one message for each
 * child, a client that ends the server.
 */
void
datagram_serves(void **state)
{
	(void)state;
	unsigned n = (unsigned)draw(2, 4);

	parent_passes("prefork-datagram");
	who_holds("prefork-datagram", n, 2);
}

enum { CROWD = 20, IN_CHANNEL = 14 };

/* All are served in the end, as children become free. */
static void
crowd_is_served(struct trial *t, struct peer *p[], unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		gets(t, p[i], 3, "full-for-ever");
		peer_close(p[i]);
	}
	sleeps(t);
}

/*
 * Task 4: "When it has none, the parent does not accept, does not block in sendmsg(2), and sleeps
 * until there is room". For: a channel that takes whatever comes, sendmsg() that blocks, a
 * client that is thrown away, a parent that tries again and again.
 */
void
datagram_full(void **state)
{
	(void)state;
	struct trial *t = server("prefork-datagram", 2);
	struct peer *busy[2], *p[CROWD];
	const struct process *parent;

	trial_watch(t, CALL_ACCEPT);
	accept_may_fail(t);
	serves(t, 2);
	expect_not_blocking(t);
	for (unsigned i = 0; i < 2; i++)
		is_served(t, busy[i] = client(t), "served");
	for (unsigned i = 0; i < CROWD; i++)
		asks(p[i] = client(t), 3);
	waits(t, p[0], "one-at-a-time");
	parent = first_process(look(t));
	expect(parent->blocked_in != CALL_WRITE, "blocks-in-sendmsg",
	    _("the parent does not wait in sendmsg()"), _("it does"));
	expect(calls(t, CALL_ACCEPT, FIRST) - ACCEPT_FAILURES < 2 + IN_CHANNEL, "accepts-too-early",
	    words(_("of %d clients, some are not accepted while 2 children are busy"), CROWD + 2),
	    _("%u are accepted"), calls(t, CALL_ACCEPT, FIRST) - ACCEPT_FAILURES);
	dies(t, server_of(t, busy[0])); /* while a client waits in the parent */
	crowd_is_served(t, p, CROWD);
	for (unsigned i = 0; i < CROWD; i++)
		expect(holders_of(t, p[i]) == 0, "session-not-closed",
		    _("after the session nobody holds the socket of the client"),
		    _("%u processes hold it"), holders_of(t, p[i]));
	is_served(t, busy[1], "others-suffer");
	is_served(t, client(t), "served");
	parent_gives_up("prefork-datagram");
	parent_fails("prefork-datagram", CALL_WRITE, ENOMEM);
	begins_with("prefork-datagram", 4); /* three, and one to listen with */
	begins_without_fcntl("prefork-datagram");
}
