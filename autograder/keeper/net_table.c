/*
 * net_table.c - who has which socket: the kernel's tables of the internet and the Unix domain.
 *
 * TCP is asked for by sock_diag(7): /proc/net/tcp and tcp6 each walk the whole
 * machine's table of connections, at 1.5 ms and more. They are read where the
 * kernel has no such interface.
 */
#define _GNU_SOURCE
#include "diag.h"
#include "net.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* States and timers, of /proc/net/tcp and of sock_diag: the kernel's include/net/tcp_states.h. */
enum {
	TCP_SYN_SENT_ = 2,
	TCP_SYN_RECV_ = 3,
	TCP_TIME_WAIT_ = 6,
	TCP_CLOSE_ = 7,
	TCP_LISTEN_ = 10,
	TIMER_RETRANSMIT = 1,
	TIMER_PROBE = 4, /* of a window that was full */
};

struct net_socket *
net_add(struct net_table *table)
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

/* words: the address as it is sent. No port, no text: then it is bound to nothing. */
static void
address_text(int family, const uint32_t *words, unsigned port, char text[NET_ADDRESS])
{
	char host[INET6_ADDRSTRLEN];

	text[0] = '\0';
	if (port == 0 || inet_ntop(family, words, host, sizeof host) == NULL)
		return;
	snprintf(text, NET_ADDRESS, family == AF_INET ? "%s:%u" : "[%s]:%u", host, port);
}

/* "0100007F:1F90": the words of the address in the machine's order, the port in hexadecimal. */
static void
address_of(const char *hex, char text[NET_ADDRESS])
{
	uint32_t words[4] = {0};
	unsigned port = 0;
	int n = 0;

	while (n < 4 && strlen(hex) >= 8 && sscanf(hex, "%8" SCNx32, &words[n]) == 1) {
		n++;
		hex += 8;
	}
	if (sscanf(hex, ":%x", &port) != 1)
		port = 0;
	address_text(n == 1 ? AF_INET : AF_INET6, words, port, text);
}

static enum net_state
state_of(unsigned state)
{
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

/* What both interfaces tell about a stream in the same numbers. */
static void
note_stream(struct net_socket *s, unsigned timer)
{
	s->retransmits = timer == TIMER_RETRANSMIT && s->state == NET_CONNECTED;
	s->probes = timer == TIMER_PROBE && s->state == NET_CONNECTED;
	if (s->state == NET_LISTENING) /* a number of clients, not of bytes */
		s->unread = 0;
}

static void
add_stream(const struct diag_socket *is, void *with)
{
	struct net_socket *s = net_add(with);

	if (s == NULL)
		return;
	s->inode = is->inode;
	s->state = state_of(is->state);
	s->unread = is->unread;
	note_stream(s, is->timer);
	address_text(is->family, is->local, is->local_port, s->local);
	address_text(is->family, is->remote, is->remote_port, s->remote);
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
		    (s = net_add(table)) == NULL)
			continue;
		s->inode = inode;
		s->state = stream ? state_of(state) : NET_DATAGRAM;
		s->unread = unread;
		if (stream)
			note_stream(s, timer);
		address_of(local, s->local);
		address_of(remote, s->remote);
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
		    (s = net_add(table)) == NULL)
			continue;
		s->inode = inode;
		s->state = NET_LOCAL;
	}
	fclose(f);
}

void
net_read_streams_of_proc(struct net_table *table)
{
	table->streams_read = true;
	read_internet(table, "/proc/net/tcp", true);
	read_internet(table, "/proc/net/tcp6", true);
}

void
net_read_streams(struct net_table *table)
{
	static bool no_diag;

	table->streams_read = true;
	if (!no_diag && diag_streams(add_stream, table))
		return;
	no_diag = true;
	table->n = 0;
	net_read_streams_of_proc(table);
}

static void
read_others(struct net_table *table)
{
	table->others_read = true;
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

static const struct net_socket *
find(const struct net_table *table, uint64_t inode)
{
	for (size_t i = 0; i < table->n; i++)
		if (table->sockets[i].inode == inode)
			return &table->sockets[i];
	return NULL;
}

const struct net_socket *
net_find(struct net_table *table, uint64_t inode)
{
	const struct net_socket *s;

	if (!table->streams_read)
		net_read_streams(table);
	s = find(table, inode);
	if (s == NULL && !table->others_read) {
		read_others(table);
		s = find(table, inode);
	}
	return s;
}
