/* threaded_checks.c - run_threaded_service(): sessions, and what is left of them. */
#include "answers.h"
#include "checks.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/*
 * "a session is a thread of the caller's process". For: a process for each; nobody who serves.
 */
void
threaded_serves(void **state)
{
	(void)state;
	const char *key = "serves";
	struct trial *t = serving("threaded");

	for (int i = 0; i < 2; i++) {
		struct peer *client = next_is_served(t, key);
		const struct process *p;

		rests(t, key);
		p = first_process(look(t));
		expect(forks(t) == 0 && p->threads >= 2, "own-thread",
		    _("each session has a thread of its own"),
		    _("a client is served by %u threads and %u children"), p->threads, forks(t));
		leaves(t, client, key);
	}
}

/* "sessions run side by side". For: one client after the other. */
void
threaded_side_by_side(void **state)
{
	(void)state;
	const char *key = "side-by-side";
	struct trial *t = serving("threaded");
	struct peer *a = client(t, key), *b, *c;
	const struct process *p;

	is_served(t, a, key);
	b = next_is_served(t, key);
	c = next_is_served(t, key);
	is_served(t, a, key);
	is_served(t, b, key);
	is_served(t, c, key);
	rests(t, key);
	p = first_process(look(t));
	expect(forks(t) == 0 && p->threads >= 4, "own-thread",
	    _("each session has a thread of its own"),
	    _("3 clients are served by %u threads and %u children"), p->threads, forks(t));
}

/*
 * "with its own connection, whatever other clients come before it has begun". The first thread is
 * held at its birth while the second client comes. For: the address of a variable of the loop.
 */
void
threaded_own(void **state)
{
	(void)state;
	const char *key = "own-connection";
	struct trial *t = trial("threaded");
	fault_id birth = trial_fault(
	    t, (struct fault){.call = CALL_CHDIR, .action = HOLD_BEFORE, .who = FIRST, .nth = 1});
	struct peer *first, *second;

	start_serving(t);
	first = client(t, key);
	await_held(t, birth);
	second = client(t, key);
	(void)peer_say(second, "words\n");
	rests(t, key);
	release(t, birth, false);
	asks(t, first, "words", server_words(), key);
	expect(peer_line(second) != NULL, key, _("each client has a session of its own"),
	    _("the second one is not answered"));
	is_served(t, first, key);
	is_served(t, second, key);
	leaves(t, first, key);
	is_served(t, second, key);
}

/* How many pieces of memory that could be stacks were asked for so far. */
static unsigned
stacks(struct trial *t)
{
	enum { SMALLEST_STACK = 16384 };
	unsigned found = 0;
	size_t n;
	const struct event *e = events(t, &n);

	for (size_t i = 0; i < n; i++)
		found += e[i].kind == EVENT_CALL && e[i].call == CALL_MMAP &&
			 e[i].args[1] >= SMALLEST_STACK;
	return found;
}

/*
 * "When handler returns, the connection is closed, and the thread ends and leaves nothing
 * behind: nobody has to join it, its stack can be used again". For: no close(); a thread that
 * is neither detached nor joined.
 */
void
threaded_ends(void **state)
{
	(void)state;
	enum { WARM = 4, MORE = 12, FEW = 4 };
	const char *key = "thread-left";
	struct trial *t = trial("threaded");
	const struct process *server;
	unsigned before = 0;

	trial_watch(t, CALL_MMAP);
	start_serving(t);
	for (int i = 0; i < WARM + MORE; i++) {
		struct peer *p = next_is_served(t, key);

		leaves(t, p, "thread-open");
		is_ended(t, p, "thread-open",
		    _("when the handler has returned, the connection is closed"));
		if (i + 1 == WARM)
			before = stacks(t);
	}
	server = first_process(look(t));
	expect(sockets(server, SOCKET_CONNECTED) + sockets(server, SOCKET_CLOSED) == 0,
	    "thread-open", _("the connection of an ended session is closed"),
	    _("%zu connections are open, and no session runs"),
	    sockets(server, SOCKET_CONNECTED) + sockets(server, SOCKET_CLOSED));
	/* sanitizers map memory of their own for each thread */
	expect(trial_is_sanitized(t) || stacks(t) - before < FEW, key,
	    _("the stack of a thread that has ended is used again"),
	    _("a dozen sessions, one after the other, have taken %u new stacks"),
	    stacks(t) - before);
}

/*
 * "A session's thread has all signals blocked, so that handlers run in the thread that has
 * called, whose mask is as it was". For: a mask that is never set, or never set back.
 */
void
threaded_signals(void **state)
{
	(void)state;
	const uint64_t never = SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP);
	const uint64_t all = STANDARD_SIGNALS & ~never;
	const char *key = "thread-signals", *line;
	struct trial *t = trial("threaded");
	struct peer *p;
	uint64_t blocked;

	trial_block(t, SIGUSR2);
	trial_start(t);
	ask(t, "catch", word(SIGUSR1));
	serve_now(t);
	p = client(t, key);
	(void)peer_say(p, "signals\n");
	line = peer_line(p);
	expect(line != NULL, key, _("the session says which signals it has blocked"),
	    _("nothing has come"));
	blocked = strtoull(line, NULL, 10) & all;
	expect(blocked == all, key, _("a session's thread has all signals blocked"),
	    _("it has not blocked: %s"), signal_names(all & ~blocked));
	rests(t, key);
	blocked = first_process(look(t))->blocked & STANDARD_SIGNALS;
	expect(blocked == SIGNAL_BIT(SIGUSR2), key,
	    words(_("the caller's thread has its mask: %s"), "SIGUSR2"), _("it has blocked: %s"),
	    signal_names(blocked));
	trial_kill(t, 0, SIGUSR1);
	rests(t, key);
	expect(strstr(trial_errors(t), "handler") != NULL, key, _("the caller's handlers run"),
	    _("SIGUSR1 has come, and its handler has not run"));
}

/* The listening socket's close() fails as well: the first one of a server whose session runs. */
static void
fails_twice(void)
{
	const char *key = "errno-lost";
	struct trial *t = trial("threaded");

	accept_fails(t, 2, 9, EINVAL);
	trial_fault(t, (struct fault){.call = CALL_CLOSE,
			   .action = FAULT_FAIL,
			   .who = FIRST,
			   .fd = FD_SOCKET,
			   .nth = 1,
			   .error = EIO,
			   .optional = true});
	start_serving(t);
	client(t, key);
	knocks(t);
	expect_failure(
	    answer_or(t, key, _("run_threaded_service returns after this failure of accept()")),
	    "run_threaded_service", EINVAL, key);
}

/* An address that is none, or a ready line for which there is no room. */
static void
fails_to_open(const char *address, int error)
{
	const char *key = "opening";
	struct trial *t = trial("threaded");

	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_FAIL,
			   .fd = FD_PIPE,
			   .nth = 1,
			   .error = ENOSPC,
			   .optional = true}); /* there is no line without an address */
	trial_start(t);
	ask_begin(t, "serve", address, "name");
	expect_failure(answer_or(t, key, _("run_threaded_service returns when it cannot listen")),
	    "run_threaded_service", error, key);
	expect(sockets(first_process(look(t)), SOCKET_LISTENING) == 0, "left-behind",
	    _("the listening socket is closed"), _("it is open"));
	trial_finish(t);
}

/*
 * "Returns only after a failure ... with the listening socket closed. Sessions that still run go
 * on: what they need is theirs". For: sessions that use the server's variables.
 */
void
threaded_returns(void **state)
{
	(void)state;
	const char *key = "returns";
	struct trial *t = trial("threaded");
	bool returned;
	fault_id birth;
	struct peer *p;

	accept_fails(t, 2, 9, EINVAL);
	birth = trial_fault(
	    t, (struct fault){.call = CALL_CHDIR, .action = HOLD_BEFORE, .who = FIRST, .nth = 1});
	start_serving(t);
	p = client(t, key);
	await_held(t, birth);
	knocks(t); /* for whoever asks before accept() whether somebody is there */
	returned = await_rest(t) && answered(t);
	if (!returned) /* it may wait until its thread has taken what it needs */
		release(t, birth, false);
	expect_failure(
	    answer_or(t, key, _("run_threaded_service returns after this failure of accept()")),
	    "run_threaded_service", EINVAL, key);
	expect(sockets(first_process(look(t)), SOCKET_LISTENING) == 0, "left-behind",
	    _("the listening socket is closed"), _("it is open"));
	if (returned)
		release(t, birth, false);
	is_served(t, p, "session-needs");
	asks(t, p, "words", server_words(), "session-needs");

	fails_twice();
	fails_to_open("nonsense", EINVAL);
	fails_to_open("127.0.0.1:0", ENOSPC);
}
