/*
 * net.h - the trial's own network: its loopback, and who has which socket there.
 *
 * Both are asked of the kernel (sock_diag(7), proc_net(5)), which shows the
 * network namespace that the keeper shares with the program. Without namespaces that is the whole
 * machine's; then only sockets that a process of the trial holds are looked at.
 */
#ifndef GABEL_KEEPER_NET_H
#define GABEL_KEEPER_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The same numbers as enum socket_state of the judge's observe.h. */
enum net_state {
	NET_NONE,
	NET_UNBOUND,
	NET_LISTENING,
	NET_CONNECTING,
	NET_CONNECTED,
	NET_DATAGRAM,
	NET_CLOSED,
	NET_LOCAL
};

enum { NET_ADDRESS = 56 /* "[" 45 characters "]:65535" and a NUL */ };

struct net_socket {
	uint64_t inode;
	enum net_state state;
	bool retransmits; /* sent, and not yet acknowledged */
	bool probes;      /* unsent, because the other end's window was full */
	uint64_t unread;
	char local[NET_ADDRESS], remote[NET_ADDRESS]; /* "" when there is none */
};

/*
 * The sockets of the network. All zero at first: each kind is read once, when it
 * is first asked for. Freed by net_free(). Without memory it knows fewer.
 */
struct net_table {
	struct net_socket *sockets;
	size_t n, room;
	bool streams_read, others_read;
};
void net_free(struct net_table *table);
/* NULL: no bound socket of the internet or the Unix domain has this inode. */
const struct net_socket *net_find(struct net_table *table, uint64_t inode);

/* The TCP sockets; and as /proc/net tells of them, for kernels without sock_diag. */
void net_read_streams(struct net_table *table);
void net_read_streams_of_proc(struct net_table *table);
/* One more, all zero; NULL when there is no memory. */
struct net_socket *net_add(struct net_table *table);

/* A socket in this network for somebody outside of it; -1 with errno. */
int net_socket(int domain, int type);

/* Waits until what was sent over the loopback before has arrived, on a busy machine, too. */
void net_deliver(void);

struct eye;
/*
 * Has everything that was sent over the loopback arrived? What the kernel has
 * put off on some processor is waited for (on a busy machine packets are
 * delivered by a kernel thread); false when a process of the trial has sent
 * what is not acknowledged yet, so that more may follow by itself.
 */
bool net_settled(struct eye *eye);

#endif
