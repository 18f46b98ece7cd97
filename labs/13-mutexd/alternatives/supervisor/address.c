/* address.c - from behind: the port is what stands behind the last colon outside of brackets. */
#include "mxp.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_host(const char *host, size_t n)
{
	if (n > 2 && host[0] == '[' && host[n - 1] == ']')
		return memchr(host + 1, '[', n - 1) == NULL && memchr(host, ']', n - 1) == NULL;
	return n > 0 && memchr(host, ':', n) == NULL && memchr(host, '[', n) == NULL &&
	       memchr(host, ']', n) == NULL;
}

int
mxp_address(char full[MXP_ADDRESS], const char *hostport)
{
	size_t n = strlen(hostport), host = n;
	const char *colon = strrchr(hostport, ':');
	char port[8];

	snprintf(port, sizeof port, "%d", MXP_PORT);
	if (colon != NULL && strchr(colon, ']') == NULL)
		host = (size_t)(colon - hostport);
	if (!is_host(hostport, host) || n + sizeof port + 1 >= MXP_ADDRESS) {
		errno = EINVAL;
		return -1;
	}
	strcpy(full, hostport);
	if (host == n)
		strcat(full, ":");
	if (full[strlen(full) - 1] == ':')
		strcat(full, port);
	return 0;
}
