/* preforkd.c - the web server with n processes that are always ready. See poold.h. */
#include "poold.h"
#include "preforked.h"

/* YOUR WORK: how the server is started */

int
main(int argc, char *argv[])
{
	/* YOUR WORK: one call of poold() */
	(void)argc;
	(void)argv;
	return 3;
}
