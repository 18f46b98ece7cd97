/*
 * mutexd.c - a network mutex daemon: how it begins and how it ends. See mutexd.h.
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

/* YOUR WORK: how the daemon ends, with all its sessions; and how a session's process begins */

int
main(int argc, char *argv[])
{
	/* YOUR WORK: usage, directory, the end, and the service */
	(void)argc;
	(void)argv;
	return 3;
}
