/*
 * listener.h - given: opens the socket on which a server waits for its clients.
 *
 * You need not change anything here, and lab 05 tells how it works.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A socket at one address, or -1 with errno. */
static inline int
listen_at(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
	int on = 1;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
	    bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
		return fd;
	on = errno;
	close(fd);
	errno = on;
	return -1;
}

/*
 * Listens at hostport, "127.0.0.1:4711" or "[::1]:4711"; with port 0 the
 * kernel chooses one. The socket blocks, as every new one does; it belongs to the
 * caller. Returns it, or -1 with errno; EINVAL when hostport is none.
 */
static inline int
open_listener(const char *hostport)
{
	struct addrinfo want = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM}, *found;
	const char *colon = strrchr(hostport, ':');
	size_t n = colon == NULL ? 0 : (size_t)(colon - hostport);
	char host[256];
	int fd;

	if (n > 2 && hostport[0] == '[' && hostport[n - 1] == ']') {
		hostport++;
		n -= 2;
	}
	if (n == 0 || n >= sizeof host || colon[1] == '\0') {
		errno = EINVAL;
		return -1;
	}
	memcpy(host, hostport, n);
	host[n] = '\0';
	if (getaddrinfo(host, colon + 1, &want, &found) != 0) {
		errno = EINVAL;
		return -1;
	}
	fd = listen_at(found);
	freeaddrinfo(found);
	return fd;
}

/* From now on no call with fd blocks; its other flags stay. Returns 0, or -1 with errno. */
static inline int
do_not_block(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* Room for an address as text, with its NUL. */
enum { ADDRESS_SIZE = 64 };

/* Writes the address of a socket, "127.0.0.1:4711" or "[::1]:4711". Returns 0, or -1 with errno. */
static inline int
socket_address(int fd, char text[ADDRESS_SIZE])
{
	struct sockaddr_storage name = {.ss_family = AF_UNSPEC};
	socklen_t size = sizeof name;
	char host[ADDRESS_SIZE - 16], port[8];

	if (getsockname(fd, (struct sockaddr *)&name, &size) < 0)
		return -1;
	if (getnameinfo((struct sockaddr *)&name, size, host, sizeof host, port, sizeof port,
		NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	snprintf(text, ADDRESS_SIZE, name.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
	return 0;
}

/*
 * The line with which a server says that clients can come: "NAME: ADDRESS". It may go to a
 * pipe, and somebody waits for it, so it is written at once. Returns 0, or -1 with errno.
 */
static inline int
say_ready(const char *name, int listener)
{
	char address[ADDRESS_SIZE];

	if (socket_address(listener, address) < 0)
		return -1;
	return printf("%s: %s\n", name, address) < 0 || fflush(stdout) == EOF ? -1 : 0;
}

#endif
