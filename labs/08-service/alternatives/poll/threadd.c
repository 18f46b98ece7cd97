/* threadd.c - see webd.h. */
#include "threaded.h"
#include "webd.h"

int
main(int argc, char **argv)
{
	return webd("threadd", run_threaded_service, argc, argv);
}
