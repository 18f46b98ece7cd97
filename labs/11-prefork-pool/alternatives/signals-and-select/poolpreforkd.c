/* poolpreforkd.c - a pool that grows and shrinks. */
#include "poold.h"
#include "pooled.h"

static int
begin(const char *hostport, session_handler *handler, const unsigned numbers[], int argc,
    char *argv[])
{
	return run_pooled_service(
	    hostport, handler, (struct pool_size){numbers[0], numbers[1], numbers[2]}, argc, argv);
}

int
main(int argc, char *argv[])
{
	return poold("poolpreforkd", "HOST:PORT MIN MAX TOTAL", 3, POOL_MAX, begin, argc, argv);
}
