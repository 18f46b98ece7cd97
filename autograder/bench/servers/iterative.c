/*
 * iterative.c - design 0: one client after the other, and no process control at all.
 *
 *	iterative HOST:PORT
 *
 * What the benchmark compares all others with. The web server of lab 05 is iterative too, but it
 * reads its lines in another way: this one has the session of labs 08 to 11, so that the
 * difference between two designs is the difference between the designs. SIGINT ends it.
 */
#include "../../../labs/08-service/listener.h"
#include "../../../labs/08-service/web.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static void
stop(int signal)
{
	(void)signal;
	_exit(EXIT_SUCCESS);
}

int
main(int argc, char *argv[])
{
	struct sigaction action = {.sa_handler = stop};
	int listener;

	if (argc != 2) {
		fputs("usage: iterative HOST:PORT\n", stderr);
		return 2;
	}
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	listener = open_listener(argv[1]);
	if (listener < 0 || say_ready(argv[0], listener) < 0) {
		perror(argv[1]);
		return EXIT_FAILURE;
	}
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			continue; /* one client's bad luck */
		web_session(fd);
		close(fd);
	}
}
