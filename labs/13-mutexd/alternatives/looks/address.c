/* address.c - completes an address. See mxp.h. */
#include "mxp.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

int
mxp_address(char full[MXP_ADDRESS], const char *hostport)
{
	size_t host;
	int n;

	if (hostport[0] == '[') {
		host = strcspn(hostport, "]");
		if (hostport[host] == '\0' || host < 2)
			goto none;
		host++;
	} else {
		host = strcspn(hostport, ":[]");
	}
	if (host == 0 || (hostport[host] != '\0' && hostport[host] != ':') ||
	    strchr(hostport + host, ':') != strrchr(hostport + host, ':'))
		goto none;
	if (hostport[host] == '\0' || hostport[host + 1] == '\0')
		n = snprintf(full, MXP_ADDRESS, "%.*s:%d", (int)host, hostport, MXP_PORT);
	else
		n = snprintf(full, MXP_ADDRESS, "%s", hostport);
	if (n > 0 && n < MXP_ADDRESS)
		return 0;
none:
	errno = EINVAL;
	return -1;
}
