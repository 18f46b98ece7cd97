/* web_checks.c - the programs forkd and threadd, whose clients are the judge's peers. */
#include "checks.h"
#include "cputime.h"
#include "memory.h"
#include "web.h"
#include <signal.h>
#include <string.h>

static const char *const programs[] = {"forkd", "threadd"};
enum { PROGRAMS = sizeof programs / sizeof *programs };

/* Asks for so many bytes, and gets those that the protocol wants. */
static void
expect_bytes(struct peer *p, size_t count, const char *key)
{
	const char *bytes;
	size_t unread;

	(void)peer_say(p, words("%zu\n", count));
	bytes = peer_bytes(p, count);
	if (bytes == NULL)
		(void)peer_unread(p, &unread);
	expect(bytes != NULL, key, words(_("%zu bytes are answered"), count),
	    _("%zu bytes have come, and no more will"), unread);
	for (size_t i = 0; i < count; i++)
		expect(bytes[i] == WEB_BYTE(i), key,
		    words(_("byte %zu of an answer is %c"), i, WEB_BYTE(i)), _("it is 0x%x"),
		    (unsigned)bytes[i] & 0xff);
}

static void
expect_closed(struct peer *p, const char *key)
{
	expect(peer_end(p), key, _("at the end of a session the connection is closed"),
	    _("it stays open"));
}

/*
 * "Both serve web_session() of web.h to each client"; "they write the line of say_ready()". For:
 * a wrong program; a wrong name; a line that stays in a buffer.
 */
void
web_serves(void **state)
{
	(void)state;
	const char *key = "web-serves";

	for (int i = 0; i < PROGRAMS; i++) {
		struct trial *t = trial(programs[i], "127.0.0.1:0");
		const char *address, *line;
		struct peer *p;

		trial_start(t);
		address = await_listening(t);
		p = peer_connect(t, address);
		expect_bytes(p, (size_t)draw(1, 99), key);
		expect_bytes(p, (size_t)draw(2000, 9000), key);
		(void)peer_say(p, "nonsense\n");
		await_quiet(t); /* the session has ended, and nobody else has */
		expect_bytes(peer_connect(t, address), WEB_MAX, key);
		line = words("%s: %s\n", programs[i], address);
		await_quiet(t);
		expect((forks(t) == 0) == (i == 1), "web-serves",
		    i == 0 ? _("forkd makes a process for each session")
			   : _("threadd makes threads and no processes"),
		    _("%u processes were made"), forks(t));
		expect(strcmp(trial_output(t), line) == 0, "ready-line",
		    words(_("the server writes: %s"), line), _("it has written: \"%s\""),
		    trial_output(t));
	}
}

/* "to several clients at once". For: one client after the other. */
void
web_at_once(void **state)
{
	(void)state;
	const char *key = "side-by-side";

	for (int i = 0; i < PROGRAMS; i++) {
		struct trial *t = trial(programs[i], "127.0.0.1:0");
		const char *address;
		struct peer *slow, *quick;

		trial_start(t);
		address = await_listening(t);
		slow = peer_connect(t, address);
		expect_bytes(slow, (size_t)draw(1, 99), key);
		quick = peer_connect(t, address);
		expect_bytes(quick, (size_t)draw(2000, 9000), key);
		expect_bytes(slow, (size_t)draw(1, 99), key);
		expect_bytes(quick, 1, key);
		peer_shutdown(quick);
		(void)peer_say(slow, "nonsense\n");
		await_quiet(t); /* both sessions have ended, and nobody else has */
		expect_bytes(peer_connect(t, address), 1, key);
	}
}

/* The ready line, the two lines, and nothing else; the children's CPU time. */
static long long
expect_report(struct trial *t)
{
	const char *key = "sigint-report", *text;
	long long user = 0, system = 0;

	trial_finish(t);
	expect_exit(t, 0, "sigint");
	text = line_after(trial_output(t));
	expect(cpu_line(text, CPU_SELF, &user, &system) &&
		   cpu_line(line_after(text), CPU_CHILDREN, &user, &system) &&
		   *line_after(line_after(text)) == '\0',
	    key, _("at its end the server writes the two lines of CPU time, once"),
	    _("behind the ready line stands: \"%s\""), text);
	return user + system;
}

/* One session has ended, one runs. Returns the server's trial, and in *p the session's client. */
static struct trial *
busy_server(const char *program, struct peer **p)
{
	struct trial *t = trial(program, "127.0.0.1:0");
	const char *address;
	struct peer *gone;

	trial_start(t);
	address = await_listening(t);
	gone = peer_connect(t, address);
	expect_bytes(gone, 2000, "web-serves");
	peer_shutdown(gone);
	await_quiet(t); /* its session has ended before the other one begins */
	*p = peer_connect(t, address);
	expect_bytes(*p, 1, "web-serves");
	await_quiet(t);
	return t;
}

static void
expect_end(struct trial *t)
{
	expect(!await_rest(t), "sigint", _("SIGINT ends the server"), _("it goes on"));
}

/* Ctrl-C reaches everybody: the session first, whose handler would tell. */
static void
everybody_is_interrupted(void)
{
	struct peer *p;
	struct trial *t = busy_server("forkd", &p);
	pid_t server = first_process(look(t))->pid;
	const struct look *l = look(t);

	for (size_t i = 0; i < l->n; i++)
		if (l->processes[i].ppid == server)
			trial_kill(t, l->processes[i].pid, SIGINT);
	await_quiet(t);
	expect(
	    exits(t) == 2, "session-sigint", _("SIGINT ends a session of forkd"), _("it goes on"));
	trial_kill(t, 0, SIGINT);
	expect_end(t);
	expect_report(t);
}

/* It stands at this call's door: the handler runs there. */
static void
interrupted_before(const char *program, enum call call)
{
	struct trial *t = trial(program, "127.0.0.1:0");
	fault_id door = trial_fault(t, (struct fault){.call = call,
					   .action = HOLD_OUTSIDE,
					   .who = FIRST,
					   .fd = FD_SOCKET,
					   .nth = 1,
					   .optional = true});

	trial_start(t);
	if (!await_held_or_end(t, door))
		return;
	trial_kill(t, 0, SIGINT);
	release(t, door, false);
	expect_end(t);
	expect_report(t);
}

/*
 * "SIGINT, at whatever moment, ends the server with status 0, after the two lines"; "Ctrl-C
 * reaches them as well: then it ends them, and only the server writes". For: the default action;
 * a flag that is asked for before accept() sleeps; sessions that report as well.
 */
void
web_sigint(void **state)
{
	(void)state;

	for (int i = 0; i < PROGRAMS; i++) {
		struct peer *p;
		struct trial *t = busy_server(programs[i], &p);
		bool waits = zombies_in(look(t)) == 0; /* if not, another check says so */
		long long children;

		trial_kill(t, 0, SIGINT);
		expect_end(t);
		children = expect_report(t);
		expect(i == 1 || !waits || children > 0, "not-counted",
		    _("the session that has ended counts for the server"),
		    _("its children have used no CPU time"));
		interrupted_before(programs[i], CALL_ACCEPT);
	}
	everybody_is_interrupted();
}

static void
expect_usage(struct trial *t, const char *program)
{
	trial_start(t);
	expect(!await_rest(t), "web-usage", words("usage: %s HOST:PORT", program),
	    _("the server has started"));
	trial_finish(t);
	expect_exit(t, 2, "web-usage");
	expect(strcmp(trial_errors(t), words("usage: %s HOST:PORT\n", program)) == 0, "web-usage",
	    words("usage: %s HOST:PORT", program), _("there stands: \"%s\""),
	    shown(trial_errors(t)));
	expect(trial_output_size(t) == 0, "web-usage", _("the usage goes to standard error"),
	    _("standard output holds %zu bytes"), trial_output_size(t));
}

/* "With any other arguments they write "usage: ..."; status 1 when the server cannot serve. */
void
web_usage(void **state)
{
	(void)state;

	for (int i = 0; i < PROGRAMS; i++) {
		struct trial *t;

		expect_usage(trial(programs[i]), programs[i]);
		expect_usage(trial(programs[i], "127.0.0.1:0", "more"), programs[i]);
		t = trial(programs[i], "nonsense");
		trial_run(t);
		expect_exit(t, 1, "web-address");
		expect(trial_errors(t)[0] != '\0', "web-address",
		    _("a line on standard error says why the server cannot serve"),
		    _("there is none"));
	}
}

/* "its memory is freed". For: what a thread was told and nobody frees; memory of another's. */
void
web_memory(void **state)
{
	(void)state;

	for (int i = 0; i < PROGRAMS; i++) {
		struct trial *t = trial(programs[i], "127.0.0.1:0");
		const char *address;

		memory_watch(t);
		trial_start(t);
		address = await_listening(t);
		for (int k = 0; k < 3; k++) {
			struct peer *p = peer_connect(t, address);

			expect_bytes(p, (size_t)draw(1, 999), "web-serves");
			peer_shutdown(p);
			if (i == 1) /* then its memory is what this is about */
				expect_closed(p, "thread-open");
		}
		trial_kill(t, 0, SIGINT);
		trial_finish(t);
		memory_verdict(t, "memory", "leak");
	}
}
