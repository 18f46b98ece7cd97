/*
 * client_probe.c - the program webclient as it is, but told late where its server is:
 * the judge's end of the connection exists only when the trial runs.
 *
 * Its main() is the student's, so that the probe's work is done before main().
 */
#include "probe.h"
#include <stddef.h>
#include <stdlib.h>

int main(int argc, char *argv[]);

/* "go ARGUMENT...": all of webclient, to its end. */
static void
do_go(void)
{
	char *argv[] = {(char *)"webclient", NULL, NULL, NULL};
	int argc = 1;

	for (int i = 1; i < request_count() && argc < 3; i++)
		argv[argc++] = (char *)request_word(i);
	exit(main(argc, argv));
}

__attribute__((constructor)) static void
serve(void)
{
	static const struct verb verbs[] = {{"go", do_go}, {0}};

	exit(probe_serve(verbs));
}
