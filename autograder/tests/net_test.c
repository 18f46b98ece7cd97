/*
 * net_test.c - the keeper's tables of sockets: what sock_diag tells and what
 * /proc/net tells are the same, for sockets in every state that checks ask for.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../keeper/net.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { UNREAD = 7 };

static uint64_t
inode_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_ino;
}

/* Bound to a port of the kernel's choice. */
static int
bound(int family)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || (family == AF_INET ? bind(fd, (struct sockaddr *)&v4, sizeof v4)
					 : bind(fd, (struct sockaddr *)&v6, sizeof v6)) < 0) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static void
name_of(int fd, bool other, char text[NET_ADDRESS])
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} is = {.v6 = {0}};
	socklen_t n = sizeof is;
	char host[INET6_ADDRSTRLEN];
	int error = other ? getpeername(fd, &is.any, &n) : getsockname(fd, &is.any, &n);

	assert_int_equal(error, 0);
	if (is.any.sa_family == AF_INET6) {
		assert_non_null(inet_ntop(AF_INET6, &is.v6.sin6_addr, host, sizeof host));
		snprintf(text, NET_ADDRESS, "[%s]:%u", host, ntohs(is.v6.sin6_port));
	} else {
		assert_non_null(inet_ntop(AF_INET, &is.v4.sin_addr, host, sizeof host));
		snprintf(text, NET_ADDRESS, "%s:%u", host, ntohs(is.v4.sin_port));
	}
}

/* A client of a listening socket, and who serves it. */
struct connection {
	int listening, client, served;
};

static bool
connect_all(int family, struct connection *c)
{
	struct sockaddr_storage at;
	socklen_t n = sizeof at;

	c->listening = bound(family);
	if (c->listening < 0)
		return false;
	assert_int_equal(listen(c->listening, 4), 0);
	assert_int_equal(getsockname(c->listening, (struct sockaddr *)&at, &n), 0);
	c->client = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(c->client, (struct sockaddr *)&at, n), 0);
	c->served = accept(c->listening, NULL, NULL);
	assert_true(c->served >= 0);
	return true;
}

static void
close_all(const struct connection *c)
{
	close(c->client);
	close(c->served);
	close(c->listening);
}

/* Both ways of reading; the other end of a connection is looked at, so nothing is on its way. */
static void (*const ways[])(struct net_table *table) = {net_read_streams, net_read_streams_of_proc};

static void
expect_socket(struct net_table *table, int fd, enum net_state state, uint64_t unread)
{
	const struct net_socket *s = net_find(table, inode_of(fd));
	char name[NET_ADDRESS];

	assert_non_null(s);
	assert_int_equal(s->state, state);
	assert_int_equal(s->unread, unread);
	name_of(fd, false, name);
	assert_string_equal(s->local, name);
	if (state == NET_CONNECTED)
		name_of(fd, true, name);
	else
		name[0] = '\0';
	assert_string_equal(s->remote, name);
}

static void
both_tell(int family)
{
	struct pollfd on;
	struct connection c = {-1, -1, -1};

	if (!connect_all(family, &c))
		return; /* a machine without IPv6 */
	assert_int_equal(send(c.served, "letters", UNREAD, 0), UNREAD);
	on = (struct pollfd){c.client, POLLIN, 0};
	assert_int_equal(poll(&on, 1, -1), 1);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct net_table table = {0};

		ways[i](&table);
		expect_socket(&table, c.listening, NET_LISTENING, 0);
		expect_socket(&table, c.client, NET_CONNECTED, UNREAD);
		expect_socket(&table, c.served, NET_CONNECTED, 0);
		net_free(&table);
	}
	close_all(&c);
}

static void
tells_of_ipv4(void **state)
{
	(void)state;
	both_tell(AF_INET);
}

static void
tells_of_ipv6(void **state)
{
	(void)state;
	both_tell(AF_INET6);
}

/* A client that waits to be accepted is no byte of the listening socket's. */
static void
counts_no_clients(void **state)
{
	struct connection c = {-1, -1, -1};
	struct sockaddr_storage at;
	socklen_t n = sizeof at;
	int waiting = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_true(connect_all(AF_INET, &c));
	assert_int_equal(getsockname(c.listening, (struct sockaddr *)&at, &n), 0);
	assert_int_equal(connect(waiting, (struct sockaddr *)&at, n), 0);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct net_table table = {0};

		ways[i](&table);
		expect_socket(&table, c.listening, NET_LISTENING, 0);
		net_free(&table);
	}
	close(waiting);
	close_all(&c);
}

/* In no table, so a look calls it unbound. */
static void
leaves_out_the_only_bound(void **state)
{
	int fd = bound(AF_INET);

	(void)state;
	assert_true(fd >= 0);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct net_table table = {0};

		ways[i](&table);
		assert_null(net_find(&table, inode_of(fd)));
		net_free(&table);
	}
	close(fd);
}

/* More than one message of the kernel's. */
static void
tells_of_many(void **state)
{
	enum { MANY = 300 };
	static struct connection c[MANY];

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		assert_true(connect_all(AF_INET, &c[i]));
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct net_table table = {0};

		ways[i](&table);
		for (size_t k = 0; k < MANY; k++) {
			expect_socket(&table, c[k].client, NET_CONNECTED, 0);
			expect_socket(&table, c[k].served, NET_CONNECTED, 0);
		}
		net_free(&table);
	}
	for (size_t i = 0; i < MANY; i++)
		close_all(&c[i]);
}

/* Datagrams and the Unix domain, each asked for first. */
static void
tells_of_the_others(void **state)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct net_table table = {0}, again = {0};

	(void)state;
	assert_int_equal(bind(udp, (struct sockaddr *)&at, sizeof at), 0);
	assert_non_null(net_find(&table, inode_of(udp)));
	assert_int_equal(net_find(&table, inode_of(udp))->state, NET_DATAGRAM);
	assert_non_null(net_find(&again, inode_of(local)));
	assert_int_equal(net_find(&again, inode_of(local))->state, NET_LOCAL);
	net_free(&table);
	net_free(&again);
	close(udp);
	close(local);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tells_of_ipv4),
	    cmocka_unit_test(tells_of_ipv6),
	    cmocka_unit_test(counts_no_clients),
	    cmocka_unit_test(leaves_out_the_only_bound),
	    cmocka_unit_test(tells_of_many),
	    cmocka_unit_test(tells_of_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
