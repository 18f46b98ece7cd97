/* end_checks.c - how both servers end, and what they refuse. */
#include "checks.h"
#include "memory.h"
#include "pool.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* The program's last moment: all threads have been joined. */
static void
ends_alone(struct trial *t, fault_id end)
{
	const struct process *p;

	if (fault_delivered(t, end) == 0 && !await_held_or_end(t, end)) {
		ends(t, 0, "sigint-ends");
		return;
	}
	p = at_rest(t); /* who has been joined may still be on its last steps */
	expect(p->threads == 1, "not-joined", _("the server ends when its threads have ended"),
	    _("%u threads are there"), p->threads);
	release(t, end, false);
	ends(t, 0, "sigint-ends");
}

static fault_id
holds_end(struct trial *t)
{
	return trial_fault(t,
	    (struct fault){.call = CALL_EXIT, .action = HOLD_BEFORE, .nth = 1, .optional = true});
}

/* A thread that tells the others of a signal comes to its own end last. */
static fault_id
holds_teller(struct trial *t)
{
	return trial_fault(
	    t, (struct fault){
		   .call = CALL_SHUTDOWN, .action = HOLD_AFTER, .nth = 1, .optional = true});
}

static void
idle_server_ends(const char *program, int signal)
{
	struct trial *t = server(program, 3);
	fault_id end = holds_end(t), late;

	trial_watch(t, CALL_SHUTDOWN);
	start_serving(t);
	comes_and_goes(t, "serves");
	trial_kill(t, 0, SIGWINCH); /* a terminal's new size: nobody's business here */
	expect(await_rest(t) && fault_delivered(t, end) == 0, "sigint-only",
	    _("no other signal ends the server"), "%s", _("it has ended after SIGWINCH"));
	comes_and_goes(t, "serves");
	late = holds_teller(t);
	trial_kill(t, 0, signal);
	if (!await_held_or_end(t, end) && await_rest(t))
		release(t, late, false);
	ends_alone(t, end);
	refute_open_fds(t, "left-open");
}

/* Those that have been accepted are served to the end, and nobody else. */
static void
sessions_go_on(const char *program)
{
	struct trial *t = server(program, 1);
	struct peer *a, *b = NULL, *late;

	start_serving(t);
	asks(t, a = client(t), 5, "serves");
	if (strcmp(program, MUTEX_SERVER) != 0) {
		b = client(t);
		peer_say(b, "6\n");
		hears_nothing(t, b, "serves");
	}
	trial_kill(t, 0, SIGINT);
	if (!await_rest(t)) {
		expect(trial_term_signal(t) == 0, "sigint-ends", _("the server ends by itself"),
		    _("it was killed by %s"), signal_name(trial_term_signal(t)));
		check_fail("sigint-cuts", _("a session that runs goes on after SIGINT"), "%s",
		    _("the server has ended"));
	}
	late = peer_try_connect(t, where());
	if (late != NULL)
		peer_say(late, "7\n");
	rests(t);
	asks(t, a, 8, "sigint-cuts");
	peer_close(a);
	if (b != NULL) {
		expect(peer_bytes(b, 6) != NULL, "sigint-queue",
		    words(_("the client gets its %d bytes"), 6), "%s",
		    _("its connection has ended"));
		peer_close(b);
	}
	ends(t, 0, "sigint-ends");
	expect(count_of(t, 0) == (b == NULL ? 1 : 2), "sigint-accepts",
	    _("after SIGINT nobody is accepted"), _("thread 0 has served %lu clients"),
	    count_of(t, 0));
}

/* The signal comes when the thread is on its way into accept(). */
static void
in_the_gap(const char *program)
{
	struct trial *t = server(program, 2);
	fault_id door = trial_fault(
	    t, (struct fault){
		   .call = CALL_ACCEPT, .action = HOLD_OUTSIDE, .nth = 2, .optional = true});

	start_serving(t);
	comes_and_goes(t, "serves");
	trial_kill(t, 0, SIGINT);
	await_rest(t);
	release(t, door, false);
	ends(t, 0, "sigint-late");
}

/*
 * pool.h: "SIGINT and SIGTERM". For: no end; exit() in a handler; a flag that is looked at too
 * early; a signal that a worker gets; threads that are not joined; clients in the queue that are
 * lost; an end by another signal.
 */
static void
sigint(const char *program)
{
	sessions_go_on(program);
	idle_server_ends(program, SIGINT);
	idle_server_ends(program, SIGTERM);
	in_the_gap(program);
}
CHECK_OF_EACH(sigint)

/* Task 3: "takes from it". For: two that are right alone, and not together. */
void
handover_own_queue(void **state)
{
	(void)state;
	struct trial *t = serving(QUEUE_SERVER, 2);

	for (int i = 0; i < 5; i++)
		comes_and_goes(t, "serves");
	sessions_go_on(QUEUE_SERVER);
}

static void
expect_message(struct trial *t, const char *part)
{
	expect(strstr(trial_errors(t), part) != NULL, "message",
	    words(_("standard error says why: \"%s\""), part), _("it says \"%s\""),
	    shown(trial_errors(t)));
}

/*
 * pool.h: "Any other error". For: the next one, please, for ever; a thread that ends silently; a
 * client that is served although there is none: 0 is standard input, which stays open here.
 */
static void
accept_fatal(const char *program)
{
	struct trial *t = server(program, 3);
	struct peer *last;

	trial_open_input(t);
	trial_watch(t, CALL_ACCEPT);
	trial_fault(
	    t, (struct fault){
		   .call = CALL_ACCEPT, .action = HOLD_BEFORE, .nth = 40, .optional = true});
	start_serving(t);
	comes_and_goes(t, "serves");
	accept_fails(t, 0, ENOTSOCK);
	/* is accepted by who waits in accept() already; who waits elsewhere meets the failure */
	last = peer_try_connect(t, where());
	await_rest(t);
	if (last != NULL)
		peer_close(last);
	ends(t, 1, "accept-fatal");
	expect_message(t, error_text(ENOTSOCK));
}
CHECK_OF_EACH(accept_fatal)

static void
cannot_start(const char *program, unsigned nth)
{
	struct trial *t = server(program, 3);

	trial_fault(t,
	    (struct fault){.call = CALL_THREAD, .action = FAULT_FAIL, .nth = nth, .error = ENOMEM});
	trial_start(t);
	ends(t, 1, "no-threads");
	expect_message(t, error_text(EAGAIN));
	expect(strstr(trial_output(t), ": 127.0.0.1:") == NULL, "no-threads",
	    _("a server without its threads says nothing of clients"),
	    _("standard output holds: %s"), shown(trial_output(t)));
}

/*
 * pool.h: "a thread that cannot be started". For: fewer threads; errno instead of the result, which
 * is EAGAIN although the kernel has no memory; the thread for signals that is forgotten.
 */
static void
no_threads(const char *program)
{
	cannot_start(program, 1);
	cannot_start(program, 3);
}
CHECK_OF_EACH(no_threads)

/* The nth write to a pipe fails; 0: each from now on. A server may have a pipe of its own, for
 * signals. */
static void
output_takes_nothing(struct trial *t, unsigned nth)
{
	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_FAIL,
			   .fd = FD_PIPE,
			   .nth = nth,
			   .error = ENOSPC});
}

/*
 * The line that says that clients can come is lost. The threads begin to run when the server has
 * done what it does about that: then all of them find that it is over.
 */
static void
nobody_hears_of_it(const char *program)
{
	struct trial *t = server(program, 2);

	output_takes_nothing(t, 1);
	start_late(t);
	ends(t, 1, "output-fails");
}

static void
results_are_lost(const char *program)
{
	struct trial *t = server(program, 2);
	struct peer *p;

	trial_watch(t, CALL_WRITE);
	start_serving(t);
	asks(t, p = client(t), 5, "serves");
	trial_kill(t, 0, SIGINT);
	rests(t);
	output_takes_nothing(t, 0);
	peer_close(p);
	ends(t, 1, "output-fails");
}

/*
 * pool.h: "what cannot be written". For: a server that nobody hears of; results that are lost, and
 * status 0.
 */
static void
output_fails(const char *program)
{
	nobody_hears_of_it(program);
	results_are_lost(program);
}
CHECK_OF_EACH(output_fails)

static void
refuses(const char *program, const char *address, const char *threads, const char *third)
{
	struct trial *t = trial(program);

	if (address != NULL)
		trial_argument(t, address);
	if (threads != NULL)
		trial_argument(t, threads);
	if (third != NULL)
		trial_argument(t, third);
	trial_start(t);
	ends(t, 2, "usage");
	expect(
	    strstr(trial_errors(t), "usage:") != NULL && strstr(trial_errors(t), program) != NULL,
	    "usage", _("a line \"usage: ...\" with the program's name goes to standard error"),
	    _("it says \"%s\""), shown(trial_errors(t)));
}

/* What the sanitizers have to say ends the server, too. */
static void
refute_findings(struct trial *t)
{
	const char *found = NULL;

	if (!await_rest(t))
		found = strstr(trial_errors(t), "runtime error: ");
	if (found == NULL)
		found = strstr(trial_errors(t), "AddressSanitizer: ");
	expect(found == NULL, "memory-error", _("the server touches its own memory only"),
	    _("the sanitizers report: %s"), shown(found));
}

static void
comes_up_and_ends(struct trial *t)
{
	fault_id late;

	trial_watch(t, CALL_SHUTDOWN);
	trial_start(t);
	await_output(t, ": 127.0.0.1:");
	rests(t);
	late = holds_teller(t);
	trial_kill(t, 0, SIGTERM);
	if (await_rest(t))
		release(t, late, false);
	refute_findings(t);
	ends(t, 0, "sigint-ends");
}

/* The socket that listens is descriptor 0 then, and that is as good as any other. */
static void
serves_without_input(void)
{
	static const char *const shell[] = {"/bin/sh", "-c", "exec \"$@\" <&-", "sh", NULL};
	struct trial *t = trial(MUTEX_SERVER, "127.0.0.1:0", "1");
	struct peer *p;

	trial_wrap(t, shell);
	trial_start(t);
	await_output(t, ": 127.0.0.1:");
	p = peer_connect(t, await_listening(t));
	asks(t, p, 5, "serves");
	peer_close(p);
	trial_kill(t, 0, SIGINT);
	trial_finish(t);
	expect_exit(t, 0, "sigint-ends");
}

/* pool.h: "Not two arguments". For: 0 threads, half a number, a number too great. */
void
usage(void **state)
{
	static const char *const bad[] = {
	    "0", "-1", "3x", "", "101", "18446744073709551617", "x", "2/", ":"};
	struct trial *t;

	(void)state;
	PROGRAMS(program)
	{
		refuses(program, NULL, NULL, NULL);
		refuses(program, "127.0.0.1:0", NULL, NULL);
		refuses(program, "127.0.0.1:0", "2", "3");
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuses(MUTEX_SERVER, "127.0.0.1:0", bad[i], NULL);
	t = trial(MUTEX_SERVER, "nowhere", "2");
	trial_start(t);
	ends(t, 1, "usage-address");
	expect_message(t, error_text(EINVAL));
	expect_message(t, "nowhere");
	expect(count_events(t, EVENT_THREAD, 0) == 0, "usage-address",
	    _("no thread is started for nothing"), _("%u threads were started"),
	    count_events(t, EVENT_THREAD, 0));
	comes_up_and_ends(trial(MUTEX_SERVER, "127.0.0.1:0", "9"));
	t = trial(MUTEX_SERVER, "127.0.0.1:0", word(THREADS_MAX));
	trial_start(t);
	await_output(t, ": 127.0.0.1:");
	serves_without_input();
}

/* pool.h: "1 to THREADS_MAX". For: a step behind the last thread. */
static void
most_threads(const char *program)
{
	struct trial *t = trial(program, "127.0.0.1:0", word(THREADS_MAX));

	trial_sanitize(t);
	comes_up_and_ends(t);
}

void
pool_bounds(void **state)
{
	(void)state;
	most_threads(MUTEX_SERVER);
	most_threads(HANDOVER_SERVER);
}

static void
frees_all(const char *program)
{
	struct trial *t = trial(program, "127.0.0.1:0", "1");
	struct peer *p;

	memory_watch(t);
	trial_start(t);
	p = peer_connect(t, await_listening(t));
	peer_say(p, "5\n");
	hears(t, p, 5, "serves");
	peer_close(p);
	trial_kill(t, 0, SIGINT);
	trial_finish(t);
	memory_verdict(t, "memory-error", "leak");
}

/*
 * For: memory of the threads and of the clients that is not freed, a queue that is not given back.
 * The queue is ours, for here nobody can wait until all rest, and whether a wake-up is missed that
 * the student's own does not send would be a matter of chance.
 */
void
pool_memory(void **state)
{
	(void)state;
	frees_all(MUTEX_SERVER);
	frees_all(HANDOVER_SERVER);
}
