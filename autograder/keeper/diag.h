/*
 * diag.h - the TCP sockets of this network, as sock_diag(7) tells of them.
 */
#ifndef GABEL_KEEPER_DIAG_H
#define GABEL_KEEPER_DIAG_H

#include <stdbool.h>
#include <stdint.h>

struct diag_socket {
	uint64_t inode; /* 0: nobody has it open any more */
	int family;     /* AF_INET or AF_INET6 */
	unsigned state; /* as in /proc/net/tcp; 10: listening */
	unsigned timer; /* as in /proc/net/tcp; 1: retransmission, 4: probe of a window */
	uint32_t unread;
	uint32_t local[4], remote[4]; /* as they are sent; IPv4 has the first word only */
	unsigned local_port, remote_port;
};

/*
 * Calls found for every TCP socket that is bound by more than bind(): those that
 * listen, connect, are connected, or are being closed. Not signal-safe: it has
 * one buffer. Returns false, perhaps after some calls, when the kernel does not
 * answer, which it then never does.
 */
bool diag_streams(void (*found)(const struct diag_socket *is, void *with), void *with);

#endif
