/* echo.c - answers every line with the same line. See server.h. */
#include "listener.h"
#include "server.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

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

int
main(int argc, char *argv[])
{
	const struct service echo = {.line = answer, .too_long = refuse};
	int listener;

	if (argc != 2) {
		fprintf(stderr, "usage: %s HOST:PORT\n", argv[0]);
		return 2;
	}
	listener = open_listener(argv[1]);
	if (listener < 0 || serve(listener, &echo, NULL) < 0) {
		fprintf(stderr, "%s: %s: %s\n", argv[0], argv[1], strerror(errno));
		return 1;
	}
	return 0;
}
