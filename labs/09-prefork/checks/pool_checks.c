/* pool_checks.c - a server of children that all wait in accept(): clients come and go. */
#include "checks.h"
#include "memory.h"
#include "prefork.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* As many clients as there are children, and all of them stay. */
static struct trial *
all_at_once(unsigned n, struct peer *p[])
{
	struct trial *t = server("prefork-accept", n);

	serves(t, n);
	for (unsigned i = 0; i < n; i++)
		p[i] = client(t);
	for (unsigned i = 0; i < n; i++)
		is_served(t, p[n - 1 - i], "served");
	return t;
}

/*
 * Task 2: "so many children serve so many clients". For: one client at a time, children that make
 * children.
 */
void
pool_serves(void **state)
{
	(void)state;
	unsigned n = (unsigned)draw(3, 5);
	struct peer *p[5];
	struct trial *t = all_at_once(n, p);

	is_served(t, p[0], "served");
	expect_children(t, n, "children");
	expect(forks(t) == n, "children", words(_("%u children serve all clients"), n),
	    _("%u were made"), forks(t));
}

/* prefork.h: "goes on to the next client. More clients than children wait." For: one client each.
 */
void
pool_serves_on(void **state)
{
	(void)state;
	unsigned n = (unsigned)draw(3, 5);
	struct peer *p[6];
	struct trial *t = all_at_once(n, p);

	p[n] = client(t);
	asks(p[n], 7);
	waits(t, p[n], "one-at-a-time");
	is_served(t, p[0], "served");
	peer_close(p[draw(0, n - 1)]);
	gets(t, p[n], 7, "served");
	is_served(t, p[n], "served");
	expect_children(t, n, "children");
	expect(forks(t) == n, "children", words(_("%u children serve all clients"), n),
	    _("%u were made"), forks(t));
}

static unsigned
accepts_done(struct trial *t)
{
	size_t n;
	const struct event *e = events(t, &n);
	unsigned done = 0;

	for (size_t i = 0; i < n; i++)
		done += e[i].kind == EVENT_CALL && e[i].call == CALL_ACCEPT;
	return done;
}

/*
 * Task 2: "Who has nothing to do sleeps"; "For one client one child wakes up". For: a parent that
 * looks again and again, or accepts; children that wait elsewhere; O_NONBLOCK where it does not
 * belong; a READY line that is missing or stays in a buffer.
 */
void
pool_sleeps(void **state)
{
	(void)state;
	unsigned n = (unsigned)draw(3, 6), woken;
	struct trial *t = server("prefork-accept", n);
	const struct process *parent;

	trial_watch(t, CALL_ACCEPT);
	serves(t, n);
	expect(strstr(trial_output(t), words("prefork-accept: %s\n", where())) != NULL, "ready",
	    words(_("the line \"NAME: %s\" says that clients can come"), where()),
	    _("standard output holds: %s"), trial_output(t));
	expect(blocked_in(t, CALL_ACCEPT, NULL) == n, "in-accept",
	    words(_("%u children wait in accept()"), n), _("where they wait: %s"),
	    where_children_are(t));
	parent = first_process(look(t));
	expect(parent->blocked_in != CALL_ACCEPT, "parent-serves", _("the parent accepts nobody"),
	    _("it waits in accept(), too"));
	expect(!parent->timed && parent->timer_armed_ms == 0, "wakes-by-itself",
	    _("the parent sleeps until a signal comes"), _("it will wake by itself"));
	client(t);
	sleeps(t);
	woken = accepts_done(t);
	expect(woken == 1, "one-wakes", _("for one client accept() returns once"),
	    _("it returned %u times"), woken);
	expect(blocked_in(t, CALL_ACCEPT, NULL) == n - 1, "in-accept",
	    words(_("%u children wait in accept()"), n - 1), _("where they wait: %s"),
	    where_children_are(t));
}

static size_t
open_in_all(struct trial *t)
{
	const struct look *now = look(t);
	size_t n = 0;

	for (size_t i = 0; i < now->n; i++)
		n += now->processes[i].n_fds;
	return n;
}

/*
 * Task 2: "A connected socket is open in the child that serves it". For: a session's socket that
 * stays open.
 */
void
pool_closes(void **state)
{
	(void)state;
	struct trial *t = server("prefork-accept", 2);
	size_t before;

	serves(t, 2);
	before = open_in_all(t);
	for (int i = 0; i < 5; i++) {
		struct peer *p = client(t);

		is_served(t, p, "served");
		expect(holders_of(t, p) == 1 && server_of(t, p) != 0, "holders",
		    _("one child holds the socket of its client, and nobody else"),
		    _("%u processes hold it"), holders_of(t, p));
		if (i % 2 == 0) {
			peer_shutdown(p);
			expect(peer_end(p), "session-not-closed",
			    _("the child closes the socket when the session is over"),
			    _("the client sees no end"));
		}
		goes(t, p);
	}
	expect(open_in_all(t) == before, "session-not-closed",
	    _("after the sessions as many descriptors are open as before"),
	    _("%zu are open where there were %zu"), open_in_all(t), before);
}

static void
fail_accept(struct trial *t, unsigned nth, int error)
{
	trial_fault(t,
	    (struct fault){.call = CALL_ACCEPT, .action = FAULT_FAIL, .nth = nth, .error = error});
}

/*
 * Task 2: "accept(2) may fail because of one client"; "whatever that returns". For: a child that
 * ends with its client, or because of one that is gone.
 */
void
pool_clients(void **state)
{
	static const int errors[] = {ECONNABORTED, EPROTO, EINTR, EAGAIN};

	(void)state;
	struct trial *t = server("prefork-accept", 1);
	struct peer *p;

	for (unsigned i = 0; i < 4; i++)
		fail_accept(t, i + 2, errors[i]); /* when the server has long begun */
	serves(t, 1);
	p = client(t);
	is_served(t, p, "client-harms");
	peer_reset(p);
	sleeps(t);
	p = client(t);
	peer_say(p, "what?\n");
	sleeps(t);
	p = client(t);
	is_served(t, p, "client-harms");
	sleeps(t);
	expect(forks(t) == 1, "client-harms", _("the child serves on, however a client goes"),
	    _("%u children were made where 1 is enough"), forks(t));
}

static void
refuses(const char *const words[], int status)
{
	struct trial *t = trial("prefork-accept");

	trial_limit(t, LIMIT_PROCESSES, 100);
	for (size_t i = 0; words[i] != NULL; i++)
		trial_argument(t, words[i]);
	if (start(t), await_rest(t))
		check_fail(status == 2 ? "usage" : "bad-address", _("what cannot work is refused"),
		    "%s", _("the server runs"));
	trial_finish(t);
	expect_exit(t, status, status == 2 ? "usage" : "bad-address");
	expect(status == 2 ? strncmp(trial_errors(t), "usage:", 6) == 0 : *trial_errors(t) != '\0',
	    status == 2 ? "usage" : "bad-address", _("standard error says what is wrong"),
	    _("it holds: \"%s\""), shown(trial_errors(t)));
	expect(strstr(trial_errors(t), status == 2 ? "prefork-accept" : words[0]) != NULL,
	    status == 2 ? "usage" : "bad-address",
	    status == 2 ? _("the line has the program's name") : _("the line has the address"),
	    _("it holds: \"%s\""), shown(trial_errors(t)));
	expect(forks(t) == 0, "usage", _("nobody is forked for nothing"), _("%u children were"),
	    forks(t));
}

/* The line of say_ready() cannot be written. */
static void
cannot_say(void)
{
	struct trial *t = server("prefork-accept", 2);

	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_FAIL,
			   .who = FIRST,
			   .fd = FD_PIPE,
			   .nth = 1,
			   .error = ENOSPC});
	start(t);
	expect(!await_rest(t), "not-said", words(_("the server ends with status %d"), 1), "%s",
	    _("it does not end: everybody waits"));
	trial_finish(t); /* whether children are left is another check's affair */
	expect_exit(t, 1, "not-said");
	expect(*trial_errors(t) != '\0', "not-said", _("standard error says what failed"),
	    _("it is empty"));
	expect(strstr(trial_output(t), "clients: ") == NULL, "not-said",
	    _("only a server that a signal has ended prints its report"),
	    _("standard output holds: %s"), trial_output(t));
}

static void
takes(unsigned n)
{
	struct trial *t = server("prefork-accept", n);

	serves(t, n);
	is_served(t, client(t), "served");
}

/* "1 to CHILDREN_MAX". For: a number that is too small by one. */
static void
takes_most(void)
{
	struct trial *t = trial("prefork-accept", "127.0.0.1:0", word(CHILDREN_MAX));

	trial_clock(t); /* who waits with a timeout rests, too */
	trial_limit(t, LIMIT_PROCESSES, CHILDREN_MAX + 20);
	trial_limit(t, LIMIT_MEMORY_MIB, 512);
	start(t);
	sleeps(t);
	expect(forks(t) == CHILDREN_MAX, "usage",
	    words(_("%d children are not too many"), CHILDREN_MAX), _("%u were made"), forks(t));
}

/* "With wrong arguments ... status 2". For: atoi(), no limit, no usage line. */
void
usage(void **state)
{
	static const char *const wrong[][4] = {{"127.0.0.1:0", NULL}, {NULL},
	    {"127.0.0.1:0", "2", "3", NULL}, {"127.0.0.1:0", "0", NULL},
	    {"127.0.0.1:0", "65", NULL}, {"127.0.0.1:0", "2x", NULL}, {"127.0.0.1:0", "", NULL},
	    {"127.0.0.1:0", "-2", NULL}, {"127.0.0.1:0", "4294967298", NULL},
	    {"127.0.0.1:0", "2/", NULL}, {"127.0.0.1:0", ":", NULL}};
	static const char *const address[] = {"nowhere", "2", NULL};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		refuses(wrong[i], 2);
	refuses(address, 1);
	takes(9);
	takes(10);
	takes_most();
	cannot_say();
}

static void
is_clean(const char *program)
{
	struct trial *t = trial(program, "127.0.0.1:0", "2");
	struct peer *p;

	memory_watch(t);
	start(t);
	p = peer_connect(t, await_listening(t));
	is_served(t, p, "served");
	peer_shutdown(p);
	peer_end(p);
	await_asleep(t, 0); /* where it could lose the signal is not what this is about */
	trial_kill(t, 0, SIGTERM);
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}

/* For: memory that is used after it was given back, a value that nobody set. */
void
memory(void **state)
{
	(void)state;
	is_clean("prefork-accept");
	is_clean("prefork-mutex");
	is_clean("prefork-stream");
}
