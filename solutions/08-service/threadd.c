/* threadd.c - the web server with one thread per session. See webd.h. */
#include "threaded.h"
#include "webd.h"

int
main(int argc, char *argv[])
{
	/* STUDENT: one call of webd() */
	return webd("threadd", run_threaded_service, argc, argv);
	/* INSTEAD
	(void)argc;
	(void)argv;
	return 3;
	*/
	/* END */
}
