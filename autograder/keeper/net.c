/*
 * net.c - reads /proc/net, and knows when the loopback has nothing under way.
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

/* States of /proc/net/tcp: enum in the kernel's include/net/tcp_states.h. */
enum {
	TCP_SYN_SENT_ = 2,
	TCP_SYN_RECV_ = 3,
	TCP_TIME_WAIT_ = 6,
	TCP_CLOSE_ = 7,
	TCP_LISTEN_ = 10,
	TIMER_RETRANSMIT = 1,
	TIMER_PROBE = 4, /* of a window that was full */
};

static struct net_socket *
table_add(struct net_table *table)
{
	if (table->n == table->room) {
		size_t room = table->room == 0 ? 32 : 2 * table->room;
		struct net_socket *more = realloc(table->sockets, room * sizeof *more);

		if (more == NULL)
			return NULL;
		table->sockets = more;
		table->room = room;
	}
	memset(&table->sockets[table->n], 0, sizeof *table->sockets);
	return &table->sockets[table->n++];
}

/* "0100007F:1F90": words of the address in host order, the port in hexadecimal. */
static void
address_text(const char *hex, char text[NET_ADDRESS])
{
	uint32_t words[4] = {0};
	unsigned port;
	char host[INET6_ADDRSTRLEN];
	int n = 0;

	text[0] = '\0';
	while (n < 4 && strlen(hex) >= 8 && sscanf(hex, "%8" SCNx32, &words[n]) == 1) {
		n++;
		hex += 8;
	}
	if (sscanf(hex, ":%x", &port) != 1 || port == 0)
		return;
	if (inet_ntop(n == 1 ? AF_INET : AF_INET6, words, host, sizeof host) == NULL)
		return;
	snprintf(text, NET_ADDRESS, n == 1 ? "%s:%u" : "[%s]:%u", host, port);
}

static enum net_state
state_of(unsigned state, bool stream)
{
	if (!stream)
		return NET_DATAGRAM;
	switch (state) {
	case TCP_LISTEN_:
		return NET_LISTENING;
	case TCP_SYN_SENT_:
	case TCP_SYN_RECV_:
		return NET_CONNECTING;
	case TCP_CLOSE_:
	case TCP_TIME_WAIT_:
		return NET_CLOSED;
	default:
		return NET_CONNECTED;
	}
}

static void
read_internet(struct net_table *table, const char *path, bool stream)
{
	char line[512], local[64], remote[64];
	FILE *f = fopen(path, "re");
	unsigned state, timer;
	unsigned long unsent, unread;
	uint64_t inode;

	if (f == NULL)
		return;
	while (fgets(line, sizeof line, f) != NULL) {
		struct net_socket *s;

		if (sscanf(line, "%*d: %63s %63s %x %lx:%lx %x:%*x %*x %*d %*d %" SCNu64, local,
			remote, &state, &unsent, &unread, &timer, &inode) != 7 ||
		    (s = table_add(table)) == NULL)
			continue;
		s->inode = inode;
		s->state = state_of(state, stream);
		s->retransmits = stream && timer == TIMER_RETRANSMIT && s->state == NET_CONNECTED;
		s->probes = stream && timer == TIMER_PROBE && s->state == NET_CONNECTED;
		s->unread = s->state == NET_LISTENING ? 0 : unread;
		address_text(local, s->local);
		address_text(remote, s->remote);
	}
	fclose(f);
}

static void
read_local(struct net_table *table)
{
	char line[512];
	FILE *f = fopen("/proc/net/unix", "re");
	uint64_t inode;

	if (f == NULL)
		return;
	while (fgets(line, sizeof line, f) != NULL) {
		struct net_socket *s;

		if (sscanf(line, "%*x: %*x %*x %*x %*x %*x %" SCNu64, &inode) != 1 ||
		    (s = table_add(table)) == NULL)
			continue;
		s->inode = inode;
		s->state = NET_LOCAL;
	}
	fclose(f);
}

void
net_read(struct net_table *table)
{
	memset(table, 0, sizeof *table);
	read_internet(table, "/proc/net/tcp", true);
	read_internet(table, "/proc/net/tcp6", true);
	read_internet(table, "/proc/net/udp", false);
	read_internet(table, "/proc/net/udp6", false);
	read_local(table);
}

void
net_free(struct net_table *table)
{
	free(table->sockets);
	memset(table, 0, sizeof *table);
}

const struct net_socket *
net_find(const struct net_table *table, uint64_t inode)
{
	for (size_t i = 0; i < table->n; i++)
		if (table->sockets[i].inode == inode)
			return &table->sockets[i];
	return NULL;
}

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
	struct net_table table;
	bool settled = true;

	if (nobody_has_a_socket())
		return true;
	if (!queues_are_empty())
		return false;
	net_read(&table);
	for (size_t i = 0; i < table.n && settled; i++)
		settled = !goes_on(&table, &table.sockets[i]) ||
			  !is_the_trials(eye, table.sockets[i].inode);
	net_free(&table);
	return settled;
}
