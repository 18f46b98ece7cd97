/* chatd.c - the number is read with sscanf(). */
#include "chat.h"
#include "listener.h"
#include <stdio.h>
#include <string.h>

static int
usage(void)
{
	fputs(CHATD_USAGE, stderr);
	return CHATD_BAD_USAGE;
}

int
main(int argc, char *argv[])
{
	long idle = IDLE_USUAL;
	char rest;
	int listener;

	if (argc != 2 && argc != 3)
		return usage();
	if (argc == 3 && (strlen(argv[2]) > 7 || sscanf(argv[2], "%ld%c", &idle, &rest) != 1))
		return usage();
	if (idle < 1 || idle > IDLE_LONGEST)
		return usage();
	if ((listener = open_listener(argv[1])) == -1)
		return CHATD_FAULTY;
	if (serve_chat(listener, idle) == -1) {
		perror(argv[0]);
		return CHATD_FAULTY;
	}
	return 0;
}
