/* chatd.c - digits only, counted by hand. */
#include "chat.h"
#include "listener.h"
#include <stdio.h>
#include <stdlib.h>

/* 0 when it is no number of seconds that is allowed. */
static long
parse(const char *s)
{
	long value = 0;

	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return 0;
		value = value * 10 + (*s - '0');
		if (value > IDLE_LONGEST)
			return 0;
	}
	return value;
}

int
main(int argc, char **argv)
{
	long idle = IDLE_USUAL;
	int fd;

	if (argc == 3)
		idle = parse(argv[2]);
	if ((argc != 2 && argc != 3) || idle == 0) {
		fprintf(stderr, CHATD_USAGE);
		exit(CHATD_BAD_USAGE);
	}
	fd = open_listener(argv[1]);
	if (fd >= 0 && serve_chat(fd, idle) == 0)
		exit(EXIT_SUCCESS);
	if (fd >= 0)
		perror("serve_chat");
	exit(CHATD_FAULTY);
}
