/* calling_checks.c - what a caller of the two functions sees, and a server that is killed. */
#include "answers.h"
#include "checks.h"
#include "preforked.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

static const char *name, *second;

/* Starts a probe; whoever waits with a timeout rests, too. */
static struct trial *
begun(const char *program, int ignored, int blocked, int also_blocked)
{
	struct trial *t = trial(program);

	trial_clock(t);
	if (ignored != 0)
		trial_ignore(t, ignored);
	if (blocked != 0)
		trial_block(t, blocked);
	if (also_blocked != 0)
		trial_block(t, also_blocked);
	trial_start(t);
	return t;
}

/* The probe's verb with these numbers: "serve" in its own process, "below" in a child. */
static void
calls_server(struct trial *t, const char *verb, const char *numbers)
{
	name = letters(6);
	second = letters(9);
	ask_begin(t, verb, "127.0.0.1:0", numbers, name, second);
}

/* A session does what the line says and answers. */
static void
says(struct trial *t, struct peer *p, const char *line, const char *answer, const char *key)
{
	const char *heard;

	(void)peer_say(p, words("%s\n", line));
	heard = peer_line(p);
	if (heard == NULL)
		sleeps(t);
	expect(heard != NULL && strcmp(heard, answer) == 0, key,
	    words(_("the session answers \"%s\""), answer), _("it answers \"%s\""),
	    heard == NULL ? "" : shown(heard));
}

/* The server's process is gone; what is left are sessions and perhaps a child with one. */
static void
expect_orphans_end(struct trial *t, unsigned below)
{
	struct census c;

	await_quiet(t);
	c = count_all(t);
	expect(c.all <= below, "orphans", words(_("%u processes are left at most"), below),
	    _("there are %u"), c.all);
}

static void
is_killed(const char *program, const char *numbers, unsigned below, bool workers)
{
	struct trial *t = begun(program, 0, 0, 0);
	pid_t server;
	struct peer *p[2];

	calls_server(t, "below", numbers);
	server = (pid_t)answer_int(ask_end(t), "pid");
	listens(t, server);
	for (int i = 0; i < (workers ? 2 : 1); i++) {
		says(t, p[i] = client(t), "say one", "one", "served");
		sleeps(t);
	}
	if (workers)
		eldest_goes(t, p, 2);
	dies(t, server, SIGKILL);
	expect_orphans_end(t, below);
	says(t, p[0], "say two", "two", "session-cut");
	peer_close(p[0]);
	await_quiet(t);
	expect(count_all(t).all == 0, "orphans", _("with the last session everybody has ended"),
	    _("%u processes are left"), count_all(t).all);
}

/*
 * "When the server or a child is killed by SIGKILL ... Who waits for a client below it ends
 * nevertheless, and so does a child whose server is gone; sessions go on." For: processes that
 * nobody ends; a writing end that others have as well, so that no end of file comes.
 */
void
ready_orphans(void **state)
{
	(void)state;
	is_killed("preforked", "2", 2, false);
}

/* "When the server is killed by SIGKILL, idle workers end, and busy ones when ...". */
void
pool_orphans(void **state)
{
	(void)state;
	is_killed("pooled", "2 3 5", 1, true);
}

static const struct process *
session_of(struct trial *t, struct peer *p)
{
	const struct process *session;

	sleeps(t);
	session = process_of(look(t), server_of(t, p));
	if (session == NULL)
		check_fail("holders", _("one process holds the connection, and nobody else"),
		    _("%u hold it"), 0u);
	return session;
}

static void
expect_signals(struct trial *t, struct peer *p, uint64_t blocked, bool ignored)
{
	const struct process *s = session_of(t, p);

	expect((s->blocked & STANDARD_SIGNALS) == blocked, "session-signals",
	    words(_("a session has the caller's mask: %s"), signal_names(blocked)),
	    _("it has blocked: %s"), signal_names(s->blocked & STANDARD_SIGNALS));
	expect(!in_set(s->caught, SIGCHLD) && in_set(s->ignored, SIGCHLD) == ignored,
	    "session-signals", _("a session has the caller's action for SIGCHLD"), "%s",
	    in_set(s->caught, SIGCHLD) ? _("it has a handler")
	    : ignored                  ? _("it does not ignore it")
				       : _("it ignores it"));
	for (int signal = SIGINT; signal <= SIGTERM; signal += SIGTERM - SIGINT)
		expect(!in_set(s->caught, signal) && !in_set(s->ignored, signal), "session-signals",
		    words(_("%s has its default action in a session"), signal_name(signal)), "%s",
		    in_set(s->caught, signal) ? _("it has a handler") : _("it is ignored"));
}

static struct peer *
first_session(struct trial *t, const char *numbers)
{
	calls_server(t, "serve", numbers);
	listens(t, 0);
	return client(t);
}

static void
has_callers_signals(const char *program, const char *numbers)
{
	struct trial *t = begun(program, 0, 0, 0);
	struct peer *p;

	p = first_session(t, numbers);
	says(t, p, "words", words("2 %s %s", name, second), "handed-on");
	says(t, p, "child", "7", "session-signals");
	expect_signals(t, p, 0, false);

	t = begun(program, SIGCHLD, SIGUSR2, SIGTERM);
	p = first_session(t, numbers);
	says(t, p, "say here", "here", "served");
	expect_signals(t, p, SIGNAL_BIT(SIGUSR2) | SIGNAL_BIT(SIGTERM), true);
	trial_kill(t, 0, SIGUSR2);
	trial_kill(t, child_of_server(t, 0), SIGUSR2);
	sleeps(t);
	expect(exits(t) == 0, "server-ended",
	    _("what the caller has blocked stays blocked in all processes"), _("%u have ended"),
	    exits(t));
	trial_kill(t, 0, SIGTERM);
	says(t, p, "say there", "there", "session-cut");

	t = begun(program, 0, SIGCHLD, 0);
	p = first_session(t, numbers);
	says(t, p, "say here", "here", "served");
	expect_signals(t, p, SIGNAL_BIT(SIGCHLD), false);
}

/* How this process has ended. */
static int
ending(struct trial *t, pid_t pid)
{
	size_t n;
	const struct event *e = events(t, &n);

	while (n-- > 0)
		if (e[n].kind == EVENT_EXIT && e[n].pid == pid)
			return e[n].status;
	return -1;
}

static void
ends_by_itself(void)
{
	struct trial *t = begun("preforked", 0, 0, 0);
	struct peer *p;
	pid_t session;
	size_t n = 0;

	ask(t, "prepare");
	p = first_session(t, "2");
	says(t, p, "say here", "here", "served");
	session = session_of(t, p)->pid;
	(void)peer_say(p, "return\n");
	sleeps(t);
	expect(ending(t, session) == 0, "session-goes-on",
	    _("the process of a session ends with status 0 when its handler has returned"), "%s",
	    ending(t, session) < 0 ? _("it goes on") : ending_of(ending(t, session)));
	(void)trial_read_file(t, "buffered", &n);
	expect(n == 0, "exit", _("what the caller has left in a buffer is written by nobody else"),
	    _("%zu bytes are written when a session ends"), n);
	trial_kill(t, 0, SIGTERM);
	(void)await_rest(t); /* whether it returns other checks ask */
	expect(trial_read_file(t, "nobody", &n) == NULL, "sessions",
	    _("the handler is called for a client only"), "%s", _("who has none called it, too"));
}

/*
 * "The signal mask and the action of SIGCHLD are the caller's in it"; "SIGINT and SIGTERM have
 * their default actions"; "the process ends at once with status 0". For: SIG_IGN or SA_NOCLDWAIT
 * that the session inherits; a mask of the server's; a handler; exit(); a handler that is called
 * without a client.
 */
void
ready_session(void **state)
{
	(void)state;
	has_callers_signals("preforked", "2");
	ends_by_itself();
}

static void
expect_nothing_left(struct trial *t)
{
	const struct process *p;

	await_quiet(t);
	p = first_process(look(t));
	expect(look(t)->n == 1, "left-behind", _("no process is left"), _("there are %zu"),
	    look(t)->n - 1);
	for (size_t i = 0; i < p->n_fds; i++)
		expect(p->fds[i].number <= 2 || p->fds[i].kind == FD_FILE, "left-behind",
		    _("the server's descriptors are closed"), _("descriptor %d is open: %s"),
		    p->fds[i].number, p->fds[i].path);
	expect((p->caught & STANDARD_SIGNALS) == 0 && (p->ignored & STANDARD_SIGNALS) == 0 &&
		   (p->blocked & STANDARD_SIGNALS) == (SIGNAL_BIT(SIGUSR2) | SIGNAL_BIT(SIGTERM)),
	    "left-behind", _("signals are the caller's again"),
	    _("caught: %s; ignored: %s; blocked: %s"), signal_names(p->caught & STANDARD_SIGNALS),
	    signal_names(p->ignored & STANDARD_SIGNALS),
	    signal_names(p->blocked & STANDARD_SIGNALS));
}

static void
is_refused(struct trial *t, const char *address, const char *numbers, int error)
{
	ask_begin(t, "serve", address, numbers, "x");
	expect_failure(answer_or(t, "refused", _("what cannot work is refused")), "the function",
	    error, "refused");
	expect_nothing_left(t);
}

/* One of the calls that the server makes before its line fails. */
static void
cannot_begin(const char *program, const char *numbers, struct fault fault)
{
	struct trial *t = trial(program);
	fault_id id = trial_fault(t, fault);

	trial_clock(t);
	trial_block(t, SIGUSR2);
	trial_block(t, SIGTERM);
	trial_start(t);
	calls_server(t, "serve", numbers);
	if (!answered(t) && fault_delivered(t, id) == 0)
		return; /* it needs no such call */
	expect_failure(answer_or(t, "cannot-begin", _("a server that cannot begin returns")),
	    "the function", fault.error, "cannot-begin");
	expect_nothing_left(t);
}

static void
cannot_begin_without(const char *program, const char *numbers)
{
	cannot_begin(program, numbers,
	    (struct fault){
		.call = CALL_FORK, .action = FAULT_FAIL, .who = FIRST, .nth = 2, .error = EAGAIN});
	cannot_begin(program, numbers,
	    (struct fault){.call = CALL_PIPE,
		.action = FAULT_FAIL,
		.who = FIRST,
		.nth = 1,
		.error = EMFILE,
		.optional = true});
	cannot_begin(program, numbers,
	    (struct fault){.call = CALL_WRITE, /* the line */
		.action = FAULT_FAIL,
		.who = FIRST,
		.fd = FD_PIPE,
		.nth = 1,
		.error = ENOSPC,
		.optional = true});
}

/* Two of the signal are pending when the server stops. */
static void
returns(const char *program, const char *numbers, const char *most, const char *const wrong[])
{
	struct trial *t = begun(program, 0, SIGUSR2, SIGTERM);
	const struct answer *a;

	calls_server(t, "serve", numbers);
	listens(t, 0);
	stops_for_now(t, 0);
	trial_kill(t, 0, SIGTERM);
	trial_kill(t, 0, SIGINT);
	trial_kill(t, 0, SIGCONT);
	a = answer_or(t, "stops", _("the function returns"));
	expect_result(a, "the function", 0, "stops");
	expect_nothing_left(t);
	is_refused(t, "nowhere", numbers, EINVAL);
	is_refused(t, "192.0.2.1:0", most, EADDRNOTAVAIL); /* nobody has it */
	for (; *wrong != NULL; wrong++)
		is_refused(t, "127.0.0.1:0", *wrong, EINVAL);
	calls_server(t, "serve", numbers);
	listens(t, 0);
	says(t, client(t), "say again", "again", "served");
}

/* Handlers may do what they like: two sessions leave the server's process group. */
static void
waits_for_all(const char *program, const char *numbers)
{
	struct trial *t = begun(program, 0, 0, 0);
	struct peer *stays, *cut;

	calls_server(t, "serve", numbers);
	listens(t, 0);
	says(t, stays = client(t), "leave", "0", "served");
	sleeps(t);
	says(t, cut = client(t), "leave", "0", "served");
	sleeps(t);
	dies(t, server_of(t, cut), SIGKILL);
	expect(count_all(t).zombies == 0, "zombies", _("who has ended is waited for"),
	    _("%u zombies are left while everybody rests"), count_all(t).zombies);
	trial_kill(t, 0, SIGINT);
	expect_asleep(
	    t, "waits-for-sessions", _("the server waits for the sessions that still run"));
	says(t, stays, "say here", "here", "session-cut");
	peer_close(stays);
	expect_result(answer_or(t, "stops", _("the function returns")), "the function", 0, "stops");
}

/*
 * "Returns 0 after SIGINT or SIGTERM; -1 with errno if n or the address cannot be used ...". For: a
 * flag that is never taken back; handlers and masks that stay; numbers that nobody looks at; a
 * waitpid() for a process group.
 */
void
ready_returns(void **state)
{
	static const char *const wrong[] = {"0", "65", NULL};

	(void)state;
	returns("preforked", "2", word(READY_MAX), wrong);
	cannot_begin_without("preforked", "3");
	waits_for_all("preforked", "1");
}

/* The same of run_pooled_service(). */
void
pool_session(void **state)
{
	static const char *const wrong[] = {"0 1 1", "2 1 3", "1 3 2", "1 1 257", NULL};

	(void)state;
	has_callers_signals("pooled", "1 1 2");
	returns("pooled", "1 2 3", "256 256 256", wrong);
	cannot_begin_without("pooled", "3 3 3");
	waits_for_all("pooled", "2 2 3");
}
