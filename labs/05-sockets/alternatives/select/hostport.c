/* Different: from the end to the beginning (the port first); a reader that moves its bytes to the
 * front; a walk through the addresses that its callers steer; answers that are made when they are
 * needed; the client with select() and a non-blocking socket; a server whose handler jumps out of
 * accept(); timeouts with select(), in seconds as double. */
#include "hostport.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool
only(const char *from, const char *to, const char *allowed)
{
	for (; from < to; from++)
		if (strchr(allowed, *from) == NULL)
			return false;
	return true;
}

/* The text from..to, digits only, as a number; or -1. */
static long
number(const char *from, const char *to)
{
	long value = 0;

	if (!only(from, to, "0123456789"))
		return -1;
	for (; from < to && value <= 65535; from++)
		value = 10 * value + (*from - '0');
	return value <= 65535 ? value : -1;
}

int
parse_hostport(const char *text, struct hostport *hp, uint16_t default_port)
{
	static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";
	const char *end = text + strlen(text), *close = strrchr(text, ']');
	const char *colon = strrchr(text, ':'), *host = text, *host_end;
	long port = default_port;
	char copy[HOST_MAX + 1];
	struct in6_addr address;

	if (close != NULL && colon != NULL && colon < close)
		colon = NULL; /* one of the address */
	if (colon != NULL && colon + 1 < end)
		port = number(colon + 1, end);
	host_end = colon != NULL ? colon : end;
	if (close != NULL && *host++ == '[' && close + 1 == host_end)
		host_end = close;
	else if (close != NULL)
		port = -1;
	if (port < 0 || host_end <= host || host_end - host > HOST_MAX) {
		errno = EINVAL;
		return -1;
	}
	memcpy(copy, host, (size_t)(host_end - host));
	copy[host_end - host] = '\0';
	if (close != NULL ? inet_pton(AF_INET6, copy, &address) != 1
			  : !only(host, host_end, letters)) {
		errno = EINVAL;
		return -1;
	}
	memcpy(hp->host, copy, sizeof copy);
	hp->port = (uint16_t)port;
	return 0;
}
