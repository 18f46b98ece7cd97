/* waiting.c - whoever waits for clients waits in select(), and hears the end through a pipe. */
#include "waiting.h"
#include "listener.h"
#include "preforked.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static int
ready(int fd, int other, int seconds)
{
	struct timeval limit = {.tv_sec = seconds};
	fd_set set;

	for (;;) {
		FD_ZERO(&set);
		FD_SET(fd, &set);
		if (other >= 0)
			FD_SET(other, &set);
		if (select((fd > other ? fd : other) + 1, &set, NULL, NULL,
			seconds < 0 ? NULL : &limit) >= 0)
			return FD_ISSET(fd, &set);
	}
}

int
next_client(int listener, int channel)
{
	while (!ready(channel, listener, -1)) {
		int fd = accept(listener, NULL, NULL);

		if (fd >= 0)
			return fd;
		switch (errno) {
		case EAGAIN:
		case EINTR:
		case EPROTO:
		case ECONNABORTED:
		case ENETDOWN:
		case ENETUNREACH:
		case EHOSTDOWN:
		case EHOSTUNREACH:
		case ENONET:
		case ENOPROTOOPT:
			break;
		default:
			if (ready(channel, -1, PAUSE_S))
				return -1;
		}
	}
	return -1;
}

int
open_for_many(const char *hostport)
{
	int fd = open_listener(hostport);

	return fd < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) == 0 ? fd : -1;
}
