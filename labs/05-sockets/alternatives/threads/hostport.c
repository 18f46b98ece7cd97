/* Different: host:port as a small automaton; lines with memchr() and memcpy(); connect() again
 * after EINTR; answers on the heap; a client of two threads; a server with a thread that waits
 * for SIGTERM; SO_RCVTIMEO in place of poll() for datagrams. */
#include "hostport.h"
#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>

enum place { HOST, LITERAL, BEHIND_LITERAL, PORT, WRONG };

struct parse {
	enum place place;
	struct hostport found;
	size_t n;
	long port; /* -1: no digit yet */
};

static enum place
keep_byte(struct parse *p, char byte)
{
	if (p->n == HOST_MAX)
		return WRONG;
	p->found.host[p->n++] = byte;
	return p->place;
}

static enum place
port_digit(struct parse *p, char byte)
{
	if (byte < '0' || byte > '9')
		return WRONG;
	p->port = (p->port < 0 ? 0 : p->port) * 10 + byte - '0';
	return p->port > 65535 ? WRONG : PORT;
}

static enum place
host_byte(struct parse *p, char c)
{
	if (c == '[' && p->n == 0)
		return LITERAL;
	if (c == ':')
		return p->n == 0 ? WRONG : PORT;
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '.' || c == '-' || c == '_')
		return keep_byte(p, c);
	return WRONG;
}

static enum place
next_place(struct parse *p, char c)
{
	switch (p->place) {
	case HOST:
		return host_byte(p, c);
	case LITERAL:
		return c == ']' ? BEHIND_LITERAL : keep_byte(p, c);
	case BEHIND_LITERAL:
		return c == ':' ? PORT : WRONG;
	case PORT:
		return port_digit(p, c);
	default:
		return WRONG;
	}
}

int
parse_hostport(const char *text, struct hostport *hp, uint16_t default_port)
{
	struct parse p = {.place = HOST, .port = -1};
	struct in6_addr any;
	int literal = text[0] == '[';

	while (*text != '\0' && p.place != WRONG)
		p.place = next_place(&p, *text++);
	if (p.place == WRONG || p.place == LITERAL || p.n == 0 ||
	    (literal && inet_pton(AF_INET6, p.found.host, &any) != 1)) {
		errno = EINVAL;
		return -1;
	}
	p.found.port = p.port < 0 ? default_port : (uint16_t)p.port;
	*hp = p.found;
	return 0;
}
