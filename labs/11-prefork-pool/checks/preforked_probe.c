/* preforked_probe.c - calls run_preforked_service(). */
#include "preforked.h"
#include "sessions.h"

static int
run(const char *hostport, const char *numbers, int argc, char *argv[])
{
	return run_preforked_service(
	    hostport, obey, (unsigned)strtoul(numbers, NULL, 10), argc, argv);
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

/* prepare: text that waits in a buffer */
static void
do_prepare(void)
{
	static char room[BUFSIZ];
	FILE *file = fopen("buffered", "w");

	answer_put_int("result", file == NULL ? -1 : 0);
	if (file != NULL) {
		setvbuf(file, room, _IOFBF, sizeof room);
		fputs("once\n", file);
	}
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"serve", do_serve}, {"below", do_below}, {"prepare", do_prepare}, {0}};

	return probe_serve(verbs);
}
