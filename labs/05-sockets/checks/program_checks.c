/* program_checks.c - how webserver and webclient read their command lines. */
#include "checks.h"
#include "web.h"
#include <errno.h>
#include <string.h>

/* What it says comes first: a wrong status of one that says the right thing is another mistake. */
static void
expect_complaint(struct trial *t, int status, const char *key, const char *line)
{
	trial_start(t);
	expect(
	    !await_rest(t), key, _("a program that cannot begin its work ends"), _("it goes on"));
	trial_finish(t);
	expect(strstr(trial_errors(t), line) != NULL, key, words(_("standard error: %s"), line),
	    _("it is \"%s\""), trial_errors(t));
	expect_output(t, "", key);
	expect_exit(t, status, "start-status");
}

static void
expect_usage(struct trial *t, const char *line)
{
	expect_complaint(t, 2, "usage", line);
}

static void
expect_failure_said(struct trial *t, const char *line)
{
	expect_complaint(t, 1, "start-failure", line);
}

/* bind() says so; listen() when somebody was quicker who had bound, but did not listen yet. */
static bool
port_was_taken(struct trial *t)
{
	size_t n;
	const struct event *happened = events(t, &n);

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == EVENT_CALL && happened[i].result == -EADDRINUSE)
			return true;
	return false;
}

/*
 * "WEB_PORT, when nobody says which." In a sandbox nobody else can have it; where a trial has no
 * network of its own somebody may, and then this cannot be seen.
 */
static void
default_port_of_server(void)
{
	struct trial *t = trial("webserver", "127.0.0.1");
	const char *expected = words("127.0.0.1:%d", WEB_PORT), *address;

	trial_watch(t, CALL_BIND);
	trial_watch(t, CALL_LISTEN);
	trial_start(t);
	if (!await_rest(t) && port_was_taken(t))
		return;
	address = await_listening(t);
	expect(strcmp(address, expected) == 0, "web-port",
	    words(_("without a port, the server listens at %s"), expected), _("it listens at %s"),
	    address);
}

/* A client that has ended, for it found nobody, is connected to nobody. */
static bool
is_connected_to(struct trial *t, const char *address)
{
	const struct process *p = first_process(look(t));

	for (size_t i = 0; p != NULL && i < p->n_fds; i++)
		if (p->fds[i].kind == FD_SOCKET && strcmp(p->fds[i].remote, address) == 0)
			return true;
	return false;
}

static void
default_port_of_client(void)
{
	struct trial *t = trial("client");

	trial_open_input(t);
	trial_start(t);
	if (answer_int(ask(t, "listen"), "result") < 0)
		return; /* as above */
	ask_begin(t, "go", "127.0.0.1");
	await_rest(t);
	expect(is_connected_to(t, words("127.0.0.1:%d", WEB_PORT)), "web-port",
	    words(_("without a port, the client connects to port %d"), WEB_PORT),
	    _("no connection has come"));
}

/*
 * "no argument, too many, or not a hostport"; "status 1". For: argv[1] that is not there; a
 * failure that nobody reports, or with another errno; another status; another default port.
 */
void
command_lines(void **state)
{
	(void)state;

	expect_usage(trial("webserver"), WEBSERVER_USAGE);
	expect_usage(trial("webserver", "127.0.0.1:0", "more"), WEBSERVER_USAGE);
	expect_usage(trial("webserver", "[::1"), WEBSERVER_USAGE);
	expect_usage(trial("webclient"), WEBCLIENT_USAGE);
	expect_usage(trial("webclient", "127.0.0.1:1", "more"), WEBCLIENT_USAGE);
	expect_usage(trial("webclient", "--stream"), WEBCLIENT_USAGE);
	expect_usage(trial("webclient", "--stream", "127.0.0.1:1", "more"), WEBCLIENT_USAGE);
	expect_usage(trial("webclient", "--stream", ":80"), WEBCLIENT_USAGE);
	expect_failure_said(trial("webserver", "nobody.example"),
	    words(WEBSERVER_FAILED, "nobody.example", error_text(ENXIO)));
	expect_failure_said(
	    trial("webclient", "nobody.example"), words(WEBCLIENT_FAILED, error_text(ENXIO)));
	default_port_of_server();
	default_port_of_client();
}
