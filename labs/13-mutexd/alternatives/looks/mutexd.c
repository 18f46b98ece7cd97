/*
 * mutexd.c - Different: one pipe and no sweeper, as each session clears away what it has made.
 *
 * The end is told by a pipe into which nobody writes. Only the daemon's first process keeps its
 * writing end; sessions wait for end of file at the other one, besides their clients. So they
 * learn at whatever they are that the daemon ends, those that have just been forked too, and no
 * signal has to find them all.
 */
#include "mutexd.h"
#include "lockset.h"
#include "mxp.h"
#include "service.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t daemons_pid;
static int lifeline[2];

/*
 * A session inherits this handler, and may be hit before it has got rid of it: then it has not
 * begun. Everything that is called here may be called in a handler.
 */
static void
end_all(int signal)
{
	(void)signal;
	if (getpid() != daemons_pid)
		_exit(EXIT_SUCCESS);
	close(lifeline[1]);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	_exit(EXIT_SUCCESS);
}

static int
on_end(void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	sigemptyset(&action.sa_mask);
	sigaddset(&action.sa_mask, SIGINT);
	sigaddset(&action.sa_mask, SIGTERM);
	return sigaction(SIGTERM, &action, NULL) < 0 || sigaction(SIGINT, &action, NULL) < 0 ? -1
											     : 0;
}

/* Ctrl-C, and whoever ends a whole group of processes, hit sessions too: the pipe tells them. */
static void
serve(int fd, int argc, char *argv[])
{
	(void)argc;
	on_end(SIG_IGN);
	close(lifeline[1]);
	mxp_session(fd, lifeline[0], argv[1]);
}

/* Whether sessions can begin in a directory is best asked by beginning one. */
static int
try_session(const char *lockdir)
{
	struct lockset set = {0};

	if (!lm_init(&set, lockdir, "mutexd"))
		return -1;
	lm_free(&set);
	return 0;
}

static int
fail(const char *what)
{
	fprintf(stderr, "mutexd: %s: %s\n", what, strerror(errno));
	return EXIT_FAILURE;
}

int
main(int argc, char *argv[])
{
	char address[MXP_ADDRESS];
	char *arguments[] = {"mutexd", argc == 3 ? argv[2] : NULL, NULL};

	if (argc != 3 || mxp_address(address, argv[1]) < 0) {
		fprintf(stderr, "%s\n", MUTEXD_USAGE);
		return 2;
	}
	if (try_session(argv[2]) < 0)
		return fail(argv[2]);
	daemons_pid = getpid();
	if (pipe(lifeline) < 0 || on_end(end_all) < 0)
		return fail("the end cannot be prepared");
	run_service(address, serve, 2, arguments);
	return fail(address);
}
