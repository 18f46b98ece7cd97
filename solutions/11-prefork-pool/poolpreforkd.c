/* poolpreforkd.c - the web server with a pool that grows and shrinks. See poold.h. */
#include "poold.h"
#include "pooled.h"

/* STUDENT: how the server is started */
static int
start(const char *hostport, session_handler *handler, const unsigned numbers[], int argc,
    char *argv[])
{
	struct pool_size size = {.min = numbers[0], .max = numbers[1], .total = numbers[2]};

	return run_pooled_service(hostport, handler, size, argc, argv);
}
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: one call of poold() */
	return poold("poolpreforkd", "HOST:PORT MIN MAX TOTAL", 3, POOL_MAX, start, argc, argv);
	/* INSTEAD
	(void)argc;
	(void)argv;
	return 3;
	*/
	/* END */
}
