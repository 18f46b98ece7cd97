/* accept_checks.c - who accepts, who waits, and what becomes of errors. */
#include "checks.h"
#include <errno.h>
#include <string.h>

enum { THREADS = 4, SOON = 2000 /* ms, more than ACCEPT_PAUSE */ };

/* Fewer clients than threads: who ends after its first one shows elsewhere. */
static void
serves_some(const char *program)
{
	struct trial *t = serving(program, THREADS);
	struct peer *p;

	for (int i = 0; i < THREADS - 2; i++)
		comes_and_goes(t, "serves");
	p = client(t);
	asks(t, p, 16384, "serves");
	asks(t, p, 1, "serves");
	peer_close(p);
	rests(t);
}

/* More clients than threads, one after the other. */
static void
serves_in_turn(const char *program)
{
	struct trial *t = serving(program, 3);

	for (int i = 0; i < 7; i++)
		comes_and_goes(t, "serves");
}

/* As many as there are threads at the same time. */
static struct trial *
all_at_once(const char *program, struct peer *p[THREADS], const char *key)
{
	struct trial *t = serving(program, THREADS);

	for (int i = 0; i < THREADS; i++) {
		p[i] = client(t);
		rests(t);
	}
	for (int i = THREADS; i-- > 0;)
		asks(t, p[i], (int)draw(1, 999), key);
	return t;
}

/* One more waits until one has gone. */
static void
serves_at_once(const char *program)
{
	struct peer *p[THREADS], *late;
	struct trial *t = all_at_once(program, p, "serves");

	late = client(t);
	peer_say(late, "77\n");
	hears_nothing(t, late, "serves");
	peer_close(p[draw(0, THREADS - 1)]);
	hears(t, late, 77, "serves");
}

/* Task 2: "serves". For: nobody is answered. */
void
mutex_serves(void **state)
{
	(void)state;
	serves_some(MUTEX_SERVER);
}

/* pool.h: "get their turn when a thread is free". For: a thread that ends after a client. */
void
mutex_serves_on(void **state)
{
	(void)state;
	serves_in_turn(MUTEX_SERVER);
}

/* The threads, the first one not among them, that wait for clients. */
static size_t
waiting_for_clients(const struct process *p)
{
	size_t n = 0;

	for (size_t i = 1; i < p->n_threads; i++) {
		enum call in = p->thread[i].blocked_in;

		n += p->thread[i].state == 'S' &&
		     (in == CALL_ACCEPT || in == CALL_POLL || in == CALL_SELECT);
	}
	return n;
}

static size_t
naps(const struct process *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_threads; i++)
		n += p->thread[i].timed;
	return n;
}

static void
nobody_naps(const struct process *p)
{
	expect(naps(p) == 0, "naps", _("while there is nothing to do, all threads sleep"),
	    _("%zu of them wait with a timeout"), naps(p));
}

/* One thread waits in accept() or in poll(); another one may wait in poll() for signals. */
static void
one_has_the_turn(struct trial *t)
{
	const struct process *p = at_rest(t);

	expect(threads_blocked_in(p, CALL_ACCEPT) <= 1 && waiting_for_clients(p) <= 2,
	    "more-in-accept", _("one thread waits for a client, and the others for their turn"),
	    _("%zu wait in accept()"), threads_blocked_in(p, CALL_ACCEPT));
	expect(waiting_for_clients(p) >= 1, "nobody-in-accept", _("one thread waits for a client"),
	    "%s", _("none does"));
	nobody_naps(p);
}

/*
 * Task 2: "one thread at a time". For: no mutex; a mutex that is kept while a client is served; a
 * mutex for each thread.
 */
void
mutex_turn(void **state)
{
	(void)state;
	struct trial *t = serving(MUTEX_SERVER, THREADS);
	struct peer *p, *all[THREADS];

	one_has_the_turn(t);
	for (int i = 0; i < THREADS - 1; i++) {
		p = client(t);
		asks(t, p, 10 + i, "turn-kept");
		one_has_the_turn(t);
	}
	all_at_once(MUTEX_SERVER, all, "turn-kept");
}

static void
goes_on(const char *program)
{
	static const int errors[] = {ECONNABORTED, EPROTO, EINTR, ENETDOWN, ENOPROTOOPT, EHOSTDOWN,
	    EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH};
	enum { N = sizeof errors / sizeof *errors };
	struct trial *t = server(program, 6); /* who ends after a client shows elsewhere */

	for (size_t i = 0; i < N; i++)
		accept_fails(t, (unsigned)(i < 3 ? i + 2 : i + 4), errors[i]);
	start_serving(t);
	for (int i = 0; i < 5; i++)
		comes_and_goes(t, "accept-failure");
}

/* pool.h: "errors of the one connection". For: the end, or a mutex that is not released. */
void
mutex_errors(void **state)
{
	(void)state;
	goes_on(MUTEX_SERVER);
}

/* After its first client the server finds no room for another one, for a while. */
static void
waits_for_room(const char *program, int error)
{
	struct trial *t = server(program, 3);
	fault_id spins;
	struct peer *a, *b;

	accept_fails(t, 2, error);
	spins = trial_fault(
	    t, (struct fault){
		   .call = CALL_ACCEPT, .action = HOLD_BEFORE, .nth = 30, .optional = true});
	accept_fails(t, 3, error);
	start_serving(t);
	a = client(t);
	asks(t, a, 20, "accept-crowded");
	b = client(t);
	peer_say(b, "30\n");
	rests(t);
	asks(t, a, 10, "accept-crowded");
	peer_close(a);
	rests(t);
	for (int i = 0; i < 3; i++)
		trial_advance(t, SOON);
	hears(t, b, 30, "accept-crowded");
	expect(fault_delivered(t, spins) == 0, "accept-spins",
	    _("without a free descriptor the server waits a while"), "%s",
	    _("it calls accept() again and again"));
}

/* The same without an end: it must not spin, and the clients that are there are served. */
static void
does_not_spin(const char *program, int error)
{
	struct trial *t = server(program, 3);
	fault_id spins = trial_fault(
	    t, (struct fault){
		   .call = CALL_ACCEPT, .action = HOLD_BEFORE, .nth = 30, .optional = true});

	accept_fails(t, 0, error);
	start_serving(t);
	client(t);
	rests(t);
	expect(fault_delivered(t, spins) == 0, "accept-spins",
	    _("without a free descriptor the server waits a while"), "%s",
	    _("it calls accept() again and again"));
}

static void
crowded(const char *program)
{
	static const int errors[] = {EMFILE, ENFILE, ENOBUFS, ENOMEM};
	size_t drawn = (size_t)draw(0, 3);

	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		waits_for_room(program, errors[i]);
	does_not_spin(program, errors[drawn]);
}

/* pool.h: "EMFILE". For: the end; a loop without a pause; a thread that gives up. */
void
mutex_crowded(void **state)
{
	(void)state;
	crowded(MUTEX_SERVER);
}

/* Task 3: "serves". For: nobody is answered. */
void
handover_serves(void **state)
{
	(void)state;
	serves_some(HANDOVER_SERVER);
}

/*
 * pool.h: "As many clients as there are threads are served at the same time". For: a thread that
 * ends after a client; a main thread that serves.
 */
void
handover_serves_on(void **state)
{
	(void)state;
	serves_in_turn(HANDOVER_SERVER);
	serves_at_once(HANDOVER_SERVER);
}

enum { FEW = 2, MANY = 9 };

/*
 * pool.h: "When it is full, the main thread waits". For: a queue that overruns, or ends the
 * server, or has no bound; clients that are turned away.
 */
void
handover_full(void **state)
{
	(void)state;
	struct trial *t = server(HANDOVER_SERVER, FEW);
	fault_id nap = trial_fault(
	    t, (struct fault){.call = CALL_SLEEP, .action = HOLD_BEFORE, .optional = true});
	struct peer *p[MANY];

	start_serving(t);
	for (int i = 0; i < MANY; i++) {
		p[i] = client(t);
		peer_say(p[i], words("%d\n", 100 + i));
		rests(t);
	}
	expect(connections(t) <= 2 * FEW + 1, "queue-overrun",
	    words(_("at most %d clients are accepted"), 2 * FEW + 1), _("%zu are"), connections(t));
	nobody_naps(at_rest(t));
	expect(fault_delivered(t, nap) == 0, "naps",
	    _("while there is nothing to do, all threads sleep"), "%s",
	    _("one takes a nap and looks again"));
	for (int i = 0; i < MANY; i++) {
		hears(t, p[i], 100 + i, "queue-full");
		if (i + FEW < MANY)
			hears_nothing(t, p[i + FEW], "queue-full");
		peer_close(p[i]);
	}
	rests(t);
	comes_and_goes(t, "queue-full");
}

/* Task 3: "the main thread accepts". For: threads that accept; threads that ask again and again. */
void
handover_idle(void **state)
{
	(void)state;
	const struct process *p = at_rest(serving(HANDOVER_SERVER, THREADS));
	enum call in = p->thread[0].blocked_in;

	expect(in == CALL_ACCEPT || in == CALL_POLL || in == CALL_SELECT, "main-accepts",
	    _("the main thread waits for clients"), _("it waits in %s()"), call_name(in));
	expect(threads_blocked_in(p, CALL_ACCEPT) <= 1, "main-accepts",
	    _("no other thread accepts"), _("%zu wait in accept()"),
	    threads_blocked_in(p, CALL_ACCEPT));
	nobody_naps(p);
}

void
handover_errors(void **state)
{
	(void)state;
	goes_on(HANDOVER_SERVER);
}

void
handover_crowded(void **state)
{
	(void)state;
	crowded(HANDOVER_SERVER);
}
