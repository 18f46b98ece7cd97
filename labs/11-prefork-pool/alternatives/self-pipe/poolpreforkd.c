/* poolpreforkd.c - see poold.h. */
#include "poold.h"
#include "pooled.h"

static starter run;

int
main(int argc, char *argv[])
{
	return poold("poolpreforkd", "HOST:PORT MIN MAX TOTAL", 3, POOL_MAX, run, argc, argv);
}

static int
run(const char *where, session_handler *what, const unsigned *n, int argc, char **argv)
{
	const struct pool_size size = {.min = n[0], .max = n[1], .total = n[2]};

	return run_pooled_service(where, what, size, argc, argv);
}
