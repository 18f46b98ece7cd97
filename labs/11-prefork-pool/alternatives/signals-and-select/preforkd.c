/* preforkd.c - n processes that are always ready. */
#include "poold.h"
#include "preforked.h"

static int
begin(const char *hostport, session_handler *handler, const unsigned numbers[], int argc,
    char *argv[])
{
	return run_preforked_service(hostport, handler, *numbers, argc, argv);
}

int
main(int argc, char *argv[])
{
	return poold("preforkd", "HOST:PORT N", 1, READY_MAX, begin, argc, argv);
}
