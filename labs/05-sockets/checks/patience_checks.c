/* patience_checks.c - connect_within() and udp_call(), on the clock of the check. */
#include "checks.h"
#include "memory.h"
#include "patience.h"
#include "probe.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static void
expect_waiting(struct trial *t, const char *key, const char *expected)
{
	const struct answer *a;

	if (!answered(t))
		return;
	a = ask_end(t);
	check_fail(key, expected, _("it returned %lld with errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
}

/* The answer; the function must have come back by now. */
static const struct answer *
answer_now(struct trial *t, const char *key, const char *expected)
{
	expect(answered(t), key, expected, _("it still waits, in %s()"),
	    call_name(first_process(look(t))->blocked_in));
	return ask_end(t);
}

/* ---- connections ---------------------------------------------------------------------- */

static void
expect_blocking(struct trial *t, const struct answer *a)
{
	const struct descriptor *d = fd_of(first_process(look(t)), (int)answer_int(a, "fd"));

	expect(d != NULL, "connect-left-open", _("the socket stays open"), _("it is closed"));
	expect(!d->nonblocking, "blocks-again", _("the socket blocks as before"),
	    _("it has O_NONBLOCK"));
	expect(answer_int(a, "append") == 1, "blocks-again",
	    _("the socket has the flags that it had"), _("O_APPEND is gone"));
}

static void
connects_within(const char *host)
{
	struct trial *t = trial("patience");
	struct peer *server;
	const struct answer *a;
	const char *address;

	trial_start(t);
	if (strchr(host, ':') != NULL && !trial_has_ipv6(t))
		return;
	server = peer_listen(t, host);
	address = peer_address(server);
	a = ask(t, "connect", address, word(HOUR));
	expect_result(a, "connect_within", 0, "connect-within");
	expect_blocking(t, a);
	expect(peer_accept(server) != NULL, "connect-within", _("the server gets a connection"),
	    _("none has come"));
	peer_close(server);
	a = ask(t, "connect", address, word(HOUR));
	expect_failure(a, "connect_within", ECONNREFUSED, "connect-refused");
	expect_blocking(t, a);
	trial_finish(t);
}

/* connect() fails at once: then there is nothing to wait for. */
static void
fails_at_once(void)
{
	struct trial *t = trial("patience");
	struct peer *server;
	const struct answer *a;

	trial_fault(t, (struct fault){.call = CALL_CONNECT,
			   .action = FAULT_FAIL,
			   .fd = FD_SOCKET,
			   .nth = 1,
			   .error = ENETUNREACH});
	trial_start(t);
	server = peer_listen(t, "127.0.0.1");
	a = ask(t, "connect", peer_address(server), word(HOUR));
	expect_failure(a, "connect_within", ENETUNREACH, "patience-failure");
	expect_blocking(t, a);
	a = ask(t, "closed", peer_address(server), word(HOUR));
	expect_failure(a, "connect_within", EBADF, "patience-failure");
	trial_finish(t);
}

/*
 * "However it returns, fd has the flags that it had"; "ECONNREFUSED". For: O_NONBLOCK that
 * stays; a connection that is writable because it has failed; a wait for one that was
 * never begun.
 */
void
connect_within_limit(void **state)
{
	(void)state;
	connects_within("127.0.0.1");
	connects_within("::1");
	fails_at_once();
}

static struct trial *
patience_on_clock(void)
{
	struct trial *t = trial("patience");

	trial_clock(t);
	return t;
}

static void
call_deaf(struct trial *t, long long timeout)
{
	ask_begin(t, "connect", peer_address(peer_listen_deaf(t, "127.0.0.1")), word(timeout));
}

/* A server that does not answer: its queue is full. */
static struct trial *
call_deaf_server(long long timeout)
{
	struct trial *t = patience_on_clock();

	trial_start(t);
	ask(t, "handle");
	call_deaf(t, timeout);
	expect_waiting(t, "time-limit", _("connect_within waits for the server"));
	return t;
}

static void
expect_timed_out(struct trial *t, const char *key)
{
	const struct answer *a =
	    answer_now(t, key, _("connect_within returns when the time is over"));

	expect_failure(a, "connect_within", ETIMEDOUT, key);
	expect_blocking(t, a);
	trial_finish(t);
}

/* A signal came before the time was over, and its handler returns when it is. */
static void
handler_lingers(void)
{
	struct trial *t = patience_on_clock();
	fault_id handler =
	    trial_fault(t, (struct fault){.call = CALL_CHDIR, .action = HOLD_BEFORE, .nth = 1});

	trial_start(t);
	ask(t, "linger");
	call_deaf(t, 10 * MINUTE);
	expect_waiting(t, "time-limit", _("connect_within waits for the server"));
	trial_kill(t, 0, SIGUSR2);
	await_held(t, handler);
	trial_advance(t, 11 * MINUTE);
	release(t, handler, false);
	expect_timed_out(t, "time-limit");
}

/* With each signal less is left, by what has passed at least. */
static void
counts_down(void)
{
	enum { STEP = 250, ABOUT = 100 };
	struct trial *t = patience_on_clock();
	const struct event *happened;
	long long left = -1;
	size_t n;

	trial_watch(t, CALL_POLL);
	trial_watch(t, CALL_SELECT);
	trial_start(t);
	ask(t, "handle");
	call_deaf(t, 10 * MINUTE);
	for (int i = 0; i < 5; i++) {
		expect_waiting(t, "time-again", _("a signal does not end the wait"));
		trial_advance(t, STEP);
		trial_kill(t, 0, SIGUSR1);
	}
	expect_waiting(t, "time-again", _("a signal does not end the wait"));
	happened = events(t, &n);
	for (size_t i = 0; i < n; i++) {
		if (happened[i].kind != EVENT_CALL || happened[i].timeout_ms < 9 * MINUTE)
			continue; /* a wait in parts says nothing */
		expect(left < 0 || happened[i].timeout_ms <= left - STEP + ABOUT, "time-again",
		    words(_("%d ms later, of %lld ms so much less is left"), STEP, left),
		    _("%lld ms are left"), happened[i].timeout_ms);
		left = happened[i].timeout_ms;
	}
}

/* The longest times do not fit into an int in any smaller unit, nor do two of them. */
static void
waits_for_weeks(void)
{
	struct trial *t = call_deaf_server(590 * HOUR);

	trial_advance(t, 589 * HOUR);
	trial_kill(t, 0, SIGUSR1);
	expect_waiting(t, "time-again", _("a signal does not end the wait"));
	trial_advance(t, 45 * MINUTE);
	expect_waiting(t, "time-again", _("connect_within waits while the time is not over"));
	trial_advance(t, 20 * MINUTE);
	expect_timed_out(t, "time-limit");
}

/* "A clock that is set by hand changes nothing": the hour of the day is another one at once. */
static void
clock_is_set(void)
{
	struct trial *t = patience_on_clock();

	trial_start(t);
	ask(t, "handle");
	call_deaf(t, 10 * MINUTE);
	expect_waiting(t, "time-limit", _("connect_within waits for the server"));
	trial_set_clock(t, HOUR);
	trial_kill(t, 0, SIGUSR1); /* so that it asks for the time again */
	expect_waiting(t, "time-again", _("a clock that is set by hand does not end the wait"));
	trial_advance(t, 11 * MINUTE);
	expect_timed_out(t, "time-again");
}

/* "As the call that failed has set it." That the time is over is something else. */
static void
wait_fails(void)
{
	struct trial *t = patience_on_clock();
	const struct answer *a;
	struct failing_wait wait = next_wait_fails(t, ENOMEM);

	trial_start(t);
	call_deaf(t, 10 * MINUTE);
	if (!answered(t)) {
		expect(!wait_has_failed(t, wait), "patience-failure",
		    _("connect_within returns when it cannot wait"), _("it goes on"));
		return; /* it waits with another call */
	}
	a = ask_end(t);
	expect_failure(a, "connect_within", ENOMEM, "patience-failure");
	expect_blocking(t, a);
	trial_finish(t);
}

/*
 * "waits for timeout_ms at most", "the time does not begin again". For: no time limit at all,
 * seconds taken for milliseconds, the whole time again after each signal, a time that is
 * over and becomes a timeout of less than 0: none; the time of the day.
 */
void
connect_gives_up(void **state)
{
	(void)state;
	struct trial *t = call_deaf_server(10 * MINUTE);

	trial_advance(t, 9 * MINUTE);
	expect_waiting(t, "time-limit", _("connect_within waits while the time is not over"));
	trial_advance(t, 2 * MINUTE);
	expect_timed_out(t, "time-limit");

	t = call_deaf_server(10 * MINUTE);
	for (int i = 0; i < 3; i++) {
		trial_advance(t, 3 * MINUTE);
		trial_kill(t, 0, SIGUSR1);
		expect_waiting(t, "time-again", _("a signal does not end the wait"));
	}
	trial_advance(t, 2 * MINUTE);
	expect_timed_out(t, "time-again");

	handler_lingers();
	counts_down();
	waits_for_weeks();
	clock_is_set();
	wait_fails();
}

/* ---- questions --------------------------------------------------------------------------- */

/* A socket of the probe's, and who is asked. */
struct line {
	struct trial *t;
	struct peer *server;
	const char *fd;
};

static struct line
open_line(void)
{
	struct line l = {.t = trial("patience")};

	trial_clock(l.t);
	trial_watch(l.t, CALL_WRITE);
	trial_watch(l.t, CALL_READ);
	trial_start(l.t);
	ask(l.t, "handle");
	l.server = peer_datagram(l.t, "127.0.0.1");
	l.fd = word(answer_int(ask(l.t, "open", peer_address(l.server)), "fd"));
	return l;
}

static void
call_begin(const struct line *l, uint32_t id, const char *text, size_t room, int tries)
{
	ask_begin(l->t, "call", l->fd, word(id), text, word((long long)room), word(10 * MINUTE),
	    word(tries));
}

/* Fails unless the next datagram is this question; who asks. */
static const char *
expect_question(const struct line *l, uint32_t id, const char *text, const char *key)
{
	size_t n;
	const char *from;
	const unsigned char *d = (const unsigned char *)peer_receive(l->server, &n, &from);

	expect(d != NULL, key, _("a datagram with the question comes"), _("none comes"));
	expect(n == 4 + strlen(text), key, words(_("the datagram has %zu bytes"), 4 + strlen(text)),
	    _("it has %zu"), n);
	for (int i = 0; i < 4; i++)
		expect(d[i] == (id >> (24 - 8 * i) & 0xff), "udp-id",
		    words(_("byte %d of the id is 0x%x"), i, id >> (24 - 8 * i) & 0xff),
		    _("it is 0x%x"), (unsigned)d[i]);
	expect(memcmp(d + 4, text, strlen(text)) == 0, key,
	    words(_("after the id comes \"%s\""), text), _("other bytes come"));
	return from;
}

static void
expect_no_question(const struct line *l, const char *key, const char *expected)
{
	size_t n;
	const char *from;

	expect(peer_receive(l->server, &n, &from) == NULL, key, expected,
	    _("one of %zu bytes has come"), n);
}

static void
answer_to(const struct line *l, const char *to, uint32_t id, const char *text)
{
	char datagram[4 + UDP_MAX];
	size_t n = strlen(text);

	for (int i = 0; i < 4; i++)
		datagram[i] = (char)(id >> (24 - 8 * i) & 0xff);
	memcpy(datagram + 4, text, n);
	peer_send_to(l->server, to, datagram, 4 + n);
}

static void
expect_answer(const struct line *l, const char *text, const char *key)
{
	const struct answer *a =
	    answer_now(l->t, key, _("udp_call returns when its answer has come"));

	expect_result(a, "udp_call", 0, key);
	expect(answer_int(a, "got") == (long long)strlen(text), key,
	    words(_("the answer has %zu bytes"), strlen(text)), _("c->got is %lld"),
	    answer_int(a, "got"));
	expect(strcmp(answer_text(a, "text"), text) == 0, key,
	    words(_("the answer is \"%s\""), text), _("it is \"%s\""), answer_text(a, "text"));
	expect(answer_int(a, "beyond") == 0, "udp-room", _("nothing is written behind the room"),
	    _("bytes behind it have changed"));
}

static uint32_t
draw_id(void)
{
	return (uint32_t)draw(0x10, 0x7f) << 24 | (uint32_t)draw(0x80, 0xff) << 16 |
	       (uint32_t)draw(1, 9) << 8 | (uint32_t)draw(10, 15);
}

static void
nobody_answers(void)
{
	struct line l = open_line();

	peer_close(l.server);
	call_begin(&l, 1, "is there anybody", 100, 3);
	expect_failure(answer_now(l.t, "udp-refused", _("udp_call returns: nobody has the port")),
	    "udp_call", ECONNREFUSED, "udp-refused");
	trial_finish(l.t);
}

/* "otherwise as send(2)": what was not sent is not waited for. */
static void
nothing_sent(void)
{
	struct line l = open_line();

	trial_fault(l.t, (struct fault){.call = CALL_WRITE,
			     .action = FAULT_FAIL,
			     .fd = FD_SOCKET,
			     .nth = 1,
			     .error = ENETUNREACH});
	call_begin(&l, 1, "is there a way", 100, 3);
	expect_failure(answer_now(l.t, "patience-failure", _("udp_call returns when send() fails")),
	    "udp_call", ENETUNREACH, "patience-failure");
	trial_finish(l.t);
}

/*
 * "the id of the question, high byte first"; "EMSGSIZE: the answer is longer than room". For:
 * the id in the machine's byte order, one that is not compared, an answer cut off.
 */
void
udp_answers(void **state)
{
	(void)state;
	struct line l = open_line();
	const char *question = letters((size_t)draw(5, 20)), *answer = letters((size_t)draw(5, 20));
	uint32_t id = draw_id();

	call_begin(&l, id, question, 100, 1);
	answer_to(&l, expect_question(&l, id, question, "udp-question"), id, answer);
	expect_answer(&l, answer, "udp-answer");
	call_begin(&l, id | 0x80000000u, "", strlen(answer), 1);
	answer_to(&l, expect_question(&l, id | 0x80000000u, "", "udp-question"), id | 0x80000000u,
	    answer);
	expect_answer(&l, answer, "udp-answer");
	call_begin(&l, 0, "nothing", 0, 1);
	answer_to(&l, expect_question(&l, 0, "nothing", "udp-question"), 0, "");
	expect_answer(&l, "", "udp-answer");
	call_begin(&l, id, question, strlen(answer) - 1, 1);
	answer_to(&l, expect_question(&l, id, question, "udp-question"), id, answer);
	expect_failure(answer_now(l.t, "udp-room", _("udp_call returns when its answer has come")),
	    "udp_call", EMSGSIZE, "udp-room");
	trial_finish(l.t);
	nobody_answers();
	nothing_sent();
}

/*
 * "the same datagram is sent again, tries times in all"; "also a late one to an earlier try".
 * For: no time limit, another id for each try, one try too many or too few.
 */
void
udp_lost(void **state)
{
	(void)state;
	struct line l = open_line();
	uint32_t id = draw_id();
	const char *from;

	call_begin(&l, id, "lost", 100, 3);
	from = expect_question(&l, id, "lost", "udp-question");
	trial_advance(l.t, 9 * MINUTE);
	expect_no_question(
	    &l, "udp-retry", _("the question is not sent again before the time is over"));
	trial_advance(l.t, 2 * MINUTE);
	expect_question(&l, id, "lost", "udp-retry");
	trial_advance(l.t, 9 * MINUTE);
	expect_no_question(
	    &l, "udp-retry", _("the question is not sent again before the time is over"));
	answer_to(&l, from, id, "found");
	expect_answer(&l, "found", "udp-answer");

	call_begin(&l, id + 1, "gone", 100, 3);
	for (int i = 0; i < 3; i++) {
		expect_question(&l, id + 1, "gone", "udp-retry");
		expect_waiting(l.t, "udp-retry", _("udp_call waits for an answer to each try"));
		trial_advance(l.t, 11 * MINUTE);
	}
	expect_failure(answer_now(l.t, "udp-retry", _("udp_call gives up after the last try")),
	    "udp_call", ETIMEDOUT, "udp-retry");
	expect_no_question(&l, "udp-retry", _("three tries are three datagrams"));
	trial_finish(l.t);
}

/*
 * "Datagrams with another id, and those that are too short, are thrown away and change
 * nothing, not the time either." For: the first datagram taken for the answer, a duplicate
 * that answers the next question, a wait that begins again with each datagram.
 */
void
udp_others(void **state)
{
	(void)state;
	struct line l = open_line();
	uint32_t id = draw_id(), next = id + (uint32_t)draw(1, 9);
	const char *from;

	call_begin(&l, id, "first", 100, 2);
	from = expect_question(&l, id, "first", "udp-question");
	answer_to(&l, from, id, "yes");
	answer_to(&l, from, id, "yes");
	expect_answer(&l, "yes", "udp-answer");

	call_begin(&l, next, "second", 100, 2);
	expect_question(&l, next, "second", "udp-question");
	expect_waiting(l.t, "udp-others", _("an old answer is not the answer to this question"));
	peer_send_to(l.server, from, "", 0);
	peer_send_to(l.server, from, "\1\2\3", 3);
	answer_to(&l, from, next ^ 0x01000000u, "other");
	answer_to(&l, from, next ^ 0x00000100u, "other");
	expect_waiting(l.t, "udp-others", _("what has another id, or none, is thrown away"));
	trial_advance(l.t, 6 * MINUTE);
	answer_to(&l, from, next ^ 1u, "other");
	expect_waiting(l.t, "udp-others", _("what has another id, or none, is thrown away"));
	trial_advance(l.t, 5 * MINUTE);
	expect_question(&l, next, "second", "udp-others-time");
	answer_to(&l, from, next, "no");
	expect_answer(&l, "no", "udp-answer");
	trial_finish(l.t);
}

/* "the time does not begin again" after a signal. For: EINTR as a failure, or a new wait. */
void
udp_interrupted(void **state)
{
	(void)state;
	struct line l = open_line();
	uint32_t id = draw_id();
	const char *from;

	for (int i = 0; i < 2; i++)
		trial_fault(l.t, (struct fault){.call = i == 0 ? CALL_WRITE : CALL_READ,
				     .action = FAULT_FAIL,
				     .fd = FD_SOCKET,
				     .nth = 1,
				     .error = EINTR});
	call_begin(&l, id, "question", 100, 2);
	from = expect_question(&l, id, "question", "udp-eintr");
	for (int i = 0; i < 3; i++) {
		trial_advance(l.t, 3 * MINUTE);
		trial_kill(l.t, 0, SIGUSR1);
		expect_waiting(l.t, "udp-eintr", _("a signal does not end the wait"));
	}
	trial_set_clock(l.t, HOUR);
	trial_kill(l.t, 0, SIGUSR1);
	expect_no_question(
	    &l, "time-again", _("a clock that is set by hand does not end the wait"));
	trial_advance(l.t, 2 * MINUTE);
	expect_question(&l, id, "question", "udp-eintr");
	answer_to(&l, from, id, "answer");
	expect_answer(&l, "answer", "udp-eintr");
	trial_finish(l.t);
}

/* ---- memory ---------------------------------------------------------------------- */

/* A question under valgrind: first come datagrams that are none of ours, then this answer. */
static void
bare_call(const struct line *l, const char *question, size_t room, const char *answer)
{
	uint32_t id = draw_id();
	const char *from;

	ask_begin(l->t, "bare", l->fd, word(id), question, word((long long)room), word(10 * MINUTE),
	    word(1));
	from = expect_question(l, id, question, "udp-question");
	peer_send_to(l->server, from, "", 0);
	peer_send_to(l->server, from, "\1\2\3", 3);
	answer_to(l, from, id ^ 1, answer);
	answer_to(l, from, id, answer);
	ask_end(l->t);
}

/* "uses only memory that it owns". For: a byte behind question or room; a datagram that is lost. */
void
patience_memory(void **state)
{
	(void)state;
	struct line l = {.t = trial("patience")};
	const char *longest = letters(UDP_MAX), *text = letters((size_t)draw(20, 99));
	struct peer *server;

	memory_watch(l.t);
	trial_start(l.t);
	server = peer_listen(l.t, "127.0.0.1");
	ask(l.t, "connect", peer_address(server), word(HOUR));
	l.server = peer_datagram(l.t, "127.0.0.1");
	l.fd = word(answer_int(ask(l.t, "open", peer_address(l.server)), "fd"));
	for (int i = 0; i < 2;
	     i++) { /* what is lost is so twice, not only where a register points */
		bare_call(&l, text, strlen(text), text);
		bare_call(&l, "", strlen(text) - 1, text);
		bare_call(&l, longest, UDP_MAX, longest);
		bare_call(&l, text, 0, "");
	}
	trial_finish(l.t);
	memory_verdict(l.t, "memory", "leak");
}
