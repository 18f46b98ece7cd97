/* net.c - each function has its own loop; what is known of an address is kept as text. */
#include "net.h"
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static int
resolve(const struct hostport *hp, int type, int flags, struct addrinfo **list)
{
	struct addrinfo hints;
	char service[8];
	int result;

	memset(&hints, 0, sizeof hints);
	hints.ai_socktype = type;
	hints.ai_flags = AI_NUMERICSERV | flags;
	sprintf(service, "%d", hp->port);
	result = getaddrinfo(hp->host, service, &hints, list);
	if (result == EAI_SYSTEM)
		return -1;
	if (result != 0) {
		errno = ENXIO;
		return -1;
	}
	return 0;
}

static void
drop(int fd)
{
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
}

int
listen_on(const struct hostport *hp)
{
	struct addrinfo *list, *a;
	int fd = -1, on = 1;

	if (resolve(hp, SOCK_STREAM, AI_PASSIVE, &list) < 0)
		return -1;
	a = list;
	while (a != NULL) {
		fd = socket(a->ai_family, SOCK_STREAM, 0);
		if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
		    bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, 128) == 0)
			break;
		drop(fd);
		fd = -1;
		a = a->ai_next;
	}
	freeaddrinfo(list);
	return fd;
}

/* The connection was interrupted: it is ready when it can be written to. */
static int
see_it_through(int fd)
{
	fd_set set;
	int error = 0, ready;
	socklen_t n = sizeof error;

	do {
		FD_ZERO(&set);
		FD_SET(fd, &set);
		ready = select(fd + 1, NULL, &set, NULL, NULL);
	} while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return 0;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n);
	errno = error;
	return error == 0;
}

static int
reach(const struct hostport *hp, int type)
{
	struct addrinfo *list, *a;
	int fd = -1;

	if (resolve(hp, type, 0, &list) < 0)
		return -1;
	for (a = list; a != NULL; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
		if (fd < 0)
			continue;
		if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
			break;
		if (errno == EINTR && see_it_through(fd))
			break;
		drop(fd);
		fd = -1;
	}
	freeaddrinfo(list);
	return fd;
}

int
connect_to(const struct hostport *hp)
{
	return reach(hp, SOCK_STREAM);
}

int
udp_to(const struct hostport *hp)
{
	return reach(hp, SOCK_DGRAM);
}

int
local_address(int fd, char text[ADDRESS_SIZE])
{
	struct sockaddr_storage own;
	socklen_t size = sizeof own;
	char host[46], port[6];

	if (getsockname(fd, (struct sockaddr *)&own, &size) < 0)
		return -1;
	if (getnameinfo((struct sockaddr *)&own, size, host, sizeof host, port, sizeof port,
		NI_NUMERICHOST | NI_NUMERICSERV) != 0 ||
	    (own.ss_family != AF_INET && own.ss_family != AF_INET6)) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	snprintf(text, ADDRESS_SIZE, own.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
	return 0;
}
