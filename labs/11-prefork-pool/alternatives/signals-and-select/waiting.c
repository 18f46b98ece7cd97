/* waiting.c - nothing: here the two servers have little in common but open_for_many(). */
#include "waiting.h"
#include "listener.h"
#include <fcntl.h>

int
open_for_many(const char *hostport)
{
	int fd = open_listener(hostport);

	if (fd >= 0)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	return fd;
}
