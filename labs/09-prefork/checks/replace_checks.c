/* replace_checks.c - children that die, and a fork() that fails. */
#include "checks.h"
#include "prefork.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* All n children serve at the same time. */
static void
all_serve(struct trial *t, unsigned n, const char *key)
{
	struct peer *p[CHILDREN_MOST];

	for (unsigned i = 0; i < n; i++)
		p[i] = client(t);
	for (unsigned i = 0; i < n; i++)
		is_served(t, p[i], key);
	for (unsigned i = 0; i < n; i++)
		peer_close(p[i]);
	sleeps(t);
}

/*
 * Task 2: "A child that is killed by a signal is waited for and replaced". For: no replacement,
 * zombies, one replacement only, a client of another child that suffers.
 */
void
pool_replaces(void **state)
{
	static const int signals[] = {SIGKILL, SIGSEGV, SIGUSR1};

	(void)state;
	unsigned n = 3;
	struct trial *t = server("prefork-accept", n);
	struct peer *cut, *stays;
	pid_t pids[CHILDREN_MOST];

	serves(t, n);
	children_now(t, pids);
	for (unsigned i = 0; i < 3; i++) {
		trial_kill(t, pids[i], signals[i]);
		await_exits(t, i + 1);
		sleeps(t);
		expect_children(t, n, "not-replaced");
	}
	expect(forks(t) == n + 3, "not-replaced", _("each child that died has one successor"),
	    _("%u children were made instead of %u"), forks(t), n + 3);
	cut = client(t);
	stays = client(t);
	is_served(t, cut, "not-replaced");
	is_served(t, stays, "not-replaced");
	dies(t, server_of(t, cut));
	expect(peer_end(cut), "holders", _("the client of a child that died sees the end"),
	    _("its connection is still open"));
	expect_children(t, n, "not-replaced");
	is_served(t, stays, "others-suffer");
	peer_close(stays);
	all_serve(t, n, "not-replaced");
}

/*
 * Task 2: "Several may die at the same time." For: one waitpid() for each SIGCHLD.
 */
void
pool_many_die(void **state)
{
	(void)state;
	unsigned n = 5;
	struct trial *t = server("prefork-accept", n);
	pid_t pids[CHILDREN_MOST];
	fault_id door = trial_fault(t,
	    (struct fault){.call = CALL_FORK, .action = HOLD_BEFORE, .who = FIRST, .nth = n + 1});

	serves(t, n);
	children_now(t, pids);
	trial_kill(t, pids[0], SIGKILL);
	await_held(t, door);
	for (unsigned i = 1; i < 4; i++)
		trial_kill(t, pids[i], SIGKILL);
	await_exits(t, 4);
	release(t, door, false);
	sleeps(t);
	expect_children(t, n, "many-die");
	all_serve(t, n, "many-die");
}

/* Before all children are there. */
static void
fails_at_start(void)
{
	struct trial *t = server("prefork-accept", 4);

	trial_fault(t,
	    (struct fault){
		.call = CALL_FORK, .action = FAULT_FAIL, .who = FIRST, .nth = 3, .error = EAGAIN});
	start(t);
	ends(t, 1, "fork-at-start");
	expect(*trial_errors(t) != '\0', "fork-at-start", _("standard error says what failed"),
	    _("it is empty"));
	expect(strstr(trial_output(t), "127.0.0.1") == NULL, "fork-at-start",
	    _("a server without its children says nothing of clients"),
	    _("standard output holds: %s"), trial_output(t));
}

static void
fails_later(void)
{
	struct trial *t = server("prefork-accept", 2);
	pid_t pids[CHILDREN_MOST];
	struct peer *p;

	trial_watch(t, CALL_FORK);
	trial_fault(t,
	    (struct fault){
		.call = CALL_FORK, .action = FAULT_FAIL, .who = FIRST, .nth = 3, .error = EAGAIN});
	serves(t, 2);
	children_now(t, pids);
	dies(t, pids[draw(0, 1)]);
	expect(calls(t, CALL_FORK, FIRST) == 3, "fork-storm",
	    _("after a fork() that failed, the next one waits"),
	    _("%u calls of fork() in all where 3 were due"), calls(t, CALL_FORK, FIRST));
	expect_children(t, 1, "fork-fails");
	p = client(t);
	is_served(t, p, "fork-fails");
	trial_advance(t, RETRY_S * 1000 + 1000);
	sleeps(t);
	expect_children(t, 2, "fork-again");
	all_serve(t, 1, "fork-again");
	is_served(t, p, "fork-again");
}

/*
 * Task 2: "A fork(2) that fails does no harm". For: a server that ends, tries again at once and
 * for ever, or never again; kill(-1); children that are left when the start fails.
 */
void
pool_fork_fails(void **state)
{
	(void)state;
	fails_at_start();
	fails_later();
}

/*
 * Task 2: "A child that exits by itself cannot go on, and its successor could not either". For: a
 * storm of children, a server that lives on with none.
 */
void
pool_gives_up(void **state)
{
	(void)state;
	unsigned n = (unsigned)draw(2, 4);
	struct trial *t = server("prefork-accept", n);
	fault_id storm;
	struct peer *p;

	trial_fault(t, (struct fault){.call = CALL_ACCEPT,
			   .action = FAULT_FAIL,
			   .who = DESCENDANTS,
			   .nth = n + 1, /* the next one of the child that has served */
			   .error = EMFILE});
	storm = trial_fault(t, (struct fault){.call = CALL_FORK,
				   .action = HOLD_BEFORE,
				   .who = FIRST,
				   .nth = n + 1,
				   .optional = true});
	serves(t, n);
	is_served(t, p = client(t), "served");
	peer_close(p);
	if (await_held_or_end(t, storm))
		check_fail("child-storm", _("where one child cannot go on, no other is made"),
		    _("fork() is called for the %u. time"), n + 1);
	ends(t, 1, "gives-up");
	expect(
	    *trial_errors(t) != '\0', "gives-up", _("standard error says why"), _("it is empty"));
}
