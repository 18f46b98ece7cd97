/*
 * net.h - sockets that listen and sockets that are connected.
 *
 * A host may have several addresses, of IPv4 and of IPv6 (getaddrinfo(3)). They
 * are tried in the order in which getaddrinfo() returns them; the first one that
 * works is taken. Of an address that did not work no descriptor stays open.
 *
 * Each function that opens a socket returns its descriptor, which blocks and
 * belongs to the caller, or -1 with errno:
 *   ENXIO      The host has no address: getaddrinfo() failed, and not with
 *              EAI_SYSTEM.
 *   otherwise  What went wrong with the last address that was tried, as the call
 *              that failed has set it.
 * No descriptor is open then that was not open before.
 *
 * Handlers of the caller may run at any time: no function here fails with EINTR.
 */
#ifndef NET_H
#define NET_H

#include "hostport.h"

/*
 * A TCP socket that listens at hp; with port 0 the kernel chooses a port. That
 * the port was in use a moment ago, by a server that has ended since, is no
 * obstacle (SO_REUSEADDR). A client may come as soon as the function has returned,
 * and at least 5 of them can wait until they are accepted.
 */
int listen_on(const struct hostport *hp);

/*
 * A TCP socket that is connected to hp. A connect() that a signal interrupted goes
 * on without us: the function waits until the connection stands or has failed.
 */
int connect_to(const struct hostport *hp);

/* A UDP socket that is connected to hp: it takes datagrams from there only. */
int udp_to(const struct hostport *hp);

/* Room for an address as text, with its NUL. */
enum { ADDRESS_SIZE = 64 };

/*
 * Writes the address of this end of a socket as parse_hostport() reads it:
 * "127.0.0.1:4711", "[::1]:4711".
 *
 * Returns 0, or -1 with errno: EAFNOSUPPORT when the socket is neither of IPv4 nor
 * of IPv6, otherwise as getsockname(2).
 */
int local_address(int fd, char text[ADDRESS_SIZE]);

#endif
