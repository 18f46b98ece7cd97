/* turn_checks.c - how children come to accept(): select, the file lock, the mutex. */
#include "checks.h"
#include <errno.h>
#include <string.h>

/* ---- select ------------------------------------------------------------------------------------
 */

static unsigned
asleep_in_select(struct trial *t)
{
	return blocked_in(t, CALL_SELECT, NULL) + blocked_in(t, CALL_POLL, NULL);
}

static void
expect_in_select(struct trial *t, unsigned n)
{
	expect(asleep_in_select(t) == n, "in-select",
	    words(_("%u children wait in select() or poll()"), n), _("where they wait: %s"),
	    where_children_are(t));
}

/* How accept() ended since the start: with a client, or with EAGAIN. */
static unsigned
accepts(struct trial *t, bool taken)
{
	size_t n;
	const struct event *e = events(t, &n);
	unsigned found = 0;

	for (size_t i = 0; i < n; i++)
		found += e[i].kind == EVENT_CALL && e[i].call == CALL_ACCEPT &&
			 (taken ? e[i].result >= 0 : e[i].result == -EAGAIN);
	return found;
}

/* All whom one client wakes stand before accept(); then they run for it. Its session goes on. */
static void
collision(struct trial *t, unsigned n)
{
	fault_id door = trial_fault(
	    t, (struct fault){.call = CALL_ACCEPT, .action = HOLD_BEFORE, .who = DESCENDANTS});
	unsigned taken = accepts(t, true), late = accepts(t, false), woken;
	struct peer *p = client(t);
	size_t ask = (size_t)draw(1, 99);

	asks(p, ask);
	await_held(t, door);
	sleeps(t);
	woken = fault_delivered(t, door);
	release(t, door, false);
	sleeps(t);
	expect(blocked_in(t, CALL_ACCEPT, NULL) == 0, "late-in-accept",
	    _("whoever comes too late waits in select() again"),
	    _("one client woke %u of %u children, and %u of them wait in accept()"), woken, n,
	    blocked_in(t, CALL_ACCEPT, NULL));
	gets(t, p, ask, "served");
	expect(accepts(t, true) == taken + 1 && accepts(t, false) == late + woken - 1, "collision",
	    _("one child gets the client, and accept() says EAGAIN to the others"),
	    _("one client woke %u of %u children; accept() said EAGAIN %u times"), woken, n,
	    accepts(t, false) - late);
	expect_in_select(t, n - 1);
}

/* A child's call in which it waits fails for good. */
static void
child_cannot_wait(void)
{
	static const enum call calls[] = {CALL_SELECT, CALL_POLL};
	struct trial *t = server("prefork-select", 2);

	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		trial_fault(t, (struct fault){.call = calls[i],
				   .action = FAULT_FAIL,
				   .who = DESCENDANTS,
				   .nth = 1,
				   .error = ENOMEM,
				   .optional = true});
	a_child_gives_up(t);
}

/*
 * Task 3: "for one client several wake up; one gets it, the others wait again". For: accept()
 * that blocks after select(), EAGAIN taken for a failure, accept() again and again.
 */
void
select_wakes(void **state)
{
	(void)state;
	unsigned n = (unsigned)draw(3, 6);
	struct trial *t = server("prefork-select", n);
	struct peer *p[6];
	pid_t pids[CHILDREN_MOST] = {0};

	trial_watch(t, CALL_ACCEPT);
	serves(t, n);
	expect_in_select(t, n);
	collision(t, n);
	collision(t, n - 1);
	for (unsigned i = 0; i < n - 2; i++)
		is_served(t, p[i] = client(t), "served");
	for (unsigned i = 0; i < n - 2; i++)
		is_served(t, p[i], "served");
	expect_children(t, n, "children");
	expect(forks(t) == n, "late-ends", _("whoever comes too late goes on"),
	    _("%u children were made where %u are enough"), forks(t), n);
	children_now(t, pids);
	dies(t, pids[0]); /* the server goes on */
	child_cannot_wait();
	begins_without_fcntl("prefork-select");
}

/* ---- one at a time
 * ------------------------------------------------------------------------------- */

/* One child is in accept(), the other n - 1 wait for their turn. Returns the one. */
static pid_t
expect_turn(struct trial *t, unsigned n, enum call lock)
{
	pid_t one = 0;
	unsigned accepting = blocked_in(t, CALL_ACCEPT, &one);
	unsigned waiting = blocked_in(t, lock, NULL);

	expect(accepting == 1, accepting == 0 ? "no-turn" : "all-in-accept",
	    _("exactly one child waits in accept()"), _("where the children are: %s"),
	    where_children_are(t));
	expect(waiting == n - 1, "wrong-lock",
	    words(_("%u children wait in %s()"), n - 1, call_name(lock)),
	    _("where the children are: %s"), where_children_are(t));
	return one;
}

/* Clients come one after the other; while they are served, the next child gets its turn. */
static void
turns_go_round(struct trial *t, unsigned n, enum call lock)
{
	struct peer *p[CHILDREN_MOST];

	for (unsigned i = 0; i < n; i++) {
		pid_t next = expect_turn(t, n - i, lock);

		p[i] = client(t);
		is_served(t, p[i], "turn-kept");
		sleeps(t);
		expect(server_of(t, p[i]) == next, "wrong-lock",
		    _("the child that was in accept() serves the client"), _("another one does"));
		expect(i == n - 1 || blocked_in(t, CALL_ACCEPT, NULL) == 1, "turn-kept",
		    _("during a session another child has its turn"),
		    _("where the children are: %s"), where_children_are(t));
	}
	for (unsigned i = 0; i < n; i++)
		is_served(t, p[i], "turn-kept");
}

/* accept() fails while a child has its turn. */
static void
accept_fails(const char *program, enum call lock)
{
	struct trial *t = server(program, 3);

	trial_fault(
	    t, (struct fault){.call = CALL_ACCEPT, .action = FAULT_FAIL, .nth = 1, .error = EINTR});
	trial_fault(t,
	    (struct fault){.call = CALL_ACCEPT, .action = FAULT_FAIL, .nth = 3, .error = EAGAIN});
	serves(t, 3);
	expect_turn(t, 3, lock);
	is_served(t, client(t), "no-turn");
	sleeps(t);
	expect_turn(t, 2, lock);
	expect(forks(t) == 3, "client-harms", _("no child ends because of a client"),
	    _("%u children were made where 3 are enough"), forks(t));
}

/* The one who has its turn is killed, and again when a client has come. */
static void
holder_dies(const char *program)
{
	struct trial *t = server(program, 6);

	serves(t, 6);
	for (int i = 0; i < 3; i++) {
		pid_t holder = 0;

		blocked_in(t, CALL_ACCEPT, &holder);
		dies(t, holder);
		expect(blocked_in(t, CALL_ACCEPT, NULL) == 1, "turn-dies",
		    _("another child gets the turn of the one that was killed"),
		    _("where the children are: %s"), where_children_are(t));
		if (i == 0)
			is_served(t, client(t), "turn-dies");
		sleeps(t);
	}
	is_served(t, client(t), "turn-dies");
}

/* What the children wait for is a regular file without a name. */
static void
expect_file_without_name(struct trial *t)
{
	const struct look *now = look(t);

	for (size_t i = 0; i < now->n; i++) {
		const struct process *p = &now->processes[i];
		const struct descriptor *file;

		if (p == first_process(now) || p->blocked_in != CALL_FCNTL)
			continue;
		file = fd_of(p, (int)p->blocked_fd);
		expect(file != NULL && file->kind == FD_FILE, "lock-file",
		    _("the lock is on a regular file"), _("it is on: %s"),
		    file == NULL ? "?" : file->path);
		expect(strstr(file->path, " (deleted)") != NULL, "lock-file-name",
		    _("the lock file has no name any more"), _("its name is %s"), file->path);
	}
}

static struct trial *
lock_fails(int error)
{
	struct trial *t = server("prefork-file", 3);

	trial_fault(t, (struct fault){.call = CALL_FCNTL,
			   .action = FAULT_FAIL,
			   .who = DESCENDANTS,
			   .fd = FD_FILE,
			   .nth = 1,
			   .error = error});
	return t;
}

/* The one is made again; after the other the child cannot go on. */
static void
lock_may_fail(void)
{
	struct trial *t = lock_fails(EINTR);

	serves(t, 3);
	expect_turn(t, 3, CALL_FCNTL);
	t = lock_fails(ENOLCK);
	a_child_gives_up(t);
}

/*
 * Task 3: prefork-file. For: no lock, flock() or an open file description lock on what was opened
 * once, a lock that is kept during the session, a file that keeps its name, EINTR.
 */
void
file_turn(void **state)
{
	(void)state;
	unsigned n = (unsigned)draw(3, 5);
	struct trial *t = server("prefork-file", n);

	serves(t, n);
	expect_turn(t, n, CALL_FCNTL);
	expect_file_without_name(t);
	turns_go_round(t, n, CALL_FCNTL);
	accept_fails("prefork-file", CALL_FCNTL);
	lock_may_fail();
}

/* Task 3: "When a child dies that has the turn". For: a file that a successor does not find. */
void
file_killed(void **state)
{
	(void)state;
	holder_dies("prefork-file");
	begins_with("prefork-file", 4); /* three, and one to listen with */
}

/*
 * Task 3: prefork-mutex. For: memory that is not shared, a mutex that is private to a process, one
 * that is kept during the session or when accept() fails.
 */
void
mutex_turn(void **state)
{
	(void)state;
	unsigned n = (unsigned)draw(3, 5);
	struct trial *t = server("prefork-mutex", n);

	serves(t, n);
	expect_turn(t, n, CALL_FUTEX);
	turns_go_round(t, n, CALL_FUTEX);
	accept_fails("prefork-mutex", CALL_FUTEX);
}

/* For: a mutex that is not robust, or is not made consistent. */
void
mutex_killed(void **state)
{
	(void)state;
	holder_dies("prefork-mutex");
}
