/* net.c - the addresses are copied into an array; no connect() waits, so none is interrupted. */
#include "net.h"
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct place {
	int family, type, protocol;
	socklen_t size;
	struct sockaddr_storage address;
};

/* Returns how many there are, in *places, to be freed; or 0 with errno. */
static size_t
look_up(const struct hostport *hp, int type, struct place **places)
{
	struct addrinfo *found, want;
	char service[6];
	size_t n = 0;
	int why;

	memset(&want, 0, sizeof want);
	want.ai_family = AF_UNSPEC;
	want.ai_socktype = type;
	snprintf(service, sizeof service, "%d", (int)hp->port);
	why = getaddrinfo(hp->host, service, &want, &found);
	if (why != 0) {
		if (why != EAI_SYSTEM)
			errno = ENXIO;
		return 0;
	}
	for (struct addrinfo *a = found; a != NULL; a = a->ai_next)
		n++;
	*places = calloc(n, sizeof **places);
	n = 0;
	for (struct addrinfo *a = found; a != NULL && *places != NULL; a = a->ai_next) {
		struct place *p = *places + n++;

		p->family = a->ai_family;
		p->type = a->ai_socktype;
		p->protocol = a->ai_protocol;
		p->size = a->ai_addrlen;
		memcpy(&p->address, a->ai_addr, a->ai_addrlen);
	}
	freeaddrinfo(found);
	return n;
}

static int
give_up(int fd)
{
	int why = errno;

	close(fd);
	errno = why;
	return -1;
}

static int
serve_at(const struct place *p)
{
	int fd = socket(p->family, p->type, p->protocol);

	if (fd == -1)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) == -1 ||
	    bind(fd, (const struct sockaddr *)&p->address, p->size) == -1 ||
	    listen(fd, SOMAXCONN) == -1)
		return give_up(fd);
	return fd;
}

/* A connect() that does not block, and then poll(): a handler can disturb only the latter. */
static int
call_at(const struct place *p)
{
	int fd = socket(p->family, p->type, p->protocol), why = 0, n;
	socklen_t size = sizeof why;
	struct pollfd made = {.fd = fd, .events = POLLOUT};

	if (fd == -1)
		return -1;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	if (connect(fd, (const struct sockaddr *)&p->address, p->size) == -1) {
		if (errno != EINPROGRESS)
			return give_up(fd);
		while ((n = poll(&made, 1, -1)) == -1 && errno == EINTR)
			;
		if (n == -1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &size) == -1)
			return give_up(fd);
	}
	if (why != 0) {
		errno = why;
		return give_up(fd);
	}
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	return fd;
}

static int
first_of(const struct hostport *hp, int type, int (*open_at)(const struct place *))
{
	struct place *places = NULL;
	size_t n = look_up(hp, type, &places);
	int fd = -1, why;

	for (size_t i = 0; i < n && fd == -1; i++)
		fd = open_at(places + i);
	why = errno;
	free(places);
	errno = why;
	return fd;
}

int
listen_on(const struct hostport *hp)
{
	return first_of(hp, SOCK_STREAM, serve_at);
}

int
connect_to(const struct hostport *hp)
{
	return first_of(hp, SOCK_STREAM, call_at);
}

int
udp_to(const struct hostport *hp)
{
	return first_of(hp, SOCK_DGRAM, call_at);
}

int
local_address(int fd, char text[ADDRESS_SIZE])
{
	struct sockaddr_storage own;
	socklen_t size = sizeof own;
	char host[ADDRESS_SIZE - 10], port[8];
	const char *around = "[]";

	if (getsockname(fd, (struct sockaddr *)&own, &size) == -1)
		return -1;
	switch (own.ss_family) {
	case AF_INET:
		around = "";
		break;
	case AF_INET6:
		break;
	default:
		errno = EAFNOSUPPORT;
		return -1;
	}
	getnameinfo((const struct sockaddr *)&own, size, host, sizeof host, port, sizeof port,
	    NI_NUMERICHOST | NI_NUMERICSERV);
	sprintf(text, "%.1s%s%s:%s", around, host, around + (*around != '\0'), port);
	return 0;
}
