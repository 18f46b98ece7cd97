/* preforkd.c - the web server with n processes that are always ready. See poold.h. */
#include "poold.h"
#include "preforked.h"

/* STUDENT: how the server is started */
static int
start(const char *hostport, session_handler *handler, const unsigned numbers[], int argc,
    char *argv[])
{
	return run_preforked_service(hostport, handler, numbers[0], argc, argv);
}
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: one call of poold() */
	return poold("preforkd", "HOST:PORT N", 1, READY_MAX, start, argc, argv);
	/* INSTEAD
	(void)argc;
	(void)argv;
	return 3;
	*/
	/* END */
}
