/* webserver.c - an iterative server: one client after the other. See web.h. */
#include "lines.h"
#include "net.h"
#include "web.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* STUDENT: helpers, for instance one that serves the next client */
/* There is nothing to tidy up, and _exit() is allowed here: so no moment is too early or too late.
 */
static void
end_now(int signal)
{
	(void)signal;
	_exit(0);
}

static int
prepare_signals(void)
{
	struct sigaction end = {.sa_handler = end_now}, ignore = {.sa_handler = SIG_IGN};

	if (sigaction(SIGTERM, &end, NULL) < 0)
		return -1;
	return sigaction(SIGPIPE, &ignore, NULL); /* a client that leaves must not end us */
}

/* Whatever goes wrong here concerns one client. */
static void
serve_next(int listener)
{
	int client = accept(listener, NULL, NULL);

	if (client < 0) {
		fprintf(stderr, "webserver: accept: %s\n", strerror(errno));
		return;
	}
	if (web_child(client) < 0)
		fprintf(stderr, "webserver: session: %s\n", strerror(errno));
	close(client);
}

static int
fail(const char *where)
{
	fprintf(stderr, WEBSERVER_FAILED, where, strerror(errno));
	return 1;
}
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: signals first, then listen, say so, and serve for ever */
	struct hostport hp;
	char address[ADDRESS_SIZE];
	int listener;

	if (argc != 2 || parse_hostport(argv[1], &hp, WEB_PORT) < 0) {
		fputs(WEBSERVER_USAGE, stderr);
		return 2;
	}
	if (prepare_signals() < 0)
		return fail("signals");
	listener = listen_on(&hp);
	if (listener < 0 || local_address(listener, address) < 0)
		return fail(argv[1]);
	printf(WEBSERVER_READY, address);
	fflush(stdout); /* it may be a pipe, and somebody waits for this line */
	for (;;)
		serve_next(listener);
	/* INSTEAD
	(void)argc;
	(void)argv;
	return 1;
	*/
	/* END */
}
