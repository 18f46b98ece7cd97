/* preforkd.c - the web server of preforked.h. */
#include "poold.h"
#include "preforked.h"

static int
with_n(const char *at, session_handler *h, const unsigned n[], int argc, char *argv[])
{
	return run_preforked_service(at, h, n[0], argc, argv);
}

int
main(int argc, char *argv[])
{
	return poold("preforkd", "HOST:PORT N", 1, READY_MAX, with_n, argc, argv);
}
