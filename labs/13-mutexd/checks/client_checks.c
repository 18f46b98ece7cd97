/* client_checks.c - the program mxp, whose server is a peer of the judge's; and memory. */
#include "checks.h"
#include "client.h"
#include "memory.h"
#include "mxp.h"
#include <errno.h>
#include <signal.h>
#include <string.h>

/* A server that nobody has connected to yet, and mxp on its way to it with a shell command. */
static struct peer *
goes(struct trial *t, const char *name, const char *lock, const char *command)
{
	struct peer *listener, *server;

	trial_start(t);
	listener = peer_listen(t, "127.0.0.1");
	ask_begin(t, "go", peer_address(listener), name, lock, "sh", "-c", command);
	server = peer_accept(listener);
	expect(server != NULL, "mxp-connects", _("mxp connects to its server"),
	    _("no connection has come"));
	return server;
}

static void
says(struct peer *server, const char *text)
{
	(void)peer_say(server, text);
}

static void
is_asked(struct peer *server, const char *request, const char *key)
{
	const char *come = peer_line(server);

	expect(come != NULL, key, words(_("the server gets the request \"%s\""), request),
	    _("it gets none"));
	expect(strcmp(come, request) == 0, key,
	    words(_("the server gets the request \"%s\""), request), _("it gets \"%s\""),
	    shown(come));
}

/* No request has come, no command was started, and mxp has not ended. */
static void
only_waits(struct trial *t, struct peer *server, const char *key)
{
	size_t n;

	expect(await_settled_or_end(t), key, _("mxp waits for the server's response"),
	    _("it has ended"));
	(void)peer_unread(server, &n);
	expect(n == 0, key, _("mxp waits for the server's response"),
	    _("%zu bytes have been sent before"), n);
	expect(trial_output_size(t) == 0, key,
	    _("the command is not started before mxp has the lock"), _("it has written \"%s\""),
	    shown(trial_output(t)));
}

/* Up to the request for the lock, which is not answered yet. */
static void
lets_in(struct peer *server, const char *name, const char *lock)
{
	says(server, "S\n");
	is_asked(server, words("id %s", name), "mxp-dialog");
	says(server, "S welcome\n");
	is_asked(server, words("lock %s", lock), "mxp-dialog");
}

static void
ends_with(struct trial *t, int status, const char *key)
{
	if (await_settled_or_end(t))
		check_fail(key, _("mxp ends"), _("it goes on, and everybody rests"));
	trial_finish(t);
	expect_exit(t, status, key);
}

/*
 * "starts the command when the server has said "S locked", not before"; "Each request is sent when
 * the response to the one before is complete"; "MXP_WAITING to standard error, at once". For: a
 * command that is started at once, or at "C waiting"; requests that are sent without awaiting
 * anything; "waiting" that is told when it is over; input that is not the command's.
 */
void
mxp_runs(void **state)
{
	(void)state;
	struct trial *t = trial("client");
	const char *name = letters(7), *lock = letters(8), *text = letters(9);
	struct peer *server;

	trial_input(t, text, strlen(text));
	server = goes(t, name, lock, "cat; echo; echo \"$0\"");
	only_waits(t, server, "mxp-dialog");
	says(server, "S\n");
	is_asked(server, words("id %s", name), "mxp-dialog");
	only_waits(t, server, "mxp-dialog");
	says(server, "S welcome\n");
	is_asked(server, words("lock %s", lock), "mxp-dialog");
	only_waits(t, server, "mxp-early");
	says(server, "C waiting\n");
	only_waits(t, server, "mxp-early");
	expect(strstr(trial_errors(t), MXP_WAITING "\n") != NULL, "mxp-waiting",
	    words(_("standard error: %s"), MXP_WAITING), _("it is \"%s\""), shown(trial_errors(t)));
	says(server, "S locked\n");
	ends_with(t, 0, "mxp-status");
	expect_output(t, words("%s\nsh\n", text), "mxp-command");
	expect(peer_end(server), "mxp-closes", _("at its end mxp closes the connection"),
	    _("it is open"));
}

/* mxp gets the lock for this command, and ends with this status. */
static void
runs(const char *command, int status)
{
	struct trial *t = trial("client");
	struct peer *server = goes(t, "anna", "a", command);

	lets_in(server, "anna", "a");
	says(server, "S locked\n");
	ends_with(t, status, "mxp-status");
	expect(strstr(trial_errors(t), MXP_WAITING) == NULL, "mxp-waiting",
	    _("who does not have to wait is not told so"), _("standard error: \"%s\""),
	    shown(trial_errors(t)));
}

/* The same with a command that is found nowhere, or is none. */
static void
cannot_run(const char *command, int status, int error)
{
	struct trial *t = trial("client");
	struct peer *listener, *server;

	trial_file(t, "file", "", 0, 0644);
	trial_start(t);
	listener = peer_listen(t, "127.0.0.1");
	ask_begin(t, "go", peer_address(listener), "anna", "a", command);
	server = peer_accept(listener);
	expect(server != NULL, "mxp-connects", _("mxp connects to its server"),
	    _("no connection has come"));
	lets_in(server, "anna", "a");
	says(server, "S locked\n");
	ends_with(t, status, "mxp-status");
	expect(strstr(trial_errors(t), error_text(error)) != NULL, "mxp-status",
	    words(_("standard error: %s"), error_text(error)), _("it is \"%s\""),
	    shown(trial_errors(t)));
}

/* There is no process for the command. */
static void
cannot_fork(void)
{
	struct trial *t = trial("client");
	struct peer *server;

	trial_fault(
	    t, (struct fault){.call = CALL_FORK, .action = FAULT_FAIL, .nth = 1, .error = EAGAIN});
	server = goes(t, "anna", "a", "exit 0");
	lets_in(server, "anna", "a");
	says(server, "S locked\n");
	ends_with(t, 1, "mxp-fork");
	expect(strstr(trial_errors(t), error_text(EAGAIN)) != NULL, "mxp-fork",
	    words(_("standard error: %s"), error_text(EAGAIN)), _("it is \"%s\""),
	    shown(trial_errors(t)));
}

/*
 * "ends with the command's exit status; with 128 + n"; "127", "126". For: 0 in every case; a status
 * as waitpid() stores it; a child that goes on as a second mxp when there is no command; a stop
 * that is taken for the end; a process that could not be made, and is waited for.
 */
void
mxp_status(void **state)
{
	(void)state;
	int status = (int)draw(3, 125);

	runs(words("exit %d", status), status);
	runs("exit 0", 0);
	runs("kill -9 $$", 128 + SIGKILL);
	runs("kill -15 $$", 128 + SIGTERM);
	cannot_run("./nothing", 127, ENOENT);
	cannot_run("./file", 126, EACCES);
	cannot_fork();
}

/* Status 1, the text on standard error, and no command was started. */
static void
gives_up(struct trial *t, const char *text)
{
	ends_with(t, 1, "mxp-refused");
	expect(strstr(trial_errors(t), text) != NULL, "mxp-refused",
	    words(_("standard error: %s"), text[0] == '\0' ? _("a line that says why") : text),
	    _("it is \"%s\""), shown(trial_errors(t)));
	expect(trial_errors(t)[0] != '\0', "mxp-refused",
	    words(_("standard error: %s"), _("a line that says why")), _("it is empty"));
	expect_output(t, "", "mxp-early");
}

/* The server says this in place of its n-th response, and ends the connection when asked to. */
static void
hears_wrong(int n, const char *response, bool ends, const char *text)
{
	struct trial *t = trial("client");
	struct peer *server = goes(t, "anna", "a", "echo started");

	if (n > 0) {
		says(server, "S\n");
		is_asked(server, "id anna", "mxp-dialog");
	}
	if (n > 1) {
		says(server, "S welcome\n");
		is_asked(server, "lock a", "mxp-dialog");
	}
	says(server, response);
	if (ends)
		peer_shutdown(server);
	gives_up(t, text);
}

/* In place of a reason nothing else of what the server has said is one. */
static void
hears_failure_without_reason(void)
{
	struct trial *t = trial("client");
	struct peer *server = goes(t, "anna", "a", "echo started");
	const char *text = letters(12);

	says(server, words("C %s\nF\n", text));
	gives_up(t, "");
	expect(strstr(trial_errors(t), text) == NULL, "mxp-refused",
	    words(_("standard error: %s"), _("a line that says why")), _("it is \"%s\""),
	    shown(trial_errors(t)));
}

/* The connection is reset while mxp waits for a response, so that its own call fails. */
static void
is_reset_while_it_waits(void)
{
	struct trial *t = trial("client");
	struct peer *server = goes(t, "anna", "a", "echo started");

	says(server, "S\n");
	is_asked(server, "id anna", "mxp-dialog");
	only_waits(t, server, "mxp-dialog");
	peer_reset(server);
	gives_up(t, error_text(ECONNRESET));
}

/* The same before mxp says something. */
static void
is_reset(void)
{
	struct trial *t = trial("client");
	struct peer *server;
	fault_id door = trial_fault(t,
	    (struct fault){.call = CALL_WRITE, .action = HOLD_BEFORE, .fd = FD_SOCKET, .nth = 1});

	server = goes(t, "anna", "a", "echo started");
	says(server, "S\n");
	await_held(t, door);
	peer_reset(server);
	release(t, door, false);
	gives_up(t, error_text(ECONNRESET));
}

/*
 * The server goes when it has heard a part of the request, and answers the next one with a reset:
 * to say more raises SIGPIPE.
 */
static void
is_left_in_mid_request(void)
{
	struct trial *t = trial("client");
	struct peer *server;
	fault_id door;

	trial_fault(t, (struct fault){.call = CALL_WRITE,
			   .action = FAULT_CUT,
			   .fd = FD_SOCKET,
			   .bytes = 2,
			   .optional = true});
	door = trial_fault(
	    t, (struct fault){.call = CALL_WRITE, .action = HOLD_AFTER, .fd = FD_SOCKET, .nth = 1});
	server = goes(t, "anna", "a", "echo started");
	says(server, "S\n");
	await_held(t, door);
	(void)peer_bytes(server, 1); /* what nobody has read would make a reset of the end */
	peer_close(server);
	release(t, door, false);
	gives_up(t, "");
}

/*
 * "status 1 and a line on standard error; after an F its text stands in it". For: F taken for S; a
 * response that is compared by less than its first word; end of file that is no end; a reason that
 * is the line before; a line that begins with no letter of MXP, or is longer by one byte; a call
 * whose failure is not told; SIGPIPE.
 */
void
mxp_refused(void **state)
{
	(void)state;
	const char *reason = letters(12);

	hears_wrong(1, words("F %s\n", reason), false, reason);
	hears_wrong(2, words("C waiting\nF %s\n", reason), false, reason);
	hears_wrong(0, "F\n", false, "");
	hears_failure_without_reason();
	hears_wrong(0, "", true, "");
	hears_wrong(1, "S welco", true, "");
	hears_wrong(2, "C waiting\n", true, "");
	hears_wrong(1, "SUCCESS\n", false, "");
	hears_wrong(0, "220 mail.example ESMTP\n", false, "");
	hears_wrong(2, "X locked\n", false, "");
	hears_wrong(2, "C waiting\n\n", false, ""); /* in memory a blank may stand behind its end */
	hears_wrong(2, words("S %s\n", letters(3 * MXP_LINE)), false, "");
	hears_wrong(2, words("S %s\n", letters(MXP_LINE - 2)), false, "");
	is_reset_while_it_waits();
	is_reset();
	is_left_in_mid_request();
}

/* Has this process a connection? */
static bool
has_connection(const struct process *p)
{
	for (size_t i = 0; i < p->n_fds; i++)
		if (p->fds[i].kind == FD_SOCKET && p->fds[i].socket == SOCKET_CONNECTED)
			return true;
	return false;
}

static void
byte_by_byte(struct trial *t, struct peer *server, const char *response)
{
	for (const char *c = response; *c != '\0'; c++) {
		(void)peer_send(server, c, 1);
		expect(await_settled_or_end(t), "mxp-pieces",
		    _("a response is what comes up to its newline, in whatever pieces"),
		    _("mxp has ended"));
	}
}

/*
 * "has all that mxp was given, but not the connection"; "in whatever pieces"; "other C are passed
 * over". For: a command that keeps the session open; one read for a response, one send for a
 * request; a second response that is swallowed with the first; any C taken for "C waiting".
 */
void
mxp_alone(void **state)
{
	(void)state;
	struct trial *t = trial("client");
	struct peer *server;
	const struct look *l;

	trial_open_input(t);
	for (unsigned i = 1; i <= 2; i++)
		trial_fault(t, (struct fault){.call = CALL_WRITE,
				   .action = FAULT_CUT,
				   .fd = FD_SOCKET,
				   .nth = i,
				   .bytes = i,
				   .optional = true}); /* what is left then goes at once */
	server = goes(t, "anna", "a", "read x");
	byte_by_byte(t, server, "S\n");
	is_asked(server, "id anna", "mxp-short-send");
	only_waits(t, server, "mxp-short-send");
	says(server, words("C %s\n", letters(MXP_LINE - 3)));
	byte_by_byte(t, server, "C more of it\nS welcome\n");
	is_asked(server, "lock a", "mxp-pieces");
	expect(strstr(trial_errors(t), MXP_WAITING) == NULL, "mxp-waiting",
	    _("who does not have to wait is not told so"), _("standard error: \"%s\""),
	    shown(trial_errors(t)));
	byte_by_byte(t, server, "C waiting\nC S locked\nS locked\n");
	l = look(t);
	for (size_t i = 0; i < l->n; i++)
		expect(l->processes[i].pid == first_process(l)->pid ||
			   !has_connection(&l->processes[i]),
		    "mxp-inherited", _("the command has not got the connection"),
		    _("its process has it open"));
	trial_close_input(t);
	trial_finish(t); /* its status is the business of another check */
}

/* ---- memory --------------------------------------------------------------------------------- */

/* Whether it waits, and how, is the business of other checks. */
static void
has_to_wait(struct peer *p, struct peer *holder)
{
	(void)peer_say(p, "lock held\n");
	(void)peer_line(p);
	(void)peer_say(holder, "release held\n");
	(void)peer_line(holder);
	peer_shutdown(holder);
	(void)peer_line(p);
}

static void
memory_of_daemon(void)
{
	struct trial *t = trial("mutexd", "127.0.0.1:0", ".");
	struct peer *p, *stranger;

	memory_watch(t);
	start(t);
	p = joins(t, letters(64));
	has_to_wait(p, holds(t, letters(5), "held"));
	stranger = client(t);
	(void)peer_say(
	    p, words("lock a\nstat a\n%s\n%s\nrelease a\n", letters(500), letters(5000)));
	peer_shutdown(p);
	expect(peer_end(p), "session-end", _("at the end of its bytes the client's session ends"),
	    _("it does not"));
	trial_kill(t, 0, SIGTERM);
	peer_close(stranger); /* wakes one that has lost the signal: not what this is about */
	/* how it ends is the business of another check; one that does not end has no report */
	if (trial_end(t) != END_EXITED && trial_end(t) != END_SIGNALED)
		trial_finish(t);
	memory_verdict(t, "memory", "leak");
}

/*
 * "Only own memory": buffers that a line, a name or a flood could leave; of a session and of mxp.
 */
void
memory(void **state)
{
	(void)state;
	struct trial *t;
	struct peer *server;
	const char *name;

	memory_of_daemon();
	t = trial("client");
	memory_watch(t);
	name = letters(64);
	server = goes(t, name, name, "exit 0");
	lets_in(server, name, name);
	says(server, words("C %s\nS locked\n", letters(MXP_LINE - 3)));
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}
