/*
 * mutexd.c - a network mutex daemon: how it begins and how it ends. See mutexd.h.
 *
 * The end is told by a pipe into which nobody writes. Only the daemon's first process keeps its
 * writing end; sessions wait for end of file at the other one, besides their clients. So they
 * learn at whatever they are that the daemon ends, those that have just been forked too, and no
 * signal has to find them all.
 *
 * A second pipe goes the other way: the first process and all sessions have its writing end, as
 * long as they live, and the sweeper, a process that is there from the beginning, waits for end of
 * file at the other one. Then no session is left that could still make or want a file, and what
 * lies about is swept away: by a process that may call anything, as a signal handler may not.
 */
#include "mutexd.h"
#include "lockset.h"
#include "mxp.h"
#include "service.h"
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* STUDENT: how the daemon ends, with all its sessions; and how a session's process begins */
static pid_t daemons_pid;
static int lifeline[2], presence[2];

/* Everything that is called here may be called in a signal handler. */
static void
end_sessions(void)
{
	close(lifeline[1]);
	close(presence[1]);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}

/*
 * A session inherits this handler, and may be hit before it has got rid of it: then it has not
 * begun.
 */
static void
end_all(int signal)
{
	(void)signal;
	if (getpid() == daemons_pid)
		end_sessions();
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

/*
 * What sessions have left that were killed, or had to end while they waited for a lock. Should it
 * stay, nobody is harmed: it counts for nothing.
 */
static void
sweep(const char *lockdir)
{
	DIR *dir = opendir(lockdir);
	struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, "u.", 2) == 0 || strncmp(entry->d_name, "l.", 2) == 0)
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}

/* The sweeper's whole life. The signals that end the daemon are blocked when it begins. */
static _Noreturn void
be_sweeper(const char *lockdir)
{
	char nothing;

	close(lifeline[1]);
	close(presence[1]);
	while (read(presence[0], &nothing, 1) < 0 && errno == EINTR)
		;
	sweep(lockdir);
	_exit(EXIT_SUCCESS);
}

/* A signal that comes before all is ready for it waits until then, and ends no sweeper. */
static int
prepare_end(const char *lockdir)
{
	sigset_t ends, before;
	pid_t sweeper;

	daemons_pid = getpid();
	if (pipe(lifeline) < 0 || pipe(presence) < 0)
		return -1;
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigprocmask(SIG_BLOCK, &ends, &before);
	sweeper = fork();
	if (sweeper == 0)
		be_sweeper(lockdir);
	if (sweeper < 0 || on_end(end_all) < 0)
		return -1;
	close(presence[0]);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return 0;
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
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: usage, directory, the end, and the service */
	char address[MXP_ADDRESS];
	char *arguments[] = {"mutexd", argc == 3 ? argv[2] : NULL, NULL};

	if (argc != 3 || mxp_address(address, argv[1]) < 0) {
		fprintf(stderr, "%s\n", MUTEXD_USAGE);
		return 2;
	}
	if (try_session(argv[2]) < 0)
		return fail(argv[2]);
	if (prepare_end(argv[2]) < 0)
		return fail("the end cannot be prepared");
	run_service(address, serve, 2, arguments);
	fail(address);
	end_sessions();
	return EXIT_FAILURE;
	/* INSTEAD
	(void)argc;
	(void)argv;
	return 3;
	*/
	/* END */
}
