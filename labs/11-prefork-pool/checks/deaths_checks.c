/* deaths_checks.c - processes that are killed, and calls that fail. */
#include "checks.h"
#include "preforked.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* Several at once: of as many SIGCHLD one is left. */
static void
all_children_die(struct trial *t, unsigned n)
{
	pid_t pids[8];

	for (unsigned i = 0; i < n; i++)
		pids[i] = child_of_server(t, i);
	stops_for_now(t, 0);
	for (unsigned i = 0; i < n; i++)
		trial_kill(t, pids[i], SIGKILL);
	for (unsigned i = 0; i < n; i++)
		await_event(t, EVENT_EXIT, pids[i], 1);
	goes_on(t, 0);
}

static void
children_die(bool ignored)
{
	struct trial *t = readies(2);
	struct peer *p;
	pid_t child;

	if (ignored)
		trial_ignore(t, SIGCHLD);
	begins(t);
	p = next_is_served(t, "served");
	sleeps(t);
	child = parent_of(t, server_of(t, p));
	dies(t, child, SIGKILL);
	expect_ready(t, 2, 1, "child-dies");
	expect_forks(t, 7, "child-dies");
	is_served(t, p, "others-suffer");
	dies(t, child_of_server(t, 1), SIGSEGV);
	expect_ready(t, 2, 1, "child-dies");
	expect_forks(t, 9, "child-dies");
	all_children_die(t, 2);
	expect_ready(t, 2, 1, "child-dies");
	is_served(t, p, "others-suffer");
	next_is_served(t, "child-dies");
}

/*
 * "a child is replaced by the server, and what waited under it ends"; "all other sessions go on".
 * For: no replacement; one for each SIGCHLD only; a process that waits on below a dead child; a
 * SIGCHLD that is ignored from the beginning.
 */
void
ready_child_dies(void **state)
{
	(void)state;
	children_die(false);
	children_die(true);
}

/*
 * "A grandchild that waits is replaced by its parent. A session that is killed takes its own client
 * with it." For: a child that waits for a byte that a dead process does not send; a child that ends
 * with its grandchild; a session that is replaced.
 */
void
ready_waiting_dies(void **state)
{
	static const int signals[] = {SIGKILL, SIGSEGV, SIGKILL};

	(void)state;
	struct trial *t = readies(2);
	struct peer *cut, *stays;

	begins(t);
	cut = next_is_served(t, "served");
	stays = next_is_served(t, "served");
	expect_ready(t, 2, 2, "ready-again");
	for (unsigned i = 0; i < 3; i++) {
		dies(t, waiting_one(t, i % 2), signals[i]);
		expect_ready(t, 2, 2, "waiting-dies");
		expect_forks(t, 7 + i, "waiting-dies");
	}
	dies(t, server_of(t, cut), SIGKILL);
	expect(peer_end(cut), "holders", _("the client of a session that was killed sees the end"),
	    "%s", _("its connection is still open"));
	expect_ready(t, 2, 1, "waiting-dies");
	expect_forks(t, 9, "waiting-dies");
	is_served(t, stays, "others-suffer");
	next_is_served(t, "waiting-dies");
}

static void
count_accepts(struct trial *t)
{
	enum { FEW = 10 };
	unsigned n = calls(t, CALL_ACCEPT, DESCENDANTS);

	expect(n < FEW, "accept-spins", _("after EMFILE a process sleeps before it tries again"),
	    _("accept() was called %u times"), n);
}

/* accept() fails for ever, as it does without free descriptors. */
static void
nobody_accepts(struct trial *t, unsigned processes, unsigned waiting)
{
	enum { FAILURES = 30 };

	trial_watch(t, CALL_ACCEPT);
	accept_fails(t, FAILURES, EMFILE);
	begins(t);
	client(t);
	sleeps(t);
	expect(exits(t) == 0 && count_all(t).waiting == waiting, "accept-storm",
	    _("where accept() fails, the same processes wait on"), _("%u have ended, %u wait"),
	    exits(t), count_all(t).waiting);
	count_accepts(t);
	expect_forks(t, processes, "accept-storm");
}

/* One failure, and the pause is over. */
static void
accepts_later(struct trial *t, int error)
{
	struct peer *p;

	accept_fails(t, 1, error);
	begins(t);
	p = client(t);
	waits(t, p, "accept-later");
	trial_advance(t, PAUSE_S * 1000);
	gets(t, p, "accept-later");
	goes(t, p);
	next_is_served(t, "accept-later");
}

/*
 * "it sleeps for PAUSE_S seconds and tries again. It does not end, so that nobody replaces it".
 * For: the slides' own exit(1), which makes a storm of processes; a loop around accept().
 */
void
ready_accept_fails(void **state)
{
	static const int errors[] = {EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM};

	(void)state;
	nobody_accepts(readies(2), 4, 2);
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		accepts_later(readies(1), errors[i]);
}

/* The nth such call from now on. */
static void
fails(struct trial *t, enum call call, enum who who, unsigned nth)
{
	trial_fault(t, (struct fault){.call = call,
			   .action = FAULT_FAIL,
			   .who = who,
			   .nth = nth,
			   .error = call == CALL_FORK ? EAGAIN : EMFILE,
			   .optional = call != CALL_FORK});
}

/* Before all are there. */
static void
fails_at_start(struct trial *t)
{
	fails(t, CALL_FORK, FIRST, 2);
	trial_start(t);
	ends(t, 1, "fork-at-start");
	expect(*trial_errors(t) != '\0', "fork-at-start", _("standard error says what failed"),
	    "%s", _("it is empty"));
	expect(trial_output_size(t) == 0, "fork-at-start",
	    _("a server that cannot begin says nothing of clients"), _("standard output holds: %s"),
	    trial_output(t));
}

static void
expect_as_many_open(struct trial *t, size_t before)
{
	expect(open_in_all(t) == before, "descriptors",
	    words(_("%zu descriptors are open in all processes, as before"), before),
	    _("there are %zu"), open_in_all(t));
}

/* Below one child there is nobody ready any more; then there is again. */
static void
child_cannot_fork(enum call call, bool session_ends)
{
	struct trial *t = readies(1);
	struct peer *p, *next;
	size_t before;

	trial_watch(t, CALL_FORK);
	trial_watch(t, call);
	begins(t);
	before = open_in_all(t);
	fails(t, call, DESCENDANTS, 1);
	p = next_is_served(t, "served");
	sleeps(t);
	if (call == CALL_FORK)
		expect(calls(t, CALL_FORK, ANYBODY) == 3, "fork-storm",
		    _("after a fork() that failed, the next one waits"),
		    _("it was called %u times where 3 were due"), calls(t, CALL_FORK, ANYBODY));
	is_served(t, p, "fork-fails");
	next = client(t);
	if (call == CALL_FORK)
		waits(t, next, "fork-fails");
	if (session_ends)
		goes(t, p);
	else
		trial_advance(t, PAUSE_S * 1000);
	if (call == CALL_FORK)
		gets(t, next, "fork-again");
	else
		is_served(t, next, "fork-again");
	expect_ready(t, 1, session_ends ? 1 : 2, "fork-again");
	if (!session_ends) {
		is_served(t, p, "fork-again");
		goes(t, p);
	}
	goes(t, next);
	expect_as_many_open(t, before);
}

static void
server_cannot_fork(void)
{
	struct trial *t = readies(2);

	trial_watch(t, CALL_FORK);
	begins(t);
	fails(t, CALL_FORK, FIRST, 1);
	dies(t, child_of_server(t, 0), SIGKILL);
	expect(calls(t, CALL_FORK, FIRST) == 3, "fork-storm",
	    _("after a fork() that failed, the next one waits"),
	    _("it was called %u times where 3 were due"), calls(t, CALL_FORK, FIRST));
	next_is_served(t, "fork-fails");
	trial_advance(t, PAUSE_S * 1000);
	expect_ready(t, 2, 1, "fork-again");
}

/*
 * "fork() may fail, and so may what a child needs besides." For: a child that ends then, and is
 * replaced for ever; fork() again and again; never again; -1 that is taken for a child.
 */
void
ready_fork_fails(void **state)
{
	(void)state;
	fails_at_start(readies(3));
	child_cannot_fork(CALL_FORK, false);
	child_cannot_fork(CALL_FORK, true);
	child_cannot_fork(CALL_PIPE, false);
	server_cannot_fork();
}

static void
workers_die(bool ignored)
{
	struct trial *t = pool(1, 2, 3);
	struct peer *a, *b, *c, *d;

	if (ignored)
		trial_ignore(t, SIGCHLD);
	begins(t);
	dies(t, waiting_one(t, 0), SIGKILL);
	expect_pool(t, 1, 0, "worker-dies");
	expect_forks(t, 2, "worker-dies");
	a = next_is_served(t, "served");
	b = next_is_served(t, "served");
	c = next_is_served(t, "served");
	expect_pool(t, 0, 3, "pool-grows");
	d = client(t);
	waits(t, d, "pool-limit");
	dies(t, server_of(t, a), SIGKILL);
	gets(t, d, "worker-dies");
	expect_pool(t, 0, 3, "worker-dies");
	expect_forks(t, 5, "worker-dies");
	is_served(t, b, "others-suffer");
	all_children_die(t, 3);
	expect_pool(t, 1, 0, "worker-dies");
	expect(peer_end(c), "holders", _("the client of a session that was killed sees the end"),
	    "%s", _("its connection is still open"));
	next_is_served(t, "worker-dies");
}

/*
 * "A worker that is killed, in a session or not, no longer counts, and if now too few are idle
 * others are made." For: nobody who waits for it; a place that stays taken; one for each SIGCHLD.
 */
void
pool_dies(void **state)
{
	(void)state;
	workers_die(false);
	workers_die(true);
}

static void
pool_cannot_fork(enum call call)
{
	struct trial *t = pool(1, 1, 3);
	struct peer *p, *next;
	size_t before;

	trial_watch(t, CALL_FORK);
	trial_watch(t, call);
	begins(t);
	before = open_in_all(t);
	fails(t, call, FIRST, 1);
	p = next_is_served(t, "served");
	sleeps(t);
	if (call == CALL_FORK)
		expect(calls(t, CALL_FORK, FIRST) == 2, "fork-storm",
		    _("after a fork() that failed, the next one waits"),
		    _("it was called %u times where 2 were due"), calls(t, CALL_FORK, FIRST));
	is_served(t, p, "fork-fails");
	next = client(t);
	if (call == CALL_FORK)
		waits(t, next, "fork-fails");
	trial_advance(t, PAUSE_S * 1000);
	if (call == CALL_FORK)
		gets(t, next, "fork-again");
	else
		is_served(t, next, "fork-again");
	expect_pool(t, 1, 2, "fork-again");
	goes(t, p);
	goes(t, next);
	expect_pool(t, 1, 0, "pool-shrinks");
	expect_as_many_open(t, before);
}

/* "accept() may fail ... fork() may fail". For: the same mistakes. */
void
pool_fails(void **state)
{
	(void)state;
	nobody_accepts(pool(2, 3, 6), 2, 2);
	accepts_later(pool(1, 1, 1), ENFILE);
	fails_at_start(pool(3, 3, 3));
	pool_cannot_fork(CALL_FORK);
	pool_cannot_fork(CALL_PIPE);
}
