/* webserver.c - the handler jumps: also from the middle of a session. */
#include "net.h"
#include "web.h"
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static sigjmp_buf out;

static void
jump(int signal)
{
	siglongjmp(out, signal);
}

static void
sessions(int listener)
{
	for (;;) {
		struct sockaddr_storage from;
		socklen_t size = sizeof from;
		int client = accept(listener, (struct sockaddr *)&from, &size);

		if (client < 0)
			continue;
		(void)web_child(client);
		close(client);
	}
}

int
main(int argc, char *argv[])
{
	struct sigaction term = {.sa_handler = jump}, pipe = {.sa_handler = SIG_IGN};
	char text[ADDRESS_SIZE];
	struct hostport hp;
	int listener;

	if (argc != 2 || parse_hostport(argv[1], &hp, WEB_PORT) < 0) {
		fputs(WEBSERVER_USAGE, stderr);
		return 2;
	}
	if (sigsetjmp(out, 1) != 0)
		_exit(0);
	if (sigaction(SIGTERM, &term, NULL) < 0 || sigaction(SIGPIPE, &pipe, NULL) < 0)
		return 1;
	listener = listen_on(&hp);
	if (listener < 0 || local_address(listener, text) < 0) {
		fprintf(stderr, WEBSERVER_FAILED, argv[1], strerror(errno));
		return 1;
	}
	printf(WEBSERVER_READY, text);
	fflush(stdout);
	sessions(listener);
}
