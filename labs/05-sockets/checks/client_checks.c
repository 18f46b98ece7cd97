/* client_checks.c - the program webclient, whose server is a peer of the judge's. */
#include "checks.h"
#include "memory.h"
#include "web.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 8 * 1024 * 1024, ANSWERS = 4, PART = 100, EARLY = 5, SHORT = 7 };

/* Starts the client with a server of the judge's; its connection. */
static struct peer *
connected_client(struct trial *t, const char *design)
{
	struct peer *listener, *server;

	trial_start(t);
	listener = peer_listen(t, "127.0.0.1");
	if (design != NULL)
		ask_begin(t, "go", design, peer_address(listener));
	else
		ask_begin(t, "go", peer_address(listener));
	server = peer_accept(listener);
	expect(server != NULL, "client-connects", _("the client connects to its server"),
	    _("no connection has come"));
	return server;
}

static void
expect_request(struct peer *server, const char *line, const char *key)
{
	const char *come = peer_line(server), *unread;
	size_t n;

	if (come == NULL) {
		unread = peer_unread(server, &n);
		expect(n == 0, key, words(_("the server gets the request %s"), line),
		    _("it gets \"%s\" without a newline"), unread);
		check_fail(
		    key, words(_("the server gets the request %s"), line), _("it gets none"));
	}
	expect(strcmp(come, line) == 0, key, words(_("the server gets the request %s"), line),
	    _("it gets \"%s\""), come);
}

static void
expect_nothing_sent(struct trial *t, struct peer *server, const char *key)
{
	size_t n;

	await_rest(t);
	(void)peer_unread(server, &n);
	expect(n == 0, key, _("the next request is sent when the answer has come, all of it"),
	    _("%zu bytes have been sent before"), n);
}

/* The end of the client. */
static void
expect_status(struct trial *t, int status, const char *key)
{
	expect_ends(t, status, key);
}

static void
expect_error(struct trial *t, int error, const char *key)
{
	expect_status(t, 1, key);
	expect(strcmp(trial_errors(t), words(WEBCLIENT_FAILED, error_text(error))) == 0, key,
	    words(_("standard error: %s"), words(WEBCLIENT_FAILED, error_text(error))),
	    _("it is \"%s\""), trial_errors(t));
}

/* Compares with what was open while the request before this one was answered. */
static void
expect_open(struct trial *t, size_t before)
{
	size_t now = first_process(look(t))->n_fds;

	expect(now == before, "request-open", _("a request leaves no descriptor open"),
	    _("while it is answered, %zu are open; with the one before it were %zu"), now, before);
}

/*
 * "reads a line, sends it, and writes the answer, each part of it as soon as it has come, before it
 * reads the next line". For: one read() for an answer, all requests at once, output that stays in
 * a buffer, a descriptor for each request.
 */
void
client_turns(void **state)
{
	(void)state;
	struct trial *t = trial("client");
	struct peer *server;
	size_t n = (size_t)draw(10, 99), open;
	const char *first = letters(n), *second = letters(WEB_MAX);
	const char *requests = words("%zu\n%d\n1\n", n, WEB_MAX);

	trial_open_input(t);
	server = connected_client(t, NULL);
	trial_send(t, requests, strlen(requests));
	expect_request(server, word((long long)n), "request");
	expect_nothing_sent(t, server, "turns");
	peer_send(server, first, n - 1);
	expect_nothing_sent(t, server, "turns");
	/* the last byte, and more: an answer has as many bytes as it was asked for */
	peer_say(server, words("%c%.*s", first[n - 1], EARLY, second));
	expect_request(server, word(WEB_MAX), "turns");
	await_quiet(t);
	expect_output(t, words("%s%.*s", first, EARLY, second), "turns-output");
	open = first_process(look(t))->n_fds;
	peer_send(server, second + EARLY, WEB_MAX - EARLY);
	expect_request(server, "1", "turns");
	await_quiet(t);
	expect_open(t, open);
	peer_say(server, "!");
	trial_close_input(t);
	expect_status(t, 0, "client-status");
	expect_output(t, words("%s%s!", first, second), "turns-output");
}

static void
refuses_input(const char *input, size_t n)
{
	struct trial *t = trial("client");
	struct peer *server;
	size_t sent;

	trial_input(t, input, n);
	server = connected_client(t, NULL);
	expect_error(t, EPROTO, "client-input");
	(void)peer_end(server);
	(void)peer_unread(server, &sent);
	expect(sent == 0, "client-input", _("a bad count is not sent"),
	    _("%zu bytes have been sent"), sent);
}

/* The server leaves after so many bytes of an answer of 9. */
static void
server_leaves(size_t n, bool reset)
{
	struct trial *t = trial("client");
	struct peer *server;
	const char *answer = letters(9);

	trial_open_input(t);
	server = connected_client(t, NULL);
	trial_send(t, "9\n", 2);
	expect_request(server, "9", "request");
	peer_send(server, answer, n);
	await_quiet(t);
	if (reset)
		peer_reset(server);
	else
		peer_close(server);
	expect(!await_rest(t), "answer-ends",
	    _("the client ends when half an answer is all that comes"),
	    _("it waits for its input"));
	expect_error(t, reset ? ECONNRESET : EPROTO, "answer-ends");
	expect_output(t, words("%.*s", (int)n, answer), "answer-ends");
}

/* What has come cannot be written. */
static void
output_fails(const char *design)
{
	struct trial *t = trial("client");
	struct peer *server;

	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_FAIL,
			   .fd = FD_PIPE,
			   .nth = 1,
			   .error = ENOSPC});
	trial_open_input(t);
	server = connected_client(t, design);
	trial_send(t, "9\n", 2);
	expect_request(server, "9", "request");
	peer_say(server, letters(9));
	expect(!await_rest(t), "client-failure", _("the client ends when it cannot write"),
	    _("it goes on"));
	expect_error(t, ENOSPC, "client-failure");
}

/* The server is gone when a request is to be sent. */
static void
server_gone(const char *design)
{
	struct trial *t = trial("client");
	struct peer *server;
	fault_id door = trial_fault(t,
	    (struct fault){.call = CALL_WRITE, .action = HOLD_BEFORE, .fd = FD_SOCKET, .nth = 1});

	trial_input(t, "9\n", 2);
	server = connected_client(t, design);
	await_held(t, door);
	peer_shutdown(server);
	peer_reset(server);
	release(t, door, false);
	if (design == NULL)
		expect_error(t, EPIPE, "client-failure");
	else
		expect_status(t, 1, "client-failure");
}

static void
nobody_there(const char *host)
{
	struct trial *t = trial("client");
	struct peer *listener;
	const char *address;

	trial_start(t);
	listener = peer_listen(t, "127.0.0.1");
	address = words("%s:%s", host, strrchr(peer_address(listener), ':') + 1);
	peer_close(listener);
	ask_begin(t, "go", address);
	expect_error(
	    t, strcmp(host, "nobody.example") == 0 ? ENXIO : ECONNREFUSED, "client-connects");
}

/* "it is a failure": a bad count, half a line, half an answer, no server. */
void
client_failures(void **state)
{
	(void)state;

	refuses_input("0\n", 2);
	refuses_input("16385\n", 6);
	refuses_input("5x\n", 3);
	refuses_input("5\0\n", 3);
	refuses_input("5", 1);
	server_leaves(0, false);
	server_leaves((size_t)draw(1, 8), false);
	server_leaves((size_t)draw(1, 8), true);
	output_fails(NULL);
	server_gone(NULL);
	nobody_there("127.0.0.1");
	nobody_there("nobody.example");
}

/*
 * "When the input has ended, it tells the server so and still takes all that comes." For: no
 * shutdown(), close() in place of it, an end of the client when its input ends.
 */
void
stream_half_close(void **state)
{
	(void)state;
	struct trial *t = trial("client");
	struct peer *server;
	size_t n = (size_t)draw(10000, 16000);
	const char *answer = letters(n), *requests = words("%zu\n%zu\n3\n", n, n);

	trial_input(t, requests, strlen(requests));
	server = connected_client(t, WEBCLIENT_STREAM);
	expect_request(server, word((long long)n), "stream-sends");
	expect_request(server, word((long long)n), "stream-sends");
	expect_request(server, "3", "stream-sends");
	expect(peer_end(server) && peer_state(server) == PEER_EOF, "half-close",
	    _("the server reads the end of the file when the input has ended"),
	    _("the connection stays open in both directions"));
	expect(await_rest(t), "half-close", _("the client waits for the answers"),
	    _("it has ended before they came"));
	expect(peer_send(server, answer, n) && peer_send(server, answer, n), "half-close",
	    _("the client takes answers after the end of its input"), _("it takes them no more"));
	await_quiet(t);
	peer_send(server, "abc", 3);
	await_quiet(t);
	peer_send(server, "d", 1);
	peer_close(server);
	expect_status(t, 0, "client-status");
	expect_output(t, words("%s%sabcd", answer, answer), "half-close");
}

/* The input says nothing more; what the server says is handed on, and its end is seen. */
static void
silent_input(bool reset)
{
	struct trial *t = trial("client");
	struct peer *server;
	const char *answer = letters((size_t)draw(50, 500));

	trial_open_input(t);
	server = connected_client(t, WEBCLIENT_STREAM);
	trial_send(t, "500\n1", 5);
	expect_request(server, "500", "stream-sends");
	expect(strcmp(peer_bytes(server, 1) == NULL ? "" : "1", "1") == 0, "stream-sends",
	    _("what comes from the input goes to the server, also half a line"),
	    _("it does not arrive"));
	peer_say(server, answer);
	await_rest(t);
	expect_output(t, answer, "both-ways");
	if (reset)
		peer_reset(server);
	else
		peer_close(server);
	expect(!await_rest(t), "server-ends-first",
	    _("the client ends when the server ends the connection"), _("it waits for its input"));
	expect_error(t, reset ? ECONNRESET : EPROTO, "server-ends-first");
	expect_output(t, answer, "both-ways");
}

/* The client sleeps, and an answer lies there: it says where. */
static _Noreturn void
answers_are_stuck(struct trial *t)
{
	const struct process *p = first_process(look(t));
	const char *expected = _("answers come through while the server takes no requests");

	if (p->blocked_in == CALL_WRITE)
		check_fail("both-ways", expected,
		    _("the client is blocked in write(%ld), and an answer waits for it"),
		    p->blocked_fd);
	check_fail("both-ways", expected, _("the client sleeps, and an answer waits for it"));
}

/* The server takes no requests; what it says must come through, and later all the requests. */
static void
busy_server(void)
{
	struct trial *t = trial("client");
	struct peer *server;
	const char *answer = letters(ANSWERS * PART);
	char *requests = malloc(MOST);
	size_t come = 0;
	fault_id door = trial_fault(
	    t, (struct fault){.call = CALL_READ, .action = HOLD_BEFORE, .fd = FD_PIPE, .nth = 1});

	if (requests == NULL)
		grader_fault("out of memory");
	memset(requests, '1', MOST);
	trial_input(t, requests, MOST);
	free(requests);
	server = connected_client(t, WEBCLIENT_STREAM);
	await_held(t, door); /* nothing is sent before the server has stopped reading */
	peer_stop_reading(server);
	release(t, door, false);
	await_quiet(t);
	/* each of them opens the server's window by a little, but not without end */
	for (int i = 0; i < ANSWERS; i++) {
		peer_send(server, answer + i * PART, PART);
		if (await_rest(t) && trial_output_size(t) < (size_t)(i + 1) * PART)
			answers_are_stuck(t);
		expect_output(t, words("%.*s", (i + 1) * PART, answer), "both-ways");
	}
	peer_read_on(server);
	expect(peer_end(server), "stream-sends",
	    _("all requests are sent, then the end of the file"), _("the end does not come"));
	(void)peer_unread(server, &come);
	expect(come == MOST, "stream-sends", words(_("the server gets %d bytes"), MOST),
	    _("it gets %zu"), come);
	peer_close(server);
	expect_status(t, 0, "client-status");
	expect_output(t, answer, "both-ways");
}

/* Little is taken at a time: the rest is sent in its order. */
static void
short_sends(void)
{
	struct trial *t = trial("client");
	struct peer *server;
	/* the last one sends a single byte */
	size_t n = (size_t)draw(20, 30) * SHORT + 1, more;
	const char *requests = letters(n), *come;

	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_CUT,
			   .fd = FD_SOCKET,
			   .bytes = SHORT,
			   .optional = true});
	trial_input(t, requests, n);
	server = connected_client(t, WEBCLIENT_STREAM);
	come = peer_bytes(server, n);
	expect(come != NULL && strncmp(come, requests, n) == 0, "stream-sends",
	    words(_("the server gets \"%s\""), requests), _("it gets \"%s\""),
	    come == NULL ? "" : come);
	expect(peer_end(server), "stream-sends",
	    _("all requests are sent, then the end of the file"), _("the end does not come"));
	(void)peer_unread(server, &more);
	expect(more == 0, "stream-sends", words(_("the server gets %d bytes"), (int)n),
	    _("it gets %zu"), n + more);
	peer_close(server);
	expect_status(t, 0, "client-status");
}

/* The input cannot be read: then it has not ended. */
static void
input_fails(void)
{
	struct trial *t = trial("client");
	struct peer *server;

	trial_fault(
	    t, (struct fault){
		   .call = CALL_READ, .action = FAULT_FAIL, .fd = FD_PIPE, .nth = 1, .error = EIO});
	trial_input(t, "9\n", 2);
	server = connected_client(t, WEBCLIENT_STREAM);
	await_rest(t);
	peer_close(server);
	expect_status(t, 1, "client-failure");
}

/* Whoever waits with poll() or select() hears when that fails. */
static void
wait_fails(void)
{
	struct trial *t = trial("client");
	struct failing_wait wait = next_wait_fails(t, ENOMEM);

	trial_open_input(t);
	(void)connected_client(t, WEBCLIENT_STREAM);
	if (await_rest(t)) {
		expect(!wait_has_failed(t, wait), "client-failure",
		    _("the client ends when it cannot wait"), _("it goes on"));
		return; /* it waits with other calls */
	}
	expect_error(t, ENOMEM, "client-failure");
}

/*
 * "at the same time and whatever the other direction does". For: a read() of the input that
 * does not notice the server, a write() to the server that does not notice its answers.
 */
void
stream_both_ways(void **state)
{
	(void)state;
	silent_input(false);
	silent_input(true);
	busy_server();
	short_sends();
	input_fails();
	wait_fails();
	output_fails(WEBCLIENT_STREAM);
	server_gone(WEBCLIENT_STREAM);
}

/* ---- memory ---------------------------------------------------------------------- */

/* It has ended; or it has sent what it should not have, and would wait for an answer. */
static bool
asks_or_ends(struct trial *t, void *with)
{
	size_t unread;

	(void)t;
	(void)peer_unread(with, &unread);
	return unread > 0 || peer_state(with) != PEER_OPEN;
}

/* The client under valgrind has two answers, and then perhaps input that is bad. */
static void
answered_twice(const char *design, const char *last)
{
	struct trial *t = trial("client");
	size_t n = (size_t)draw(20, 99);
	const char *requests = words("%zu\n%d\n%s", n, WEB_MAX, last);
	struct peer *server;

	trial_input(t, requests, strlen(requests));
	memory_watch(t);
	server = connected_client(t, design);
	expect_request(server, word((long long)n), "request");
	peer_send(server, letters(n), n);
	expect_request(server, word(WEB_MAX), "turns");
	peer_send(server, letters(WEB_MAX), WEB_MAX);
	await(t, asks_or_ends, server, _("the client asks again, or ends"));
	peer_close(server);
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}

/*
 * "only memory that they own and have set"; "is given back when that is over". For: the byte behind
 * a line of the input, an answer on the heap that is never freed.
 */
void
client_memory(void **state)
{
	(void)state;
	answered_twice(NULL, "5x\n");
	answered_twice(WEBCLIENT_STREAM, "");
}
