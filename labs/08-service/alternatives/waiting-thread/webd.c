/* webd.c - what the two programs share. */
#include "webd.h"
#include "cputime.h"
#include "web.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
web(int fd, int argc, char *argv[])
{
	(void)argc, (void)argv;
	(void)!web_session(fd);
}

static void
on_sigint(int signal)
{
	if (signal == SIGINT) {
		report_cpu_time(STDOUT_FILENO);
		_exit(0);
	}
}

static int
refuse(const char *name)
{
	fprintf(stderr, "usage: %s HOST:PORT\n", name);
	return 2;
}

int
webd(const char *name, server *run, int argc, char *argv[])
{
	char copy[] = "some program's name", *words[] = {copy, NULL};
	struct sigaction action;

	if (argc != 2)
		return refuse(name);
	strncpy(copy, name, sizeof copy - 1);
	memset(&action, 0, sizeof action);
	action.sa_handler = on_sigint;
	sigaction(SIGINT, &action, NULL);
	if (run(argv[1], web, 1, words) < 0)
		perror(argv[1]);
	return 1;
}
