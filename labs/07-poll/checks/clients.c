/* clients.c - how a check talks with a server. */
#include "checks.h"
#include "server.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { FLOOD_MAX = 200 };
enum { BUSY = 6000 }; /* more calls of one family than any check needs */
enum { LAP = 20 }; /* so many more, and a server that never sleeps has done what there was to do */

static const char *listening_at;

/* A server that sleeps makes none of these calls. */
static const enum call busy_calls[] = {
    CALL_POLL, CALL_SELECT, CALL_READ, CALL_WRITE, CALL_ACCEPT, CALL_SLEEP};
enum { BUSY_CALLS = sizeof busy_calls / sizeof *busy_calls };

static fault_id stops[BUSY_CALLS];
static bool wanted, set; /* for the trial that is being prepared, for the one that runs */

/* A server that had to be stopped is stopped from then on at each call of the same family. */
static fault_id rein;
static bool reined;

void
start_serving(struct trial *t)
{
	set = wanted;
	wanted = reined = false;
	trial_start(t);
	listening_at = await_listening(t);
}

struct trial *
server(const char *program)
{
	struct trial *t = trial(program, "127.0.0.1:0");

	trial_clock(t);
	return t;
}

struct trial *
serving(const char *program)
{
	struct trial *t = server(program);

	may_call(t, BUSY);
	start_serving(t);
	return t;
}

const char *
where(void)
{
	return listening_at;
}

struct peer *
slow_client(struct trial *t)
{
	struct peer *p = peer_connect_narrow(t, listening_at);

	peer_stop_reading(p);
	return p;
}

void
floods(struct peer *p, size_t lines)
{
	static char text[FLOOD_MAX * (LINES_LONGEST + 1)];
	size_t line = LINES_LONGEST + 1;

	if (lines > FLOOD_MAX)
		grader_fault("too many lines");
	for (size_t i = 0; i < lines; i++) {
		memcpy(text + i * line, letters(LINES_LONGEST), LINES_LONGEST);
		text[(i + 1) * line - 1] = '\n';
	}
	peer_send(p, text, lines * line);
}

/* The server has ended: of what, and why that must not be. */
static _Noreturn void
ended(struct trial *t)
{
	const char *how;

	trial_finish(t); /* says it of a crash */
	if (trial_term_signal(t) == SIGPIPE)
		check_fail("sigpipe", _("the server goes on when a client has gone"),
		    _("it was killed by SIGPIPE"));
	how = trial_term_signal(t) != 0 ? signal_name(trial_term_signal(t))
					: words(_("exit status %d"), trial_exit_status(t));
	check_fail(
	    "server-ended", _("the server serves until SIGTERM"), _("it has ended: %s"), how);
}

/*
 * Everybody rests. The server must do so in poll(), or in what it uses in its place; it may be
 * at work again, when the kernel has found a little room for a slow client.
 */
static void
expect_asleep_in_poll(struct trial *t)
{
	const struct process *p = first_process(look(t));

	expect(p->state != 'S' || p->blocked_in == CALL_POLL || p->blocked_in == CALL_SELECT,
	    "waits-elsewhere", _("the server waits in poll() and nowhere else"),
	    _("it waits in %s(), and nobody is served"), call_name(p->blocked_in));
}

/* Did the server have to be stopped? Asked when everybody rests: what was delivered is known. */
static void
expect_not_stopped(struct trial *t, const char *key, const char *expected)
{
	for (size_t i = 0; set && i < BUSY_CALLS; i++)
		expect(fault_delivered(t, stops[i]) == 0, key, expected,
		    _("it calls %s() again and again"), call_name(busy_calls[i]));
}

/* Had it to be stopped, and in which family of calls? Returns an index, or BUSY_CALLS. */
static size_t
stopped_in(struct trial *t)
{
	size_t i = set ? 0 : BUSY_CALLS;

	while (i < BUSY_CALLS && fault_delivered(t, stops[i]) == 0)
		i++;
	return i;
}

/*
 * Lets a server that never sleeps go round a few times more, so that it can do what has come in
 * the meantime: that it burns time is for the checks that ask for sleep, and the others judge what
 * it does. Returns whether it was such a one.
 */
static bool
goes_round(struct trial *t)
{
	size_t call = stopped_in(t);

	if (call == BUSY_CALLS)
		return false;
	if (!reined)
		rein = trial_fault(
		    t, (struct fault){
			   .call = busy_calls[call], .action = HOLD_BEFORE, .optional = true});
	reined = true;
	for (size_t i = call; i < BUSY_CALLS; i++)
		release(t, stops[i], false);
	for (int i = 0; i < LAP && await_held_or_end(t, rein); i++)
		release(t, rein, true);
	return true;
}

/* A look at sockets is dear: one will do. */
void
sleeps(struct trial *t, const char *key, const char *expected)
{
	if (!await_rest(t))
		ended(t);
	expect_not_stopped(t, key, expected);
	expect_asleep_in_poll(t);
}

void
rests(struct trial *t)
{
	if (!await_rest(t))
		ended(t);
	if (!goes_round(t))
		expect_asleep_in_poll(t);
	else if (!await_rest(t))
		ended(t);
}

struct peer *
client(struct trial *t)
{
	struct peer *p = peer_try_connect(t, listening_at);

	if (p != NULL)
		return p;
	rests(t); /* unless it has ended: then that is what to tell */
	check_fail("server-ended", _("the server serves until SIGTERM"), "%s",
	    _("it has closed the socket it listened on"));
}

void
say(struct trial *t, struct peer *p, const char *text, const char *key)
{
	if (peer_say(p, text))
		return;
	rests(t);
	check_fail(key, _("the server reads what a client says"),
	    _("it does not read any more, or has closed the connection"));
}

const char *
next_line(struct trial *t, struct peer *p)
{
	const char *heard = peer_line(p);

	if (heard != NULL)
		return heard;
	rests(t);
	return peer_line(p); /* a server that never sleeps has gone round meanwhile */
}

void
hears(struct trial *t, struct peer *p, const char *line, const char *key)
{
	const char *heard = next_line(t, p);

	expect(heard != NULL, key, words(_("the client hears \"%s\""), shown(line)), "%s",
	    peer_state(p) == PEER_OPEN ? _("it hears nothing, and the server rests")
				       : _("its connection has ended"));
	expect(strcmp(heard, line) == 0, key, words(_("the client hears \"%s\""), shown(line)),
	    _("it hears \"%s\""), shown(heard));
}

void
hears_nothing(struct trial *t, struct peer *p, const char *key)
{
	size_t n;
	const char *rest;

	rests(t);
	rest = peer_unread(p, &n);
	expect(n == 0, key, _("the client hears nothing more"), _("it hears \"%s\""), shown(rest));
	expect(peer_state(p) == PEER_OPEN, key, _("the connection of the client stays open"),
	    _("the server has closed it"));
}

void
is_put_out(struct trial *t, struct peer *p, const char *key)
{
	if (peer_end(p))
		return;
	rests(t);
	if (peer_end(p))
		return;
	check_fail(key, _("the server closes the connection"), _("it is still open"));
}

void
asks(struct trial *t, struct peer *p, const char *line, const char *answer, const char *key)
{
	say(t, p, words("%s\n", line), key);
	hears(t, p, answer, key);
}

void
may_call(struct trial *t, unsigned n)
{
	wanted = true;
	for (size_t i = 0; i < BUSY_CALLS; i++)
		stops[i] = trial_fault(t,
		    (struct fault){
			.call = busy_calls[i], .action = HOLD_BEFORE, .nth = n, .optional = true});
}

void
let_go(struct trial *t)
{
	if (reined)
		release(t, rein, false);
	reined = false;
}

size_t
connections(struct trial *t)
{
	const struct process *p = first_process(look(t));
	size_t n = 0;

	for (size_t i = 0; i < p->n_fds; i++)
		n += p->fds[i].kind == FD_SOCKET && p->fds[i].socket == SOCKET_CONNECTED;
	return n;
}
