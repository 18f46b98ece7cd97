/* address.c - takes it apart with sscanf() and puts it together again. */
#include "mxp.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

int
mxp_address(char full[MXP_ADDRESS], const char *hostport)
{
	static const char *const forms[] = {"[%255[^][]]%n", "%255[^][:]%n"};
	static const char *const host[] = {"[%s]%s%s", "%s%s%s"};
	char name[256], port[8];

	snprintf(port, sizeof port, ":%d", MXP_PORT);
	for (int i = 0; i < 2; i++) {
		const char *rest;
		int n = -1, length;

		if (sscanf(hostport, forms[i], name, &n) != 1 || n < 0)
			continue;
		rest = hostport + n;
		if (rest[0] != '\0' && (rest[0] != ':' || strpbrk(rest + 1, ":[]") != NULL))
			continue;
		if (strcmp(rest, ":") == 0)
			rest = "";
		length =
		    snprintf(full, MXP_ADDRESS, host[i], name, rest, rest[0] == '\0' ? port : "");
		if (length < MXP_ADDRESS)
			return 0;
	}
	errno = EINVAL;
	return -1;
}
