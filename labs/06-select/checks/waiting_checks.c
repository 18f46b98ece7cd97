/* waiting_checks.c - how the server waits: for whom, how long, how often; and how it ends. */
#include "chat.h"
#include "checks.h"
#include "memory.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* A handler of the caller runs while the server waits: for the first client, and later. */
static void
handler_while_waiting(void)
{
	struct room *r = probe_room();

	trial_start(r->t);
	ask(r->t, "handle");
	ask(r->t, "listen");
	open_probe_room(r, IDLE_FOR_EVER);
	for (int i = 0; i < 3; i++) {
		settle(r, "eintr");
		trial_kill(r->t, 0, SIGUSR1);
		settle(r, "eintr");
		comes_in(r, "eintr");
	}
}

/* "may block SIGTERM while it runs", and nothing else: who does so has it blocked now. */
static void
others_stay_open(void)
{
	struct room *r = probe_room();
	const char *line = drawn_word();
	fault_id door;
	struct peer *p;

	door = trial_fault(r->t,
	    (struct fault){.call = CALL_WRITE, .action = HOLD_BEFORE, .fd = FD_SOCKET, .nth = 1});
	trial_start(r->t);
	ask(r->t, "listen");
	open_probe_room(r, IDLE_FOR_EVER);
	p = comes(r, "echo");
	says(p, line);
	await_held(r->t, door);
	for (int s = 1; s <= 31; s++)
		expect(s == SIGTERM || !in_set(first_process(look(r->t))->blocked, s),
		    "blocks-others", _("serve_chat blocks no signal but SIGTERM"),
		    _("it has blocked %s"), signal_name(s));
	release(r->t, door, false);
	hears(r, p, "echo", said_by(r, p, line));
}

/* Other calls are interrupted, before anything has happened. */
static void
interrupted(enum call call)
{
	struct room *r = room(IDLE_FOR_EVER);

	for (unsigned nth = 1; nth <= 3; nth += 2)
		trial_fault(r->t, (struct fault){.call = call,
				      .action = FAULT_FAIL,
				      .fd = FD_SOCKET,
				      .nth = nth,
				      .error = EINTR});
	open_room(r);
	comes_in(r, "eintr");
	comes_in(r, "eintr");
	comes_in(r, "eintr");
}

/*
 * "Calls that handlers of the caller interrupt are made again". For: EINTR taken for a failure;
 * every signal blocked.
 */
void
chat_interrupted(void **state)
{
	(void)state;
	handler_while_waiting();
	others_stay_open();
	interrupted(CALL_ACCEPT);
	interrupted(CALL_READ);
	interrupted(CALL_WRITE);
}

/* ---- how often ------------------------------------------------------------------ */

enum { LINES = 10, SPIN = 200, SPARE = 4 };

static unsigned
waits(struct trial *t)
{
	return calls(t, CALL_SELECT, ANYBODY) + calls(t, CALL_POLL, ANYBODY);
}

/* It is held at its so manieth select(), so that a server which spins comes to a rest. */
static void
expect_asleep(struct room *r, fault_id spin, const char *expected)
{
	settle(r, "busy-waiting");
	expect(fault_delivered(r->t, spin) == 0, "busy-waiting", expected,
	    _("it has called select() %d times"), SPIN);
}

static void
expect_no_questions(struct room *r)
{
	size_t n;
	const struct event *happened = events(r->t, &n);

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_CALL &&
		    (happened[i].call == CALL_SELECT || happened[i].call == CALL_POLL))
			expect(happened[i].timeout_ms != 0, "busy-waiting",
			    _("select is never called with a timeout of 0"), _("it was"));
}

/*
 * "for n events it calls select() about n times". For: a timeout of 0 or a short one; a set in
 * which somebody is always ready, for instance to write.
 */
void
chat_no_busy_waiting(void **state)
{
	(void)state;
	struct room *r = room(IDLE_FOR_EVER);
	unsigned before, after;
	struct peer *p;
	fault_id spin;

	trial_watch(r->t, CALL_SELECT);
	trial_watch(r->t, CALL_POLL);
	spin = trial_fault(
	    r->t, (struct fault){
		      .call = CALL_SELECT, .action = HOLD_BEFORE, .nth = SPIN, .optional = true});
	open_room(r);
	expect_asleep(r, spin, _("while nobody is there, the server sleeps"));
	p = comes(r, "busy-waiting");
	comes(r, "busy-waiting");
	expect_asleep(r, spin, _("while nobody says anything, the server sleeps"));
	before = waits(r->t);
	for (int i = 0; i < LINES; i++) {
		const char *line = drawn_word();

		says(p, line);
		hears(r, p, "busy-waiting", said_by(r, p, line));
		expect_asleep(r, spin, _("while nobody says anything, the server sleeps"));
	}
	after = waits(r->t);
	expect(after - before <= LINES + SPARE, "busy-waiting",
	    words(_("for %d lines select is called about %d times"), LINES, LINES),
	    _("it was called %u times"), after - before);
	expect_no_questions(r);
}

enum { ROUNDS_MOST = 3 };

/* Rounds in each of which p has said something before the server asks. */
static void
talk_before_each_select(struct room *r, fault_id door, struct peer *p)
{
	for (int i = 0; i < ROUNDS_MOST && first_process(look(r->t)) != NULL; i++) {
		says(p, drawn_word());
		next_select(r, door);
	}
}

/* ---- how long ------------------------------------------------------------------- */

/* Seconds: of a machine that is slow, and of real time that goes on while a check is made. */
enum { SLACK = 60 };

/* "sent CHAT_IDLE and disconnected", and nobody else is. For: all, or the wrong one, or nobody. */
void
idle_goes(void **state)
{
	(void)state;
	long idle = (long)draw(300, 900);
	struct room *r = room(idle);
	const char *line = drawn_word();
	struct peer *first, *second;

	open_room(r);
	first = comes_in(r, "echo");
	settle(r, "idle");
	trial_advance(r->t, 1000 * 2 * SLACK);
	second = comes(r, "idle");
	settle(r, "idle");
	trial_advance(r->t, 1000 * (idle - 3 * SLACK));
	hears_nothing(
	    r, first, "idle-early", words(_("a client may be silent for %ld seconds"), idle));
	trial_advance(r->t, 1000 * (SLACK + 1));
	hears(r, first, "idle", "! idle");
	is_disconnected(r, first, "idle", _("who is idle is disconnected"));
	hears_nothing(r, second, "idle-early", _("who came later, goes later"));
	trial_advance(r->t, 1000 * (2 * SLACK + 1));
	hears(r, second, "idle", "! idle");
	is_disconnected(r, second, "idle", _("who is idle is disconnected"));
	second = comes(r, "idle");
	says(second, line);
	hears(r, second, "idle", said_by(r, second, line));
}

/* And who is due then is gone. */
static void
time_goes_by(struct room *r, long seconds)
{
	settle(r, "idle");
	trial_advance(r->t, 1000 * (uint64_t)seconds);
	settle(r, "idle");
}

/* A byte has come, but the server has not looked yet when the time is over. */
static void
just_in_time(void)
{
	struct room *r = room(1000);
	const char *line = drawn_word();
	fault_id door;
	struct peer *p;

	trial_watch(r->t, CALL_SELECT);
	open_room(r);
	p = comes_in(r, "idle-renewed");
	settle(r, "idle-renewed");
	door = trial_fault(r->t, (struct fault){.call = CALL_SELECT, .action = HOLD_BEFORE});
	peer_say(p, "1st ");
	await_held(r->t, door);
	peer_say(p, "2nd ");
	trial_advance(r->t, 1000 * 1001);
	release(r->t, door, false);
	says(p, line);
	hears(r, p, "idle-renewed", said_by(r, p, words("1st 2nd %s", line)));
}

/* Somebody sets the clock of the day far forward: no time has passed. */
static void
clock_is_set(void)
{
	long idle = (long)draw(300, 900);
	struct room *r = room(idle);
	const char *line = drawn_word();
	struct peer *silent, *talks;

	open_room(r);
	silent = comes_in(r, "echo");
	talks = comes_in(r, "echo");
	settle(r, "echo");
	trial_set_clock(r->t, 1000 * 2 * (uint64_t)idle);
	says(talks, line);
	all_hear(r, "wall-clock", said_by(r, talks, line));
	hears_nothing(r, silent, "wall-clock",
	    _("nobody is idle because somebody has set the clock of the day"));
	time_goes_by(r, idle + 1);
	hears(r, silent, "idle", "! idle");
}

/* The time of one is over, and at each select() another one has said something. */
static void
goes_while_they_talk(void)
{
	struct room *r = room(500);
	struct peer *silent, *talker;
	const char *heard;
	fault_id door;
	size_t n;

	trial_watch(r->t, CALL_SELECT);
	open_room(r);
	silent = comes_in(r, "echo");
	talker = comes(r, "echo");
	settle(r, "idle");
	trial_advance(r->t, 1000 * (500 - SLACK));
	door = hold_selects(r, talker);
	trial_advance(r->t, 1000 * (SLACK + 1));
	talk_before_each_select(r, door, talker);
	heard = peer_unread(silent, &n);
	expect(strstr(heard, "! idle\n") != NULL, "idle-starved",
	    _("who is idle is told so, also while others talk all the time"),
	    _("%d rounds later nothing was said of it"), ROUNDS_MOST);
	release(r->t, door, false);
}

/*
 * "A client from which no byte has come". For: a timeout from the beginning of the session; only
 * whole lines count; what is sent to a client counts; CLOCK_REALTIME; a clock that is looked at
 * only when select() has nothing to say.
 */
void
idle_renewed(void **state)
{
	(void)state;
	long idle = (long)draw(300, 900);
	struct room *r = room(idle);
	struct peer *talks, *listens;

	open_room(r);
	talks = comes_in(r, "echo");
	listens = comes_in(r, "echo");
	time_goes_by(r, idle - SLACK);
	says(talks, "I am here");
	all_hear(r, "idle-renewed", said_by(r, talks, "I am here"));
	time_goes_by(r, idle - SLACK);
	/* What the other said did not keep him. */
	hears(r, listens, "idle-renewed", "! idle");
	is_disconnected(r, listens, "idle-renewed", _("who only listens is idle"));
	peer_say(talks, "still ");
	hears_nothing(r, talks, "idle-renewed", _("a client that has sent a byte is not idle"));
	time_goes_by(r, idle - SLACK);
	says(talks, "here");
	hears(r, talks, "idle-renewed", said_by(r, talks, "still here"));
	time_goes_by(r, idle + 1);
	hears(r, talks, "idle", "! idle");
	just_in_time();
	clock_is_set();
	goes_while_they_talk();
}

/* The timeout of the last select() that has returned. */
static long long
last_timeout(struct room *r)
{
	size_t n;
	const struct event *happened = events(r->t, &n);

	while (n-- > 0)
		if (happened[n].kind == EVENT_CALL &&
		    (happened[n].call == CALL_SELECT || happened[n].call == CALL_POLL))
			return happened[n].timeout_ms;
	check_fail("not-exercised", _("the server waits in select"), _("it never calls it"));
}

/* Something happens, so that the select() in which the server waited returns. */
static void
wakes(struct room *r, struct peer *p)
{
	const char *line = drawn_word();

	settle(r, "idle-left");
	says(p, line);
	hears(r, p, "echo", said_by(r, p, line));
	settle(r, "idle-left");
}

static void
expect_timeout(struct room *r, long seconds)
{
	long long ms = last_timeout(r);

	if (ms < 0)
		check_fail("idle-left", words(_("about %ld s are left"), seconds), "%s",
		    _("select had no timeout"));
	expect(ms <= 1000 * (seconds + 2) && ms > 1000 * (seconds - SLACK), "idle-left",
	    words(_("about %ld s are left"), seconds), _("the timeout of select was %lld ms"), ms);
}

static void
expect_no_timeout(struct room *r)
{
	expect(last_timeout(r) == -1, "idle-left",
	    _("while nobody is there, select has no timeout"), _("it has one of %lld ms"),
	    last_timeout(r));
}

/*
 * "what is left until the first client's time is over". For: the whole time again in each round; a
 * second at a time; the timeout of the client that came last.
 */
void
idle_left(void **state)
{
	(void)state;
	long idle = (long)draw(600, 900);
	struct room *r = room(idle);
	struct peer *first, *second;

	trial_watch(r->t, CALL_SELECT);
	trial_watch(r->t, CALL_POLL);
	open_room(r);
	settle(r, "idle-left");
	first = comes(r, "idle-left");
	settle(r, "idle-left");
	expect_no_timeout(r);
	wakes(r, first);
	expect_timeout(r, idle);
	trial_advance(r->t, 1000 * 2 * SLACK);
	second = comes(r, "idle-left");
	wakes(r, second);
	wakes(r, second);
	expect_timeout(r, idle - 2 * SLACK);
	peer_shutdown(second);
	peer_shutdown(first);
	settle(r, "idle-left");
	comes(r, "idle-left");
	settle(r, "idle-left");
	expect_no_timeout(r);
}

/* ---- how it ends ---------------------------------------------------------------- */

/* SIGTERM comes while the server waits the next time. Its select() is watched. */
static void
term_while_waiting(struct room *r)
{
	trial_fault(
	    r->t, (struct fault){
		      .call = CALL_SELECT, .action = FAULT_INTERRUPT, .nth = 1, .signal = SIGTERM});
}

static void
ends_by_term(struct room *r)
{
	if (trial_end(r->t) == END_BLOCKED)
		check_fail("sigterm", _("SIGTERM ends the server"), "%s", where(r));
	trial_finish(r->t);
	expect_exit(r->t, 0, "sigterm");
}

/* "until SIGTERM comes", with clients and without. For: no handler; EINTR repeated for ever. */
void
sigterm_ends(void **state)
{
	(void)state;
	struct room *r = room(IDLE_FOR_EVER);

	term_while_waiting(r);
	trial_start(r->t);
	ends_by_term(r);
	r = room(IDLE_FOR_EVER);
	trial_watch(r->t, CALL_SELECT);
	open_room(r);
	comes_in(r, "echo");
	peer_say(comes(r, "sigterm"), "half a li");
	settle(r, "sigterm"); /* who waits for the rest of it does so now */
	term_while_waiting(r);
	says(r->clients[0], "the last word");
	ends_by_term(r);
	for (size_t i = 0; i < r->n; i++)
		expect(peer_end(r->clients[i]), "sigterm", _("all clients are disconnected"),
		    _("client %zu is not"), i + 1);
}

/* SIGTERM comes when everything is decided, just before the nth wait; a client may wake it before.
 */
static void
term_before_wait(unsigned nth)
{
	struct room *r = room(IDLE_FOR_EVER);

	trial_fault(r->t,
	    (struct fault){
		.call = CALL_SELECT, .action = FAULT_SIGNAL_BEFORE, .nth = nth, .signal = SIGTERM});
	if (nth == 1) {
		trial_start(r->t);
	} else {
		open_room(r);
		comes(r, "sigterm-lost");
	}
	if (trial_end(r->t) == END_BLOCKED)
		check_fail("sigterm-lost",
		    _("SIGTERM ends the server, also when it comes just before the wait"), "%s",
		    _("the server sleeps on: nothing wakes it any more"));
	trial_finish(r->t);
	expect_exit(r->t, 0, "sigterm");
}

/* At each select() of the server, from when SIGTERM has come, somebody is ready. */
static void
term_while_they_talk(void)
{
	struct room *r = room(IDLE_FOR_EVER);
	struct peer *p;
	fault_id door;

	trial_watch(r->t, CALL_SELECT);
	open_room(r);
	p = comes_in(r, "echo");
	settle(r, "sigterm");
	door = hold_selects(r, p);
	trial_kill(r->t, 0, SIGTERM);
	talk_before_each_select(r, door, p);
	expect(first_process(look(r->t)) == NULL, "sigterm-starved",
	    _("SIGTERM ends the server, also while somebody talks all the time"),
	    _("%d rounds later it still serves"), ROUNDS_MOST);
	trial_finish(r->t);
	expect_exit(r->t, 0, "sigterm");
}

/*
 * "SIGTERM, whenever that is". For: a look at a flag, and then select(); a mask that is open only
 * in pselect(), which lets in nothing when somebody is ready.
 */
void
sigterm_not_lost(void **state)
{
	(void)state;
	term_before_wait(1);
	term_before_wait(2);
	term_while_they_talk();
}

/* What the probe has open while it does not serve. */
static void
expect_nothing_open(struct room *r, size_t before)
{
	size_t n = first_process(look(r->t))->n_fds;

	expect(n == before, "left-open", _("no descriptor is open that was not open before"),
	    _("%zu are open, %zu were"), n, before);
}

static void
expect_result(const struct answer *a, int result, int error)
{
	if (result == 0)
		expect(answer_int(a, "result") == 0, "serve-result",
		    _("serve_chat returns 0 after SIGTERM"), _("it returned %lld with errno %s"),
		    answer_int(a, "result"), error_name(answer_int(a, "errno")));
	else
		expect(answer_int(a, "result") == -1 && answer_int(a, "errno") == error,
		    "serve-result",
		    words(_("serve_chat returns -1 with errno %s"), error_name(error)),
		    _("it returned %lld with errno %s"), answer_int(a, "result"),
		    error_name(answer_int(a, "errno")));
}

/* SIGTERM, twice: the second time everything begins anew. */
static void
served_twice(void)
{
	struct room *r = probe_room();
	size_t before;

	r->numbers_count = true;
	trial_watch(r->t, CALL_SELECT);
	trial_start(r->t);
	expect_result(ask(r->t, "serve", word(100)), -1, EBADF); /* it does not listen yet */
	ask(r->t, "listen");
	before = first_process(look(r->t))->n_fds;
	for (int i = 0; i < 2; i++) {
		const struct answer *a;

		open_probe_room(r, IDLE_FOR_EVER);
		comes_in(r, i == 0 ? "echo" : "served-again");
		peer_say(comes(r, "served-again"), "half a li");
		term_while_waiting(r);
		says(r->clients[0], "the last word");
		a = ask_end(r->t);
		expect_result(a, 0, 0);
		expect(answer_int(a, "flag") == 1, "flags-lost",
		    _("the listening socket keeps its other flags"), "%s", _("O_APPEND is gone"));
		expect_nothing_open(r, before);
		r->n = 0;
	}
	trial_finish(r->t);
}

/* "as select(2)": a failure that is no interruption. */
static void
wait_fails(void)
{
	struct room *r = probe_room();
	size_t before;

	trial_fault(r->t,
	    (struct fault){.call = CALL_SELECT, .action = FAULT_FAIL, .nth = 2, .error = ENOMEM});
	trial_start(r->t);
	ask(r->t, "listen");
	before = first_process(look(r->t))->n_fds;
	open_probe_room(r, IDLE_FOR_EVER);
	comes(r, "serve-result");
	expect_result(ask_end(r->t), -1, ENOMEM);
	expect_nothing_open(r, before);
	trial_finish(r->t);
}

/* The same when closing fails, too: its errno is not the one that counts. */
static void
close_fails_as_well(void)
{
	struct room *r = probe_room();

	trial_fault(r->t,
	    (struct fault){.call = CALL_SELECT, .action = FAULT_FAIL, .nth = 2, .error = ENOMEM});
	trial_fault(r->t, (struct fault){.call = CALL_CLOSE,
			      .action = FAULT_FAIL,
			      .fd = FD_SOCKET,
			      .error = EIO,
			      .optional = true});
	trial_start(r->t);
	ask(r->t, "listen");
	open_probe_room(r, IDLE_FOR_EVER);
	comes(r, "serve-result");
	expect_result(ask_end(r->t), -1, ENOMEM);
	trial_finish(r->t);
}

/* "as fcntl(2)": the nth call of it fails, if the answer makes so many. */
static void
fcntl_fails(unsigned nth)
{
	struct room *r = probe_room();
	fault_id fails;

	trial_watch(r->t, CALL_FCNTL);
	trial_start(r->t);
	ask(r->t, "listen");
	fails = trial_fault(r->t, (struct fault){.call = CALL_FCNTL,
				      .action = FAULT_FAIL,
				      .fd = FD_SOCKET,
				      .nth = nth,
				      .error = EPERM,
				      .optional = true});
	ask_begin(r->t, "serve", word(100));
	await_settled(r->t);
	if (fault_delivered(r->t, fails) == 0)
		return;
	expect(first_process(look(r->t))->blocked_in != CALL_SELECT, "serve-result",
	    words(_("serve_chat returns -1 with errno %s"), "EPERM"), "%s", where(r));
	expect_result(ask_end(r->t), -1, EPERM);
	trial_finish(r->t);
}

static unsigned
lines_of(const char *text)
{
	unsigned n = 0;

	while ((text = strchr(text, '\n')) != NULL) {
		n++;
		text++;
	}
	return n;
}

/* "serve_chat() fails, it writes why to standard error and ends with CHATD_FAULTY" */
static void
program_fails(void)
{
	struct trial *t = trial("chatd", "127.0.0.1:0");

	trial_fault(t,
	    (struct fault){.call = CALL_SELECT, .action = FAULT_FAIL, .nth = 1, .error = ENOMEM});
	trial_start(t);
	if (trial_end(t) == END_BLOCKED)
		check_fail(
		    "chatd-failure", _("chatd ends when serve_chat fails"), "%s", _("it serves"));
	trial_finish(t);
	expect_exit(t, CHATD_FAULTY, "chatd-failure");
	expect(lines_of(trial_errors(t)) == 1, "chatd-failure",
	    _("chatd says on standard error in one line why serve_chat has failed"),
	    _("it says \"%s\""), trial_errors(t));
}

/*
 * "no descriptor is open that was not open before", however it returns. For: a number that goes on
 * counting; clients who are forgotten; errno of close(); failures that nobody hears of.
 */
void
chat_leaves_nothing(void **state)
{
	(void)state;
	served_twice();
	wait_fails();
	close_fails_as_well();
	fcntl_fails(1);
	fcntl_fails(2);
	program_fails();
}

/* For: memory of a client who has gone, or who was there at the end; bytes behind a line. */
void
chat_memory(void **state)
{
	(void)state;
	struct room *r = room_without_clock(IDLE_FOR_EVER);
	struct peer *p;
	char line[LINE_LIMIT + 10];

	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = '\0';
	trial_limit(r->t, LIMIT_WALL_MS, 30000); /* valgrind takes its time */
	trial_limit(r->t, LIMIT_CPU_MS, 10000);
	memory_watch(r->t);
	open_room(r);
	p = comes_in(r, "everybody");
	comes_in(r, "everybody");
	peer_shutdown(p);
	is_disconnected(r, p, "come-and-go", _("a client that goes is disconnected"));
	p = comes_in(r, "everybody");
	says(p, line);
	hears(r, p, "long-line", "! line too long");
	says(p, line + 9);
	all_hear(r, "everybody", said_by(r, p, line + 9));
	trial_kill(r->t, 0, SIGTERM);
	peer_close(p); /* wakes a server that has lost the signal: not what this is about */
	trial_finish(r->t);
	memory_verdict(r->t, "memory-error", "memory-lost");
}

/* ---- the program ---------------------------------------------------------------- */

static void
refuses(struct trial *t, int status, const char *word_of_it)
{
	trial_start(t);
	if (trial_end(t) == END_BLOCKED)
		check_fail("usage", _("the program ends at once"), "%s", _("it serves"));
	trial_finish(t);
	expect_exit(t, status, "usage");
	expect(strstr(trial_errors(t), word_of_it) != NULL, "usage",
	    words(_("standard error says \"%s\""), word_of_it), _("it says \"%s\""),
	    trial_errors(t));
}

/* "If it cannot listen, it writes why to standard error, in one line": open_listener() has. */
static void
cannot_listen(void)
{
	struct trial *t = trial("chatd", "no-port-here");

	refuses(t, CHATD_FAULTY, "no-port-here");
	expect(lines_of(trial_errors(t)) == 1, "cannot-listen",
	    _("when it cannot listen, the program says why in one line and ends"),
	    _("it says \"%s\""), trial_errors(t));
}

/*
 * Is a client that says nothing there, not long before IDLE_USUAL seconds and just after? A server
 * that spins is stopped: that it does so is nothing that is asked here.
 */
static void
how_long_silent(struct room *r, bool there[2])
{
	struct peer *p;

	trial_fault(
	    r->t, (struct fault){
		      .call = CALL_SELECT, .action = HOLD_BEFORE, .nth = SPIN, .optional = true});
	open_room(r);
	p = comes(r, "usage");
	settle(r, "usage");
	trial_advance(r->t, 1000 * (IDLE_USUAL - SLACK));
	there[0] = await_settled_or_end(r->t) && peer_state(p) == PEER_OPEN;
	if (there[0])
		trial_advance(r->t, 1000 * (SLACK + 1));
	there[1] = await_settled_or_end(r->t) && peer_state(p) == PEER_OPEN;
}

/* "IDLE_USUAL if it is missing": the same as if it were said, whatever that is. */
static void
usual_idle(void)
{
	bool said[2], missing[2];

	how_long_silent(room(IDLE_USUAL), said);
	how_long_silent(room_of_usual_idle(), missing);
	expect(missing[0] || !said[0], "usual-idle",
	    words(_("without IDLE it is %d seconds"), IDLE_USUAL), "%s",
	    _("a client is disconnected earlier"));
	expect(!missing[1] || said[1], "usual-idle",
	    words(_("without IDLE it is %d seconds"), IDLE_USUAL), "%s",
	    _("a client is still connected afterwards"));
}

/* "If it is called otherwise, it writes CHATD_USAGE". For: atoi(); arguments that are ignored. */
void
chatd_usage(void **state)
{
	(void)state;
	static const char *const bad[] = {"0", "-5", "12x", "", "1000001", "99999999999999999999"};

	refuses(trial("chatd"), CHATD_BAD_USAGE, "usage: chatd HOST:PORT [IDLE]");
	refuses(trial("chatd", "127.0.0.1:0", "10", "20"), CHATD_BAD_USAGE,
	    "usage: chatd HOST:PORT [IDLE]");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuses(trial("chatd", "127.0.0.1:0", bad[i]), CHATD_BAD_USAGE,
		    "usage: chatd HOST:PORT [IDLE]");
	cannot_listen();
	open_room(room(1)); /* the shortest is right */
	usual_idle();
}
