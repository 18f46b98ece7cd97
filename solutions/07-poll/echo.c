/* echo.c - answers every line with the same line. See server.h. */
#include "listener.h"
#include "server.h"
#include <stdio.h>
#include <string.h>

/* STUDENT: what echo makes of a line */
static void
answer(void *with, struct client *c, char *line, size_t n)
{
	(void)with;
	line[n] = '\n'; /* in the place of its NUL, so that it goes out in one piece */
	client_say(c, line, n + 1);
}

static void
refuse(void *with, struct client *c)
{
	(void)with;
	client_say(c, ECHO_TOO_LONG, strlen(ECHO_TOO_LONG));
}
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: the usage, open_listener(), serve(); a failure has its reason and status 1 */
	const struct service echo = {.line = answer, .too_long = refuse};
	int listener;

	if (argc != 2) {
		fputs("usage: echo HOST:PORT\n", stderr);
		return 2;
	}
	listener = open_listener(argv[1]);
	if (listener == -1 || serve(listener, &echo, NULL) < 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
	/* INSTEAD
	(void)argc;
	(void)argv;
	return 3;
	*/
	/* END */
}
