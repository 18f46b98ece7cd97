/* preforkd.c - see poold.h. */
#include "poold.h"
#include "preforked.h"

static starter run;

int
main(int argc, char *argv[])
{
	return poold("preforkd", "HOST:PORT N", 1, READY_MAX, run, argc, argv);
}

static int
run(const char *where, session_handler *what, const unsigned *n, int argc, char **argv)
{
	return run_preforked_service(where, what, n[0], argc, argv);
}
