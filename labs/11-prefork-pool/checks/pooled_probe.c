/* pooled_probe.c - calls run_pooled_service(). */
#include "pooled.h"
#include "sessions.h"

static int
run(const char *hostport, const char *numbers, int argc, char *argv[])
{
	struct pool_size size = {0};

	sscanf(numbers, "%u %u %u", &size.min, &size.max, &size.total);
	return run_pooled_service(hostport, obey, size, argc, argv);
}

static void
do_serve(void)
{
	serve_here(run);
}

static void
do_below(void)
{
	serve_below(run);
}

int
main(void)
{
	static const struct verb verbs[] = {{"serve", do_serve}, {"below", do_below}, {0}};

	return probe_serve(verbs);
}
