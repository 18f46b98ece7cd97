/* replace_checks.c - children that die, and a fork() that fails. */
#include "checks.h"
#include "prefork.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

/* So many children serve at the same time, and their clients stay. */
static void
all_serve(struct trial *t, unsigned n, const char *key)
{
	struct peer *p[CHILDREN_MOST];

	for (unsigned i = 0; i < n; i++)
		p[i] = client(t);
	for (unsigned i = 0; i < n; i++)
		is_served(t, p[i], key);
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
	all_serve(t, n - 1, "not-replaced");
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

/* "nobody else gets a signal": 0 and -1 as a pid are many processes. */
static void
expect_no_stranger_killed(struct trial *t)
{
	size_t n;
	const struct event *e = events(t, &n);

	for (size_t i = 0; i < n; i++)
		expect(e[i].kind != EVENT_CALL || e[i].call != CALL_KILL ||
			   ((pid_t)e[i].args[0] != 0 && (pid_t)e[i].args[0] != -1),
		    "kills-strangers", _("only the children that are there get a signal"),
		    _("kill(%d, ...) was called"), (int)(pid_t)e[i].args[0]);
}

/* Before all children are there. */
static void
fails_at_start(void)
{
	struct trial *t = server("prefork-accept", 4);

	trial_watch(t, CALL_KILL);
	trial_fault(t,
	    (struct fault){
		.call = CALL_FORK, .action = FAULT_FAIL, .who = FIRST, .nth = 3, .error = EAGAIN});
	start(t);
	ends(t, 1, "fork-at-start");
	expect_not_begun(t);
	expect_no_stranger_killed(t);
}

static void
fails_later(void)
{
	struct trial *t = server("prefork-accept", 3);
	pid_t pids[CHILDREN_MOST];
	struct peer *p;

	trial_watch(t, CALL_FORK);
	trial_fault(t,
	    (struct fault){
		.call = CALL_FORK, .action = FAULT_FAIL, .who = FIRST, .nth = 4, .error = EAGAIN});
	serves(t, 3);
	children_now(t, pids);
	for (int i = 0; i < 2; i++) {
		dies(t, pids[i]);
		expect(calls(t, CALL_FORK, FIRST) == 4, "fork-storm",
		    _("after a fork() that failed, the next one waits"),
		    _("%u calls of fork() in all where %u were due"), calls(t, CALL_FORK, FIRST),
		    4);
	}
	expect_children(t, 1, "fork-fails");
	expect(*trial_errors(t) != '\0', "fork-fails", _("standard error says what failed"),
	    _("it is empty"));
	p = client(t);
	is_served(t, p, "fork-fails");
	trial_advance(t, RETRY_S * 1000 + 1000);
	sleeps(t);
	expect_children(t, 3, "fork-again");
	all_serve(t, 2, "fork-again");
	is_served(t, p, "fork-again");
}

/*
 * Task 2: "A fork(2) that fails does no harm". For: a server that ends, tries again at once and
 * for ever, or never again; kill(-1) or kill(0); children that are left when the start fails.
 */
void
pool_fork_fails(void **state)
{
	(void)state;
	fails_at_start();
	fails_later();
}

/* "the child ends with status 1" */
static void
expect_child_failed(struct trial *t)
{
	size_t n;
	const struct event *e = events(t, &n);
	pid_t parent = first_process(look_at_end(t))->pid;

	for (size_t i = 0; i < n; i++)
		expect(e[i].kind != EVENT_EXIT || e[i].pid == parent || !WIFEXITED(e[i].status) ||
			   WEXITSTATUS(e[i].status) == 1,
		    "gives-up", words(_("a child that cannot go on has status %d"), 1),
		    _("it has status %d"), WEXITSTATUS(e[i].status));
}

/*
 * Task 2: "A child that exits by itself cannot go on, and its successor could not either". For: a
 * storm of children, a server that lives on with none, a child that ends with status 0.
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
	serves(t, n); /* at rest: nobody may be about to sleep when the child ends */
	is_served(t, p = client(t), "served");
	peer_close(p);
	if (await_held_or_end(t, storm))
		check_fail("child-storm", _("where one child cannot go on, no other is made"),
		    _("fork() is called for the %u. time"), n + 1);
	ends(t, 1, "gives-up");
	expect(
	    *trial_errors(t) != '\0', "gives-up", _("standard error says why"), _("it is empty"));
	expect_child_failed(t);
}
