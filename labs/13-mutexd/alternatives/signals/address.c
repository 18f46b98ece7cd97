/* address.c - copies the address byte by byte and remembers where it is. */
#include "mxp.h"
#include <errno.h>
#include <stdio.h>

enum where { START, INSIDE, BEHIND, HOST, PORT };

static int
step(enum where *at, char c)
{
	switch (*at) {
	case START:
		*at = c == '[' ? INSIDE : HOST;
		return c != ':' && c != ']';
	case INSIDE:
		if (c == ']')
			*at = BEHIND;
		return c != '[';
	case BEHIND:
		*at = PORT;
		return c == ':';
	case HOST:
		if (c == ':')
			*at = PORT;
		return c != '[' && c != ']';
	default:
		return c != ':' && c != '[' && c != ']';
	}
}

int
mxp_address(char full[MXP_ADDRESS], const char *hostport)
{
	enum where at = START;
	int n = 0, wrong = 0;

	errno = EINVAL;
	while (hostport[n] != '\0' && n < MXP_ADDRESS - 1) {
		wrong |= !step(&at, hostport[n]);
		full[n] = hostport[n];
		n++;
	}
	full[n] = '\0';
	if (wrong || hostport[n] != '\0' || at == START || at == INSIDE ||
	    (full[0] == '[' && full[1] == ']'))
		return -1;
	if (at != PORT || full[n - 1] == ':')
		n += snprintf(
		    full + n, (size_t)(MXP_ADDRESS - n), "%s%d", at == PORT ? "" : ":", MXP_PORT);
	return n < MXP_ADDRESS ? 0 : -1;
}
