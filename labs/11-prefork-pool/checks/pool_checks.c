/* pool_checks.c - poolpreforkd: how many workers there are, and what they hold. */
#include "checks.h"
#include <signal.h>

/* "before the line of say_ready() min workers are made". For: fewer or more. */
void
pool_starts(void **state)
{
	(void)state;
	unsigned min = (unsigned)draw(2, 4);
	struct trial *t = pool(min, min + 1, min + 2);

	begins(t);
	expect_pool(t, min, 0, "pool-starts");
	expect_forks(t, min, "pool-starts");
	next_is_served(t, "served");
}

/*
 * "Whenever fewer than min are idle, as many are made as are missing, and no more"; "A worker whose
 * client has gone serves the next one; no process is made for that." For: no report; no second
 * report; a pool that does not grow, or for every client; a worker for one client.
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
		goes(t, p[i]);
		expect_pool(t, min + 1, CLIENTS - 1, "pool-serves-on");
		p[i] = next_is_served(t, "served");
		expect_pool(t, min, CLIENTS, "pool-serves-on");
		expect_forks(t, min + CLIENTS, "pool-serves-on");
	}
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
	struct trial *t = pool(2, 3, TOTAL);
	struct peer *p[TOTAL], *next, *last;

	begins(t);
	for (unsigned i = 0; i < TOTAL; i++) {
		p[i] = next_is_served(t, "served");
		expect_pool(t, i < 2 ? 2 : TOTAL - 1 - i, i + 1, "pool-limit");
	}
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

/*
 * "Whenever more than max are idle, as many are ended as are too many, and no more." For: a pool
 * that never shrinks; that ends all, down to min, or busy workers; zombies.
 */
void
pool_shrinks(void **state)
{
	enum { CLIENTS = 5, MIN = 1, MAX = 2 };
	static const unsigned order[CLIENTS] = {1, 3, 0, 2, 4};
	(void)state;
	struct trial *t = pool(MIN, MAX, 9);
	struct peer *p[CLIENTS];

	begins(t);
	for (unsigned i = 0; i < CLIENTS; i++)
		p[i] = next_is_served(t, "served");
	expect_pool(t, MIN, CLIENTS, "pool-grows");
	for (unsigned i = 0; i < CLIENTS; i++) {
		goes(t, p[order[i]]);
		for (unsigned k = i + 1; k < CLIENTS; k++)
			is_served(t, p[order[k]], "session-cut");
		expect_pool(t, MAX, CLIENTS - 1 - i, "pool-shrinks");
	}
	expect_forks(t, MIN + CLIENTS, "pool-shrinks");
	next_is_served(t, "served");
	expect_pool(t, MAX - 1, 1, "pool-shrinks");
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

/*
 * "Everybody holds only what is theirs." For: ends of the channel that the server or a worker
 * keeps, channels of workers that have ended, a connection that stays open.
 */
void
pool_holds(void **state)
{
	(void)state;
	struct trial *t = pool(2, 3, 6); /* the first one to become idle is not told to end */
	struct peer *p[3];
	size_t before;

	begins(t);
	before = open_in_all(t);
	expect_own_ends(t);
	for (int i = 0; i < 3; i++) {
		p[i] = next_is_served(t, "served");
		sleeps(t);
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
	expect_pool(t, 2, 0, "pool-shrinks");
	expect(open_in_all(t) == before, "descriptors",
	    words(_("%zu descriptors are open in all processes, as before"), before),
	    _("there are %zu"), open_in_all(t));
	expect_own_ends(t);
}
