/* forkd.c - run_service() behind webd(). */
#include "service.h"
#include "webd.h"
#include <stdlib.h>

int
main(int argc, char *argv[])
{
	server *const run = run_service;

	exit(webd("forkd", run, argc, argv));
}
