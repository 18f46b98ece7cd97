/* where.h - an address as the judge writes it, "127.0.0.1:4711" or "[::1]:4711", for probes. */
#ifndef SOCKETS_WHERE_H
#define SOCKETS_WHERE_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

union where {
	struct sockaddr any;
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
};

/* Returns the size of the address. */
static inline socklen_t
where_is(union where *to, const char *text)
{
	const char *colon = strrchr(text, ':');
	char host[64];

	memset(to, 0, sizeof *to);
	if (colon == NULL)
		return 0;
	if (*text == '[') {
		snprintf(host, sizeof host, "%.*s", (int)(colon - text - 2), text + 1);
		to->ipv6.sin6_family = AF_INET6;
		to->ipv6.sin6_port = htons((uint16_t)atoi(colon + 1));
		inet_pton(AF_INET6, host, &to->ipv6.sin6_addr);
		return sizeof to->ipv6;
	}
	snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
	to->ipv4.sin_family = AF_INET;
	to->ipv4.sin_port = htons((uint16_t)atoi(colon + 1));
	inet_pton(AF_INET, host, &to->ipv4.sin_addr);
	return sizeof to->ipv4;
}

#endif
