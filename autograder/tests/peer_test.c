/*
 * peer_test.c - the judge's own ends of sockets (peer.h), on a program that
 * talks in known ways (programs/talker.c). See rows.h.
 */
#define _GNU_SOURCE
#include "rows.h"

#include "../judge/peer.h"
#include <errno.h>
#include <string.h>

const struct hint hints[] = {{NULL, NULL, NULL, NULL, NULL, NULL}};

static struct trial *
started(const char *behaviour)
{
	struct trial *t = trial("talker", behaviour);

	trial_start(t);
	return t;
}

static void
expect_line(struct peer *p, const char *text)
{
	const char *line = peer_line(p);

	expect(line != NULL, "no-line", "a line comes", "none came");
	expect(strcmp(line, text) == 0, "line", "the right line", "%s", line);
}

/* ---- streams ------------------------------------------------------------------------- */

static void
one_echo(struct trial *t)
{
	struct peer *p = peer_connect(t, await_listening(t));

	expect(peer_say(p, "one\ntwo\nrest"), "sent", "all of it is read", "it is not");
	expect_line(p, "one");
	expect_line(p, "two");
	expect(strcmp(peer_bytes(p, 4), "rest") == 0, "bytes", "the rest", "something else");
	expect(peer_line(p) == NULL, "more", "nothing more", "a line");
	peer_shutdown(p);
	expect(peer_end(p) && peer_state(p) == PEER_EOF, "end", "end of file", "another end");
	trial_finish(t);
	expect_exit(t, 0, "exit");
}

static void
echoes(void **state)
{
	(void)state;
	one_echo(started("echo"));
}

static void
echoes_without_the_eye(void **state)
{
	static const char *const wrap[] = {"/usr/bin/env", "-i", NULL};
	struct trial *t = trial("talker", "echo");
	struct peer *p;

	(void)state;
	trial_wrap(t, wrap);
	trial_start(t);
	p = peer_connect(t, await_listening(t));
	peer_say(p, "one\n");
	expect_line(p, "one");
	peer_close(p);
	trial_finish(t);
}

static void
silent(void **state)
{
	struct trial *t = started("silent");
	struct peer *p = peer_connect(t, await_listening(t));

	(void)state;
	peer_say(p, "one\n");
	expect_line(p, "one");
}

static void
in_pieces(void **state)
{
	struct trial *t = started("in-pieces");
	struct peer *p = peer_connect(t, await_listening(t));

	(void)state;
	for (int i = 0; i < 20; i++) {
		peer_say(p, "question\n");
		expect_line(p, "answer");
	}
	peer_close(p);
	trial_finish(t);
	expect_exit(t, 0, "exit");
}

static void
last_words(void **state)
{
	struct trial *t = started("last-words");
	struct peer *p = peer_connect(t, await_listening(t));

	(void)state;
	trial_finish(t);
	expect_line(p, "farewell");
	expect(peer_end(p), "end", "the connection ends", "it does not");
}

static void
says_errno(void (*end)(struct peer *), const char *word)
{
	struct trial *t = started("says-errno");
	struct peer *p = peer_connect(t, await_listening(t));

	peer_say(p, "x");
	end(p);
	trial_finish(t);
	expect_output(t, word, "errno");
}

static void
closes(void **state)
{
	(void)state;
	says_errno(peer_close, "end\n");
}

static void
resets(void **state)
{
	(void)state;
	says_errno(peer_reset, "reset\n");
}

/* Who was held finds all that was sent meanwhile, and the end, without waiting for it. */
static void
arrives_before_release(void **state)
{
	struct trial *t = trial("talker", "looks-once");
	fault_id door = trial_fault(
	    t, (struct fault){.call = CALL_READ, .action = HOLD_BEFORE, .fd = FD_SOCKET, .nth = 1});
	struct peer *p;

	(void)state;
	trial_start(t);
	p = peer_connect(t, await_listening(t));
	await_held(t, door);
	for (int i = 0; i < 3; i++)
		peer_say(p, "five\n");
	peer_close(p);
	release(t, door, false);
	trial_finish(t);
	expect_output(t, "15 end\n", "arrived");
}

static void
half_closes(void **state)
{
	struct trial *t = started("answers-at-end");
	struct peer *p = peer_connect(t, await_listening(t));

	(void)state;
	peer_say(p, "seven b");
	expect(peer_line(p) == NULL, "early", "no answer before the end", "one");
	peer_shutdown(p);
	expect_line(p, "7");
	trial_finish(t);
}

static void
fills(void **state)
{
	static char much[32 << 20];
	struct trial *t = started("reads-nothing");
	struct peer *p = peer_connect(t, await_listening(t));
	size_t n = peer_fill(p, much, sizeof much);

	(void)state;
	expect(n > 0 && n < sizeof much, "filled", "the kernel takes a part", "%zu bytes", n);
	await_blocked(t, 0, CALL_PAUSE);
	expect(first_process(look(t))->fds[3].unread > 0, "unread", "bytes wait", "none");
}

static void
reads_late(void **state)
{
	enum { MUCH = 8 << 20 };
	struct trial *t = started("writes-much");
	struct peer *p = peer_connect_narrow(t, await_listening(t));
	size_t n;

	(void)state;
	peer_stop_reading(p);
	await_blocked(t, 0, CALL_WRITE);
	peer_read_on(p);
	expect(peer_bytes(p, MUCH) != NULL, "all", "all of it comes", "only a part");
	peer_unread(p, &n);
	expect(n == 0, "more", "no more", "%zu bytes", n);
	trial_finish(t);
}

static void
refused(void **state)
{
	struct trial *t = started("echo");
	struct peer *nobody = peer_listen(t, "127.0.0.1");
	const char *address = peer_address(nobody);

	(void)state;
	peer_close(nobody);
	peer_connect(t, address);
}

static const char *
port_of(const struct peer *p)
{
	return strrchr(peer_address(p), ':') + 1;
}

/* A client whose server the check is. */
static struct trial *
client_of(struct peer **listener, bool deaf)
{
	struct trial *t = trial("talker", "client");

	trial_open_input(t);
	trial_start(t);
	*listener = deaf ? peer_listen_deaf(t, "127.0.0.1") : peer_listen(t, "127.0.0.1");
	trial_send(t, port_of(*listener), strlen(port_of(*listener)));
	trial_send(t, "\n", 1);
	trial_close_input(t);
	return t;
}

static void
serves(void **state)
{
	struct peer *listener, *p;
	struct trial *t = client_of(&listener, false);

	(void)state;
	p = peer_accept(listener);
	expect(p != NULL, "accept", "a client comes", "none");
	expect_line(p, "who?");
	peer_say(p, "me");
	peer_close(p);
	trial_finish(t);
	expect_output(t, "me", "output");
	expect(peer_accept(listener) == NULL, "second", "one client", "two");
}

static void
answers_nobody(void **state)
{
	struct peer *listener;
	struct trial *t = client_of(&listener, true);

	(void)state;
	await_blocked(t, 0, CALL_CONNECT);
	expect(first_process(look(t))->fds[3].socket == SOCKET_CONNECTING, "state", "connecting",
	    "another state");
	trial_finish(t);
}

/* Both ends are the program's; everybody sleeps while an acknowledgement is put off. */
static void
both_ends(void **state)
{
	struct trial *t = started("both-ends");

	(void)state;
	trial_finish(t);
	expect_exit(t, 0, "exit");
}

/* ---- datagrams, names, views ----------------------------------------------------------- */

static void
datagrams(void **state)
{
	struct trial *t = started("datagrams");
	const char *there = await_datagram_socket(t), *from, *bytes;
	struct peer *p = peer_datagram(t, "127.0.0.1");
	size_t n;

	(void)state;
	peer_send_to(p, there, "a\0b", 3);
	peer_send_to(p, there, "second", 6);
	bytes = peer_receive(p, &n, &from);
	expect(bytes != NULL && n == 3 && memcmp(bytes, "a\0b", 3) == 0, "first", "it", "not it");
	expect(strcmp(from, there) == 0, "from", "from there", "from %s", from);
	expect(peer_receive(p, &n, NULL) != NULL && n == 6, "second", "it", "not it");
	expect(peer_receive(p, &n, NULL) == NULL, "third", "none", "one");
	peer_send_to(p, there, "", 0);
	trial_finish(t);
}

static void
expect_names(const char *name, const char *addresses)
{
	struct trial *t = trial("talker", "looks-up", name);

	trial_run(t);
	expect_output(t, addresses, name);
}

static void
names(void **state)
{
	(void)state;
	expect_names("four.example", "127.0.0.1\n");
	expect_names("both.example", "::1\n127.0.0.1\n");
	expect_names("nobody.example", "none\n");
}

static const struct descriptor *
descriptor_in_state(const struct process *p, enum socket_state state)
{
	for (size_t i = 0; i < p->n_fds; i++)
		if (p->fds[i].socket == state)
			return &p->fds[i];
	check_fail("no-such-socket", "a socket in this state", "%d: none", (int)state);
}

static void
views(void **state)
{
	struct trial *t = started("shows-sockets");
	const char *there = await_listening(t);
	struct peer *p = peer_connect(t, there);
	const struct process *first;
	const struct descriptor *d;

	(void)state;
	await_blocked(t, 0, CALL_PAUSE);
	peer_say(p, "unread");
	await_quiet(t);
	first = first_process(look(t));
	d = descriptor_in_state(first, SOCKET_LISTENING);
	expect(d->nonblocking && strcmp(d->local, there) == 0, "listening", "it", "%s", d->local);
	d = descriptor_in_state(first, SOCKET_CONNECTED);
	expect(!d->nonblocking && d->unread == 6, "connected", "6 unread", "%llu",
	    (unsigned long long)d->unread);
	expect(strcmp(d->remote, peer_address(p)) == 0, "remote", "us", "%s", d->remote);
	descriptor_in_state(first, SOCKET_UNBOUND);
	descriptor_in_state(first, SOCKET_LOCAL);
	descriptor_in_state(first, SOCKET_DATAGRAM);
	peer_close(p);
	await_quiet(t);
	expect(descriptor_in_state(first_process(look(t)), SOCKET_CONNECTED) != NULL, "half",
	    "half a connection is one", "it is none");
}

static void
six(void **state)
{
	struct trial *t = started("listens-on-v6");

	(void)state;
	if (trial_has_ipv6(t))
		expect_line(peer_connect(t, await_listening(t)), "six");
}

static const struct row rows[] = {
    {{"echoes", echoes}, "passed", NULL},
    {{"echoes-without-the-eye", echoes_without_the_eye}, "passed", NULL},
    {{"silent", silent}, "failed", "no-line"},
    {{"in-pieces", in_pieces}, "passed", NULL},
    {{"last-words", last_words}, "passed", NULL},
    {{"closes", closes}, "passed", NULL},
    {{"resets", resets}, "passed", NULL},
    {{"arrives-before-release", arrives_before_release}, "passed", NULL},
    {{"half-closes", half_closes}, "passed", NULL},
    {{"fills", fills}, "passed", NULL},
    {{"reads-late", reads_late}, "passed", NULL},
    {{"refused", refused}, "failed", "refused"},
    {{"serves", serves}, "passed", NULL},
    {{"answers-nobody", answers_nobody}, "timed out", "blocked-for-ever"},
    {{"both-ends", both_ends}, "passed", NULL},
    {{"datagrams", datagrams}, "passed", NULL},
    {{"names", names}, "passed", NULL},
    {{"views", views}, "passed", NULL},
    {{"six", six}, "passed", NULL},
};

static const struct row contained[] = {
    {{"echoes-in-a-container", echoes}, "passed", NULL},
    {{"last-words-in-a-container", last_words}, "passed", NULL},
    {{"silent-in-a-container", silent}, "failed", "no-line"},
};

int
main(void)
{
	return run_rows("talker", rows, sizeof rows / sizeof *rows, contained,
	    sizeof contained / sizeof *contained);
}
