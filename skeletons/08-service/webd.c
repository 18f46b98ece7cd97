/* webd.c - what forkd and threadd have in common. See webd.h. */
#include "webd.h"
#include "cputime.h"
#include "web.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* YOUR WORK: what SIGINT does, and what a session is */

int
webd(const char *name, server *run, int argc, char *argv[])
{
	/* YOUR WORK: the usage, SIGINT before the first client, and the server */
	(void)name;
	(void)run;
	(void)argc;
	(void)argv;
	return 3;
}
