/* net.c - sockets that listen and sockets that are connected. See net.h. */
#include "net.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* YOUR WORK: helpers; all three functions that open a socket go through the same addresses */

int
listen_on(const struct hostport *hp)
{
	/* YOUR WORK: for each address: socket(), SO_REUSEADDR, bind(), listen() */
	(void)hp;
	errno = ENOSYS;
	return -1;
}

int
connect_to(const struct hostport *hp)
{
	/* YOUR WORK: for each address: socket(), connect(); mind EINTR */
	(void)hp;
	errno = ENOSYS;
	return -1;
}

int
udp_to(const struct hostport *hp)
{
	/* YOUR WORK: the same with SOCK_DGRAM */
	(void)hp;
	errno = ENOSYS;
	return -1;
}

int
local_address(int fd, char text[ADDRESS_SIZE])
{
	/* YOUR WORK: getsockname(), then inet_ntop() and ntohs() */
	(void)fd;
	text[0] = '\0';
	errno = ENOSYS;
	return -1;
}
