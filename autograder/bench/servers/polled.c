/*
 * polled.c - the server of lab 07, one process and one poll(2), with the requests of the web.
 *
 *	polled HOST:PORT
 *
 * Lab 07's server knows lines and leaves to the program what they mean; here they are requests.
 * An answer has to fit into a client's queue together with what waits there already: so a client
 * that asks for more than QUEUE_LIMIT - QUEUE_HIGH bytes at a time must not send its next request
 * before it has the answer, which those of the benchmark never do. SIGTERM ends it.
 */
#include "../../../labs/07-poll/server.h"
#include "../../../labs/08-service/listener.h"
#include "../../../labs/08-service/web.h"

#include <stdio.h>

static void
answer(void *with, struct client *c, char *line, size_t n)
{
	int count = web_count(line, n);

	if (count < 0)
		client_quit(c);
	else
		client_say(c, with, (size_t)count);
}

static void
refuse(void *with, struct client *c)
{
	(void)with;
	client_quit(c);
}

int
main(int argc, char *argv[])
{
	const struct service web = {.line = answer, .too_long = refuse};
	char bytes[WEB_MAX];
	int listener;

	if (argc != 2) {
		fputs("usage: polled HOST:PORT\n", stderr);
		return 2;
	}
	for (size_t i = 0; i != sizeof bytes; i++)
		bytes[i] = WEB_BYTE(i);
	listener = open_listener(argv[1]);
	if (listener < 0 || say_ready(argv[0], listener) < 0 || serve(listener, &web, bytes) < 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
