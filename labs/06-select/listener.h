/*
 * listener.h - opens a listening socket. It is given: lab 05 is about how this is done.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Splits "HOST:PORT" or "[HOST]:PORT" at its last colon. Returns 0, or -1 when it is neither. */
static inline int
split_hostport(const char *hostport, char host[256], const char **port)
{
	const char *colon = strrchr(hostport, ':');
	size_t n = colon == NULL ? 0 : (size_t)(colon - hostport);

	if (n == 0 || n >= 256 || colon[1] == '\0')
		return -1;
	if (n > 2 && hostport[0] == '[' && hostport[n - 1] == ']') {
		hostport++;
		n -= 2;
	}
	memcpy(host, hostport, n);
	host[n] = '\0';
	*port = colon + 1;
	return 0;
}

/* A socket that listens at this address, or -1 with errno. */
static inline int
listen_at(const struct addrinfo *at)
{
	int fd = socket(at->ai_family, at->ai_socktype, at->ai_protocol);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
		return fd;
	close(fd);
	return -1;
}

/*
 * Opens a socket that listens for TCP connections at "HOST:PORT", for instance
 * "localhost:4000", "127.0.0.1:0" (the kernel chooses a port) or "[::1]:4000". It blocks.
 * Returns its descriptor, or -1: the reason was written to standard error then.
 */
static inline int
open_listener(const char *hostport)
{
	struct addrinfo want = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	struct addrinfo *found;
	char host[256];
	const char *port;
	int error, fd = -1;

	if (split_hostport(hostport, host, &port) < 0) {
		fprintf(stderr, "%s: this is not HOST:PORT\n", hostport);
		return -1;
	}
	error = getaddrinfo(host, port, &want, &found);
	if (error != 0) {
		fprintf(stderr, "%s: %s\n", hostport, gai_strerror(error));
		return -1;
	}
	for (struct addrinfo *at = found; at != NULL && fd < 0; at = at->ai_next)
		fd = listen_at(at);
	if (fd < 0)
		perror(hostport);
	freeaddrinfo(found);
	return fd;
}

#endif
