/*
 * hostport.h - where a service is: a host and a port, as people write them.
 *
 *	www.example.org:8080    127.0.0.1:80    [::1]:80    localhost    [2001:db8::7]
 *
 *	hostport = host [":" [port]]
 *	host     = name / "[" IPv6 address "]"
 *	name     = 1 to HOST_MAX letters, digits, ".", "-" and "_"
 *	port     = digits
 *
 * This is the authority of RFC 3986, section 3.2, without a user. An IPv6 address
 * is full of colons, so that it stands in brackets; what may stand in them is
 * what inet_pton(3) takes for AF_INET6. An IPv4 address is a name like any other:
 * whether there is such a host, is not decided here.
 */
#ifndef HOSTPORT_H
#define HOSTPORT_H

#include <stdint.h>

/* The longest host, in bytes. */
enum { HOST_MAX = 255 };

struct hostport {
	char host[HOST_MAX + 1]; /* ends with a NUL; an IPv6 address is without its brackets */
	uint16_t port;           /* a number, in the byte order of this machine */
};

/*
 * Takes a text apart. A port that is missing, or empty, is default_port; leading
 * zeros of a port mean nothing, and port 0 is a port like any other.
 *
 * Returns 0, or -1 with errno EINVAL when the text, all of it, is not what the
 * grammar above says, or the port is greater than 65535. *hp is set only when
 * the result is 0. Nothing behind the end of the text is read, and what memory
 * the function asks for, it frees.
 */
int parse_hostport(const char *text, struct hostport *hp, uint16_t default_port);

#endif
