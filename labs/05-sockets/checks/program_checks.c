/* program_checks.c - how webserver and webclient read their command lines. */
#include "checks.h"
#include "web.h"
#include <errno.h>
#include <string.h>

static void
expect_complaint(struct trial *t, int status, const char *line)
{
	trial_start(t);
	expect(
	    !await_rest(t), "usage", _("a program that is called wrongly ends"), _("it goes on"));
	trial_finish(t);
	expect_exit(t, status, "usage");
	expect_output(t, "", "usage");
	expect(strstr(trial_errors(t), line) != NULL, "usage", words(_("standard error: %s"), line),
	    _("it is \"%s\""), trial_errors(t));
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
 * failure that nobody reports; another default port.
 */
void
command_lines(void **state)
{
	(void)state;

	expect_complaint(trial("webserver"), 2, WEBSERVER_USAGE);
	expect_complaint(trial("webserver", "127.0.0.1:0", "more"), 2, WEBSERVER_USAGE);
	expect_complaint(trial("webserver", "[::1"), 2, WEBSERVER_USAGE);
	expect_complaint(trial("webclient"), 2, WEBCLIENT_USAGE);
	expect_complaint(trial("webclient", "127.0.0.1:1", "more"), 2, WEBCLIENT_USAGE);
	expect_complaint(trial("webclient", "--stream"), 2, WEBCLIENT_USAGE);
	expect_complaint(trial("webclient", "--stream", "127.0.0.1:1", "more"), 2, WEBCLIENT_USAGE);
	expect_complaint(trial("webclient", "--stream", ":80"), 2, WEBCLIENT_USAGE);
	expect_complaint(trial("webserver", "nobody.example"), 1,
	    words(WEBSERVER_FAILED, "nobody.example", error_text(ENXIO)));
	expect_complaint(
	    trial("webclient", "nobody.example"), 1, words(WEBCLIENT_FAILED, error_text(ENXIO)));
	default_port_of_server();
	default_port_of_client();
}
