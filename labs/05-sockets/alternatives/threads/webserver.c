/* webserver.c - a thread waits for SIGTERM; a stream with a line buffer; failures are counted. */
#include "net.h"
#include "web.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The thread that has nothing else to do; nobody else takes the signal. */
static void *
wait_for_term(void *set)
{
	int signal;

	while (sigwait(set, &signal) != 0)
		;
	_exit(0);
}

static int
serve_for_ever(int listener)
{
	unsigned long failures = 0;

	for (;;) {
		int client = accept(listener, NULL, NULL);

		if (client < 0) {
			failures++;
			continue;
		}
		if (web_child(client) != 0)
			failures++;
		shutdown(client, SHUT_RDWR);
		close(client);
	}
	return failures != 0;
}

int
main(int argc, char *argv[])
{
	struct sigaction quiet = {.sa_handler = SIG_IGN};
	pthread_t thread;
	sigset_t term;
	char own[ADDRESS_SIZE];
	struct hostport where;
	int fd;

	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGPIPE, &quiet, NULL);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &term, NULL);
	if (pthread_create(&thread, NULL, wait_for_term, &term) != 0)
		return 1;
	if (argc != 2 || parse_hostport(argv[1], &where, WEB_PORT) == -1)
		return fputs(WEBSERVER_USAGE, stderr), 2;
	fd = listen_on(&where);
	if (fd == -1 || local_address(fd, own) == -1)
		return fprintf(stderr, WEBSERVER_FAILED, argv[1], strerror(errno)), 1;
	printf(WEBSERVER_READY, own);
	return serve_for_ever(fd);
}
