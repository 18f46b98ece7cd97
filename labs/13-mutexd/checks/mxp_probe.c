/*
 * mxp_probe.c - the program mxp as it is, but told late where its server is: the judge's end of the
 * connection exists only when the trial runs.
 *
 * Its main() is the student's, so that the probe's work is done before main().
 */
#include "probe.h"
#include <stddef.h>
#include <stdlib.h>

enum { WORDS = 16 };

int main(int argc, char *argv[]);

/* "go ARGUMENT...": all of mxp, to its end. */
static void
do_go(void)
{
	char *argv[WORDS + 1] = {(char *)"mxp"};
	int argc = 1;

	while (argc < request_count() && argc < WORDS) {
		argv[argc] = (char *)request_word(argc);
		argc++;
	}
	argv[argc] = NULL;
	exit(main(argc, argv));
}

__attribute__((constructor)) static void
serve(void)
{
	static const struct verb verbs[] = {{"go", do_go}, {0}};

	exit(probe_serve(verbs));
}
