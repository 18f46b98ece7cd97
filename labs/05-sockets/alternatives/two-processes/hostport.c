/* Different: chopped with strcspn() and strtoul(); a getc() of its own for lines; connect() that
 * never waits, or with the socket's own timeout; a client with stdio and of two processes; answers
 * from a constant table; readv() and writev() for datagrams. */
#include "hostport.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int
refuse(void)
{
	errno = EINVAL;
	return -1;
}

/* Sets the port, if there are digits; they end the text. */
static int
take_port(const char *digits, uint16_t *port)
{
	unsigned long value;

	if (*digits == '\0')
		return 0;
	if (digits[strspn(digits, "0123456789")] != '\0')
		return refuse();
	digits += strspn(digits, "0");
	if (strlen(digits) > 5)
		return refuse();
	value = strtoul(digits, NULL, 10);
	if (value > 65535)
		return refuse();
	*port = (uint16_t)value;
	return 0;
}

static int
name_is_good(const char *name)
{
	for (; *name != '\0'; name++)
		if ((unsigned char)*name > 127 ||
		    (!isalnum((unsigned char)*name) && strchr(".-_", *name) == NULL))
			return 0;
	return 1;
}

int
parse_hostport(const char *text, struct hostport *hp, uint16_t default_port)
{
	char copy[2 * HOST_MAX];
	char *host = copy, *after;
	const char *port = "";
	uint16_t number = default_port;
	struct in6_addr ipv6;
	size_t n = strcspn(text, *text == '[' ? "]" : ":");

	if (n == 0 || n > HOST_MAX + 1)
		return refuse();
	memcpy(copy, text, n);
	copy[n] = '\0';
	after = (char *)text + n;
	if (*copy == '[') {
		if (*after++ != ']')
			return refuse();
		host++;
		if (inet_pton(AF_INET6, host, &ipv6) != 1)
			return refuse();
	} else if (n > HOST_MAX || !name_is_good(host)) {
		return refuse();
	}
	if (*after == ':')
		port = after + 1;
	else if (*after != '\0')
		return refuse();
	if (take_port(port, &number) < 0)
		return -1;
	strcpy(hp->host, host);
	hp->port = number;
	return 0;
}
