/*
 * listener.h - given: opens the socket on which a server waits for its clients.
 *
 * You need not change anything here, and lab 05 tells how it works.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * What the kernel keeps for a client that does not read, in bytes, more or
 * less. Sockets that are accepted inherit it. It is small, so that a slow client
 * soon becomes the business of its queue and not of the kernel.
 */
enum { SEND_BUFFER = 4096 };

/* A socket at one address, or -1 with errno. */
static inline int
listen_at(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
	int on = 1, room = SEND_BUFFER;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room) == 0 &&
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

#endif
