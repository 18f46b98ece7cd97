/* ready_checks.c - preforkd: who is ready, who serves, and what is left of a session. */
#include "checks.h"
#include <errno.h>
#include <signal.h>

/* Where does somebody wait for a client? */
static bool
waits_for_clients(const struct process *p)
{
	return p->state == 'S' && (p->blocked_in == CALL_ACCEPT || p->blocked_in == CALL_POLL ||
				      p->blocked_in == CALL_SELECT);
}

/*
 * "handler is called for each client with the connection"; the server's process "serves nobody".
 * For: a connection that is closed before; a server that accepts itself.
 */
void
ready_serves(void **state)
{
	(void)state;
	is_served_below(readies(2));
}

/*
 * "with no session there are 2n + 1 processes". For: one level only, children that accept, one
 * child too few.
 */
void
ready_tree(void **state)
{
	(void)state;
	unsigned n = (unsigned)draw(2, 4);
	struct trial *t = readies(n);
	const struct look *now;

	begins(t);
	expect_ready(t, n, 0, "ready");
	expect(count_all(t).all == 2 * n + 1, "ready", words(_("%u processes live"), 2 * n + 1),
	    _("%u do"), count_all(t).all);
	now = look(t);
	for (size_t i = 0; i < now->n; i++)
		expect(
		    !is_waiting(now, &now->processes[i]) || waits_for_clients(&now->processes[i]),
		    "ready", _("who is ready waits in accept(), poll() or select()"),
		    _("one waits in %s()"), call_name(now->processes[i].blocked_in));
}

/*
 * "At rest n processes wait for a client, one under each child, however many sessions run." For:
 * the end of a pipe that stays open elsewhere, so that no end of file comes; a child that waits
 * for its session's end; a grandchild that serves on.
 */
void
ready_again(void **state)
{
	enum { CLIENTS = 7 };
	(void)state;
	struct trial *t = readies((unsigned)draw(2, 3));
	struct peer *p[CLIENTS];
	unsigned made;

	begins(t);
	made = forks(t);
	for (unsigned i = 0; i < CLIENTS; i++) {
		p[i] = next_is_served(t, "served");
		expect_ready(t, at_first(), i + 1, "ready-again");
		expect_forks(t, made + i + 1, "ready-again");
	}
	for (unsigned i = 0; i < CLIENTS; i++)
		is_served(t, p[CLIENTS - 1 - i], "served");
	expect_forks(t, made + CLIENTS, "ready-again");
	goes(t, p[2]);
	expect_ready(t, at_first(), CLIENTS - 1, "ready-again");
	expect_forks(t, made + CLIENTS, "ready-again");
}

/* Only the connection, of all descriptors but the first three. */
static void
expect_only_connection(struct trial *t, const struct peer *p)
{
	const struct process *session = process_of(look(t), server_of(t, p));

	expect(session != NULL && holders_of(t, p) == 1, "holders",
	    _("one process holds the connection, and nobody else"), _("%u hold it"),
	    holders_of(t, p));
	for (size_t i = 0; i < session->n_fds; i++) {
		const struct descriptor *fd = &session->fds[i];

		expect(fd->number <= 2 || fd->kind != FD_SOCKET || fd->socket != SOCKET_LISTENING,
		    "session-listens", _("the listening socket is closed in a session's process"),
		    "%s", _("it is open there"));
		expect(fd->number <= 2 || fd->kind == FD_SOCKET, "session-ends",
		    _("no end of a pipe is open in a session's process"),
		    _("descriptor %d is one: %s"), fd->number, fd->path);
		expect(fd->number <= 2 || fd->socket != SOCKET_LOCAL, "session-ends",
		    _("no end of a pipe is open in a session's process"),
		    _("descriptor %d is one: %s"), fd->number, fd->path);
	}
}

/*
 * "A session's process has of all descriptors beyond 0, 1 and 2 only its connection"; "open in its
 * session's process and nowhere else". For: no close() in the grandchild.
 */
void
ready_holds(void **state)
{
	(void)state;
	struct trial *t = readies(2);
	struct peer *p[3];

	begins(t);
	for (int i = 0; i < 3; i++) {
		p[i] = next_is_served(t, "served");
		expect_only_connection(t, p[i]);
	}
	expect(holders_of(t, p[0]) == 1, "holders",
	    _("one process holds the connection, and nobody else"), _("%u hold it"),
	    holders_of(t, p[0]));
}

/*
 * Three sessions end while both children are stopped. At least two are below the same child: of
 * their SIGCHLD one is left.
 */
static void
end_together(void)
{
	struct trial *t = readies(2);
	struct peer *p[3];
	pid_t children[2];
	unsigned n;

	begins(t);
	n = at_first() < 2 ? at_first() : 2;
	for (unsigned i = 0; i < n; i++)
		children[i] = child_of_server(t, i);
	for (int i = 0; i < 3; i++)
		p[i] = next_is_served(t, "served");
	for (unsigned i = 0; i < n; i++)
		stops_for_now(t, children[i]);
	for (int i = 0; i < 3; i++)
		peer_close(p[i]);
	await_exits(t, 3);
	for (unsigned i = 0; i < n; i++)
		goes_on(t, children[i]);
	expect_ready(t, at_first(), 0, "ready-again");
}

/*
 * One session after the other ends. Of two below the same child the second ends exactly before the
 * child, which has waited for the first, goes to sleep. Who makes no such call is not asked.
 */
static void
ends_before(enum call call)
{
	struct trial *t = readies(2);
	struct peer *p[3];
	fault_id door;

	trial_watch(t, call);
	begins(t);
	for (int i = 0; i < 3; i++)
		p[i] = next_is_served(t, "served");
	door = trial_fault(t, (struct fault){.call = call,
				  .action = HOLD_OUTSIDE,
				  .who = DESCENDANTS,
				  .nth = 0,
				  .optional = true});
	for (int i = 0; i < 3; i++)
		goes(t, p[i]);
	release(t, door, false);
	expect_ready(t, at_first(), 0, "ready-again");
}

/* SIGCHLD is blocked when the program starts. */
static void
ends_blocked(void)
{
	struct trial *t = readies(2);

	trial_block(t, SIGCHLD);
	begins(t);
	goes(t, next_is_served(t, "served"));
	expect_ready(t, at_first(), 0, "ready-again");
}

/*
 * "no process is a zombie at rest. No descriptor is left over from a session". For: sessions that
 * nobody waits for, or only when the next client comes; one waitpid() for each signal; an end of a
 * pipe that is not closed.
 */
void
ready_ends(void **state)
{
	enum { CLIENTS = 5 };
	(void)state;
	struct trial *t = readies(2);
	size_t before;

	begins(t);
	before = open_in_all(t);
	for (unsigned i = 0; i < CLIENTS; i++) {
		struct peer *p = next_is_served(t, "served");

		peer_shutdown(p);
		expect(peer_end(p), "session-goes-on", _("the connection ends with its session"),
		    "%s", _("the client sees no end"));
		goes(t, p);
		expect_ready(t, at_first(), 0, "ready-again");
		expect(exits(t) == i + 1, "session-goes-on",
		    _("the process of a session ends when its handler has returned"),
		    _("%u of %u have ended"), exits(t), i + 1);
	}
	expect(open_in_all(t) == before, "descriptors",
	    words(_("%zu descriptors are open in all processes, as before"), before),
	    _("there are %zu"), open_in_all(t));
	end_together();
	ends_blocked();
	for (int i = 0; i < SIGNAL_SLEEPS; i++)
		ends_before(signal_sleeps[i]);
}

/* A client that has gone again before anybody accepts. */
static void
resets_early(void)
{
	struct trial *t = readies(1);
	fault_id door = trial_fault(
	    t, (struct fault){
		   .call = CALL_ACCEPT, .action = HOLD_BEFORE, .who = DESCENDANTS, .nth = 1});
	struct peer *p;

	begins(t);
	p = client(t);
	await_held(t, door);
	peer_reset(p);
	release(t, door, false);
	sleeps(t);
	next_is_served(t, "client-harms");
	expect_ready(t, 1, 1, "client-harms");
}

/* Who came too late for a client waits for the next one, without a timeout. */
static void
comes_too_late(void)
{
	struct trial *t = readies(2);
	fault_id hold = hold_accepting(t);
	struct peer *p;

	begins(t);
	p = client(t);
	all_go_on(t, hold);
	is_served(t, p, "client-harms");
	sleeps(t);
	expect(count_all(t).timed == 0, "wakes-by-itself",
	    _("who has nothing to do sleeps until something happens"),
	    _("%u processes will wake by themselves"), count_all(t).timed);
}

/*
 * "the same process waits for the next client". For: a process that ends or counts as busy when
 * accept() fails because of one client; a session that harms others.
 */
void
ready_clients(void **state)
{
	static const int errors[] = {ECONNABORTED, EPROTO, EINTR, EAGAIN, ENETDOWN, ENETUNREACH,
	    EHOSTDOWN, EHOSTUNREACH, ENONET, ENOPROTOOPT};
	enum { ERRORS = sizeof errors / sizeof *errors };
	(void)state;
	struct trial *t = readies(1);
	struct peer *p;

	for (unsigned i = 0; i < ERRORS; i++)
		trial_fault(t, (struct fault){.call = CALL_ACCEPT,
				   .action = FAULT_FAIL,
				   .who = DESCENDANTS,
				   .nth = i + 1,
				   .error = errors[i]});
	begins(t);
	p = next_is_served(t, "client-harms");
	expect_ready(t, 1, 1, "client-harms");
	expect_forks(t, 3, "client-harms");
	(void)peer_say(client(t), "12"); /* and no more */
	sleeps(t);
	(void)peer_say(client(t), "what?\n");
	sleeps(t);
	peer_reset(p);
	sleeps(t); /* whether it is waited for before the next one comes, ready_ends() asks */
	next_is_served(t, "client-harms");
	expect_ready(t, 1, 2, "client-harms");
	resets_early();
	comes_too_late();
}
