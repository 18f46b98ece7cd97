/* stop_checks.c - how the daemon ends, and when it does not begin. */
#include "checks.h"
#include "client.h"
#include "lockset.h"
#include "mutexd.h"
#include "mxp.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/*
 * "SIGTERM or SIGINT ends everything, with status 0". For: the default action; a handler that only
 * sets a flag; a status that is another one; a daemon that waits for sessions that it never had.
 */
void
stops(void **state)
{
	(void)state;
	static const int signals[] = {SIGTERM, SIGINT, SIGTERM};

	for (int i = 0; i < 3; i++) {
		struct trial *t = serving();

		if (i == 2)
			peer_shutdown(
			    client(t)); /* a session that has ended is nobody to wait for */
		rests(t);
		trial_kill(t, 0, signals[i]);
		must_end(t, "stop");
		expect_exit(t, 0, "stop");
		refute_left_processes(t, "left-behind");
	}
}

/* Of a daemon that has ended. */
static void
nothing_is_left_of(struct trial *t, const char *const names[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		no_file(t, "u.", names[i], "files-left");
		no_file(t, "l.", names[i], "files-left");
	}
}

/*
 * "those of sessions that wait, stall or are just beginning among them". For: sessions that live
 * on; a daemon that does not wait for them; sessions that are killed, and nobody clears away what
 * they have left.
 */
void
stops_sessions(void **state)
{
	(void)state;
	static const char *const there[] = {"idle", "holder", "lock", "half"};
	struct trial *t = serving();

	client(t);
	(void)peer_say(client(t), "id nobo");
	joins(t, "idle");
	holds(t, "holder", "lock");
	(void)peer_say(holds(t, "half", "half"), "release ha");
	is_stopped(t, "stop-sessions");
	nothing_is_left_of(t, there, sizeof there / sizeof *there);
}

/* Each of the two has what the other one waits for: no end of the other one's helps it. */
static void
wait_in_a_circle(struct trial *t)
{
	struct peer *one = holds(t, "round", "r"), *other = holds(t, "about", "s");

	(void)peer_say(one, "lock s\n");
	(void)peer_say(other, "lock r\n");
	rests(t);
}

/* Some that wait, and one that does not read what it is answered. */
static void
stops_where_they_sleep(void)
{
	static const char *const there[] = {
	    "holder", "waiter", "second", "lock", "round", "about", "r", "s"};
	static const char *const deaf[] = {"deaf"};
	struct trial *t = serving();

	holds(t, "holder", "lock");
	waits_for(t, "waiter", "lock");
	(void)peer_say(waits_for(t, "second", "lock"), "stat lock\nst");
	wait_in_a_circle(t);
	is_stopped(t, "stop-sessions");
	nothing_is_left_of(t, there, sizeof there / sizeof *there);
	t = unwatched();
	start(t);
	stalls(t, "deaf");
	is_stopped(t, "stop-sessions");
	nothing_is_left_of(t, deaf, 1);
}

/* The signal comes while somebody stands at this call; the fault is for what comes next. */
static void
stops_at(struct fault fault)
{
	static const char *const there[] = {"anna", "ben", "a", "b"};
	struct trial *t = prepared();
	struct peer *p;
	fault_id door;

	trial_watch(t, fault.call);
	start(t);
	p = holds(t, "anna", "a");
	rests(t);
	fault.nth = 1;
	fault.optional = true;
	door = trial_fault(t, fault);
	if (fault.who == DESCENDANTS)
		(void)peer_say(p, "lock b\n");
	else
		(void)peer_say(client(t), "id ben\nlock b\n");
	if (!await_held_or_end(t, door))
		return;
	rests(t); /* all others have done what they can */
	trial_kill(t, 0, SIGTERM);
	(void)await_settled_or_end(t);
	release(t, door, false);
	has_stopped(t, "stop-anywhere");
	nothing_is_left_of(t, there, sizeof there / sizeof *there);
}

/* Two sessions have done all that they have to do, and end one after the other. */
static void
one_ends_after_the_other(void)
{
	struct trial *t = prepared();
	fault_id door = trial_fault(
	    t, (struct fault){
		   .call = CALL_EXIT, .action = HOLD_BEFORE, .who = DESCENDANTS, .optional = true});

	start(t);
	joins(t, "anna");
	joins(t, "ben");
	rests(t);
	trial_kill(t, 0, SIGTERM);
	if (await_settled_or_end(t) && fault_delivered(t, door) > 1) {
		release_one(t, door, held_thread(t, door));
		(void)await_settled_or_end(t);
		release(t, door, false);
	}
	has_stopped(t, "stop-anywhere");
}

/*
 * "at whatever moment". For: a session that sleeps where it hears nothing; one that begins just
 * then, and is forgotten; one that has not yet got rid of what it inherits; one that is in the
 * middle of a request; signals of which one comes while the other one is being dealt with.
 */
void
stops_anywhere(void **state)
{
	(void)state;
	struct trial *t;

	stops_where_they_sleep();
	stops_at((struct fault){.call = CALL_FORK, .action = HOLD_CHILD});
	stops_at((struct fault){.call = CALL_FORK, .action = HOLD_BEFORE});
	stops_at((struct fault){.call = CALL_FORK, .action = HOLD_AFTER});
	stops_at((struct fault){.call = CALL_ACCEPT, .action = HOLD_OUTSIDE});
	stops_at((struct fault){.call = CALL_LINK, .action = HOLD_BEFORE, .who = DESCENDANTS});
	stops_at((struct fault){
	    .call = CALL_WRITE, .action = HOLD_BEFORE, .who = DESCENDANTS, .fd = FD_SOCKET});
	one_ends_after_the_other();
	t = serving();
	joins(t, "anna");
	rests(t);
	trial_kill(t, 0, SIGSTOP);
	await_event(t, EVENT_STOP, 0, 1);
	trial_kill(t, 0, SIGTERM);
	trial_kill(t, 0, SIGINT);
	trial_kill(t, 0, SIGCONT);
	has_stopped(t, "stop-anywhere");
}

/* ---- when it does not begin -------------------------------------------------------------- */

/* Standard error has this text. */
static void
tells_of(struct trial *t, const char *text, const char *key)
{
	expect(strstr(trial_errors(t), text) != NULL, key, words(_("standard error: %s"), text),
	    _("it is \"%s\""), shown(trial_errors(t)));
}

/* The program ends with this status; standard output is empty, and standard error has the text. */
static void
complains(struct trial *t, int status, const char *text, const char *key)
{
	trial_start(t);
	expect(!await_settled_or_end(t), key, words(_("standard error: %s"), text),
	    _("the program goes on"));
	trial_finish(t);
	expect_exit(t, status, key);
	refute_left_processes(t, "left-behind");
	expect_output(t, "", key);
	tells_of(t, text, key);
}

/* The nth of these calls fails, if the daemon makes so many before anybody connects. */
static void
cannot_begin(enum call call, unsigned nth, int error)
{
	struct trial *t = trial("mutexd", "127.0.0.1:0", ".");
	fault_id fault = trial_fault(t,
	    (struct fault){
		.call = call, .action = FAULT_FAIL, .nth = nth, .error = error, .optional = true});

	trial_start(t);
	if (await_settled_or_end(t) && fault_delivered(t, fault) == 0)
		return;
	must_end(t, "directory");
	expect_exit(t, 1, "directory");
	expect_output(t, "", "directory");
	expect(strstr(trial_errors(t), error_text(error)) != NULL, "directory",
	    words(_("standard error: %s"), error_text(error)), _("it is \"%s\""),
	    shown(trial_errors(t)));
}

/*
 * "there is none, it is no directory, it cannot be written to"; "noticed before anybody can
 * connect"; "a pipe or a process". For: a daemon that begins, and refuses every client; one that
 * says nothing, something else, or not of what it speaks.
 */
void
directory(void **state)
{
	(void)state;
	const char *nowhere = letters(9);
	struct trial *t = trial("mutexd", "127.0.0.1:0", nowhere);

	complains(t, 1, error_text(ENOENT), "directory");
	tells_of(t, nowhere, "directory");
	t = trial("mutexd", "127.0.0.1:0", "file");
	trial_file(t, "file", "no directory", 12, 0644);
	complains(t, 1, error_text(ENOTDIR), "directory");
	complains(trial("mutexd", "127.0.0.1:0", "/usr"), 1, "/usr", "directory");
	complains(trial("mutexd", "127.0.0.1:0", ""), 1, error_text(ENOENT), "directory");
	cannot_begin(CALL_PIPE, 1, EMFILE);
	cannot_begin(CALL_PIPE, 2, ENFILE);
	cannot_begin(CALL_FORK, 1, EAGAIN);
}

/* bind() says so; listen() when somebody was quicker who had bound, but did not listen yet. */
static bool
port_was_taken(struct trial *t)
{
	size_t n;
	const struct event *e = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (e[i].kind == EVENT_CALL && e[i].result == -EADDRINUSE)
			return true;
	return false;
}

/* In a sandbox nobody else has the port; where a trial has no network of its own somebody may. */
static void
listens_at(const char *hostport, const char *expected)
{
	struct trial *t = trial("mutexd", hostport, ".");
	const char *address;

	trial_watch(t, CALL_BIND);
	trial_watch(t, CALL_LISTEN);
	trial_start(t);
	if (strchr(hostport, '[') != NULL && !trial_has_ipv6(t))
		return;
	if (!await_settled_or_end(t) && port_was_taken(t))
		return;
	expect(await_settled_or_end(t), "port",
	    words(_("without a port, the daemon listens at %s"), expected),
	    _("it has ended, and says \"%s\""), shown(trial_errors(t)));
	address = await_listening(t);
	expect(strcmp(address, expected) == 0, "port",
	    words(_("without a port, the daemon listens at %s"), expected), _("it listens at %s"),
	    address);
	expected = words("mutexd: %s\n", address);
	expect(strcmp(trial_output(t), expected) == 0, "ready-line",
	    words(_("the daemon writes: %s"), shown(expected)), _("it has written: \"%s\""),
	    shown(trial_output(t)));
}

static void
bad_addresses(void)
{
	static const char *const bad[] = {"", ":", ":80", "[::1", "[::1]x", "[::1]x:80", "[]:80",
	    "::1", "::1:80", "a:b:80", "a]:80", "a[b]:80"};
	char longest[400];

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		complains(trial("mutexd", bad[i], "."), 2, MUTEXD_USAGE, "usage");
	/* what stands behind the first argument in memory is the second one */
	complains(trial("mutexd", "[::1", ":80"), 2, MUTEXD_USAGE, "usage");
	memset(longest, 'x', sizeof longest);
	longest[sizeof longest - 1] = '\0';
	complains(trial("mutexd", longest, "."), 2, MUTEXD_USAGE, "usage");
	memcpy(longest + sizeof longest - 4, ":80", 4);
	complains(trial("mutexd", longest, "."), 2, MUTEXD_USAGE, "usage");
	memcpy(longest + MXP_ADDRESS - 3, ":80", 4);
	complains(trial("mutexd", longest, "."), 2, MUTEXD_USAGE, "usage");
}

/*
 * "not two arguments, or the first is no address"; "MXP_PORT when hostport has no port"; of mxp
 * "and nobody has been connected to". For: argv[2] that is not there; another port; a name with a
 * newline in it, which becomes a request; processes that are left when nobody can listen.
 */
void
command_line(void **state)
{
	(void)state;
	const char *most = letters(LM_NAME_MOST);

	complains(trial("mutexd"), 2, MUTEXD_USAGE, "usage");
	complains(trial("mutexd", "127.0.0.1:0"), 2, MUTEXD_USAGE, "usage");
	complains(trial("mutexd", "127.0.0.1:0", ".", "more"), 2, MUTEXD_USAGE, "usage");
	bad_addresses();
	listens_at("127.0.0.1", words("127.0.0.1:%d", MXP_PORT));
	listens_at("127.0.0.1:", words("127.0.0.1:%d", MXP_PORT));
	listens_at("[::1]", words("[::1]:%d", MXP_PORT));
	complains(trial("mutexd", "127.0.0.1:nonsense", "."), 1, error_text(EINVAL), "address");
	complains(trial("mxp"), 2, MXP_USAGE, "usage");
	complains(trial("mxp", "127.0.0.1:1", "anna", "a"), 2, MXP_USAGE, "usage");
	complains(trial("mxp", "[::1", "anna", "a", "true"), 2, MXP_USAGE, "usage");
	complains(trial("mxp", "127.0.0.1:1", ".anna", "a", "true"), 2, MXP_USAGE, "usage");
	complains(trial("mxp", "127.0.0.1:1", "anna", "", "true"), 2, MXP_USAGE, "usage");
	complains(trial("mxp", "127.0.0.1:1", "an\nna", "a", "true"), 2, MXP_USAGE, "usage");
	complains(trial("mxp", "127.0.0.1:1", "anna", "a b", "true"), 2, MXP_USAGE, "usage");
	complains(
	    trial("mxp", "127.0.0.1:1", words("%sx", most), "a", "true"), 2, MXP_USAGE, "usage");
	complains(
	    trial("mxp", "127.0.0.1:1", "anna", words("%sx", most), "true"), 2, MXP_USAGE, "usage");
	complains(
	    trial("mxp", "127.0.0.1", most, most, "true"), 1, error_text(ECONNREFUSED), "address");
}
