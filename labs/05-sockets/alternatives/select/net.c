/* net.c - inside out: whoever wants a socket asks for one address after the other. */
#include "net.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

/* A walk through the addresses of a host, with a socket for the one that it is at. */
struct walk {
	struct addrinfo *all, *here;
	int fd;    /* -1: none */
	int error; /* why the last address did not work */
};

static bool
walk_begin(struct walk *w, const struct hostport *hp, int type)
{
	const struct addrinfo hints = {.ai_socktype = type, .ai_flags = AI_NUMERICSERV};
	char port[12];

	*w = (struct walk){.fd = -1, .error = ENXIO};
	sprintf(port, "%hu", hp->port);
	switch (getaddrinfo(hp->host, port, &hints, &w->all)) {
	case 0:
		return true;
	case EAI_SYSTEM:
		return false;
	default:
		errno = ENXIO;
		return false;
	}
}

/* Notes errno and gives up the socket. */
static void
walk_leave(struct walk *w)
{
	w->error = errno;
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}

/* Goes to the next address for which there is a socket. */
static bool
walk_on(struct walk *w)
{
	do {
		if (w->here == NULL) {
			w->here = w->all;
		} else {
			walk_leave(w);
			w->here = w->here->ai_next;
		}
		if (w->here == NULL)
			return false;
		w->fd = socket(w->here->ai_family, w->here->ai_socktype, w->here->ai_protocol);
	} while (w->fd < 0);
	return true;
}

static int
walk_end(struct walk *w)
{
	freeaddrinfo(w->all);
	errno = w->error;
	return w->fd;
}

int
listen_on(const struct hostport *hp)
{
	static const int on = 1;
	struct walk w;

	if (!walk_begin(&w, hp, SOCK_STREAM))
		return -1;
	while (walk_on(&w)) {
		setsockopt(w.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
		if (bind(w.fd, w.here->ai_addr, w.here->ai_addrlen) == 0 && listen(w.fd, 16) == 0)
			break;
	}
	return walk_end(&w);
}

/* After EINTR. Who has a partner is connected; who has none is told why by the next call. */
static bool
stands_at_last(int fd)
{
	struct sockaddr_storage partner;
	socklen_t size = sizeof partner;
	fd_set writable;
	char byte;

	for (;;) {
		FD_ZERO(&writable);
		FD_SET(fd, &writable);
		if (select(fd + 1, NULL, &writable, NULL, NULL) > 0)
			break;
		if (errno != EINTR)
			return false;
	}
	if (getpeername(fd, (struct sockaddr *)&partner, &size) == 0)
		return true;
	(void)!read(fd, &byte, 1);
	return false;
}

static int
connected(const struct hostport *hp, int type)
{
	struct walk w;

	if (!walk_begin(&w, hp, type))
		return -1;
	while (walk_on(&w))
		if (connect(w.fd, w.here->ai_addr, w.here->ai_addrlen) == 0 ||
		    (errno == EINTR && stands_at_last(w.fd)))
			break;
	return walk_end(&w);
}

int
connect_to(const struct hostport *hp)
{
	return connected(hp, SOCK_STREAM);
}

int
udp_to(const struct hostport *hp)
{
	return connected(hp, SOCK_DGRAM);
}

int
local_address(int fd, char text[ADDRESS_SIZE])
{
	struct sockaddr_in6 six;
	struct sockaddr_in four;
	socklen_t size = sizeof six;
	char *end;

	if (getsockname(fd, (struct sockaddr *)&six, &size) < 0)
		return -1;
	memcpy(&four, &six, sizeof four);
	if (four.sin_family != AF_INET && four.sin_family != AF_INET6) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	strcpy(text, four.sin_family == AF_INET6 ? "[" : "");
	end = text + strlen(text);
	if (four.sin_family == AF_INET)
		inet_ntop(AF_INET, &four.sin_addr, end, ADDRESS_SIZE);
	else
		inet_ntop(AF_INET6, &six.sin6_addr, end, ADDRESS_SIZE - 1);
	end += strlen(end);
	if (four.sin_family == AF_INET6)
		*end++ = ']';
	sprintf(end, ":%hu", ntohs(four.sin_family == AF_INET ? four.sin_port : six.sin6_port));
	return 0;
}
