/*
 * Different: no pipe; the handler sends SIGTERM to the daemon's own process group and waits. A
 * session is one loop around ppoll(), which alone lets the signal in, and keeps its state and its
 * unsent answers in variables.
 */
#include "mutexd.h"
#include "lockset.h"
#include "mxp.h"
#include "service.h"
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t first;

static void
stop(int signal)
{
	(void)signal;
	if (getpid() != first)
		_exit(0);
	kill(0, SIGTERM); /* to us as well, but we are in the handler */
	while (waitpid(-1, NULL, 0) != -1 || errno != ECHILD)
		;
	_exit(0);
}

static void
begin(int fd, int argc, char *argv[])
{
	(void)argc;
	mxp_session(fd, 0, argv[1]);
}

static bool
can_be_used(const char *lockdir)
{
	struct stat what;

	if (stat(lockdir, &what) < 0)
		return false;
	if (!S_ISDIR(what.st_mode)) {
		errno = ENOTDIR;
		return false;
	}
	return access(lockdir, R_OK | W_OK | X_OK) == 0;
}

int
main(int argc, char *argv[])
{
	static char name[] = "mutexd";
	struct sigaction on_stop = {.sa_handler = stop};
	char full[MXP_ADDRESS], *args[3] = {name};

	if (argc != 3 || mxp_address(full, argv[1])) {
		fprintf(stderr, MUTEXD_USAGE "\n");
		return 2;
	}
	if (!can_be_used(argv[2])) {
		fprintf(stderr, "mutexd: %s: %s\n", argv[2], strerror(errno));
		return 1;
	}
	args[1] = argv[2];
	first = getpid();
	if (getpgrp() != first && setpgid(0, 0) < 0) {
		perror(name);
		return 1;
	}
	sigfillset(&on_stop.sa_mask);
	sigdelset(&on_stop.sa_mask, SIGCHLD);
	sigaction(SIGTERM, &on_stop, NULL);
	sigaction(SIGINT, &on_stop, NULL);
	run_service(full, begin, 2, args);
	fprintf(stderr, "mutexd: %s\n", strerror(errno));
	return 1;
}
