/* dying_checks.c - prefork-stream: its children die, and it is ended. */
#include "checks.h"
#include <errno.h>
#include <signal.h>

/* The parent stands before sendmsg(), with a client that has been accepted and asks. */
static fault_id
before_passing(struct trial *t)
{
	return trial_fault(t, (struct fault){.call = CALL_WRITE,
				  .action = HOLD_BEFORE,
				  .who = FIRST,
				  .fd = FD_SOCKET,
				  .nth = 1});
}

static void
no_fork_from(struct trial *t, unsigned nth)
{
	trial_fault(t, (struct fault){.call = CALL_FORK,
			   .action = FAULT_FAIL,
			   .who = FIRST,
			   .nth = nth,
			   .error = EAGAIN,
			   .optional = true});
}

/* All children die when the parent has accepted and not yet passed. */
static void
nobody_is_left(void)
{
	struct trial *t = server("prefork-stream", 2);
	fault_id door = before_passing(t);
	pid_t pids[CHILDREN_MOST];
	struct peer *p, *late;

	serves(t, 2);
	children_now(t, pids);
	asks(p = client(t), 11);
	await_held(t, door);
	for (unsigned i = 0; i < 2; i++) {
		trial_kill(t, pids[i], SIGKILL);
		await_exits(t, i + 1);
	}
	release(t, door, false);
	gets(t, p, 11, "client-lost");
	expect_children(t, 2, "not-replaced");
	expect_holders(t, p, 1);
	is_served(t, client(t), "busy-child");
	asks(late = client(t), 12);
	waits(t, late, "one-at-a-time");
	expect(holders_of(t, late) == 0, "busy-child",
	    _("while no child is free, nobody is accepted"), _("%u are accepted"), 1);
}

/* One of two dies there, perhaps the one that was chosen; it has no successor. */
static void
one_is_left(unsigned who)
{
	struct trial *t = server("prefork-stream", 2);
	fault_id door = before_passing(t);
	pid_t pids[CHILDREN_MOST];
	struct peer *p;

	no_fork_from(t, 3);
	serves(t, 2);
	children_now(t, pids);
	asks(p = client(t), 13);
	await_held(t, door);
	trial_kill(t, pids[who], SIGKILL);
	await_exits(t, 1);
	release(t, door, false);
	gets(t, p, 13, "client-lost");
}

static void
expect_ends_of_parent(struct trial *t, unsigned n)
{
	unsigned local = sockets_of(first_process(look(t)), SOCKET_LOCAL);

	expect(local == n, "parent-keeps-ends",
	    words(_("the parent holds %u Unix sockets for %u children"), n, n), _("it holds %u"),
	    local);
}

/* Children have died, and fork() fails: their channels are closed, and clients go to the others. */
static void
no_successor(void)
{
	struct trial *t = server("prefork-stream", 3);
	pid_t pids[CHILDREN_MOST];

	no_fork_from(t, 4);
	serves(t, 3);
	children_now(t, pids);
	for (unsigned i = 0; i < 2; i++) {
		dies(t, pids[i]);
		expect_ends_of_parent(t, 2 - i);
	}
	is_served(t, client(t), "served");
}

/* The second dies when the parent knows of the first: it finds both when it asks. */
static void
two_die(void)
{
	struct trial *t = server("prefork-stream", 3);
	pid_t pids[CHILDREN_MOST];
	fault_id door;

	serves(t, 3);
	children_now(t, pids);
	door = trial_fault(
	    t, (struct fault){.call = CALL_WAIT, .action = HOLD_BEFORE, .who = FIRST, .nth = 1});
	trial_kill(t, pids[0], SIGKILL);
	await_held(t, door);
	trial_kill(t, pids[1], SIGKILL);
	await_exits(t, 2);
	release(t, door, false);
	sleeps(t);
	expect_ends(t, 3, 3);
}

/*
 * Task 4: "When a child dies before the parent has passed it a client, another child gets that".
 * For: a client that is thrown away, SIGPIPE, a channel of the dead that stays open, a successor
 * that nobody hears or that holds ends of others, a dead child that counts as free.
 */
void
stream_dies(void **state)
{
	(void)state;
	struct trial *t = server("prefork-stream", 3);
	pid_t pids[CHILDREN_MOST];
	struct peer *stays, *cut;

	serves(t, 3);
	children_now(t, pids);
	dies(t, pids[draw(0, 2)]);
	is_served(t, stays = client(t), "served");
	is_served(t, cut = client(t), "served");
	dies(t, server_of(t, cut));
	expect_ends_of_parent(t, 3);
	is_served(t, stays, "others-suffer");
	goes(t, stays);
	children_now(t, pids);
	for (unsigned i = 0; i < 3; i++)
		dies(t, pids[i]);
	expect_ends(t, 3, 3);
	each_serves(t, 3);
	nobody_is_left();
	one_is_left(0);
	one_is_left(1);
	no_successor();
	two_die();
}

enum { ROUNDS_MOST = 3, COMING = 6 };

/* From now on the parent stands before each call in which it could wait. */
static size_t
before_waiting(struct trial *t, fault_id id[2])
{
	static const enum call calls[] = {CALL_SELECT, CALL_POLL};

	for (size_t i = 0; i < 2; i++)
		id[i] = trial_fault(t,
		    (struct fault){
			.call = calls[i], .action = HOLD_BEFORE, .who = FIRST, .optional = true});
	return 2;
}

/*
 * prefork.h: signals end the server "however many clients wait". pselect() lets no signal in when
 * it finds something ready. All children are free, and clients come as fast as the parent
 * accepts. For: a mask that is open only in pselect().
 */
void
stream_stops(void **state)
{
	(void)state;
	struct trial *t = server("prefork-stream", COMING + 2);
	fault_id id[2];

	serves(t, COMING + 2);
	before_waiting(t, id);
	client(t);
	(void)await_rest(t);
	for (unsigned i = 0; i < COMING; i++)
		client(t);
	trial_kill(t, 0, SIGTERM);
	for (unsigned i = 0; i < ROUNDS_MOST && await_rest(t); i++)
		for (size_t k = 0; k < 2; k++)
			release(t, id[k], true);
	expect(!await_rest(t), "signal-starved", words(_("the server ends with status %d"), 0),
	    "%s", words(_("%u clients later it still serves"), ROUNDS_MOST));
	ends(t, 0, "signal-starved");
}
