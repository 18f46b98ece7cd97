/* net.c - sockets that listen and sockets that are connected. See net.h. */
#include "net.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What makes a fresh socket into one that can be used. Returns 0, or -1 with errno. */
typedef int make_ready(int fd, const struct addrinfo *address);

/* The addresses of a host, to be freed; NULL with errno when there are none. */
static struct addrinfo *
addresses_of(const struct hostport *hp, int type)
{
	struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = type}, *all;
	char port[sizeof "65535"];
	int failure;

	snprintf(port, sizeof port, "%u", (unsigned)hp->port);
	failure = getaddrinfo(hp->host, port, &wanted, &all);
	if (failure == 0)
		return all;
	if (failure != EAI_SYSTEM)
		errno = ENXIO;
	return NULL;
}

static int
open_one(const struct addrinfo *address, make_ready *make)
{
	int fd = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
	int failure;

	if (fd < 0)
		return -1;
	if (make(fd, address) == 0)
		return fd;
	failure = errno; /* what close() does to it is of no interest */
	close(fd);
	errno = failure;
	return -1;
}

/* The first address that works. */
static int
open_first(const struct hostport *hp, int type, make_ready *make)
{
	struct addrinfo *all = addresses_of(hp, type);
	int fd = -1;

	for (const struct addrinfo *one = all; one != NULL && fd < 0; one = one->ai_next)
		fd = open_one(one, make);
	if (all != NULL)
		freeaddrinfo(all);
	return fd;
}

static int
bind_and_listen(int fd, const struct addrinfo *address)
{
	int yes = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0)
		return -1;
	if (bind(fd, address->ai_addr, address->ai_addrlen) < 0)
		return -1;
	return listen(fd, SOMAXCONN);
}

/* A connection under way is writable when it stands or has failed; SO_ERROR says which. */
static int
await_connection(int fd)
{
	struct pollfd connection = {.fd = fd, .events = POLLOUT};
	int failure;
	socklen_t size = sizeof failure;

	while (poll(&connection, 1, -1) < 0)
		if (errno != EINTR)
			return -1;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) < 0)
		return -1;
	errno = failure;
	return failure == 0 ? 0 : -1;
}

static int
make_connected(int fd, const struct addrinfo *address)
{
	if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
		return 0;
	return errno == EINTR ? await_connection(fd) : -1;
}

int
listen_on(const struct hostport *hp)
{
	return open_first(hp, SOCK_STREAM, bind_and_listen);
}

int
connect_to(const struct hostport *hp)
{
	return open_first(hp, SOCK_STREAM, make_connected);
}

int
udp_to(const struct hostport *hp)
{
	return open_first(hp, SOCK_DGRAM, make_connected);
}

int
local_address(int fd, char text[ADDRESS_SIZE])
{
	union {
		struct sockaddr any;
		struct sockaddr_in ipv4;
		struct sockaddr_in6 ipv6;
		struct sockaddr_storage space;
	} name;
	socklen_t size = sizeof name;
	char host[INET6_ADDRSTRLEN];

	if (getsockname(fd, &name.any, &size) < 0)
		return -1;
	if (name.any.sa_family == AF_INET) {
		inet_ntop(AF_INET, &name.ipv4.sin_addr, host, sizeof host);
		snprintf(text, ADDRESS_SIZE, "%s:%u", host, (unsigned)ntohs(name.ipv4.sin_port));
		return 0;
	}
	if (name.any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &name.ipv6.sin6_addr, host, sizeof host);
		snprintf(text, ADDRESS_SIZE, "[%s]:%u", host, (unsigned)ntohs(name.ipv6.sin6_port));
		return 0;
	}
	errno = EAFNOSUPPORT;
	return -1;
}
