/* poolpreforkd.c - the web server with a pool that grows and shrinks. See poold.h. */
#include "poold.h"
#include "pooled.h"

/* YOUR WORK: how the server is started */

int
main(int argc, char *argv[])
{
	/* YOUR WORK: one call of poold() */
	(void)argc;
	(void)argv;
	return 3;
}
