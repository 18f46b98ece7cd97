/* poold.c - what preforkd and poolpreforkd have in common. See poold.h. */
#include "poold.h"
#include "report.h"
#include "web.h"
#include <stdio.h>
#include <stdlib.h>

/* YOUR WORK: what a session is, and what a number */

int
poold(const char *name, const char *words, unsigned n_numbers, unsigned most, starter *start,
    int argc, char *argv[])
{
	/* YOUR WORK: the usage, the server, and the report */
	(void)name;
	(void)words;
	(void)n_numbers;
	(void)most;
	(void)start;
	(void)argc;
	(void)argv;
	return 3;
}
