/* hostport.c - takes host:port apart. See hostport.h. */
#include "hostport.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* STUDENT: helpers, for instance one that reads the port, digit by digit */
#define DIGITS "0123456789"

/* Listed, since isalpha() asks the locale. */
static const char name_bytes[] = "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS ".-_";
static const char ipv6_bytes[] = "abcdefABCDEF" DIGITS ":.";

/* Reads what stands behind the colon; nothing leaves the port as it is. */
static bool
read_port(const char *digits, uint16_t *port)
{
	unsigned value = 0;

	if (*digits == '\0')
		return true;
	for (; *digits != '\0'; digits++) {
		if (*digits < '0' || *digits > '9')
			return false;
		value = value * 10 + (unsigned)(*digits - '0');
		if (value > UINT16_MAX) /* at once: so value never overflows */
			return false;
	}
	*port = (uint16_t)value;
	return true;
}

static bool
is_ipv6(const char *host)
{
	struct in6_addr address;

	return inet_pton(AF_INET6, host, &address) == 1;
}

static int
no_hostport(void)
{
	errno = EINVAL;
	return -1;
}
/* END */

int
parse_hostport(const char *text, struct hostport *hp, uint16_t default_port)
{
	/* STUDENT: find the end of the host, then the port; everything else is EINVAL */
	struct hostport found = {.port = default_port};
	bool in_brackets = *text == '[';
	const char *host = text + in_brackets;
	size_t n = strspn(host, in_brackets ? ipv6_bytes : name_bytes);
	const char *rest = host + n;

	if (n == 0 || n > HOST_MAX)
		return no_hostport();
	memcpy(found.host, host, n);
	if (in_brackets && (!is_ipv6(found.host) || *rest++ != ']'))
		return no_hostport();
	if (*rest != '\0' && (*rest != ':' || !read_port(rest + 1, &found.port)))
		return no_hostport();
	*hp = found;
	return 0;
	/* INSTEAD
	(void)text;
	(void)hp;
	(void)default_port;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
