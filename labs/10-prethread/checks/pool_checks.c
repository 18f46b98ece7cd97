/* pool_checks.c - what both servers have in common. */
#include "checks.h"
#include "cputime.h"
#include "memory.h"
#include "pool.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* How many threads had been made when the line of say_ready() was written. */
static size_t
threads_before_ready(struct trial *t)
{
	size_t n, made = 0;
	const struct event *e = events(t, &n);

	for (size_t i = 0; i < n; i++) {
		made += e[i].kind == EVENT_THREAD;
		if (e[i].kind == EVENT_CALL && e[i].call == CALL_WRITE && e[i].args[0] == 1)
			return made;
	}
	check_fail("no-ready-line", _("the server says that clients can come"), "%s",
	    _("it writes nothing"));
}

/* pool.h: "THREADS threads". For: one for each client; one too few; the line too early. */
void
threads_first(void **state)
{
	enum { N = 5 };

	(void)state;
	PROGRAMS(program)
	{
		struct trial *t = server(program, N);

		trial_watch(t, CALL_WRITE);
		start_serving(t);
		expect(threads_before_ready(t) >= N, "threads-first",
		    words(_("%d threads are started before the line is written"), N), _("%zu are"),
		    threads_before_ready(t));
		for (int i = 0; i < N; i++)
			asks(t, client(t), 10, "threads-first");
		expect(count_events(t, EVENT_THREAD, 0) <= N + 1, "threads-later",
		    _("no thread is started for a client"), _("%u threads were started"),
		    count_events(t, EVENT_THREAD, 0));
	}
}

/* The server is on its way to the answer when the client goes. */
static void
gone_before_the_answer(const char *program)
{
	struct trial *t = server(program, 2);
	fault_id door = trial_fault(t,
	    (struct fault){.call = CALL_WRITE, .action = HOLD_BEFORE, .fd = FD_SOCKET, .nth = 1});
	struct peer *stays, *goes;

	start_serving(t);
	stays = client(t);
	goes = client(t);
	peer_say(goes, "9000\n");
	await_held(t, door);
	peer_shutdown(goes);
	peer_reset(goes);
	release(t, door, false);
	rests(t);
	asks(t, stays, 12, "bad-client");
	comes_and_goes(t, "bad-client");
}

static void
bad_requests(const char *program)
{
	static const char *const bad[] = {"hello\n", "0\n", "16385\n", "\n", "-1\n"};
	struct trial *t = serving(program, 2);
	struct peer *stays = client(t), *p;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		p = client(t);
		peer_say(p, bad[i]);
		is_put_out(t, p, "not-closed");
		comes_and_goes(t, "bad-client");
		asks(t, stays, 12, "bad-client");
	}
	p = client(t);
	peer_say(p, "12");
	rests(t);
	peer_reset(p);
	rests(t);
	asks(t, stays, 13, "bad-client");
	comes_and_goes(t, "bad-client");
}

/* pool.h: "No client ends the server". For: exit() in a session; SIGPIPE; a thread that gives up.
 */
void
bad_clients(void **state)
{
	(void)state;
	PROGRAMS(program)
	{
		bad_requests(program);
		gone_before_the_answer(program);
	}
}

/* pool.h: "closes its socket". For: a buffer that all sessions share; sockets that stay open. */
void
sessions_apart(void **state)
{
	(void)state;
	PROGRAMS(program)
	{
		struct trial *t = serving(program, 3);
		struct peer *a = client(t), *b = client(t);

		rests(t);
		peer_say(a, "1");
		rests(t);
		peer_say(b, "5");
		rests(t);
		peer_say(a, "2\n");
		hears(t, a, 12, "sessions-mixed");
		peer_say(b, "0\n");
		hears(t, b, 50, "sessions-mixed");
		peer_shutdown(a);
		is_put_out(t, a, "not-closed");
		peer_close(b);
		expect(connections(t) == 0, "not-closed",
		    _("when all clients have gone, no connection is open"), _("%zu are"),
		    connections(t));
	}
}

/* Threads that have just been made stand still until all are made. */
static void
start_together(struct trial *t)
{
	fault_id birth = trial_fault(
	    t, (struct fault){.call = CALL_THREAD, .action = HOLD_CHILD, .optional = true});
	unsigned held = 0;

	trial_start(t);
	rests(t);
	while (fault_delivered(t, birth) > held) {
		held = fault_delivered(t, birth);
		release(t, birth, true);
		rests(t);
	}
	release(t, birth, false);
	now_listening(t);
}

/* The number after "thread I: "; ends the check when there is no such line. */
static unsigned long
count_of(struct trial *t, int thread)
{
	const char *line = strstr(trial_output(t), words("thread %d: ", thread));
	unsigned long n = 0;

	expect(line != NULL && sscanf(line, "thread %*d: %lu clients", &n) == 1, "statistics",
	    words(_("there is a line \"thread %d: N clients\""), thread), "%s", _("there is none"));
	return n;
}

static void
expect_cpu_lines(struct trial *t)
{
	const char *self = strstr(trial_output(t), "cpu self: user "),
		   *children = strstr(trial_output(t), "cpu children: user ");
	long s[4], c[4];

	expect(self != NULL && children != NULL &&
		   sscanf(self, CPU_SELF, &s[0], &s[1], &s[2], &s[3]) == 4 &&
		   sscanf(children, CPU_CHILDREN, &c[0], &c[1], &c[2], &c[3]) == 4,
	    "statistics", _("there are the lines of cputime.h"), "%s", _("one is missing"));
	expect(c[0] + c[1] + c[2] + c[3] == 0, "statistics", _("there were no children"), "%s",
	    _("they have used CPU time"));
}

/* pool.h: "THREAD_CLIENTS". For: all threads with one number, or with an address for it. */
void
thread_counts(void **state)
{
	enum { N = 3 };

	(void)state;
	PROGRAMS(program)
	{
		struct trial *t = server(program, N);
		struct peer *p[N];
		unsigned long total = 0;

		start_together(t);
		for (int round = 0; round < 2; round++) {
			for (int i = 0; i < N; i++)
				asks(t, p[i] = client(t), 5, "serves");
			for (int i = 0; i < N; i++)
				peer_close(p[i]);
			rests(t);
		}
		comes_and_goes(t, "serves");
		trial_kill(t, 0, SIGINT);
		ends(t, 0, "sigint-ends");
		for (int i = 0; i < N; i++) {
			unsigned long n = count_of(t, i);

			expect(n == 2 || n == 3, "thread-counts",
			    words(_("thread %d has served 2 clients or 3"), i), _("it says %lu"),
			    n);
			total += n;
		}
		expect(total == 2 * N + 1, "thread-counts",
		    words(_("all have served %d together"), 2 * N + 1), _("they say %lu"), total);
		expect(strstr(trial_output(t), words("thread %d:", N)) == NULL, "statistics",
		    words(_("there are %d threads"), N), "%s", _("there is a line for another"));
		expect_cpu_lines(t);
	}
}

/* The program's last moment: all threads have been joined. */
static void
ends_alone(struct trial *t, fault_id end)
{
	const struct process *p;

	if (!await_held_or_end(t, end)) {
		ends(t, 0, "sigint-ends");
		return;
	}
	p = first_process(look(t));
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

static void
idle_server_ends(const char *program, int signal)
{
	struct trial *t = server(program, 3);
	fault_id end = holds_end(t);

	start_serving(t);
	comes_and_goes(t, "serves");
	trial_kill(t, 0, signal);
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
	if (strcmp(program, "prethread-queue") == 0) {
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
 * lost.
 */
void
sigint(void **state)
{
	(void)state;
	PROGRAMS(program)
	{
		sessions_go_on(program);
		idle_server_ends(program, SIGINT);
		idle_server_ends(program, SIGTERM);
		in_the_gap(program);
	}
}

static void
expect_message(struct trial *t, const char *part)
{
	expect(strstr(trial_errors(t), part) != NULL, "message",
	    words(_("standard error says why: \"%s\""), part), _("it says \"%s\""),
	    shown(trial_errors(t)));
}

/* pool.h: "Any other error". For: the next one, please, for ever; a thread that ends silently. */
void
accept_fatal(void **state)
{
	(void)state;
	PROGRAMS(program)
	{
		struct trial *t = server(program, 3);
		struct peer *last;

		trial_watch(t, CALL_ACCEPT);
		start_serving(t);
		comes_and_goes(t, "serves");
		accept_fails(t, 1, ENOTSOCK);
		/* is accepted by who waits in accept() already; who waits elsewhere meets the
		 * failure */
		last = peer_try_connect(t, where());
		await_rest(t);
		if (last != NULL)
			peer_close(last);
		ends(t, 1, "accept-fatal");
		expect_message(t, error_text(ENOTSOCK));
	}
}

/*
 * pool.h: "a thread that cannot be started". For: fewer threads; errno instead of the result, which
 * is EAGAIN although the kernel has no memory.
 */
void
no_threads(void **state)
{
	(void)state;
	PROGRAMS(program)
	{
		struct trial *t = server(program, 3);

		trial_fault(
		    t, (struct fault){
			   .call = CALL_THREAD, .action = FAULT_FAIL, .nth = 3, .error = ENOMEM});
		trial_start(t);
		ends(t, 1, "no-threads");
		expect_message(t, error_text(EAGAIN));
	}
}

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
	expect(strstr(trial_errors(t), "usage:") != NULL, "usage",
	    _("a line \"usage: ...\" goes to standard error"), _("it says \"%s\""),
	    shown(trial_errors(t)));
}

/* pool.h: "Not two arguments". For: 0 threads, half a number, a number too great. */
void
usage(void **state)
{
	static const char *const bad[] = {"0", "-1", "3x", "", "101", "18446744073709551617", "x"};
	struct trial *t;

	(void)state;
	PROGRAMS(program)
	{
		refuses(program, NULL, NULL, NULL);
		refuses(program, "127.0.0.1:0", NULL, NULL);
		refuses(program, "127.0.0.1:0", "2", "3");
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuses("prethread-mutex", "127.0.0.1:0", bad[i], NULL);
	t = trial("prethread-mutex", "nowhere", "2");
	trial_start(t);
	ends(t, 1, "usage-address");
	expect_message(t, error_text(EINVAL));
	t = trial("prethread-mutex", "127.0.0.1:0", word(THREADS_MAX));
	trial_start(t);
	await_output(t, ": 127.0.0.1:");
	trial_kill(t, 0, SIGTERM);
	ends(t, 0, "sigint-ends");
}

/* For: memory of the threads, of the queue and of the clients that is not freed. */
void
pool_memory(void **state)
{
	(void)state;
	PROGRAMS(program)
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
}
