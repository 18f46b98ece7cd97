/* net_checks.c - listen_on(), connect_to(), udp_to(), local_address(). */
#include "checks.h"
#include "memory.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* The socket that the function has returned, as the kernel shows it. */
static const struct descriptor *
returned_socket(struct trial *t, const struct answer *a, const char *name, const char *key)
{
	const struct descriptor *d;

	expect(answer_int(a, "result") >= 0, key, words(_("%s returns a descriptor"), name),
	    _("it returned %lld with errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
	d = fd_of(first_process(look(t)), (int)answer_int(a, "result"));
	expect(d != NULL && d->kind == FD_SOCKET, key,
	    words(_("%s returns the descriptor of a socket"), name),
	    _("descriptor %lld is not open, or no socket"), answer_int(a, "result"));
	expect(!d->nonblocking, "blocks", _("the descriptor blocks"), _("it has O_NONBLOCK"));
	return d;
}

/*
 * "Several may wait": what listen() was told, for a queue of n takes n and one more. The kernel
 * takes a number below 0 for a very great one.
 */
static void
expect_queue(struct trial *t)
{
	enum { SEVERAL = 5 };
	size_t n;
	const struct event *happened = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_CALL && happened[i].call == CALL_LISTEN)
			expect((unsigned)happened[i].args[1] >= SEVERAL - 1, "listen-queue",
			    words(_("%d clients can wait until they are accepted"), SEVERAL),
			    _("listen() is told %ld"), happened[i].args[1]);
}

static const struct descriptor *
listening(struct trial *t, const char *host, const char *port, const char *key)
{
	const struct descriptor *d =
	    returned_socket(t, ask(t, "listen", host, port), "listen_on", key);

	expect(d->socket == SOCKET_LISTENING, "listen", _("the socket listens"),
	    _("nobody can connect to it"));
	expect_sockets(t, 1, "failed-try");
	return d;
}

static const struct descriptor *
connected(struct trial *t, const char *what, const char *host, const char *address, const char *key)
{
	const struct descriptor *d = returned_socket(
	    t, ask(t, what, host, port_of(address)), *what == 'u' ? "udp_to" : "connect_to", key);

	expect(strcmp(d->remote, address) == 0, key,
	    words(_("the socket is connected to %s"), address), _("it is connected to \"%s\""),
	    d->remote);
	return d;
}

static void
close_it(struct trial *t, const struct descriptor *d)
{
	ask(t, "close", word(d->number));
}

static void
listens_at(const char *host, const char *prefix)
{
	struct trial *t = trial("net");
	const struct descriptor *d;

	trial_watch(t, CALL_LISTEN);
	trial_start(t);
	if (*prefix == '[' && !trial_has_ipv6(t))
		return;
	d = listening(t, host, "0", "listen");
	expect(strncmp(d->local, prefix, strlen(prefix)) == 0, "listen",
	    words(_("the socket listens at %s"), prefix), _("it listens at %s"), d->local);
	peer_connect(t, d->local);
	expect(answer_int(ask(t, "accept", word(d->number)), "result") >= 0, "listen",
	    _("a client that has connected is accepted"), _("accept() fails"));
	expect_queue(t);
	trial_finish(t);
}

/*
 * "A TCP socket that listens at hp". For: no listen(), all addresses in place of one,
 * IPv4 only, a queue that is too short.
 */
void
listen_on_address(void **state)
{
	(void)state;
	listens_at("127.0.0.1", "127.0.0.1:");
	listens_at("::1", "[::1]:");
	listens_at("four.example", "127.0.0.1:");
	listens_at("six.example", "[::1]:");
}

static void
expect_next(enum call call)
{
	struct trial *t = trial("net");

	trial_fault(
	    t, (struct fault){.call = call, .action = FAULT_FAIL, .nth = 1, .error = EADDRINUSE});
	trial_start(t);
	listening(t, "two.example", "0", "next-address");
	trial_finish(t);
}

static void
expect_none(enum call call, int error)
{
	struct trial *t = trial("net");

	trial_fault(
	    t, (struct fault){.call = call, .action = FAULT_FAIL, .nth = 0, .error = error});
	/* what is heard of is the failure, not how the closing went */
	trial_fault(t, (struct fault){.call = CALL_CLOSE,
			   .action = FAULT_FAIL,
			   .fd = FD_SOCKET,
			   .nth = 2,
			   .error = EIO,
			   .optional = true});
	trial_start(t);
	expect_failure(ask(t, "listen", "127.0.0.1", "0"), "listen_on", error, "open-failure");
	expect_sockets(t, 0, "failed-try");
	expect_failure(ask(t, "listen", "127.0.0.1", "0"), "listen_on", error, "open-failure");
	trial_finish(t);
}

/* A host with two addresses, and the port of one of them is somebody else's. */
static void
other_address(const char *mine, const char *others)
{
	struct trial *t = trial("net");
	const struct peer *other;
	const struct descriptor *d;

	trial_start(t);
	other = peer_listen(t, others);
	d = listening(t, "two.example", port_of(peer_address(other)), "next-address");
	expect(strncmp(d->local, mine, strlen(mine)) == 0, "next-address",
	    words(_("the socket listens at %s"), mine), _("it listens at %s"), d->local);
	close_it(t, d);
	expect_failure(ask(t, "listen", others, port_of(peer_address(other))), "listen_on",
	    EADDRINUSE, "open-failure");
	expect_sockets(t, 0, "failed-try");
	trial_finish(t);
}

/*
 * "They are tried in the order"; "what went wrong with the last address"; "no descriptor
 * is open". For: the first address only; a socket of a failed try that stays open.
 */
void
listen_next(void **state)
{
	(void)state;
	struct trial *t;

	other_address("127.0.0.1:", "127.0.0.2");
	other_address("127.0.0.2:", "127.0.0.1");
	expect_next(CALL_BIND);
	expect_next(CALL_LISTEN);
	expect_none(CALL_SOCKET, EMFILE);
	expect_none(CALL_BIND, EACCES);
	expect_none(CALL_LISTEN, EOPNOTSUPP);
	t = trial("net"); /* the last one made is the one that a finding shows */
	trial_start(t);
	expect_failure(ask(t, "listen", "nobody.example", "0"), "listen_on", ENXIO, "unknown-host");
	expect_sockets(t, 0, "failed-try");
	trial_finish(t);
}

/*
 * "That the port was in use a moment ago is no obstacle": a connection that the server
 * closed first is still remembered. For: no SO_REUSEADDR.
 */
void
listen_again(void **state)
{
	(void)state;
	struct trial *t = trial("net");
	const struct descriptor *d;
	struct peer *client;
	const char *address;

	trial_start(t);
	d = listening(t, "127.0.0.1", "0", "listen");
	address = d->local;
	client = peer_connect(t, address);
	ask(t, "close", word(answer_int(ask(t, "accept", word(d->number)), "result")));
	peer_end(client);
	peer_close(client);
	close_it(t, d);
	d = listening(t, "127.0.0.1", port_of(address), "reuse-address");
	expect(strcmp(d->local, address) == 0, "reuse-address",
	    words(_("the socket listens at %s again"), address), _("it listens at %s"), d->local);
	trial_finish(t);
}

static void
connects(const char *listens_at, const char *host)
{
	struct trial *t = trial("net");
	struct peer *server, *datagrams;

	trial_start(t);
	if (strchr(listens_at, ':') != NULL && !trial_has_ipv6(t))
		return;
	server = peer_listen(t, listens_at);
	datagrams = peer_datagram(t, listens_at);
	connected(t, "connect", host, peer_address(server), "connect");
	expect(peer_accept(server) != NULL, "connect", _("the server gets a connection"),
	    _("none has come"));
	expect_sockets(t, 1, "failed-try");
	connected(t, "udp", host, peer_address(datagrams), "udp-to");
	expect_sockets(t, 2, "failed-try");
	trial_finish(t);
}

/*
 * "A TCP socket that is connected to hp", "a UDP socket that is connected". For: IPv4
 * only, a port in the wrong byte order, a socket of the wrong type, O_NONBLOCK left.
 */
void
connect_to_address(void **state)
{
	(void)state;
	connects("127.0.0.1", "127.0.0.1");
	connects("::1", "::1");
	connects("127.0.0.1", "four.example");
	connects("::1", "six.example");
}

static void
connects_to_other(const char *listens_at, const char *host)
{
	struct trial *t = trial("net");
	struct peer *server;

	trial_start(t);
	server = peer_listen(t, listens_at);
	connected(t, "connect", host, peer_address(server), "next-address");
	expect(peer_accept(server) != NULL, "next-address", _("the server gets a connection"),
	    _("none has come"));
	expect_sockets(t, 1, "failed-try");
	trial_finish(t);
}

/*
 * "The first one that works is taken." For: the first address only; connect() again on a
 * socket whose connect() has failed; its descriptor left open.
 */
void
connect_next(void **state)
{
	(void)state;
	struct trial *t;
	struct peer *server;
	const char *port;

	connects_to_other("127.0.0.1", "two.example");
	connects_to_other("127.0.0.2", "two.example");
	connects_to_other("127.0.0.1", "both.example");
	t = trial("net");
	trial_start(t);
	server = peer_listen(t, "127.0.0.1");
	port = port_of(peer_address(server));
	peer_close(server);
	expect_failure(
	    ask(t, "connect", "two.example", port), "connect_to", ECONNREFUSED, "open-failure");
	expect_sockets(t, 0, "failed-try");
	expect_failure(
	    ask(t, "connect", "nobody.example", port), "connect_to", ENXIO, "unknown-host");
	expect_failure(ask(t, "udp", "nobody.example", port), "udp_to", ENXIO, "unknown-host");
	expect_failure(
	    ask(t, "connect", "unreadable.example", port), "connect_to", ENFILE, "unknown-host");
	expect_sockets(t, 0, "failed-try");
	trial_finish(t);
}

/* A handler runs while connect() is under way. */
static struct trial *
interrupted_connect(void)
{
	struct trial *t = trial("net");

	trial_fault(t, (struct fault){.call = CALL_CONNECT,
			   .action = FAULT_INTERRUPT,
			   .fd = FD_SOCKET,
			   .nth = 1,
			   .signal = SIGUSR1,
			   .optional = true});
	trial_start(t);
	ask(t, "handle");
	return t;
}

/* The connection is on its way to a server that does not answer. */
static void
connect_begin(struct trial *t)
{
	trial_start(t);
	ask(t, "handle");
	ask_begin(
	    t, "connect", "127.0.0.1", port_of(peer_address(peer_listen_deaf(t, "127.0.0.1"))));
}

/* Meanwhile signals come. */
static void
interrupted_on_the_way(void)
{
	struct trial *t = trial("net");
	const struct answer *a;

	connect_begin(t);
	for (int i = 0; i < 2; i++) {
		await_quiet(t);
		trial_kill(t, 0, SIGUSR1);
		if (!answered(t))
			continue;
		a = ask_end(t);
		check_fail("connect-eintr", _("the connection goes on after a signal"),
		    _("it returned %lld with errno %s"), answer_int(a, "result"),
		    error_name(answer_int(a, "errno")));
	}
}

/* After the signal the wait itself fails: what it fails with, is heard of. */
static void
wait_fails(void)
{
	struct trial *t = trial("net");
	struct failing_wait wait = next_wait_fails(t, ENOMEM);

	connect_begin(t);
	await_quiet(t);
	trial_kill(t, 0, SIGUSR1);
	if (!answered(t)) {
		expect(!wait_has_failed(t, wait), "open-failure",
		    _("connect_to returns when it cannot wait"), _("it goes on"));
		return; /* it waits with another call */
	}
	expect_failure(ask_end(t), "connect_to", ENOMEM, "open-failure");
	expect_sockets(t, 0, "failed-try");
	trial_finish(t);
}

/*
 * "A connect() that a signal interrupted goes on without us." For: EINTR as a failure; a
 * second connection; a connection that is taken for one without asking SO_ERROR; a wait that
 * is made again whatever it fails with.
 */
void
connect_interrupted(void **state)
{
	(void)state;
	struct trial *t = interrupted_connect();
	struct peer *server = peer_listen(t, "127.0.0.1");
	const char *port;

	connected(t, "connect", "127.0.0.1", peer_address(server), "connect-eintr");
	expect(peer_accept(server) != NULL && peer_accept(server) == NULL, "connect-eintr",
	    _("the server gets one connection"), _("it got none, or two"));
	expect_sockets(t, 1, "failed-try");
	trial_finish(t);

	t = interrupted_connect();
	server = peer_listen(t, "127.0.0.1");
	port = port_of(peer_address(server));
	peer_close(server);
	expect_failure(
	    ask(t, "connect", "127.0.0.1", port), "connect_to", ECONNREFUSED, "connect-eintr");
	expect_sockets(t, 0, "failed-try");
	trial_finish(t);

	interrupted_on_the_way();
	wait_fails();
}

static void
expect_address(struct trial *t, const struct descriptor *d)
{
	const struct answer *a = ask(t, "address", word(d->number));

	expect_result(a, "local_address", 0, "local-address");
	expect(strcmp(answer_text(a, "text"), d->local) == 0, "local-address",
	    words(_("the address of the socket is %s"), d->local), _("it says \"%s\""),
	    answer_text(a, "text"));
}

/*
 * "127.0.0.1:4711", "[::1]:4711"; "EAFNOSUPPORT". For: the port without ntohs(), the
 * address of the other end, no brackets. A port may be the same in both byte orders;
 * not one of two.
 */
void
own_address(void **state)
{
	(void)state;
	struct trial *t = trial("net");
	struct peer *server;
	long long unix_socket;

	trial_start(t);
	for (int i = 0; i < 3; i++)
		expect_address(t,
		    returned_socket(t, ask(t, "listen", "127.0.0.1", "0"), "listen_on", "listen"));
	if (trial_has_ipv6(t))
		expect_address(
		    t, returned_socket(t, ask(t, "listen", "::1", "0"), "listen_on", "listen"));
	server = peer_listen(t, "127.0.0.1");
	expect_address(t, connected(t, "connect", "127.0.0.1", peer_address(server), "connect"));
	unix_socket = answer_int(ask(t, "unix"), "result");
	expect_failure(
	    ask(t, "address", word(unix_socket)), "local_address", EAFNOSUPPORT, "local-address");
	expect_failure(ask(t, "address", word(0)), "local_address", ENOTSOCK, "local-address");
	trial_finish(t);
}

/* Whatever getaddrinfo() has returned is given back with freeaddrinfo(); a text that was set. */
void
net_memory(void **state)
{
	(void)state;
	struct trial *t = trial("net");
	struct peer *server;

	memory_watch(t);
	trial_start(t);
	server = peer_listen(t, "127.0.0.1");
	ask(t, "connect", "two.example", port_of(peer_address(server)));
	ask(t, "listen", "127.0.0.1", port_of(peer_address(server)));
	ask(t, "listen", "nobody.example", "0");
	ask(t, "udp", "two.example", port_of(peer_address(server)));
	ask(t, "address", word(answer_int(ask(t, "listen", "127.0.0.1", "0"), "result")));
	if (trial_has_ipv6(t))
		ask(t, "address", word(answer_int(ask(t, "listen", "::1", "0"), "result")));
	trial_finish(t);
	memory_verdict(t, "memory", "addrinfo-leak");
}
