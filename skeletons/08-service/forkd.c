/* forkd.c - the web server with one process per session. See webd.h. */
#include "service.h"
#include "webd.h"

int
main(int argc, char *argv[])
{
	/* YOUR WORK: one call of webd() */
	(void)argc;
	(void)argv;
	return 3;
}
