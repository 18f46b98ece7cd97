/* pool_checks.c - what both servers have in common while they serve. */
#include "checks.h"
#include "cputime.h"
#include "pool.h"
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
static void
threads_first(const char *program)
{
	enum { N = 5 };
	struct trial *t = server(program, N);

	trial_watch(t, CALL_WRITE);
	start_serving(t);
	expect(strstr(trial_output(t), words("%s: %s\n", program, where())) != NULL,
	    "no-ready-line", words(_("there is a line \"%s: %s\""), program, where()),
	    _("standard output holds: %s"), shown(trial_output(t)));
	expect(threads_before_ready(t) >= N, "threads-first",
	    words(_("%d threads are started before the line is written"), N), _("%zu are"),
	    threads_before_ready(t));
	for (int i = 0; i < N; i++)
		asks(t, client(t), 10, "threads-first");
	expect(count_events(t, EVENT_THREAD, 0) <= N + 1, "threads-later",
	    _("no thread is started for a client"), _("%u threads were started"),
	    count_events(t, EVENT_THREAD, 0));
}
CHECK_OF_EACH(threads_first)

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
static void
bad_clients(const char *program)
{
	bad_requests(program);
	gone_before_the_answer(program);
}
CHECK_OF_EACH(bad_clients)

/* pool.h: "closes its socket". For: a buffer that all sessions share; sockets that stay open. */
static void
sessions(const char *program)
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
	    _("when all clients have gone, no connection is open"), _("%zu are"), connections(t));
}
CHECK_OF_EACH(sessions)

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
static void
counts(const char *program)
{
	enum { N = 3 };
	struct trial *t = server(program, N);
	struct peer *p[N];
	unsigned long total = 0;

	start_late(t);
	rests(t);
	now_listening(t);
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
		    words(_("thread %d has served 2 clients or 3"), i), _("it says %lu"), n);
		total += n;
	}
	expect(total == 2 * N + 1, "thread-counts",
	    words(_("all have served %d together"), 2 * N + 1), _("they say %lu"), total);
	expect(strstr(trial_output(t), words("thread %d:", N)) == NULL, "statistics",
	    words(_("there are %d threads"), N), "%s", _("there is a line for another"));
	expect_cpu_lines(t);
}
CHECK_OF_EACH(counts)
