/*
 * peer.c - peers that are streams or datagrams: making them, asking them.
 *
 * The keeper makes each socket, because it has to be of the trial's network; it
 * comes to us over the control socket and we do the rest. What moves bytes is
 * peer_io.c, called by session.c like everything else that a trial waits for.
 */
#define _GNU_SOURCE
#include "peer_inside.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- addresses -------------------------------------------------------------------- */

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static socklen_t
address_size(const union address *a)
{
	return a->any.sa_family == AF_INET6 ? sizeof a->v6 : sizeof a->v4;
}

static const char *
address_text(const union address *a)
{
	char host[INET6_ADDRSTRLEN];

	if (a->any.sa_family == AF_INET6)
		return keep_format("[%s]:%u",
		    inet_ntop(AF_INET6, &a->v6.sin6_addr, host, sizeof host),
		    ntohs(a->v6.sin6_port));
	return keep_format(
	    "%s:%u", inet_ntop(AF_INET, &a->v4.sin_addr, host, sizeof host), ntohs(a->v4.sin_port));
}

static union address
address_of_host(const char *host, unsigned port)
{
	union address a = {0};

	a.any.sa_family = strchr(host, ':') == NULL ? AF_INET : AF_INET6;
	if (a.any.sa_family == AF_INET6 ? inet_pton(AF_INET6, host, &a.v6.sin6_addr) != 1
					: inet_pton(AF_INET, host, &a.v4.sin_addr) != 1)
		grader_fault("\"%s\" is no address of a host", host);
	if (a.any.sa_family == AF_INET6)
		a.v6.sin6_port = htons((uint16_t)port);
	else
		a.v4.sin_port = htons((uint16_t)port);
	return a;
}

/* "127.0.0.1:4711", "[::1]:4711" */
static union address
address_from(const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t n = colon == NULL ? 0 : (size_t)(colon - text);
	bool bracketed = n >= 2 && text[0] == '[' && text[n - 1] == ']';

	if (n == 0)
		grader_fault("\"%s\" is no address of a socket", text);
	return address_of_host(bracketed ? keep_bytes(text + 1, n - 2) : keep_bytes(text, n),
	    (unsigned)atoi(colon + 1));
}

/* ---- making ------------------------------------------------------------------------- */

static struct peer *
peer_add(struct trial *t, int fd)
{
	struct peer *p;

	if (t->n_peers == TRIAL_PEERS)
		grader_fault("more than %d peers in one trial", TRIAL_PEERS);
	p = keep(sizeof *p);
	p->trial = t;
	p->fd = fd;
	p->next = t->peers;
	t->peers = p;
	t->n_peers++;
	return p;
}

/* A socket in the trial's network, or -1 with errno. */
static int
socket_there(struct trial *t, int domain, int type)
{
	static struct wire w;

	if (!t->started)
		grader_fault("a peer of a trial that was not started");
	t->socketed = false;
	wire_begin(&w, WIRE_SOCKET);
	put_u32(&w, (uint32_t)domain);
	put_u32(&w, (uint32_t)type);
	session_send(t, &w);
	session_answer(t, &t->socketed);
	errno = t->socket_error;
	return t->socket_error == 0 ? t->socket : -1;
}

static int
new_socket(struct trial *t, int domain, int type)
{
	int fd = socket_there(t, domain, type), on = 1;

	if (fd < 0)
		grader_fault("socket: %s", strerror(errno));
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static struct peer *
peer_make(struct trial *t, int domain, int type)
{
	return peer_add(t, new_socket(t, domain, type));
}

static void
own_address(struct peer *p)
{
	union address a = {0};
	socklen_t n = sizeof a;

	if (getsockname(p->fd, &a.any, &n) < 0)
		grader_fault("getsockname: %s", strerror(errno));
	p->address = address_text(&a);
}

static int
bound_socket(struct trial *t, const char *host, int type)
{
	union address a = address_of_host(host, 0);
	int fd = new_socket(t, a.any.sa_family, type);

	if (bind(fd, &a.any, address_size(&a)) < 0)
		grader_fault("bind to %s: %s", host, strerror(errno));
	return fd;
}

/* One port of 256 is the same in both byte orders, and would hide that a program mixes them up. */
static bool
hides_byte_order(const struct peer *p)
{
	long port = strtol(strrchr(p->address, ':') + 1, NULL, 10);

	return port >> 8 == (port & 0xff);
}

static struct peer *
peer_bound(struct trial *t, const char *host, int type)
{
	struct peer *p = peer_add(t, bound_socket(t, host, type));

	own_address(p);
	while (hides_byte_order(p)) {
		int other = bound_socket(t, host, type); /* while the first still has its port */

		close(p->fd);
		p->fd = other;
		own_address(p);
	}
	return p;
}

bool
trial_has_ipv6(struct trial *t)
{
	union address a = address_of_host("::1", 0);
	int fd = socket_there(t, AF_INET6, SOCK_STREAM);
	bool has = fd >= 0 && bind(fd, &a.any, sizeof a.v6) == 0;

	if (fd >= 0)
		close(fd);
	return has;
}

static bool
is_connected(struct trial *t, void *with)
{
	const struct peer *p = with;

	(void)t;
	return !p->connecting;
}

/*
 * The buffer must hold many segments, or its window opens only when the sender
 * probes (RFC 9293, 3.8.6.2.2): so segments are as short as on an Ethernet.
 * What it does not read it acknowledges late, and nobody rests before: where the
 * kernel allows it (Linux 6.16), not so late.
 */
static void
make_narrow(int fd)
{
	enum { DELACK_MAX_US = 46 /* TCP_DELACK_MAX_US, newer than our headers */ };
	int buffer = 16384, segment = 1400, late_us = 10000;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
	setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
	setsockopt(fd, IPPROTO_TCP, DELACK_MAX_US, &late_us, sizeof late_us);
}

static bool
is_refused(const struct peer *p)
{
	return p->error != 0 && p->error != ECONNRESET;
}

/* The peer may have been refused: then its error says so. */
static struct peer *
connect_peer(struct trial *t, const char *text, bool narrow)
{
	union address a = address_from(text);
	struct peer *p = peer_make(t, a.any.sa_family, SOCK_STREAM);
	enum outcome outcome = CAME_TRUE;

	if (narrow)
		make_narrow(p->fd);
	if (connect(p->fd, &a.any, address_size(&a)) < 0) {
		p->connecting = errno == EINPROGRESS;
		p->error = p->connecting ? 0 : errno;
		outcome = session_until(t, is_connected, p);
	}
	if (is_refused(p))
		return p;
	if (p->error != 0) /* it had been answered, and is over already */
		p->state = PEER_ERROR;
	else if (outcome != CAME_TRUE)
		trial_went_wrong(t, outcome, keep_format(G_("a client can connect to %s"), text));
	own_address(p);
	return p;
}

static struct peer *
not_refused(struct peer *p, const char *address)
{
	if (is_refused(p))
		check_fail("refused", keep_format(G_("somebody listens at %s"), address),
		    G_("the connection fails: %s"), error_name(p->error));
	return p;
}

struct peer *
peer_connect(struct trial *t, const char *address)
{
	return not_refused(connect_peer(t, address, false), address);
}

struct peer *
peer_connect_narrow(struct trial *t, const char *address)
{
	return not_refused(connect_peer(t, address, true), address);
}

struct peer *
peer_try_connect(struct trial *t, const char *address)
{
	struct peer *p = connect_peer(t, address, false);

	return is_refused(p) ? NULL : p;
}

static struct peer *
listen_on_host(struct trial *t, const char *host, int backlog)
{
	struct peer *p = peer_bound(t, host, SOCK_STREAM);

	if (listen(p->fd, backlog) < 0)
		grader_fault("listen: %s", strerror(errno));
	return p;
}

struct peer *
peer_listen(struct trial *t, const char *host)
{
	struct peer *p = listen_on_host(t, host, SOMAXCONN);

	p->listens = true;
	return p;
}

/* A queue of length 0 still takes one connection, which we put there ourselves. */
struct peer *
peer_listen_deaf(struct trial *t, const char *host)
{
	struct peer *p = listen_on_host(t, host, 0);

	p->deaf = true;
	(void)connect_peer(t, p->address, false);
	return p;
}

static bool
is_accepted(struct trial *t, void *with)
{
	(void)t;
	return ((struct peer *)with)->n_accepted > 0;
}

struct peer *
peer_accept(struct peer *listener)
{
	struct peer *p;
	int fd;

	if (!peer_until(listener, is_accepted, listener))
		return NULL;
	fd = listener->accepted[0];
	memmove(listener->accepted, listener->accepted + 1,
	    --listener->n_accepted * sizeof *listener->accepted);
	p = peer_add(listener->trial, fd);
	own_address(p);
	return p;
}

struct peer *
peer_datagram(struct trial *t, const char *host)
{
	struct peer *p = peer_bound(t, host, SOCK_DGRAM);

	p->datagrams = true;
	return p;
}

const char *
peer_address(const struct peer *p)
{
	return p->address;
}

/* ---- where a server stands ------------------------------------------------------------ */

struct wanted_socket {
	enum socket_state state;
	const char *local;
};

static bool
somebody_has(struct trial *t, void *with)
{
	struct wanted_socket *w = with;
	const struct look *l = look(t);

	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->processes[i].n_fds; k++) {
			const struct descriptor *d = &l->processes[i].fds[k];

			if (d->socket != w->state || d->local[0] == '\0')
				continue;
			w->local = d->local;
			return true;
		}
	return false;
}

/* Where one listens on all addresses, the loopback's is one of them. */
static const char *
reachable(const char *local)
{
	if (strncmp(local, "0.0.0.0:", 8) == 0)
		return keep_format("127.0.0.1:%s", local + 8);
	if (strncmp(local, "[::]:", 5) == 0)
		return keep_format("[::1]:%s", local + 5);
	return local;
}

static const char *
await_socket(struct trial *t, enum socket_state state, const char *what)
{
	struct wanted_socket w = {state, NULL};
	enum outcome outcome = session_until(t, somebody_has, &w);

	if (outcome != CAME_TRUE)
		trial_went_wrong(t, outcome, what);
	return reachable(w.local);
}

const char *
await_listening(struct trial *t)
{
	return await_socket(t, SOCKET_LISTENING, G_("the program listens for connections"));
}

const char *
await_datagram_socket(struct trial *t)
{
	return await_socket(t, SOCKET_DATAGRAM, G_("the program has a bound datagram socket"));
}

/* ---- sending ----------------------------------------------------------------------------- */

static bool
is_sent(struct trial *t, void *with)
{
	(void)t;
	return ((struct peer *)with)->out_left == 0;
}

/* How many bytes the kernel took; the rest is dropped when the program takes no more. */
static size_t
send_all(struct peer *p, const void *bytes, size_t n)
{
	size_t left;

	if (p->fd < 0 || p->shut)
		grader_fault("a peer sends after it has closed");
	p->out = keep_bytes(bytes, n);
	p->out_left = n;
	p->out_lost = 0;
	(void)peer_until(p, is_sent, p);
	left = p->out_left + p->out_lost;
	p->out_left = 0;
	return n - left;
}

bool
peer_send(struct peer *p, const void *bytes, size_t n)
{
	return send_all(p, bytes, n) == n;
}

bool
peer_say(struct peer *p, const char *text)
{
	return peer_send(p, text, strlen(text));
}

size_t
peer_fill(struct peer *p, const void *bytes, size_t n)
{
	return send_all(p, bytes, n);
}

void
peer_send_to(struct peer *p, const char *address, const void *bytes, size_t n)
{
	union address a = address_from(address);

	if (sendto(p->fd, bytes, n, MSG_DONTWAIT, &a.any, address_size(&a)) != (ssize_t)n)
		grader_fault("sendto %s: %s", address, strerror(errno));
	p->trial->moved = true;
}

/* ---- receiving ----------------------------------------------------------------------------- */

static const char *
unread(const struct peer *p)
{
	return text_string(&p->in) + p->taken;
}

static bool
has_line(struct trial *t, void *with)
{
	const struct peer *p = with;

	(void)t;
	return memchr(unread(p), '\n', p->in.n - p->taken) != NULL;
}

const char *
peer_line(struct peer *p)
{
	const char *from, *end;

	if (!peer_until(p, has_line, p))
		return NULL;
	from = unread(p);
	end = memchr(from, '\n', p->in.n - p->taken);
	p->taken += (size_t)(end - from) + 1;
	return keep_bytes(from, (size_t)(end - from));
}

struct wanted_bytes {
	const struct peer *peer;
	size_t n;
};

static bool
has_bytes(struct trial *t, void *with)
{
	const struct wanted_bytes *w = with;

	(void)t;
	return w->peer->in.n - w->peer->taken >= w->n;
}

const char *
peer_bytes(struct peer *p, size_t n)
{
	struct wanted_bytes w = {p, n};

	if (!peer_until(p, has_bytes, &w))
		return NULL;
	p->taken += n;
	return keep_bytes(text_string(&p->in) + p->taken - n, n);
}

static bool
has_ended(struct trial *t, void *with)
{
	(void)t;
	return ((struct peer *)with)->state != PEER_OPEN;
}

bool
peer_end(struct peer *p)
{
	return peer_until(p, has_ended, p);
}

enum peer_state
peer_state(struct peer *p)
{
	session_take(p->trial);
	return p->state;
}

int
peer_error(const struct peer *p)
{
	return p->error;
}

const char *
peer_unread(struct peer *p, size_t *n)
{
	session_take(p->trial);
	*n = p->in.n - p->taken;
	return keep_bytes(unread(p), *n);
}

static bool
has_datagram(struct trial *t, void *with)
{
	(void)t;
	return ((struct peer *)with)->first != NULL;
}

const char *
peer_receive(struct peer *p, size_t *n, const char **from)
{
	const struct datagram *d;

	if (!peer_until(p, has_datagram, p))
		return NULL;
	d = p->first;
	p->first = d->next;
	*n = d->n;
	if (from != NULL)
		*from = d->from;
	return d->bytes;
}

const char *
peer_sender(const void *address)
{
	return address_text(address);
}
