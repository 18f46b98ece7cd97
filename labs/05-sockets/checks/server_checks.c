/* server_checks.c - the program webserver, whose clients are the judge's peers. */
#include "checks.h"
#include "memory.h"
#include "web.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static struct trial *
new_server(void)
{
	return trial("webserver", "127.0.0.1:0");
}

/* Starts it; the address where it listens. */
static const char *
start_server(struct trial *t)
{
	trial_start(t);
	return await_listening(t);
}

static void
say(struct peer *p, const char *text)
{
	(void)peer_say(p, text); /* a server that does not read is found by what it answers */
}

/* So many bytes of an answer. */
static const char *
expect_bytes(struct peer *p, size_t count, const char *key)
{
	const char *bytes = peer_bytes(p, count);
	size_t unread;

	if (bytes != NULL)
		return bytes;
	(void)peer_unread(p, &unread);
	check_fail(key, words(_("%zu bytes are answered"), count),
	    _("%zu bytes have come, and no more will"), unread);
}

/* And those that the protocol wants. */
static void
expect_answer(struct peer *p, size_t count, const char *key)
{
	const char *bytes = expect_bytes(p, count, key);

	for (size_t i = 0; i < count; i++)
		expect(bytes[i] == WEB_BYTE(i), "answer-bytes",
		    words(_("byte %zu of an answer is %c"), i, WEB_BYTE(i)), _("it is 0x%x"),
		    (unsigned)bytes[i] & 0xff);
}

static void
expect_served(struct peer *p, size_t count, const char *key)
{
	say(p, words("%zu\n", count));
	expect_bytes(p, count, key);
}

/* "killed by SIGPIPE", of a server that has ended. */
static const char *
how_it_ended(struct trial *t)
{
	trial_finish(t);
	return ending_of(
	    trial_term_signal(t) != 0 ? trial_term_signal(t) : trial_exit_status(t) << 8);
}

/* A new client of a server that must not have ended. */
static struct peer *
next_client(struct trial *t, const char *address, const char *key)
{
	if (!await_rest(t))
		check_fail(key, _("the server goes on, whatever a client does"),
		    _("it has ended: %s"), how_it_ended(t));
	return peer_connect(t, address);
}

/* Nothing but the end comes now. */
static void
expect_end(struct peer *p, const char *key, const char *what)
{
	size_t unread;
	bool ended = peer_end(p);

	(void)peer_unread(p, &unread);
	expect(unread == 0, key, what, _("%zu more bytes have come"), unread);
	expect(ended, key, what, _("the connection stays open"));
}

/* The proof that the server lives: a new client is served. */
static void
expect_alive(struct trial *t, const char *address, const char *key)
{
	struct peer *p = next_client(t, address, key);

	expect_served(p, (size_t)draw(1, 99), key);
	peer_shutdown(p);
	expect_end(p, "session-end", _("when a client sends no more, its connection is closed"));
}

/* It says where it listens, at once, though its output is a pipe. */
static void
expect_ready(struct trial *t, const char *address)
{
	const char *line = words(WEBSERVER_READY, address);

	await_quiet(t);
	expect(strcmp(trial_output(t), line) == 0,
	    *trial_output(t) == '\0' ? "ready-line" : "ready-address",
	    words(_("the server writes: %s"), line), _("it has written: \"%s\""), trial_output(t));
}

/*
 * Its port, which the kernel chooses, is not the same in both byte orders: one of 256 is, and the
 * ready line would show it right either way.
 */
static struct trial *
server_at_telling_port(const char **address)
{
	struct trial *t;
	long port;

	do {
		t = new_server();
		*address = start_server(t);
		port = strtol(port_of(*address), NULL, 10);
		expect(port != WEB_PORT, "port-ignored",
		    _("the server listens at the port that it was told, and 0 is any"),
		    _("it listens at %s"), *address);
	} while (port >> 8 == (port & 0xff));
	return t;
}

/*
 * "Requests come one after the other over the same connection, and each gets its answer
 * in turn"; "one client after the other". For: one request per connection, one client
 * only, a client's descriptor that stays open, a ready line that stays in a buffer.
 */
void
server_answers(void **state)
{
	(void)state;
	const char *address;
	struct trial *t = server_at_telling_port(&address);
	struct peer *first = peer_connect(t, address), *second;
	size_t a = (size_t)draw(1, 99), b = (size_t)draw(200, 9000);

	expect_ready(t, address);
	say(first, words("%zu\n", a));
	expect_answer(first, a, "server-answer");
	say(first, "1\n");
	expect_answer(first, 1, "server-answer");
	say(first, words("%d\n", WEB_MAX));
	expect_answer(first, WEB_MAX, "server-answer");
	say(first, words("%zu\n%zu\n00026\n", b, a));
	expect_answer(first, b, "server-answer");
	expect_answer(first, a, "server-answer");
	expect_answer(first, 26, "server-answer");
	second = peer_connect(t, address);
	say(second, words("%zu\n", b));
	peer_shutdown(first);
	expect_end(
	    first, "session-end", _("when a client sends no more, its connection is closed"));
	expect_answer(second, b, "next-client");
	peer_close(second);
	expect_alive(t, address, "next-client");
	await_quiet(t); /* the client sees shutdown() before the server has come to close() */
	expect_sockets(t, 1, "client-open");
}

static void
with_fault(struct fault fault, const char *key)
{
	struct trial *t = new_server();
	struct peer *p;
	const char *address;

	fault.fd = FD_SOCKET;
	trial_fault(t, fault);
	address = start_server(t);
	p = peer_connect(t, address);
	expect_served(p, (size_t)draw(30, 99), key);
	expect_served(p, (size_t)draw(300, 999), key);
}

/* The client does not read until the server can write no more. */
static void
slow_client(void)
{
	enum { REQUESTS = 400 };
	struct trial *t = new_server();
	struct peer *p = peer_connect_narrow(t, start_server(t));
	const char *many = "";

	for (int i = 0; i < REQUESTS; i++)
		many = words("%s%d\n", many, WEB_MAX);
	peer_stop_reading(p);
	say(p, many);
	await_blocked(t, 0, CALL_WRITE);
	peer_read_on(p);
	for (int i = 0; i < REQUESTS; i++)
		expect_answer(p, WEB_MAX, "short-write");
}

/* A request that comes byte by byte, short calls, a slow client. For: one read, one write. */
void
server_cut(void **state)
{
	(void)state;
	struct trial *t = new_server();
	struct peer *p = peer_connect(t, start_server(t));
	const char *request = words("%lld", draw(100, 999));

	for (const char *c = request; *c != '\0'; c++) {
		say(p, words("%c", *c));
		await_quiet(t);
	}
	expect(peer_state(p) == PEER_OPEN, "line-pieces",
	    _("half a request is no request: the server waits for the rest"),
	    _("it has closed the connection"));
	say(p, "\n");
	expect_answer(p, (size_t)strtol(request, NULL, 10), "line-pieces");
	with_fault(
	    (struct fault){.call = CALL_READ, .action = FAULT_CUT, .bytes = 1, .optional = true},
	    "line-pieces");
	with_fault(
	    (struct fault){.call = CALL_WRITE, .action = FAULT_CUT, .bytes = 7, .optional = true},
	    "short-write");
	slow_client();
}

/* Without its last newline, as a line of C says it: a newline in a finding breaks its lines. */
static const char *
only_the_end_follows(const char *request)
{
	const char *text = "";

	for (const char *c = request; *c != '\0' && strcmp(c, "\n") != 0; c++)
		text = *c == '\n' ? words("%s\\n", text) : words("%s%c", text, *c);
	return words(_("after the request \"%s\" nothing comes but the end"), text);
}

/*
 * A connection that stays open after a bad count: either the server has taken it for a good one
 * and serves on, or nobody has closed what it refused.
 */
static void
left_open(struct peer *p, const char *request)
{
	const char *expected = only_the_end_follows(request);
	size_t unread;

	(void)peer_unread(p, &unread);
	expect(unread == 0, "bad-count", expected, _("%zu more bytes have come"), unread);
	say(p, "1\n");
	expect(peer_bytes(p, 1) == NULL, "bad-count", expected,
	    _("the session goes on: the next request is answered"));
	check_fail("refused-open", expected, _("the connection stays open, but nobody serves it"));
}

static void
expect_refused(struct trial *t, const char *address, const char *request, size_t n)
{
	const char *key = "bad-count";
	struct peer *p = next_client(t, address, "server-lives");

	expect_served(p, 3, key);
	(void)peer_send(p, request, n);
	if (!peer_end(p))
		left_open(p, request);
	expect_end(p, key, only_the_end_follows(request));
	peer_close(p);
}

static void
refuses_counts(struct trial *t, const char *address)
{
	static const char *const bad[] = {"", "0", "000", "-1", "-0", "+5", " 5", "5 ", "5\r", "5x",
	    "x5", "5/", "5:", "1e3", "0x10", "5.0", "16385", "4294967297", "18446744073709551617",
	    "99999999999999999999999", "000000000000000000000000000000005", "5x\n1",
	    "000000000000000000000000000000005\n1"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		expect_refused(t, address, words("%s\n", bad[i]), strlen(bad[i]) + 1);
	expect_refused(t, address, "5\0\n", 3);
	expect_refused(t, address, "\xff\xfe\n", 3);
}

/* A line that never ends, half a request, and nothing at all. */
static void
refuses_half_requests(struct trial *t, const char *address)
{
	static char endless[100000];
	struct peer *p = next_client(t, address, "server-lives");

	memset(endless, '1', sizeof endless);
	(void)peer_send(p, endless, sizeof endless);
	peer_shutdown(p);
	expect_end(p, "bad-count", _("a request without an end gets no answer"));
	p = next_client(t, address, "server-lives");
	say(p, "7");
	peer_shutdown(p);
	expect_end(p, "half-line", _("half a request gets no answer"));
	p = next_client(t, address, "server-lives");
	peer_shutdown(p);
	expect_end(p, "session-end", _("when a client sends no more, its connection is closed"));
}

/* parse_count() by itself, and what web_child() returns. */
static void
counts(void)
{
	struct trial *t = trial("web");
	struct peer *server, *p;
	const struct answer *a;

	trial_start(t);
	expect(answer_int(ask(t, "count", "16384"), "result") == WEB_MAX, "bad-count",
	    _("parse_count returns the count"), _("it refuses the greatest"));
	expect(answer_int(ask(t, "count", "0"), "result") == -1, "bad-count",
	    _("parse_count returns -1 for a bad count"), _("it takes \"0\""));
	server = peer_listen(t, "127.0.0.1");
	for (int i = 0; i < 3; i++) {
		static const char *const sent[] = {
		    "2\n", "2\nx\n", "2\n1111111111111111111111111111111111\n"};

		ask_begin(t, "child", peer_address(server));
		p = peer_accept(server);
		if (p == NULL)
			break;
		say(p, sent[i]);
		peer_shutdown(p);
		a = ask_end(t);
		if (i == 0)
			expect_result(a, "web_child", 0, "child-result");
		else
			expect_failure(a, "web_child", i == 1 ? EPROTO : EMSGSIZE, "child-result");
		expect(fd_of(first_process(look(t)), (int)answer_int(a, "fd")) != NULL,
		    "child-result", _("web_child leaves the descriptor open"), _("it is closed"));
		ask(t, "count", "1");
	}
	trial_finish(t);
}

/* "otherwise as write(2)": the answer cannot be sent. */
static void
answer_fails(void)
{
	struct trial *t = trial("web");
	struct peer *server, *p;

	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_FAIL,
			   .fd = FD_SOCKET,
			   .nth = 1,
			   .error = ECONNRESET});
	trial_start(t);
	server = peer_listen(t, "127.0.0.1");
	ask_begin(t, "child", peer_address(server));
	p = peer_accept(server);
	if (p != NULL) {
		say(p, "2\n");
		peer_shutdown(p);
	}
	expect_failure(ask_end(t), "web_child", ECONNRESET, "child-result");
	trial_finish(t);
}

/*
 * "There is no answer to a bad request: the server closes the connection"; "a session
 * that fails is the end of nothing". For: atoi(), exit() in the session, an answer that
 * is longer than the buffer.
 */
void
server_bad_counts(void **state)
{
	(void)state;
	struct trial *t = new_server();
	const char *address = start_server(t);

	refuses_counts(t, address);
	refuses_half_requests(t, address);
	expect_alive(t, address, "server-lives");
	counts();
	answer_fails();
}

/*
 * "A session that fails is the end of nothing": clients that leave at once, in the middle
 * of a request, in the middle of an answer. For: SIGPIPE, ECONNRESET as an end of the
 * server, a descriptor that stays open.
 */
void
server_vanished(void **state)
{
	(void)state;
	struct trial *t = new_server();
	const char *address = start_server(t), *many = "";
	struct peer *p = peer_connect(t, address);

	for (int i = 0; i < 400; i++)
		many = words("%s%d\n", many, WEB_MAX);
	await_quiet(t);
	peer_reset(p);
	expect_alive(t, address, "server-lives");
	p = next_client(t, address, "server-lives");
	say(p, "12");
	await_quiet(t);
	peer_close(p);
	expect_alive(t, address, "server-lives");
	await_quiet(t);
	p = peer_connect_narrow(t, address);
	peer_stop_reading(p);
	say(p, many);
	await_blocked(t, 0, CALL_WRITE);
	peer_shutdown(p);
	peer_reset(p);
	expect_alive(t, address, "server-lives");
	p = next_client(t, address, "server-lives");
	peer_reset(p); /* perhaps before accept() */
	expect_alive(t, address, "server-lives");
	await_quiet(t);
	expect_sockets(t, 1, "client-open");
}

/* "accept() that fails is the end of nothing". For: an end at ECONNABORTED or EMFILE. */
void
server_accept(void **state)
{
	(void)state;
	struct trial *t = new_server();
	static const int errors[] = {EINTR, ECONNABORTED, EMFILE, ENOBUFS, EPROTO};
	const char *address;

	trial_watch(t, CALL_ACCEPT);
	address = start_server(t);
	await_quiet(t); /* only calls to come fail: that it listens has been seen */
	for (unsigned i = 0; i < sizeof errors / sizeof *errors; i++)
		trial_fault(t, (struct fault){.call = CALL_ACCEPT,
				   .action = FAULT_FAIL,
				   .nth = i + 1,
				   .error = errors[i]});
	expect_alive(t, address, "accept-fails");
	expect_alive(t, address, "accept-fails");
}

static void
end_server(struct trial *t)
{
	const char *key = "sigterm";

	trial_kill(t, 0, SIGTERM);
	expect(!await_rest(t), key, _("SIGTERM ends the server with status 0"), _("it goes on"));
	trial_finish(t);
	expect(trial_exit_status(t) == 0, key, _("SIGTERM ends the server with status 0"),
	    _("it has ended: %s"), how_it_ended(t));
}

/*
 * It stands at this call's door. The signal goes to the process: one of its threads may be there
 * only to wait for it.
 */
static void
ends_before(enum call call)
{
	struct trial *t = new_server();
	fault_id door = trial_fault(
	    t, (struct fault){.call = call, .action = HOLD_OUTSIDE, .fd = FD_SOCKET, .nth = 1});

	trial_start(t);
	if (call != CALL_ACCEPT)
		say(peer_connect(t, await_listening(t)), "9\n");
	await_held(t, door);
	trial_kill(t, 0, SIGTERM);
	release(t, door, false);
	expect(
	    !await_rest(t), "sigterm", _("SIGTERM ends the server with status 0"), _("it goes on"));
	trial_finish(t);
	expect_exit(t, 0, "sigterm");
}

/*
 * "SIGTERM ends it at once with status 0, whatever it is doing." For: the default action; a
 * flag that is tested before accept() blocks; a session that must end first.
 */
void
server_ends(void **state)
{
	(void)state;
	struct trial *t = new_server();
	const char *address;
	struct peer *p;

	start_server(t);
	await_blocked(t, 0, CALL_ACCEPT);
	end_server(t);

	t = new_server();
	address = start_server(t);
	p = peer_connect(t, address);
	expect_served(p, 5, "server-answer");
	await_quiet(t);
	end_server(t);

	ends_before(CALL_ACCEPT);
	ends_before(CALL_READ);
	ends_before(CALL_WRITE);
}

/* ---- memory ---------------------------------------------------------------------- */

/* A session under valgrind: good requests, the last of them, and the end. */
static void
session(struct trial *t, const char *address, const char *last, size_t answered)
{
	struct peer *p = peer_connect(t, address);
	size_t count = (size_t)draw(1, 99);

	say(p, words("%zu\n%d\n", count, WEB_MAX));
	expect_bytes(p, count + WEB_MAX, "server-answer");
	say(p, last);
	peer_shutdown(p);
	expect_bytes(p, answered, "server-answer");
	expect_end(p, "session-end", _("when a client sends no more, its connection is closed"));
}

/*
 * "only memory that they own and have set"; "is given back when that is over". For: the byte behind
 * a request; what a session that fails does not free. Each kind of session comes twice: a pointer
 * that has stayed in a register is only one.
 */
void
server_memory(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "", "\n", "0\n", "16385\n", "5x\n", "7", "000000000000000000000000000000005\n"};
	struct trial *t = new_server();
	const char *address;
	struct peer *p;

	memory_watch(t);
	address = start_server(t);
	for (size_t i = 0; i < 2 * (sizeof bad / sizeof *bad); i++)
		session(t, address, bad[i / 2], 0);
	session(t, address, "0000000000000000000000000000009\n", 9);
	p = peer_connect(t, address);
	say(p, "9\n1");
	expect_bytes(p, 9, "server-answer");
	peer_reset(p);
	session(t, address, "3\n", 3);
	trial_kill(t, 0, SIGTERM);
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}
