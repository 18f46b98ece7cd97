/* chatd.c - a chat server. See chat.h. */
#include "chat.h"
#include "listener.h"
#include <stdio.h>
#include <stdlib.h>

/* STUDENT: a helper that makes a number of the word IDLE, and notices what is none */
/* Returns less than 1 if text is no whole number of seconds from 1 to IDLE_LONGEST. */
static long
seconds_of(const char *text)
{
	char *end;
	long seconds = strtol(text, &end, 10);

	/* No digits make 0, too many LONG_MAX or LONG_MIN: all are out of range. */
	return *end == '\0' && seconds <= IDLE_LONGEST ? seconds : 0;
}
/* END */

int
main(int argc, char *argv[])
{
	/* STUDENT: look at the arguments, listen, serve; say what goes wrong */
	long idle = argc == 3 ? seconds_of(argv[2]) : IDLE_USUAL;
	int listener;

	if (argc < 2 || argc > 3 || idle < 1) {
		fputs(CHATD_USAGE, stderr);
		return CHATD_BAD_USAGE;
	}
	listener = open_listener(argv[1]);
	if (listener < 0)
		return CHATD_FAULTY;
	if (serve_chat(listener, idle) < 0) {
		perror("chatd");
		return CHATD_FAULTY;
	}
	close(listener);
	return 0;
	/* INSTEAD
	(void)argc;
	(void)argv;
	return 125;
	*/
	/* END */
}
