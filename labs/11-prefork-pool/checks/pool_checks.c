/* pool_checks.c - poolpreforkd: how many workers there are, and what they hold. */
#include "checks.h"
#include <signal.h>

/* "The server's process makes workers and serves nobody." For: the same mistakes as in task 1. */
void
pool_serves(void **state)
{
	(void)state;
	is_served_below(pool(2, 2, 4));
}

/* "before the line of say_ready() min workers are made". For: fewer or more. */
void
pool_starts(void **state)
{
	(void)state;
	unsigned min = (unsigned)draw(2, 4);
	struct trial *t = pool(min, min + 1, 200); /* more than it may have descriptors */

	begins(t);
	expect_pool(t, min, 0, "pool-starts");
	expect_forks(t, min, "pool-starts");
}

/* A client comes and goes while the server is stopped: both reports of its worker are there. */
static void
reports_together(void)
{
	struct trial *t = pool(1, 2, 3);
	struct peer *p;
	pid_t worker;

	begins(t);
	goes(t, next_is_served(t, "served"));
	expect_pool(t, 2, 0, "pool-serves-on");
	stops_for_now(t, 0);
	p = client(t);
	is_served(t, p, "served");
	worker = server_of(t, p);
	goes(t, p);
	goes_on(t, 0);
	expect_pool(t, 2, 0, "pool-serves-on");
	expect_forks(t, 2, "pool-serves-on");
	another_serves(t, worker, "served");
	expect_pool(t, 1, 1, "pool-serves-on");
}

/*
 * "Whenever fewer than min are idle, as many are made as are missing, and no more"; "A worker whose
 * client has gone serves the next one; no process is made for that." The next one comes to a worker
 * that has been idle for longer: who takes the one whose client has gone for busy sees none idle.
 * For: no report; no second report, or one that is lost; a pool that does not grow, or for every
 * client; a worker for one client.
 */
void
pool_grows(void **state)
{
	enum { CLIENTS = 5 };
	(void)state;
	unsigned min = (unsigned)draw(1, 2);
	struct trial *t = pool(min, min + 1, 9);
	struct peer *p[CLIENTS];

	begins(t);
	for (unsigned i = 0; i < CLIENTS; i++) {
		p[i] = next_is_served(t, "served");
		expect_pool(t, min, i + 1, "pool-grows");
		expect_forks(t, min + i + 1, "pool-grows");
	}
	for (unsigned i = 0; i < CLIENTS; i++)
		is_served(t, p[i], "served");
	for (unsigned i = 0; i < 3; i++) {
		pid_t worker = server_of(t, p[i]);

		goes(t, p[i]);
		expect_pool(t, min + 1, CLIENTS - 1, "pool-serves-on");
		p[i] = i == 0 ? another_serves(t, worker, "served") : next_is_served(t, "served");
		expect_pool(t, min, CLIENTS, "pool-serves-on");
		expect_forks(t, min + CLIENTS, "pool-serves-on");
	}
	reports_together();
}

/* So many that were made have not yet ended, at each moment. */
static unsigned
most_alive(struct trial *t)
{
	size_t n;
	const struct event *e = events(t, &n);
	unsigned now = 0, most = 0;

	for (size_t i = 0; i < n; i++) {
		now += e[i].kind == EVENT_FORK;
		now -= e[i].kind == EVENT_EXIT && now > 0;
		most = now > most ? now : most;
	}
	return most;
}

/*
 * "no more workers live, busy or idle, at any moment"; "Where total workers are busy, clients
 * wait." For: no limit; a limit for the idle ones only; one too many; a server that ends or turns
 * clients away.
 */
void
pool_limit(void **state)
{
	enum { TOTAL = 4 };
	(void)state;
	struct trial *t = pool(TOTAL, TOTAL, TOTAL); /* who does not grow has as many, too */
	struct peer *p[TOTAL], *next, *last;
	fault_id hold = hold_accepting(t);

	begins(t);
	for (unsigned i = 0; i < TOTAL; i++) {
		p[i] = client(t);
		all_go_on(t, hold);
		is_served(t, p[i], "served");
		expect_pool(t, TOTAL - 1 - i, i + 1, "pool-limit");
	}
	release(t, hold, false);
	last = client(t);
	next = client(t);
	waits(t, last, "pool-limit");
	goes(t, p[1]);
	gets(t, last, "pool-limit");
	expect_forks(t, TOTAL, "pool-limit");
	goes(t, p[0]);
	is_served(t, next, "pool-limit");
	expect_forks(t, TOTAL, "pool-limit");
	for (unsigned i = 2; i < TOTAL; i++)
		is_served(t, p[i], "served");
	expect(most_alive(t) <= TOTAL, "pool-limit", words(_("%u workers live at most"), TOTAL),
	    _("%u did at the same time"), most_alive(t));
}

/* Of as many busy workers as there may be one becomes idle: it is the only one. */
static void
one_of_all_is_idle(void)
{
	struct trial *t = pool(1, 1, 2);
	struct peer *a;

	begins(t);
	a = next_is_served(t, "served");
	next_is_served(t, "served");
	goes(t, a);
	expect_pool(t, 1, 1, "pool-shrinks");
	expect_forks(t, 2, "pool-shrinks");
}

/*
 * "Whenever more than max are idle, as many are ended as are too many, and no more." For: a pool
 * that never shrinks; that ends all, down to min, or busy workers; that takes the last one for
 * idle; zombies.
 */
void
pool_shrinks(void **state)
{
	enum { CLIENTS = 5, MIN = 1, MAX = 2 };
	static const unsigned order[CLIENTS] = {1, 3, 0, 2, 4};
	(void)state;
	struct trial *t = pool(MIN, MAX, 9);
	struct peer *p[CLIENTS];
	unsigned made;

	begins(t);
	for (unsigned i = 0; i < CLIENTS; i++)
		p[i] = next_is_served(t, "served");
	made = forks(t); /* whether they are as many as they should be pool_grows() asks */
	for (unsigned i = 0; i < CLIENTS; i++) {
		goes(t, p[order[i]]);
		for (unsigned k = i + 1; k < CLIENTS; k++)
			is_served(t, p[order[k]], "session-cut");
		expect_pool(t, MAX, CLIENTS - 1 - i, "pool-shrinks");
	}
	expect_forks(t, made, "pool-shrinks");
	next_is_served(t, "served");
	one_of_all_is_idle();
}

/*
 * "A worker may accept a client in the very moment in which the server takes it for idle and tells
 * it to end: then it serves this client to the end, and ends afterwards."
 *
 * Two workers, of which one may be idle. b comes to the idle one, which is held behind accept(). a
 * goes while the server is stopped: its worker reports, accepts c, and is held, too. So the server
 * takes both for idle, one too many, and tells one to end.
 *
 * For: SIGTERM or SIGKILL to an idle worker; a flag that is asked behind accept(); a place that is
 * free again before its worker has ended.
 */
void
pool_told(void **state)
{
	(void)state;
	struct trial *t = pool(1, 1, 2);
	fault_id hold = hold_accepted(t);
	struct peer *a, *b, *c;

	begins(t);
	a = client(t);
	await_accepted(t, hold, a);
	release(t, hold, true);
	is_served(t, a, "served");
	expect_pool(t, 1, 1, "pool-grows");
	b = client(t);
	await_accepted(t, hold, b);
	await_quiet(t);
	c = client(t);
	stops_for_now(t, 0);
	peer_close(a);
	await_accepted(t, hold, c);
	goes_on(t, 0);
	release(t, hold, false);
	sleeps(t);
	is_served(t, b, "told");
	is_served(t, c, "told");
	expect(most_alive(t) <= 2, "pool-limit", words(_("%u workers live at most"), 2u),
	    _("%u did at the same time"), most_alive(t));
	goes(t, b);
	goes(t, c);
	expect_pool(t, 1, 0, "told");
	next_is_served(t, "served");
	expect(most_alive(t) <= 2, "pool-limit", words(_("%u workers live at most"), 2u),
	    _("%u did at the same time"), most_alive(t));
}

/* How many of the workers hold this pipe or socket. */
static unsigned
workers_with(const struct look *now, uint64_t inode)
{
	pid_t server = first_process(now)->pid;
	unsigned n = 0;

	for (size_t i = 0; i < now->n; i++)
		for (size_t k = 0; k < now->processes[i].n_fds; k++)
			if (now->processes[i].ppid == server &&
			    now->processes[i].fds[k].number > 2 &&
			    now->processes[i].fds[k].inode == inode) {
				n++;
				break;
			}
	return n;
}

static bool
server_has(const struct look *now, uint64_t inode)
{
	const struct process *server = first_process(now);

	for (size_t k = 0; k < server->n_fds; k++)
		if (server->fds[k].inode == inode)
			return true;
	return false;
}

/* Each descriptor of each worker but the listening socket. */
static void
expect_own_ends(struct trial *t)
{
	const struct look *now = look(t);
	pid_t server = first_process(now)->pid;

	for (size_t i = 0; i < now->n; i++) {
		const struct process *p = &now->processes[i];

		for (int number = 0; number <= 2; number++)
			expect(
			    fd_of(p, number) != NULL &&
				fd_of(p, number)->inode == fd_of(first_process(now), number)->inode,
			    "pool-ends", _("0, 1 and 2 are the caller's in all processes"),
			    _("descriptor %d of a worker is something else"), number);
		for (size_t k = 0; k < p->n_fds; k++) {
			const struct descriptor *fd = &p->fds[k];

			if (p->ppid != server || fd->number <= 2 || fd->socket == SOCKET_LISTENING)
				continue;
			expect(workers_with(now, fd->inode) == 1, "pool-ends",
			    _("a worker shares only the listening socket with others"),
			    _("descriptor %d of one is open in %u of them"), fd->number,
			    workers_with(now, fd->inode));
			expect(fd->kind != FD_SOCKET || !server_has(now, fd->inode), "pool-ends",
			    _("each end of a pair of sockets is open in one process"),
			    _("descriptor %d of a worker is open in the server, too"), fd->number);
		}
	}
}

static void
expect_as_many(struct trial *t, size_t before)
{
	expect(open_in_all(t) == before, "descriptors",
	    words(_("%zu descriptors are open in all processes, as before"), before),
	    _("there are %zu"), open_in_all(t));
}

/* Before the server hears that a worker is busy the worker has been killed. */
static void
dies_behind_its_report(void)
{
	struct trial *t = pool(1, 2, 3);
	struct peer *p;
	pid_t worker;
	size_t before;

	begins(t);
	before = open_in_all(t);
	stops_for_now(t, 0);
	p = client(t);
	is_served(t, p, "served");
	worker = server_of(t, p);
	trial_kill(t, worker, SIGKILL);
	await_event(t, EVENT_EXIT, worker, 1);
	goes_on(t, 0);
	expect_pool(t, at_first(), 0, "worker-dies");
	expect_as_many(t, before);
	expect_own_ends(t);
}

/* As many live as may. One is replaced, and holds nothing of the others. */
static void
one_of_all_is_replaced(void)
{
	struct trial *t = pool(2, 2, 2);

	begins(t);
	dies(t, waiting_one(t, 0), SIGKILL);
	expect_pool(t, at_first(), 0, "worker-dies");
	expect_own_ends(t);
}

/*
 * "Everybody holds only what is theirs." For: ends of the channel that the server or a worker
 * keeps, channels of workers that have ended, a connection that stays open, a standard descriptor
 * that is closed.
 */
void
pool_holds(void **state)
{
	(void)state;
	struct trial *t = pool(3, 4, 7); /* the first one to become idle is not told to end */
	struct peer *p[3];
	size_t before;

	begins(t);
	before = open_in_all(t);
	expect_own_ends(t);
	for (int i = 0; i < 3; i++) {
		p[i] = next_is_served(t, "served");
		expect(holders_of(t, p[i]) == 1, "holders",
		    _("one process holds the connection, and nobody else"), _("%u hold it"),
		    holders_of(t, p[i]));
		expect_own_ends(t);
	}
	for (int i = 0; i < 3; i++) {
		peer_shutdown(p[i]);
		expect(peer_end(p[i]), "session-goes-on", _("the connection ends with its session"),
		    "%s", _("the client sees no end"));
		goes(t, p[i]);
	}
	dies(t, waiting_one(t, 0), SIGKILL);
	expect_pool(t, at_first(), 0, "pool-shrinks");
	expect_as_many(t, before);
	expect_own_ends(t);
	dies_behind_its_report();
	one_of_all_is_replaced();
}
