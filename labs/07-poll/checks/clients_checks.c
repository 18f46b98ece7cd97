/* clients_checks.c - the program echo: clients that come and go. */
#include "checks.h"
#include "server.h"
#include <errno.h>
#include <signal.h>

static void
echoes(struct trial *t, struct peer *p, const char *key)
{
	const char *line = letters((size_t)draw(1, 20));

	asks(t, p, line, line, key);
}

/* So many clients are left, and no socket of another one. */
static void
are_left(struct trial *t, size_t n)
{
	sleeps(t, "busy-hangup", _("whoever has gone is no longer asked about"));
	expect(connections(t) == n, "not-closed",
	    words(_("the server holds %zu connections: those of the clients that are there"), n),
	    _("it holds %zu"), connections(t));
}

/* Nothing waits for those that go. */
static void
idle_clients_go(void)
{
	struct trial *t = server("echo");
	struct peer *stays, *closes, *resets, *half;

	may_call(t, 300);
	start_serving(t);
	closes = client(t);
	stays = client(t);
	resets = client(t);
	half = client(t);
	echoes(t, half, "echo");
	sleeps(t, "busy-waiting", _("while there is nothing to do, the server sleeps"));
	peer_close(closes);
	are_left(t, 3);
	echoes(t, stays, "others-suffer");
	peer_reset(resets);
	are_left(t, 2);
	echoes(t, stays, "others-suffer");
	say(t, half, "in the middle of a l", "echo");
	peer_reset(half);
	are_left(t, 1);
	echoes(t, stays, "others-suffer");
}

/* Is not read while its answers wait, so that only POLLHUP and POLLERR tell of its end. */
static void
a_slow_client_goes(void (*goes)(struct peer *p))
{
	struct trial *t = server("echo");
	struct peer *stays, *slow;

	may_call(t, 300);
	start_serving(t);
	slow = slow_client(t);
	stays = client(t);
	floods(slow, 100);
	rests(t);
	goes(slow);
	are_left(t, 1);
	echoes(t, stays, "others-suffer");
}

/* The server is on its way to write() when the client goes. */
static void
gone_before_the_answer(void)
{
	struct trial *t = server("echo");
	fault_id door = trial_fault(t,
	    (struct fault){.call = CALL_WRITE, .action = HOLD_BEFORE, .fd = FD_SOCKET, .nth = 1});
	struct peer *goes, *stays;

	may_call(t, 300);
	start_serving(t);
	goes = client(t);
	stays = client(t);
	peer_say(goes, "are you there?\n");
	await_held(t, door);
	peer_shutdown(goes);
	peer_reset(goes);
	release(t, door, false);
	are_left(t, 1);
	echoes(t, stays, "others-suffer");
}

/* One that goes is not always the last one in the set. */
static void
several_at_once(void)
{
	struct trial *t = server("echo");
	fault_id door;
	struct peer *p[6];

	may_call(t, 300);
	start_serving(t);
	for (size_t i = 0; i < 6; i++)
		echoes(t, p[i] = client(t), "echo");
	rests(t);
	door = trial_fault(t, (struct fault){.call = CALL_POLL, .action = HOLD_BEFORE, .nth = 1});
	peer_say(p[0], "first\n");
	await_held(t, door);
	peer_close(p[1]);
	peer_reset(p[2]);
	peer_say(p[3], "fourth\n");
	peer_close(p[5]);
	release(t, door, false);
	hears(t, p[0], "first", "others-suffer");
	hears(t, p[3], "fourth", "others-suffer");
	are_left(t, 3);
	echoes(t, p[4], "others-suffer");
	echoes(t, p[0], "others-suffer");
}

/*
 * Task 3: "a client that has gone is closed and no longer asked about". For: a descriptor that
 * stays open, or stays in the set when it is closed; SIGPIPE; POLLHUP and POLLERR not looked at;
 * the neighbour skipped or closed.
 */
void
echo_hangups(void **state)
{
	(void)state;
	idle_clients_go();
	a_slow_client_goes(peer_reset);
	a_slow_client_goes(peer_close);
	several_at_once();
	gone_before_the_answer();
}

enum { CROWD = 44 };

/* Task 3: "Any number". For: a fixed number of places, places that are not used again. */
void
echo_many(void **state)
{
	(void)state;
	struct trial *t = server("echo");
	struct peer *crowd[CROWD];
	size_t first = (size_t)draw(0, 2);

	trial_limit(t, LIMIT_DESCRIPTORS, 3 * CROWD);
	may_call(t, 3000);
	start_serving(t);
	for (size_t i = 0; i < CROWD; i++)
		crowd[i] = client(t);
	for (size_t i = 0; i < CROWD; i++)
		echoes(t, crowd[i], "many");
	for (size_t i = first; i < CROWD; i += 3)
		peer_close(crowd[i]);
	rests(t);
	for (size_t i = first; i < CROWD; i += 3)
		crowd[i] = client(t);
	for (size_t i = 0; i < CROWD; i++)
		echoes(t, crowd[CROWD - 1 - i], "many");
	expect(connections(t) == CROWD, "not-closed", words(_("%d clients are there"), CROWD),
	    _("the server holds %zu connections"), connections(t));
}

static void
fail_accept(struct trial *t, unsigned nth, int error)
{
	trial_fault(t,
	    (struct fault){.call = CALL_ACCEPT, .action = FAULT_FAIL, .nth = nth, .error = error});
}

/* The kernel says that it was there, and is no more. */
static void
accept_fails(void)
{
	struct trial *t = server("echo");
	struct peer *a;

	fail_accept(t, 1, ECONNABORTED);
	fail_accept(t, 2, EPROTO);
	start_serving(t);
	a = client(t);
	echoes(t, a, "accept-failure");
	echoes(t, client(t), "accept-failure");
}

/* The client resets its connection while the server is on its way from poll() to accept(). */
static void
gone_before(void)
{
	struct trial *t = server("echo");
	fault_id door =
	    trial_fault(t, (struct fault){.call = CALL_ACCEPT, .action = HOLD_BEFORE, .nth = 1});
	struct peer *gone;

	may_call(t, 300);
	start_serving(t);
	gone = client(t);
	await_held(t, door);
	peer_reset(gone);
	release(t, door, false);
	sleeps(t, "busy-hangup", _("whoever has gone is no longer asked about"));
	echoes(t, client(t), "accept-failure");
	expect(connections(t) == 1, "not-closed", _("one client is there"),
	    _("the server holds %zu connections"), connections(t));
}

/*
 * Task 3: "A connection that is gone before accept takes it". For: a server that
 * ends, or waits in accept() for somebody else.
 */
void
echo_accept(void **state)
{
	(void)state;
	accept_fails();
	gone_before();
}

enum { PLACES = 16, COMERS = 20, LEAVERS = 3 };

/* More clients come than there are descriptors; some go, and as many get their turn. */
static void
house_full(void)
{
	struct trial *t = server("echo");
	const char *expected = _("while no descriptor is free, the server sleeps");
	struct peer *p[COMERS];
	size_t served;

	may_call(t, 300);
	trial_limit(t, LIMIT_DESCRIPTORS, PLACES);
	start_serving(t);
	for (size_t i = 0; i < COMERS; i++)
		p[i] = client(t);
	sleeps(t, "busy-emfile", expected);
	served = connections(t);
	expect(served > LEAVERS, "echo", _("clients are served while there are descriptors"),
	    _("%zu of them are"), served);
	echoes(t, p[LEAVERS], "echo");
	sleeps(t, "busy-emfile", expected);
	for (size_t i = 0; i < LEAVERS; i++)
		peer_close(p[i]);
	for (size_t i = LEAVERS; i < served + LEAVERS && i < COMERS; i++)
		echoes(t, p[i], "emfile-waits");
	sleeps(t, "busy-emfile", expected);
}

/* What else may be missing. */
static void
accept_cannot(int error)
{
	struct trial *t = server("echo");
	struct peer *a, *b;

	may_call(t, 300);
	start_serving(t);
	a = client(t);
	echoes(t, a, "echo");
	sleeps(t, "busy-waiting", _("while there is nothing to do, the server sleeps"));
	fail_accept(t, 1, error);
	b = client(t);
	peer_say(b, "later\n");
	sleeps(t, "busy-emfile", _("while no descriptor is free, the server sleeps"));
	echoes(t, a, "emfile-ends");
	peer_close(a);
	hears(t, b, "later", "emfile-waits");
}

/* Task 3: "When no descriptor is left". For: a server that ends, spins, or never accepts again. */
void
echo_no_descriptors(void **state)
{
	static const int errors[] = {EMFILE, ENFILE, ENOBUFS, ENOMEM};

	(void)state;
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		accept_cannot(errors[i]);
	house_full();
}
