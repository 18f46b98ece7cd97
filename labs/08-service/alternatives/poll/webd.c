/* webd.c - the main program of both. */
#include "webd.h"
#include "cputime.h"
#include "web.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
end(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	(void)context;
	report_cpu_time(1);
	_exit(0);
}

static void
handle(int fd, int argc, char *argv[])
{
	if (argc > 0 && web_session(fd) < 0 && errno == EPROTO)
		fprintf(stderr, "%s: a client has sent nonsense\n", argv[0]);
}

int
webd(const char *name, server *run, int argc, char *argv[])
{
	struct sigaction action = {.sa_sigaction = end, .sa_flags = SA_SIGINFO | SA_RESTART};
	char own[20];

	if (argc != 2) {
		fputs("usage: ", stderr);
		fputs(name, stderr);
		fputs(" HOST:PORT\n", stderr);
		return 2;
	}
	strcpy(own, name);
	sigfillset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	run(argv[1], handle, 1, (char *[]){own, NULL});
	fprintf(stderr, "%s: %s: %s\n", name, argv[1], strerror(errno));
	return 1;
}
