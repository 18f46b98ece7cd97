/* webd.c - what forkd and threadd have in common. See webd.h. */
#include "webd.h"
#include "cputime.h"
#include "web.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* STUDENT: what SIGINT does, and what a session is */
/* Everything that is called here may be called in a handler: no exit(), no printf(). */
static void
stop(int signal)
{
	(void)signal;
	report_cpu_time(STDOUT_FILENO);
	_exit(EXIT_SUCCESS);
}

/* How a session ends is its client's business. */
static void
serve_web(int fd, int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	(void)web_session(fd);
}
/* END */

int
webd(const char *name, server *run, int argc, char *argv[])
{
	/* STUDENT: the usage, SIGINT before the first client, and the server */
	struct sigaction action = {.sa_handler = stop};
	char *arguments[] = {(char *)name, NULL};

	if (argc != 2) {
		fprintf(stderr, "usage: %s HOST:PORT\n", name);
		return 2;
	}
	sigemptyset(&action.sa_mask);
	if (sigaction(SIGINT, &action, NULL) == 0)
		run(argv[1], serve_web, 1, arguments);
	perror(name);
	return EXIT_FAILURE;
	/* INSTEAD
	(void)name;
	(void)run;
	(void)argc;
	(void)argv;
	return 3;
	*/
	/* END */
}
