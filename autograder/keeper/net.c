/*
 * net.c - knows when the loopback has nothing under way.
 *
 * A segment on the loopback is received as it is sent, unless the kernel puts
 * that off: each processor has a queue of its own, first in, first out. A
 * datagram that we send to ourselves on each processor in turn comes back after
 * everything that was queued there before. What then can still move by itself
 * is data that waits for an acknowledgement (Nagle's algorithm, RFC 1122
 * 4.2.3.4, with one that is delayed): its sender's retransmission timer runs;
 * and data for a window that has opened again without the sender's knowledge.
 */
#define _GNU_SOURCE
#include "net.h"

#include "eye.h"
#include "proc_file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int
net_socket(int domain, int type)
{
	return socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* ---- settled -------------------------------------------------------------------- */

static bool
counted(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at != NULL && strtoul(at + strlen(name), NULL, 10) > 0;
}

/* Counters of the sockets in use; a network where nobody has one costs no more than this. */
static bool
in_use(const char *file, const char *tcp, const char *udp)
{
	char text[1024];

	return proc_file_read(getpid(), file, text, sizeof text) > 0 &&
	       (counted(text, tcp) || counted(text, udp));
}

/* A datagram socket that is connected to itself; -1 where there is no loopback. */
static int
to_itself(void)
{
	struct sockaddr_in self = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof self;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&self, sizeof self) < 0 ||
	    getsockname(fd, (struct sockaddr *)&self, &n) < 0 ||
	    connect(fd, (struct sockaddr *)&self, sizeof self) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool
come_round(int fd)
{
	enum { MOST_MS = 1000 };
	struct pollfd on = {fd, POLLIN, 0};
	char byte = 0;

	return send(fd, &byte, 1, MSG_DONTWAIT) == 1 && poll(&on, 1, MOST_MS) == 1 &&
	       recv(fd, &byte, 1, MSG_DONTWAIT) == 1;
}

/* Everything that the kernel had put off has been delivered when this returns true. */
static bool
queues_are_empty(void)
{
	static int fd = -1;
	cpu_set_t all, one;
	bool empty = true;

	if (fd < 0 && (fd = to_itself()) < 0)
		return true;
	if (sched_getaffinity(0, sizeof all, &all) < 0)
		return come_round(fd);
	for (int cpu = 0; cpu < CPU_SETSIZE && empty; cpu++) {
		if (!CPU_ISSET(cpu, &all))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (sched_setaffinity(0, sizeof one, &one) == 0)
			empty = come_round(fd);
	}
	sched_setaffinity(0, sizeof all, &all);
	return empty;
}

/* Closed sockets have no owner any more; alone, they can only be the trial's. */
static bool
is_the_trials(struct eye *eye, uint64_t inode)
{
	return inode == 0 ? eye->alone : holds_socket(eye, inode);
}

/* The other end has read all that came, so the next probe finds the window open. */
static bool
window_opens(const struct net_table *table, const struct net_socket *s)
{
	for (size_t i = 0; i < table->n; i++)
		if (strcmp(table->sockets[i].local, s->remote) == 0 &&
		    strcmp(table->sockets[i].remote, s->local) == 0)
			return table->sockets[i].unread == 0;
	return false;
}

static bool
goes_on(const struct net_table *table, const struct net_socket *s)
{
	return s->retransmits || (s->probes && window_opens(table, s));
}

static bool
nobody_has_a_socket(void)
{
	return !in_use("net/sockstat", "TCP: inuse ", "UDP: inuse ") &&
	       !in_use("net/sockstat6", "TCP6: inuse ", "UDP6: inuse ");
}

void
net_deliver(void)
{
	if (!nobody_has_a_socket())
		(void)queues_are_empty();
}

bool
net_settled(struct eye *eye)
{
	struct net_table table = {0};
	bool settled = true;

	if (nobody_has_a_socket())
		return true;
	if (!queues_are_empty())
		return false;
	net_read_streams(&table);
	for (size_t i = 0; i < table.n && settled; i++)
		settled = !goes_on(&table, &table.sockets[i]) ||
			  !is_the_trials(eye, table.sockets[i].inode);
	net_free(&table);
	return settled;
}
