/* failing_checks.c - both servers: what fails or interrupts, and harms nobody else. */
#include "answers.h"
#include "checks.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* These end one connection at most. */
static const int passing[] = {
    ECONNABORTED, EPROTO, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH, ENONET, ENOPROTOOPT};
enum { PASSING = sizeof passing / sizeof *passing };

/* A handler of the caller's interrupts whatever the server waits in. */
static void
survives_signals(const char *program)
{
	const char *key = "eintr";
	struct trial *t = trial(program);
	struct peer *p;

	trial_start(t);
	ask(t, "handle");
	serve_now(t);
	rests(t, key);
	trial_kill(t, 0, SIGUSR1);
	rests(t, key);
	p = next_is_served(t, key);
	rests(t, key);
	trial_kill(t, 0, SIGUSR1);
	is_served(t, p, key);
	leaves(t, p, key); /* whoever serves one after the other loses nothing here */
	next_is_served(t, key);
}

/*
 * A handler of the caller's closes descriptor 0, before the server begins or while it waits: then
 * the listening socket, or the next connection, has this number.
 */
static void
serves_with_0(const char *program, bool at_first)
{
	const char *key = "descriptor-0";
	struct trial *t = trial(program);

	trial_start(t);
	ask(t, "lend");
	if (at_first)
		trial_kill(t, 0, SIGUSR2);
	serve_now(t);
	rests(t, key);
	if (!at_first)
		trial_kill(t, 0, SIGUSR2);
	rests(t, key);
	leaves(t, next_is_served(t, key), key);
	next_is_served(t, key);
}

/*
 * "A handler of the caller's may run at any time and changes nothing"; "accept() fails with
 * EINTR". For: a loop that ends then, be it after SIGCHLD; a descriptor 0 that is taken for a
 * failure.
 */
void
service_interrupted(void **state)
{
	(void)state;
	const char *key = "eintr";
	struct trial *t = trial("service");
	struct peer *p;

	survives_signals("service");
	serves_with_0("service", true);
	serves_with_0("service", false);
	trial_watch(t, CALL_ACCEPT);
	start_serving(t);
	rests(t, key);
	accept_fails(t, 1, 2, EINTR);
	p = next_is_served(t, key);
	rests(t, key); /* the failures come while the session lives, and its end comes alone */
	leaves(t, p, key);
	leaves(t, next_is_served(t, key), key);
	next_is_served(t, key);
}

/* Whoever uses accept() in vain makes one more call for each. */
static struct trial *
survives_accept(const char *program)
{
	const char *key = "accept-fails";
	struct trial *t = trial(program);
	struct peer *p;

	trial_watch(t, CALL_ACCEPT);
	start_serving(t);
	rests(t, key);
	for (unsigned i = 0; i < PASSING; i++) /* of calls to come: it may be in one already */
		accept_fails(t, i + 1, i + 1, passing[i]);
	p = next_is_served(t, key);
	rests(t, key); /* all of them come while the session lives */
	leaves(t, p, key);
	next_is_served(t, key);
	rests(t, key);
	return t;
}

/*
 * "that was the end of one connection at most, and the next is accepted". For: a server that
 * ends at ECONNABORTED; one that hands -1 on to a session.
 */
void
service_accept(void **state)
{
	(void)state;
	struct trial *t = survives_accept("service");

	expect(forks(t) <= 2, "accept-fails", _("2 clients have a process each"),
	    _("%u processes were made"), forks(t));
}

/*
 * One session has been and gone. Then accept() fails for want of descriptors, forty times: who
 * does not sleep has tried them all before anybody looks. Who sleeps has tried once, and once
 * more for each pause that has really passed on a busy machine.
 */
static void
sleeps_when_crowded(const char *program, int error)
{
	enum { FAILURES = 40, FEW = 10 };
	const char *key = "crowded-spins";
	struct trial *t = trial(program);
	unsigned before;

	trial_clock(t);
	trial_watch(t, CALL_ACCEPT);
	start_serving(t);
	leaves(t, next_is_served(t, "crowded"), "crowded");
	before = calls(t, CALL_ACCEPT, FIRST);
	accept_fails(t, 1, FAILURES, error);
	client(t, "crowded");
	knocks(t);
	rests(t, "crowded");
	expect(calls(t, CALL_ACCEPT, FIRST) - before < FEW, key,
	    words(_("after %s the server sleeps before it tries again"), error_name(error)),
	    _("it has called accept() %u times"), calls(t, CALL_ACCEPT, FIRST) - before);
}

/* When nothing fails, a session that has ended is waited for: if not, another check says so. */
static bool
waits_usually(void)
{
	struct trial *t = serving("service");

	leaves(t, next_is_served(t, "crowded"), "crowded");
	return zombies_in(look(t)) == 0;
}

/* One failure, and the pause is over. */
static void
tries_again(int error, bool waits)
{
	const char *key = "crowded";
	struct trial *t = trial("service");
	struct peer *first, *next;

	trial_clock(t);
	accept_fails(t, 2, 2, error);
	start_serving(t);
	first = client(t, key);
	next = client(t, key);
	is_served(t, first, key);
	rests(t, key);
	trial_advance(t, 5000);
	is_served(t, next, key);
	is_served(t, first, key);
	leaves(t, next, key); /* as before: signals come in again */
	if (waits)
		expect_no_zombie(t, key);
}

/* A server that has no descriptor for its second client, twice. */
static struct trial *
crowded(const char *program, int error)
{
	struct trial *t = trial(program);

	trial_clock(t);
	accept_fails(t, 2, 2, error);
	start_serving(t);
	return t;
}

/* The same for threads, which nobody need wait for; the first session may end before that. */
static void
thread_tries_again(int error)
{
	const char *key = "crowded";
	struct trial *t = crowded("threaded", error);
	struct peer *first = client(t, key), *next = client(t, key);

	is_served(t, first, key);
	leaves(t, first, key);
	rests(t, key);
	trial_advance(t, 5000);
	is_served(t, next, key);
}

/* One failure, and a session ends: no time passes. */
static void
is_woken(int error)
{
	const char *key = "crowded-wakes";
	struct trial *t = crowded("service", error);
	struct peer *first = client(t, key), *next = client(t, key);

	is_served(t, first, key);
	rests(t, key);
	leaves(t, first, key);
	is_served(t, next, key);
}

/*
 * "new clients wait. The server sleeps until the process of a session has ended or ACCEPT_PAUSE
 * is over, whichever comes first, and tries again." For: a loop that tries without end; a
 * server that ends; a pause that nothing ends.
 */
void
service_crowded(void **state)
{
	(void)state;
	static const int errors[] = {EMFILE, ENFILE, ENOBUFS, ENOMEM};
	long long first = draw(0, 3);
	bool waits = waits_usually();

	sleeps_when_crowded("service", EMFILE);
	for (int i = 0; i < 4; i++)
		tries_again(errors[i], waits);
	is_woken(errors[first]);
}

/* The first client is lost, with a word about it; the second is served. */
static void
loses_one(const char *program, enum call call, int error, const char *key)
{
	struct trial *t = trial(program);

	trial_fault(
	    t, (struct fault){
		   .call = call, .action = FAULT_FAIL, .who = FIRST, .nth = 1, .error = error});
	start_serving(t);
	is_ended(t, client(t, key), key, _("a client that cannot be served is sent away"));
	rests(t, key);
	expect(strstr(trial_errors(t), error_text(error)) != NULL, key,
	    words(_("a line on standard error says: %s"), error_text(error)),
	    _("there stands: \"%s\""), shown(trial_errors(t)));
	next_is_served(t, key);
	rests(t, key);
	expect(*line_after(trial_errors(t)) == '\0', key,
	    words(_("a line on standard error says: %s"), error_text(error)),
	    _("there stands: \"%s\""), trial_errors(t));
	expect(sockets(first_process(look(t)), SOCKET_LISTENING) == 1, key,
	    _("the server goes on listening"), _("it does not"));
}

/*
 * "fork() fails: this client's connection is closed, a line on standard error has the reason,
 * and the next client is accepted". For: -1 taken for a child; a connection that stays open; a
 * client that is dropped in silence; a server that ends.
 */
void
service_no_process(void **state)
{
	(void)state;

	loses_one("service", CALL_FORK, EAGAIN, "no-process");
	loses_one("service", CALL_FORK, ENOMEM, "no-process");
}

/*
 * malloc() finds nothing while the second client comes: it is sent away, or served by whoever
 * needs none. The third is served.
 */
static void
has_no_memory(void)
{
	const char *key = "no-thread";
	struct trial *t = trial("threaded");
	struct peer *p;

	trial_start(t);
	ask(t, "starve", word(SIGUSR1));
	serve_now(t);
	leaves(t, next_is_served(t, key), key);
	trial_kill(t, 0, SIGUSR1);
	rests(t, key);
	p = client(t, key);
	rests(t, key);
	if (peer_state(p) == PEER_OPEN)
		is_served(t, p, key);
	else
		expect(strstr(trial_errors(t), error_text(ENOMEM)) != NULL ||
			   strstr(trial_errors(t), error_text(EAGAIN)) != NULL,
		    key, words(_("a line on standard error says: %s"), error_text(ENOMEM)),
		    _("there stands: \"%s\""), shown(trial_errors(t)));
	trial_kill(t, 0, SIGUSR1);
	rests(t, key);
	next_is_served(t, key);
}

/* So many clients come for whom there is no thread; what is then in use, pieces of memory. */
static long long
memory_after(unsigned lost)
{
	const char *key = "no-thread";
	struct trial *t = trial("threaded");

	for (unsigned i = 1; i <= lost; i++)
		trial_fault(t, (struct fault){.call = CALL_THREAD,
				   .action = FAULT_FAIL,
				   .who = FIRST,
				   .nth = i,
				   .error = EAGAIN,
				   .optional = true});
	trial_watch(t, CALL_ACCEPT);
	start_serving(t);
	for (unsigned i = 0; i < lost; i++)
		is_ended(t, client(t, key), key, _("a client that cannot be served is sent away"));
	rests(t, key);
	accept_fails(t, 1, 1, EINVAL); /* the next one: who is in accept() is there already */
	client(t, key);
	if (!await_rest(t) || !answered(t))
		return 0; /* who goes on is told so by another check */
	return answer_int(ask_end(t), "blocks");
}

/*
 * A client who is lost costs no memory. A few pieces more or less belong to threads that begin or
 * end while the function returns, so there are many clients.
 */
static void
forgets_the_lost(void)
{
	enum { SOME = 3, MORE = 33 };
	long long grown = memory_after(MORE) - memory_after(SOME);

	expect(grown < (MORE - SOME) / 2, "no-thread",
	    _("a client that cannot be served costs no memory"),
	    _("%d clients more have cost %lld pieces"), MORE - SOME, grown);
}

/*
 * "Failures of accept() are survived as there"; "When no thread can be made ... this client's
 * connection is closed". For: the same mistakes.
 */
void
threaded_failures(void **state)
{
	(void)state;

	survives_signals("threaded");
	serves_with_0("threaded", true);
	serves_with_0("threaded", false);
	survives_accept("threaded");
	sleeps_when_crowded("threaded", EMFILE);
	thread_tries_again(ENFILE);
	loses_one("threaded", CALL_THREAD, EAGAIN, "no-thread");
	forgets_the_lost();
	has_no_memory();
}
