/* forkd.c - the web server with one process per session. See webd.h. */
#include "service.h"
#include "webd.h"

int
main(int argc, char *argv[])
{
	/* STUDENT: one call of webd() */
	return webd("forkd", run_service, argc, argv);
	/* INSTEAD
	(void)argc;
	(void)argv;
	return 3;
	*/
	/* END */
}
