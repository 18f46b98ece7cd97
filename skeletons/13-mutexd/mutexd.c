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

/* YOUR WORK: how the daemon ends, with all its sessions; and how a session's process begins */

int
main(int argc, char *argv[])
{
	/* YOUR WORK: usage, directory, the end, and the service */
	(void)argc;
	(void)argv;
	return 3;
}
