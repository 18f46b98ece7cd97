/* threadd.c - run_threaded_service() behind webd(). */
#include "threaded.h"
#include "webd.h"
#include <stdlib.h>

int
main(int argc, char *argv[])
{
	server *const run = run_threaded_service;

	exit(webd("threadd", run, argc, argv));
}
