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

/* In a child, too, these have their default action. */
static void
child_ends_by(struct trial *t, int signal)
{
	pid_t pid = child_of_server(t, at_first() - 1);

	trial_kill(t, pid, signal);
	sleeps(t);
	expect(count_events(t, EVENT_EXIT, pid) == 1, "child-dies",
	    words(_("%s ends a child, as it does by default"), signal_name(signal)), "%s",
	    _("it goes on"));
	expect_ready(t, at_first(), 1, "child-dies");
}

static void
children_die(bool ignored)
{
	struct trial *t = readies(3); /* of two the other one would be taken for the dead one */
	struct peer *p;
	unsigned made;

	if (ignored)
		trial_ignore(t, SIGCHLD);
	begins(t);
	p = next_is_served(t, "served");
	made = forks(t);
	dies(t, parent_of(t, server_of(t, p)), SIGKILL);
	expect_ready(t, at_first(), 1, "child-dies");
	expect_forks(t, made + 2, "child-dies");
	is_served(t, p, "others-suffer");
	child_ends_by(t, SIGTERM);
	child_ends_by(t, SIGINT);
	expect_forks(t, made + 6, "child-dies");
	all_children_die(t, at_first());
	expect_ready(t, at_first(), 1, "child-dies");
	is_served(t, p, "others-suffer");
	next_is_served(t, "child-dies");
}

/* Exactly before the server goes to sleep for the first time. Who makes no such call is not asked.
 */
static void
child_dies_before(enum call call)
{
	struct trial *t = readies(2);
	fault_id door = trial_fault(
	    t, (struct fault){
		   .call = call, .action = HOLD_OUTSIDE, .who = FIRST, .nth = 1, .optional = true});
	unsigned n;
	pid_t pid;

	trial_start(t);
	if (!await_held_or_end(t, door))
		return;
	await_quiet(t);
	n = count_all(t).waiting;
	pid = child_of_server(t, 0);
	trial_kill(t, pid, SIGKILL);
	await_event(t, EVENT_EXIT, pid, 1);
	release(t, door, false);
	expect_ready(t, n, 0, "child-dies");
}

/*
 * "a child is replaced by the server, and what waited under it ends"; "all other sessions go on".
 * For: no replacement; one for each SIGCHLD only; a SIGCHLD that comes before the sleep; a process
 * that waits on below a dead child; a SIGCHLD that is ignored from the beginning.
 */
void
ready_child_dies(void **state)
{
	(void)state;
	children_die(false);
	children_die(true);
	for (int i = 0; i < SIGNAL_SLEEPS; i++)
		child_dies_before(signal_sleeps[i]);
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
	unsigned n, made;

	begins(t);
	n = at_first();
	cut = next_is_served(t, "served");
	stays = next_is_served(t, "served");
	expect_ready(t, n, 2, "ready-again");
	made = forks(t);
	for (unsigned i = 0; i < 3; i++) {
		dies(t, waiting_one(t, i % n), signals[i]);
		expect_ready(t, n, 2, "waiting-dies");
		expect_forks(t, made + i + 1, "waiting-dies");
	}
	dies(t, server_of(t, cut), SIGKILL);
	expect(peer_end(cut), "holders", _("the client of a session that was killed sees the end"),
	    "%s", _("its connection is still open"));
	expect_ready(t, n, 1, "waiting-dies");
	expect_forks(t, made + 3, "waiting-dies");
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
nobody_accepts(struct trial *t)
{
	unsigned made;

	trial_watch(t, CALL_ACCEPT);
	accept_fails(t, FAILURES, EMFILE);
	begins(t);
	made = forks(t);
	client(t);
	sleeps(t);
	expect(exits(t) == 0 && count_all(t).waiting == at_first(), "accept-storm",
	    _("where accept() fails, the same processes wait on"), _("%u have ended, %u wait"),
	    exits(t), count_all(t).waiting);
	count_accepts(t);
	expect_forks(t, made, "accept-storm");
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
	waits_on(t, p, "accept-spins");
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
	nobody_accepts(readies(2));
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

/* One waits for a client, a worker or a process below a child. */
static void
expect_one_ready(struct trial *t, enum who makes, unsigned sessions)
{
	if (makes == FIRST)
		expect_pool(t, 1, sessions, "fork-again");
	else
		expect_ready(t, 1, sessions, "fork-again");
}

/*
 * Somebody waits for whoever serves p. A worker reports then that it is idle and, behind accept(),
 * that it is busy: a server that is stopped meanwhile finds both reports in each run, where it
 * otherwise found the second one now and then.
 */
static void
session_ends_behind(struct trial *t, enum who makes, struct peer *p)
{
	if (makes != FIRST) {
		goes(t, p);
		return;
	}
	stops_for_now(t, 0);
	goes(t, p);
	goes_on(t, 0);
}

/*
 * Behind the first session nobody is ready, because who makes such processes cannot; when the pause
 * is over, or the session, somebody is ready again.
 */
static void
cannot_fork(struct trial *t, enum who makes, enum call call, bool session_ends)
{
	struct peer *p, *next;
	size_t before;
	unsigned tried;

	trial_watch(t, CALL_FORK);
	trial_watch(t, call);
	begins(t);
	before = open_in_all(t);
	tried = calls(t, CALL_FORK, ANYBODY);
	fails(t, call, makes, 1);
	p = next_is_served(t, "served");
	if (call == CALL_FORK)
		expect(calls(t, CALL_FORK, ANYBODY) == tried + 1, "fork-storm",
		    _("after a fork() that failed, the next one waits"),
		    _("it was called %u times where %u were due"), calls(t, CALL_FORK, ANYBODY),
		    tried + 1);
	is_served(t, p, "fork-fails");
	next = client(t);
	if (call == CALL_FORK)
		waits(t, next, "fork-fails");
	if (session_ends) {
		session_ends_behind(t, makes, p);
	} else {
		if (call == CALL_FORK)
			waits_on(t, next, "fork-storm");
		trial_advance(t, PAUSE_S * 1000);
	}
	if (call == CALL_FORK)
		gets(t, next, "fork-again");
	else
		is_served(t, next, "fork-again");
	expect_one_ready(t, makes, session_ends ? 1 : 2);
	if (!session_ends) {
		is_served(t, p, "fork-again");
		goes(t, p);
	}
	goes(t, next);
	expect_one_ready(t, makes, 0);
	expect_as_many_open(t, before);
}

static void
server_cannot_fork(void)
{
	struct trial *t = readies(2);
	unsigned tried;

	trial_watch(t, CALL_FORK);
	begins(t);
	tried = calls(t, CALL_FORK, FIRST);
	fails(t, CALL_FORK, FIRST, 1);
	dies(t, child_of_server(t, 0), SIGKILL);
	expect(calls(t, CALL_FORK, FIRST) == tried + 1, "fork-storm",
	    _("after a fork() that failed, the next one waits"),
	    _("it was called %u times where %u were due"), calls(t, CALL_FORK, FIRST), tried + 1);
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
	cannot_fork(readies(1), DESCENDANTS, CALL_FORK, false);
	cannot_fork(readies(1), DESCENDANTS, CALL_FORK, true);
	cannot_fork(readies(1), DESCENDANTS, CALL_PIPE, false);
	server_cannot_fork();
}

/* As many as there may be from the beginning, so that nobody has to be made for a client. */
static void
workers_die(bool ignored)
{
	struct trial *t = pool(3, 3, 3);
	fault_id hold = hold_accepting(t);
	struct peer *p[3], *d;

	if (ignored)
		trial_ignore(t, SIGCHLD);
	begins(t);
	dies(t, waiting_one(t, 0), SIGKILL);
	expect_pool(t, 3, 0, "worker-dies");
	expect_forks(t, 4, "worker-dies");
	for (int i = 0; i < 3; i++) {
		p[i] = client(t);
		all_go_on(t, hold);
		is_served(t, p[i], "served");
	}
	release(t, hold, false);
	d = client(t);
	waits(t, d, "pool-limit");
	dies(t, server_of(t, p[0]), SIGKILL);
	gets(t, d, "worker-dies");
	expect_pool(t, 0, 3, "worker-dies");
	expect_forks(t, 5, "worker-dies");
	is_served(t, p[1], "others-suffer");
	all_children_die(t, 3);
	expect_pool(t, 3, 0, "worker-dies");
	expect(peer_end(p[2]), "holders", _("the client of a session that was killed sees the end"),
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

/* "accept() may fail ... fork() may fail". For: the same mistakes. */
void
pool_fails(void **state)
{
	(void)state;
	nobody_accepts(pool(2, 3, 6));
	accepts_later(pool(1, 1, 1), ENFILE);
	fails_at_start(pool(3, 3, 3));
	cannot_fork(pool(1, 1, 3), FIRST, CALL_FORK, false);
	cannot_fork(pool(1, 1, 3), FIRST, CALL_FORK, true);
	cannot_fork(pool(1, 1, 3), FIRST, CALL_PIPE, false);
}
