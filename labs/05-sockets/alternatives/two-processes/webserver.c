/* webserver.c - quick_exit() is not needed: the handler is one call. */
#include "net.h"
#include "web.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
on_term(int signal)
{
	_exit(signal == SIGTERM ? EXIT_SUCCESS : EXIT_FAILURE);
}

int
main(int argc, char **argv)
{
	struct sigaction action;
	struct hostport hp;
	char where[ADDRESS_SIZE], line[128];
	int listening, n;

	memset(&action, 0, sizeof action);
	action.sa_handler = on_term;
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (argc != 2 || parse_hostport(argv[1], &hp, WEB_PORT) != 0) {
		fprintf(stderr, "%s", WEBSERVER_USAGE);
		exit(2);
	}
	listening = listen_on(&hp);
	if (listening < 0 || local_address(listening, where) != 0) {
		fprintf(stderr, WEBSERVER_FAILED, argv[1], strerror(errno));
		exit(1);
	}
	n = snprintf(line, sizeof line, WEBSERVER_READY, where);
	if (write(STDOUT_FILENO, line, (size_t)n) != n)
		exit(1);
	while (1) {
		int fd = accept(listening, NULL, NULL);

		if (fd >= 0) {
			web_child(fd);
			close(fd);
		}
	}
}
