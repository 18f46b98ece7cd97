/* forkd.c - see webd.h. */
#include "service.h"
#include "webd.h"

int
main(int argc, char **argv)
{
	return webd("forkd", run_service, argc, argv);
}
