/* echo_checks.c - the program echo: lines, pieces, slow readers, signals. */
#include "checks.h"
#include "server.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* It says a line of letters and hears it. */
static void
echoes(struct trial *t, struct peer *p, size_t n, const char *key)
{
	const char *line = letters(n);

	asks(t, p, line, line, key);
}

/*
 * Task 3: "answers every line with the same line". For: one client at a time, a
 * new client that is forgotten, only the first line of a read.
 */
void
echo_lines(void **state)
{
	(void)state;
	struct trial *t = serving("echo");
	struct peer *a = client(t), *b = client(t), *c;

	echoes(t, b, (size_t)draw(1, 99), "echo");
	echoes(t, a, (size_t)draw(1, 99), "echo");
	c = client(t);
	echoes(t, c, (size_t)draw(1, 99), "echo");
	echoes(t, b, (size_t)draw(1, 99), "echo");
	say(t, c, "one\ntwo\nthree\n", "echo");
	hears(t, c, "one", "echo");
	hears(t, c, "two", "echo");
	hears(t, c, "three", "echo");
	echoes(t, a, (size_t)draw(1, 99), "echo");
	hears_nothing(t, c, "echo");
}

/* Bytes that are no text: every byte but newline. */
static void
binary_line(struct trial *t, struct peer *p)
{
	char line[256];
	const char *heard;
	size_t n = 0;

	for (int byte = 0; byte < 256; byte++)
		if (byte != '\n')
			line[n++] = (char)byte;
	line[n++] = '\n';
	peer_send(p, line, n);
	heard = peer_bytes(p, n);
	if (heard == NULL) {
		rests(t);
		heard = peer_bytes(p, n);
	}
	expect(heard != NULL && memcmp(heard, line, n) == 0, "echo-bytes",
	    _("a line of 255 different bytes, NUL among them, comes back"),
	    heard == NULL ? _("it does not come back whole") : _("other bytes come back"));
}

/*
 * The same, for every line. For: an empty line that is passed over, the longest line, bytes that
 * are taken for a string.
 */
void
echo_bytes(void **state)
{
	(void)state;
	struct trial *t = serving("echo");
	struct peer *a = client(t), *b = client(t);

	echoes(t, a, 0, "echo");
	echoes(t, a, LINES_LONGEST, "echo");
	say(t, a, "one\n\ntwo\n", "echo");
	hears(t, a, "one", "echo");
	hears(t, a, "", "echo");
	hears(t, a, "two", "echo");
	binary_line(t, b);
	hears_nothing(t, a, "echo");
	hears_nothing(t, b, "echo");
}

/*
 * Task 3: "Nobody waits for anybody else's line". For: reading on until the line is
 * whole; a half line answered, or glued to that of another client.
 */
void
echo_pieces(void **state)
{
	(void)state;
	struct trial *t = serving("echo");
	struct peer *a = client(t), *b = client(t), *c = client(t);
	const char *line = letters((size_t)draw(5, 9));

	say(t, a, "be", "echo");
	say(t, c, "half of c", "echo");
	hears_nothing(t, a, "half-line");
	echoes(t, b, 9, "half-line");
	say(t, a, "gin", "echo");
	hears_nothing(t, a, "half-line");
	asks(t, a, "ning", "beginning", "half-line");
	for (size_t i = 0; line[i] != '\0'; i++) {
		say(t, a, words("%c", line[i]), "echo");
		echoes(t, b, 3, "half-line");
	}
	asks(t, a, "", line, "half-line");
	asks(t, c, " line", "half of c line", "half-line");
}

/* Every socket has O_NONBLOCK, the listening one too. */
static void
expect_nonblocking(struct trial *t, size_t clients)
{
	const struct process *p;
	size_t found = 0;

	rests(t);
	p = first_process(look(t));
	for (size_t i = 0; i < p->n_fds; i++) {
		const struct descriptor *d = &p->fds[i];
		bool listens = d->kind == FD_SOCKET && d->socket == SOCKET_LISTENING;

		if (!listens && (d->kind != FD_SOCKET || d->socket != SOCKET_CONNECTED))
			continue;
		found++;
		expect(d->nonblocking, "o-nonblock",
		    listens ? _("the listening socket has O_NONBLOCK")
			    : _("the sockets of the clients have O_NONBLOCK"),
		    _("descriptor %d has not"), d->number);
	}
	expect(found == clients + 1, "echo", words(_("the server holds %zu sockets"), clients + 1),
	    _("it holds %zu"), found);
}

/*
 * Task 3: "The server sleeps in poll and nowhere else". For: O_NONBLOCK forgotten on either.
 */
void
echo_nonblocking(void **state)
{
	(void)state;
	struct trial *t = serving("echo");
	struct peer *a, *b;

	expect_nonblocking(t, 0);
	a = client(t);
	b = client(t);
	expect_nonblocking(t, 2);
	echoes(t, a, 5, "echo");
	echoes(t, b, 5, "echo");
	expect_nonblocking(t, 2);
}

static void
waits_without_end(struct trial *t)
{
	const struct process *p = first_process(look(t));

	expect(!p->timed, "busy-waiting", _("the server waits without a timeout"),
	    _("it wakes from %s() although nothing has happened"), call_name(p->blocked_in));
}

/*
 * Task 3: "It wakes only when there is something to do." For: POLLOUT asked for
 * always, or for ever after the first answer; a timeout.
 */
void
echo_sleeps(void **state)
{
	(void)state;
	struct trial *t = server("echo");
	const char *expected = _("while there is nothing to do, the server sleeps");
	struct peer *a, *slow;

	may_call(t, 300);
	start_serving(t);
	sleeps(t, "busy-waiting", expected);
	waits_without_end(t);
	a = client(t);
	sleeps(t, "busy-waiting", expected);
	say(t, a, "half", "echo");
	sleeps(t, "busy-waiting", expected);
	asks(t, a, " line", "half line", "echo");
	sleeps(t, "busy-waiting", expected);
	slow = slow_client(t);
	floods(slow, 90);
	sleeps(t, "reads-on",
	    _("while a client takes nothing and the others say nothing, the server sleeps"));
	echoes(t, a, 9, "echo");
	sleeps(t, "busy-waiting", expected);
	waits_without_end(t);
}

/* Bytes that were sent to the server and that it has not read. */
static unsigned long
unread(struct trial *t)
{
	const struct process *p = first_process(look(t));
	unsigned long n = 0;

	for (size_t i = 0; i < p->n_fds; i++)
		if (p->fds[i].kind == FD_SOCKET && p->fds[i].socket == SOCKET_CONNECTED)
			n += p->fds[i].unread;
	return n;
}

enum { MANY_LINES = 200, MANY_LENGTH = 400 }; /* more than all buffers on the way hold */

/* The i-th of many lines, with its newline, all of one length. */
static const char *
numbered(int i)
{
	return words("%0*d\n", MANY_LENGTH - 1, i);
}

static void
say_many(struct peer *p)
{
	static char lines[MANY_LINES * MANY_LENGTH + 1];

	for (int i = 0; i < MANY_LINES; i++)
		memcpy(lines + i * MANY_LENGTH, numbered(i), MANY_LENGTH);
	peer_send(p, lines, sizeof lines - 1);
}

static void
hears_many(struct trial *t, struct peer *p, const char *key)
{
	for (int i = 0; i < MANY_LINES; i++) {
		const char *line = numbered(i);

		hears(t, p, words("%.*s", MANY_LENGTH - 1, line), key);
	}
}

/* A server that stops at the door of each poll() goes on for some rounds, or until it rests. */
static void
next_rounds(struct trial *t, fault_id door, int n)
{
	while (n-- > 0) {
		release(t, door, true);
		if (!await_held_or_end(t, door))
			break;
	}
	rests(t);
}

/* Has the server accepted the client, and read all that it has said? */
static bool
has_read_all(struct trial *t)
{
	const struct process *p = first_process(look(t));
	bool accepted = false;

	for (size_t i = 0; i < p->n_fds; i++)
		if (p->fds[i].kind == FD_SOCKET && p->fds[i].socket == SOCKET_CONNECTED) {
			accepted = true;
			if (p->fds[i].unread > 0)
				return false;
		}
	return accepted;
}

enum { STEPS = 10, ROUNDS = 4, PARTS = 8 };

/*
 * A client whose socket takes nothing has sent lines whose answers have so many bytes in all.
 * Returns whether the server reads the line that it says then.
 */
static bool
reads_another(size_t waiting)
{
	struct trial *t = server("echo");
	const char *lines = "";
	fault_id door;
	struct peer *a;

	may_call(t, 300);
	door = trial_fault(t, (struct fault){.call = CALL_POLL, .action = HOLD_BEFORE});
	trial_fault(
	    t, (struct fault){
		   .call = CALL_WRITE, .action = FAULT_FAIL, .fd = FD_SOCKET, .error = EAGAIN});
	start_serving(t);
	a = client(t);
	for (size_t i = 1; i <= PARTS; i++)
		lines = words(
		    "%s%s\n", lines, letters(waiting * i / PARTS - waiting * (i - 1) / PARTS - 1));
	say(t, a, lines, "echo");
	for (int i = 0; i < STEPS && !has_read_all(t); i++)
		next_rounds(t, door, ROUNDS);
	expect(has_read_all(t), "goes-on",
	    words(_("a client for which less than %d bytes wait is read"), QUEUE_HIGH),
	    _("it is not, or has been put out"));
	say(t, a, "more\n", "echo");
	next_rounds(t, door, 3);
	return unread(t) == 0;
}

static void
stops_at_the_mark(void)
{
	expect(reads_another(QUEUE_HIGH - 1), "goes-on",
	    words(_("a client for which less than %d bytes wait is read"), QUEUE_HIGH),
	    _("it is not, although %d bytes wait"), QUEUE_HIGH - 1);
	expect(!reads_another(QUEUE_HIGH), "reads-on",
	    _("a client that does not take its answers is not read any more"),
	    _("%d bytes wait for it, and another line of it has been read"), QUEUE_HIGH);
}

/*
 * Task 3: "no line of it is read", "Nobody else notices". For: a write() that
 * waits for one client, a queue without end, a client that is put out for its own
 * answers, lines that stay in the buffer when there is room again; a mark that is one byte off.
 */
void
echo_slow_reader(void **state)
{
	(void)state;
	struct trial *t = serving("echo");
	struct peer *a = client(t), *slow = slow_client(t);

	say_many(slow);
	rests(t);
	echoes(t, a, 9, "slow-stops-others");
	expect(connections(t) == 2, "own-answers", _("its own answers never put a client out"),
	    _("its connection has been closed"));
	expect(unread(t) > 0, "reads-on",
	    _("a client that does not take its answers is not read any more"),
	    _("the server has read everything, %d bytes, and none of the answers was taken"),
	    MANY_LINES * MANY_LENGTH);
	peer_read_on(slow);
	hears_many(t, slow, "goes-on");
	echoes(t, slow, 9, "goes-on");
	echoes(t, a, 9, "slow-stops-others");
	stops_at_the_mark();
}

/* The answers are not taken at once, and the end of the file is there before they are. */
static void
the_end_overtakes(void)
{
	struct trial *t = server("echo");
	fault_id door = trial_fault(
	    t, (struct fault){.call = CALL_READ, .action = HOLD_BEFORE, .fd = FD_SOCKET, .nth = 1});
	struct peer *a;

	for (unsigned nth = 1; nth <= 3; nth++)
		trial_fault(t, (struct fault){.call = CALL_WRITE,
				   .action = FAULT_FAIL,
				   .fd = FD_SOCKET,
				   .nth = nth,
				   .error = EAGAIN,
				   .optional = nth > 1});
	may_call(t, 300);
	start_serving(t);
	a = client(t);
	peer_say(a, "one\ntwo\nthree\nfour\nfive\nhalf");
	await_held(t, door);
	peer_shutdown(a);
	release(t, door, false);
	hears(t, a, "one", "half-close");
	hears(t, a, "two", "half-close");
	hears(t, a, "three", "half-close");
	hears(t, a, "four", "half-close");
	hears(t, a, "five", "half-close");
	is_put_out(t, a, "half-close");
}

/* Task 3: "what waits for it is sent, and then its connection is closed". For: closed at once. */
void
echo_half_close(void **state)
{
	(void)state;
	struct trial *t;
	struct peer *slow, *other;

	the_end_overtakes();
	t = serving("echo");
	slow = slow_client(t);
	other = client(t);
	say_many(slow);
	peer_shutdown(slow);
	hears_nothing(t, slow, "half-close");
	echoes(t, other, 9, "slow-stops-others");
	peer_read_on(slow);
	hears_many(t, slow, "half-close");
	is_put_out(t, slow, "half-close");
	echoes(t, other, 9, "echo");
	expect(connections(t) == 1, "not-closed", _("one client is left"),
	    _("the server holds %zu connections"), connections(t));
}

/*
 * Task 3: "A line that is too long". For: a session that ends, or that hears of each
 * piece; a megabyte that is kept.
 */
void
echo_too_long(void **state)
{
	(void)state;
	struct trial *t = serving("echo");
	struct peer *a = client(t);

	asks(t, a, letters(LINES_LONGEST + 1), "error too long", "too-long");
	echoes(t, a, LINES_LONGEST, "too-long");
	say(t, a, words("first\n%s\nlast\n", letters((size_t)draw(5000, 9000))), "too-long");
	hears(t, a, "first", "too-long");
	hears(t, a, "error too long", "too-long");
	hears(t, a, "last", "too-long");
	for (int i = 0; i < 20; i++)
		say(t, a, letters(3000), "too-long");
	hears_nothing(t, a, "too-long");
	asks(t, a, "", "error too long", "too-long");
	echoes(t, a, 9, "too-long");
}

static void
fault_call(struct trial *t, enum call call, enum fault_action action, unsigned nth, int what)
{
	trial_fault(t, (struct fault){.call = call,
			   .action = action,
			   .fd = call == CALL_POLL ? FD_ANY : FD_SOCKET,
			   .nth = nth,
			   .bytes = (size_t)what,
			   .error = what,
			   .optional = call == CALL_POLL || action == FAULT_CUT});
}

/* Lines come back whole whatever happens to the calls. */
static void
disturbed(struct trial *t, const char *key)
{
	struct peer *a, *b;

	start_serving(t);
	a = client(t);
	echoes(t, a, 40, key);
	b = client(t);
	echoes(t, b, 40, key);
	echoes(t, a, 40, key);
	echoes(t, b, 40, key);
}

/*
 * Task 3: "nor does any other call that a signal interrupts"; poll() may be wrong.
 * For: EINTR and EAGAIN taken for the end of a client or of the server.
 */
void
echo_interrupted(void **state)
{
	(void)state;
	struct trial *t = server("echo");

	fault_call(t, CALL_POLL, FAULT_FAIL, 2, EINTR);
	fault_call(t, CALL_POLL, FAULT_FAIL, 4, EINTR);
	fault_call(t, CALL_ACCEPT, FAULT_FAIL, 1, EINTR);
	fault_call(t, CALL_READ, FAULT_FAIL, 1, EINTR);
	fault_call(t, CALL_WRITE, FAULT_FAIL, 1, EINTR);
	fault_call(t, CALL_WRITE, FAULT_CUT, 2, 7);
	disturbed(t, "eintr");
	t = server("echo");
	fault_call(t, CALL_ACCEPT, FAULT_FAIL, 1, EAGAIN);
	fault_call(t, CALL_READ, FAULT_FAIL, 1, EAGAIN);
	fault_call(t, CALL_READ, FAULT_CUT, 2, 5);
	fault_call(t, CALL_WRITE, FAULT_FAIL, 1, EAGAIN);
	fault_call(t, CALL_WRITE, FAULT_CUT, 3, 7);
	fault_call(t, CALL_WRITE, FAULT_FAIL, 4, EAGAIN);
	disturbed(t, "eagain");
}

enum { SPIN = 200 }; /* more calls than it takes to end */

/* After SIGTERM the server must come to its end. */
static void
ends_well(struct trial *t)
{
	let_go(t);
	if (await_rest(t))
		check_fail("sigterm-lost", _("SIGTERM ends the server"),
		    _("it has the signal, and sleeps on in %s()"),
		    call_name(first_process(look(t))->blocked_in));
	trial_finish(t);
	expect_exit(t, 0, "sigterm");
	refute_open_fds(t, "sigterm");
}

/*
 * SIGTERM comes, and again and again while the server ends. Something waits for a client whose
 * socket takes nothing at all. That is said by the fault: how much a socket takes that poll() does
 * not call writable is the kernel's affair.
 */
static void
while_it_sleeps(void)
{
	struct trial *t = server("echo");
	struct peer *a, *slow;
	fault_id spin;

	trial_watch(t, CALL_CLOSE);
	may_call(t, 3000);
	start_serving(t);
	a = client(t);
	slow = slow_client(t);
	say_many(slow);
	echoes(t, a, 9, "echo");
	rests(t);
	spin = trial_fault(
	    t, (struct fault){
		   .call = CALL_WRITE, .action = HOLD_BEFORE, .nth = SPIN, .optional = true});
	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_FAIL,
			   .fd = FD_SOCKET,
			   .error = EAGAIN,
			   .optional = true});
	for (unsigned nth = 1; nth <= 5; nth += 2)
		trial_fault(t, (struct fault){.call = CALL_CLOSE,
				   .action = FAULT_SIGNAL_BEFORE,
				   .nth = nth,
				   .signal = SIGTERM,
				   .optional = true});
	trial_kill(t, 0, SIGTERM);
	if (await_rest(t))
		expect(fault_delivered(t, spin) == 0, "eagain",
		    _("what a socket does not take when SIGTERM comes is thrown away"),
		    _("it calls %s() again and again"), call_name(CALL_WRITE));
	ends_well(t);
	is_put_out(t, a, "sigterm");
}

/* The signal is taken exactly before the server goes to sleep, for the first time or later. */
static void
before_it_sleeps(unsigned nth)
{
	struct trial *t = server("echo");
	fault_id door = 0;

	trial_fault(t,
	    (struct fault){
		.call = CALL_POLL, .action = FAULT_SIGNAL_BEFORE, .nth = nth, .signal = SIGTERM});
	if (nth > 1) /* the client is there before the first one; a server may not wait for it */
		door = trial_fault(
		    t, (struct fault){.call = CALL_POLL, .action = HOLD_BEFORE, .nth = 1});
	trial_start(t);
	if (nth > 1) {
		await_held(t, door);
		peer_say(peer_connect(t, await_listening(t)), "a line\n");
		release(t, door, false);
	}
	ends_well(t);
}

/* "gives every client's socket what that takes": the line has been read when the signal comes. */
static void
before_the_answer(void)
{
	struct trial *t = server("echo");
	const char *heard;
	struct peer *a;

	trial_fault(t, (struct fault){.call = CALL_READ,
			   .action = FAULT_SIGNAL_BEFORE,
			   .fd = FD_SOCKET,
			   .nth = 1,
			   .signal = SIGTERM});
	start_serving(t);
	a = client(t);
	peer_say(a, "the last line\n");
	ends_well(t);
	heard = peer_line(a);
	expect(heard != NULL && strcmp(heard, "the last line") == 0, "sigterm-answer",
	    _("the answer that waits when SIGTERM comes is still sent"),
	    _("the client does not hear it"));
}

/*
 * Task 3: "SIGTERM, at whatever moment it comes". For: no handler, a flag that is looked at
 * too early, answers that are thrown away.
 */
void
echo_sigterm(void **state)
{
	(void)state;
	while_it_sleeps();
	before_it_sleeps(1);
	before_it_sleeps(2);
	before_the_answer();
}

/* The end of a server that was started in vain: the status, and the reason. */
static void
has_refused(struct trial *t, int status, const char *text)
{
	trial_finish(t);
	expect_exit(t, status, "usage");
	expect(*trial_errors(t) != '\0', "usage", _("the reason stands on standard error"),
	    _("there stands \"%s\""), trial_errors(t));
	expect(strstr(trial_errors(t), text) != NULL, "usage",
	    words(_("\"%s\" stands on standard error"), text), _("there stands \"%s\""),
	    trial_errors(t));
	/* not what fails afterwards, without a socket */
	expect(strstr(trial_errors(t), error_text(EBADF)) == NULL, "usage",
	    _("the reason stands on standard error"), _("there stands \"%s\""), trial_errors(t));
}

static void
refuses(struct trial *t, int status, const char *text)
{
	trial_start(t);
	has_refused(t, status, text);
}

/* A call has failed for good, and the server ends. */
static void
expect_end(struct trial *t, enum call call, int error)
{
	if (await_rest(t))
		check_fail("cannot-go-on",
		    words(_("when %s() fails with %s, the program ends with status 1"),
			call_name(call), error_name(error)),
		    "%s",
		    first_process(look(t))->state == 't' ? _("it tries again and again")
							 : _("it goes on"));
}

/* It cannot go on, and says why; not what failed afterwards, nor that nothing did. */
static void
gives_the_reason(struct trial *t, int other)
{
	const char *said;

	trial_finish(t);
	expect_exit(t, 1, "usage");
	said = trial_errors(t);
	expect(*said != '\0' && strstr(said, error_text(other)) == NULL &&
		   strstr(said, error_text(0)) == NULL,
	    "usage", _("the reason stands on standard error"), _("there stands \"%s\""), said);
}

static struct trial *
failing(const char *program, enum call call, unsigned nth, int error)
{
	struct trial *t = server(program);

	trial_fault(t,
	    (struct fault){
		.call = call, .action = FAULT_FAIL, .nth = nth, .error = error, .optional = true});
	/* A server that does not sleep is not waited for. */
	trial_fault(t,
	    (struct fault){.call = CALL_POLL, .action = HOLD_BEFORE, .nth = 300, .optional = true});
	return t;
}

/* A call fails that not every server makes, and not every server needs. */
static void
cannot_start(enum call call, unsigned nth, int error)
{
	struct trial *t = failing("echo", call, nth, error);

	trial_start(t);
	if (!await_rest(t))
		gives_the_reason(t, ECONNRESET);
}

/*
 * accept() fails, and nobody is there whose end could help. The client comes before the server
 * asks for the first time, so that it cannot have been stopped as one that does not sleep.
 */
static void
cannot_accept(int error)
{
	struct trial *t = failing("echo", CALL_ACCEPT, 1, error);
	fault_id door = trial_fault(t,
	    (struct fault){.call = CALL_POLL, .action = HOLD_BEFORE, .nth = 1, .optional = true});

	may_call(t, 300);
	start_serving(t);
	if (await_rest(t)) {
		client(t);
		release(t, door, false);
		expect_end(t, CALL_ACCEPT, error);
	}
	gives_the_reason(t, EAGAIN);
}

/*
 * poll() fails when a line has been read whose client is gone: that write() fails, too, is not the
 * reason why the server cannot go on.
 */
static void
cannot_go_on(void)
{
	struct trial *t = server("echo");
	fault_id door = trial_fault(t, (struct fault){.call = CALL_READ,
					   .action = HOLD_AFTER,
					   .fd = FD_SOCKET,
					   .nth = 1,
					   .optional = true});
	struct peer *a;

	may_call(t, 300);
	start_serving(t);
	a = client(t);
	peer_say(a, "a line\n");
	if (!await_rest(t) || fault_delivered(t, door) == 0)
		return; /* it does not read: other checks say so */
	trial_fault(t, (struct fault){.call = CALL_POLL,
			   .action = FAULT_FAIL,
			   .nth = 1,
			   .error = EINVAL,
			   .optional = true});
	peer_reset(a);
	release(t, door, false);
	expect_end(t, CALL_POLL, EINVAL);
	gives_the_reason(t, ECONNRESET);
}

static void
cannot_listen(const char *program, enum call call, int error)
{
	struct trial *t = failing(program, call, 1, error);

	trial_start(t);
	expect_end(t, call, error);
	has_refused(t, 1, "127.0.0.1:0");
}

/* Task 3: "With another number of arguments". For: no usage, status 0 after a failure. */
void
usage(void **state)
{
	(void)state;
	refuses(trial("echo"), 2, "usage:");
	refuses(trial("echo", "127.0.0.1:0", "more"), 2, "usage:");
	refuses(trial("echo", "no-port"), 1, "no-port");
	cannot_listen("echo", CALL_LISTEN, EADDRINUSE);
	cannot_listen("echo", CALL_POLL, EINVAL);
	cannot_start(CALL_PIPE, 1, EMFILE);
	cannot_start(CALL_SIGACTION, 1, EINVAL);
	cannot_start(CALL_SIGACTION, 2, EINVAL);
	for (unsigned nth = 1; nth <= 6; nth++)
		cannot_start(CALL_FCNTL, nth, EINVAL);
	cannot_accept(EINVAL);
	cannot_accept(EMFILE);
	cannot_go_on();
}

/* Task 4: the same of the other program. For: a main() that was written only half. */
void
bus_usage(void **state)
{
	(void)state;
	refuses(trial("bus"), 2, "usage:");
	refuses(trial("bus", "127.0.0.1:0", "more"), 2, "usage:");
	refuses(trial("bus", "no-port"), 1, "no-port");
	cannot_listen("bus", CALL_POLL, EINVAL);
}
