/* poolpreforkd.c - the web server of pooled.h. */
#include "poold.h"
#include "pooled.h"

static int
with_size(const char *at, session_handler *h, const unsigned n[], int argc, char *argv[])
{
	struct pool_size size = {n[0], n[1], n[2]};

	return run_pooled_service(at, h, size, argc, argv);
}

int
main(int argc, char *argv[])
{
	return poold("poolpreforkd", "HOST:PORT MIN MAX TOTAL", 3, POOL_MAX, with_size, argc, argv);
}
