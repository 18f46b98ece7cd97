/* service_checks.c - run_service(): sessions, and what belongs to whom. */
#include "answers.h"
#include "checks.h"
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/*
 * "calls handler for each client that comes, each in a process of its own". For: a session in the
 * server's own process. Whether the second one can come before the first has gone is asked next.
 */
void
service_serves(void **state)
{
	(void)state;
	const char *key = "serves";
	struct trial *t = serving("service");

	for (unsigned i = 1; i <= 2; i++) {
		struct peer *p = next_is_served(t, key);

		rests(t, key);
		expect(sessions(t) > 0 && forks(t) == i, "own-process",
		    _("each session has a process of its own"),
		    _("%u clients were served, and the server has made %u processes"), i, forks(t));
		leaves(t, p, key);
	}
}

/* "sessions run side by side". For: the next client only after the last. */
void
service_side_by_side(void **state)
{
	(void)state;
	const char *key = "side-by-side";
	struct trial *t = serving("service");
	struct peer *a = client(t, key), *b, *c;

	is_served(t, a, key);
	b = client(t, key);
	is_served(t, b, key);
	c = next_is_served(t, key);
	is_served(t, a, key);
	is_served(t, b, key);
	is_served(t, c, key);
	rests(t, key);
	expect(sessions(t) == 3, "own-process", _("each session has a process of its own"),
	    _("3 clients are served, and the server has %zu children"), sessions(t));
}

/*
 * "says so with the line of say_ready() and the name argv[0]"; "calls handler ... with the
 * connection, argc and argv". For: no line; another name; arguments that are cut off or lost.
 */
void
service_ready(void **state)
{
	(void)state;
	struct trial *t = serving("service");
	const char *line = server_line();

	rests(t, "ready-line");
	expect(strcmp(trial_output(t), line) == 0, "ready-line",
	    words(_("the server writes: %s"), line), _("it has written: \"%s\""), trial_output(t));
	asks(t, client(t, "handed-on"), "words", server_words(), "handed-on");
}

/*
 * "The server's process closes each connection as soon as its session has been started." For:
 * no close() in the parent; one that comes only when the session has ended.
 */
void
service_parent_closes(void **state)
{
	(void)state;
	const char *key = "parent-open";
	struct trial *t = serving("service");
	struct peer *p = next_is_served(t, key);

	rests(t, key);
	expect(sockets(first_process(look(t)), SOCKET_CONNECTED) == 0, key,
	    _("the server's process has closed the connection"), _("it is open there as well"));
	is_served(t, p, key);
	leaves(t, p, key);
	is_ended(t, p, key, _("when the handler has returned, the connection is closed"));
	next_is_served(t, key);
}

/* "the listening socket is closed in it". For: no close() in the child. */
void
service_child_closes(void **state)
{
	(void)state;
	const char *key = "child-open";
	struct trial *t = serving("service");

	next_is_served(t, key);
	rests(t, key);
	expect(sockets(session(t, 0), SOCKET_LISTENING) == 0, key,
	    _("the listening socket is closed in a session's process"),
	    _("it is open there as well"));
	expect(sockets(first_process(look(t)), SOCKET_LISTENING) == 1, "serves",
	    _("the server goes on listening"), _("its listening socket is closed"));
}

/* "However else a session ends, it ends nobody else's." For: a server that gives up then. */
void
service_crash(void **state)
{
	(void)state;
	const char *key = "crash";
	struct trial *t = serving("service");
	struct peer *other = next_is_served(t, key), *p = next_is_served(t, key);

	(void)peer_say(p, "abort\n");
	rests(t, key);
	next_is_served(t, key);
	rests(t, key);
	trial_kill(t, session(t, sessions(t) - 1)->pid, SIGKILL);
	rests(t, key);
	expect(exits(t) == 2, key, _("two sessions have ended, each by itself"),
	    _("%u processes have ended"), exits(t));
	is_served(t, other, key);
	next_is_served(t, key);
}

/* How the one process that has ended did so. */
static int
ended_how(struct trial *t)
{
	size_t n;
	const struct event *e = events(t, &n);

	while (n-- > 0)
		if (e[n].kind == EVENT_EXIT)
			return e[n].status;
	return -1;
}

/*
 * "When handler returns, the process ends at once with status 0: no atexit() handler runs,
 * nothing that the caller had left in a buffer of stdio is written, and nothing else happens".
 * For: exit(); a child that goes back into the loop.
 */
void
service_exit(void **state)
{
	(void)state;
	struct trial *t = trial("service");
	size_t n = 0;

	trial_start(t);
	ask(t, "prepare");
	serve_now(t);
	leaves(t, next_is_served(t, "serves"), "session-goes-on");
	rests(t, "session-goes-on");
	expect(exits(t) == 1, "session-goes-on",
	    _("the process of a session ends when its handler has returned"), "%s",
	    _("the handler has returned, and the process goes on"));
	expect(ended_how(t) == 0, "exit-status",
	    _("the process of a session ends with exit status 0"), _("it ends with %s"),
	    ending_of(ended_how(t)));
	expect(strstr(trial_errors(t), "atexit") == NULL, "exit",
	    _("no atexit() handler runs in a session's process"), _("one of them runs there"));
	(void)trial_read_file(t, "buffered", &n);
	expect(n == 0, "exit",
	    _("what the server's caller has left in a buffer is written by nobody else"),
	    _("%zu bytes are written when a session ends"), n);
}

static void
expect_signals(struct trial *t, uint64_t blocked, uint64_t ignored)
{
	const char *key = "inherits";
	const struct process *p;

	rests(t, key);
	p = session(t, 0);
	expect((p->blocked & STANDARD_SIGNALS) == blocked, key,
	    words(_("a session has the caller's mask: %s"), signal_names(blocked)),
	    _("it has blocked: %s"), signal_names(p->blocked & STANDARD_SIGNALS));
	expect(
	    !in_set(p->caught, SIGCHLD) && in_set(p->ignored, SIGCHLD) == in_set(ignored, SIGCHLD),
	    key, _("a session has the caller's action for SIGCHLD"), "%s",
	    in_set(p->caught, SIGCHLD)    ? _("it has a handler that the caller had not")
	    : in_set(p->ignored, SIGCHLD) ? _("it ignores SIGCHLD, which the caller did not")
					  : _("it does not ignore SIGCHLD as the caller did"));
	expect(!in_set(p->caught, SIGINT) && !in_set(p->ignored, SIGINT), "session-sigint",
	    _("SIGINT has its default action in a session"), "%s",
	    in_set(p->caught, SIGINT) ? _("the server's handler is still installed there")
				      : _("it is ignored there"));
}

/* Ctrl-C, as soon as the child is there. */
static void
interrupted_at_birth(void)
{
	const char *key = "session-sigint";
	struct trial *t = trial("service");
	fault_id birth = trial_fault(
	    t, (struct fault){.call = CALL_FORK, .action = HOLD_CHILD, .who = ANYBODY, .nth = 1});
	pid_t child;

	trial_start(t);
	ask(t, "catch", word(SIGINT));
	serve_now(t);
	client(t, key);
	child = await_held(t, birth);
	trial_kill(t, child, SIGINT);
	release(t, birth, false);
	rests(t, key);
	expect(strstr(trial_errors(t), "handler") == NULL, key,
	    _("no handler of the server's runs in a session"),
	    _("SIGINT has come early, and the handler has run in the new process"));
	expect(exits(t) == 1 && ended_how(t) == SIGINT, key,
	    _("SIGINT has its default action in a session"),
	    _("it has come early, and the session goes on"));
}

/*
 * "The action of SIGCHLD and the signal mask are those that the caller had"; "SIGINT has its
 * default action"; "from the process's first moment on". For: SIG_IGN or SA_NOCLDWAIT left to the
 * child, whose waitpid() fails then; a mask of the server's; a handler that is still there.
 */
void
service_inherits(void **state)
{
	(void)state;
	struct trial *t = trial("service");
	struct peer *p;

	trial_start(t);
	ask(t, "catch", word(SIGINT));
	serve_now(t);
	p = next_is_served(t, "serves");
	expect_signals(t, 0, 0);
	asks(t, p, "child", "7", "inherits");

	t = trial("service");
	trial_ignore(t, SIGCHLD);
	trial_block(t, SIGUSR2);
	start_serving(t);
	next_is_served(t, "serves");
	expect_signals(t, SIGNAL_BIT(SIGUSR2), SIGNAL_BIT(SIGCHLD));
	expect(in_set(first_process(look(t))->blocked, SIGUSR2), "inherits",
	    words(_("the caller's thread has its mask: %s"), "SIGUSR2"),
	    _("it has not blocked: %s"), "SIGUSR2");

	t = trial("service");
	trial_block(t, SIGCHLD);
	start_serving(t);
	next_is_served(t, "serves");
	expect_signals(t, SIGNAL_BIT(SIGCHLD), 0);

	interrupted_at_birth();
}

/* After a failure nothing of the server's is left in its process. */
static void
expect_nothing_left(struct trial *t, uint64_t blocked)
{
	const char *key = "left-behind";
	const struct process *p = first_process(look(t));

	expect(sockets(p, SOCKET_LISTENING) == 0, key, _("the listening socket is closed"),
	    _("it is open"));
	expect(!in_set(p->caught, SIGCHLD) && !in_set(p->ignored, SIGCHLD), key,
	    _("SIGCHLD has the caller's action again"), "%s",
	    in_set(p->ignored, SIGCHLD) ? _("it is ignored") : _("a handler is installed"));
	expect((p->blocked & STANDARD_SIGNALS) == blocked, key,
	    words(_("the caller's mask is there again: %s"), signal_names(blocked)),
	    _("blocked are: %s"), signal_names(p->blocked & STANDARD_SIGNALS));
}

/* The listening socket's close() fails as well: the second one of the server's. */
static void
fails_twice(void)
{
	const char *key = "errno-lost";
	struct trial *t = trial("service");

	accept_fails(t, 2, 9, EINVAL);
	trial_fault(t, (struct fault){.call = CALL_CLOSE,
			   .action = FAULT_FAIL,
			   .who = FIRST,
			   .fd = FD_SOCKET,
			   .nth = 2,
			   .error = EIO,
			   .optional = true});
	start_serving(t);
	client(t, key);
	knocks(t);
	expect_failure(answer_or(t, key, _("run_service returns after this failure of accept()")),
	    "run_service", EINVAL, key);
}

/*
 * "Returns only after a failure ... that of accept(), all but those above. Then the listening
 * socket is closed, and SIGCHLD's action and the signal mask are those of before; sessions that
 * still run go on". For: a server that tries for ever; errno of close(); exit().
 */
void
service_returns(void **state)
{
	(void)state;
	static const int errors[] = {EINVAL, EBADF, ENOTSOCK, EOPNOTSUPP};
	const char *key = "returns";
	int error = errors[draw(0, 3)];
	struct trial *t = trial("service");
	struct peer *p;

	trial_block(t, SIGCHLD);
	accept_fails(t, 2, 9, error);
	start_serving(t);
	p = client(t, key);
	knocks(t); /* for whoever asks before accept() whether somebody is there */
	expect_failure(answer_or(t, key, _("run_service returns after this failure of accept()")),
	    "run_service", error, key);
	expect_nothing_left(t, SIGNAL_BIT(SIGCHLD));
	is_served(t, p, key);

	fails_twice();
}

/* An address that is none, or somebody else's; a ready line that cannot be written. */
static void
fails_to_open(const char *address, int error)
{
	struct trial *t = trial("service");

	trial_start(t);
	ask_begin(t, "serve", address, "name");
	expect_failure(answer_or(t, "opening", _("run_service returns when it cannot listen")),
	    "run_service", error, "opening");
	expect_nothing_left(t, 0);
	expect(sockets(first_process(look(t)), SOCKET_UNBOUND) == 0, "left-behind",
	    _("nothing is left open"), _("a socket is"));
	trial_finish(t);
}

static void
fails_to_speak(void)
{
	struct trial *t = trial("service");

	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_FAIL,
			   .fd = FD_PIPE,
			   .nth = 1,
			   .error = ENOSPC});
	trial_start(t);
	ask_begin(t, "serve", "127.0.0.1:0", "name");
	expect_failure(answer_or(t, "opening", _("run_service returns when it cannot write")),
	    "run_service", ENOSPC, "opening");
	expect_nothing_left(t, 0);
}

/* "If the address cannot be used or the line cannot be written: that of open_listener() or
 * say_ready()." For: errors that nobody looks at. */
void
service_opening(void **state)
{
	(void)state;
	struct trial *t = serving("service");

	rests(t, "serves");
	fails_to_open("nonsense", EINVAL);
	fails_to_open("127.0.0.1:", EINVAL);
	fails_to_open("192.0.2.1:0", EADDRNOTAVAIL);
	fails_to_speak();
}
