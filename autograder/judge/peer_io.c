/* peer_io.c - peers that move: what session.c calls, and the ends of a peer. */
#define _GNU_SOURCE
#include "peer_inside.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool
peer_until(struct peer *p, bool (*yes)(struct trial *t, void *with), void *with)
{
	enum outcome outcome = session_until(p->trial, yes, with);

	if (outcome == TOO_LONG || outcome == FLOODED)
		trial_went_wrong(p->trial, outcome, G_("the program goes on"));
	if (outcome == GONE && p->trial->end != END_EXITED && p->trial->end != END_SIGNALED)
		trial_ended_badly(p->trial, p->trial->end);
	return outcome == CAME_TRUE;
}

/* ---- what moves ------------------------------------------------------------------------ */

/* An acknowledgement that is put off would keep the program's next segment waiting. */
static void
acknowledge(const struct peer *p)
{
	int on = 1;

	if (!p->datagrams)
		setsockopt(p->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static void
end_of(struct peer *p, int error)
{
	p->state = error == 0 ? PEER_EOF : PEER_ERROR;
	p->error = error;
	p->out_lost = p->out_left;
	p->out_left = 0;
	p->trial->moved = true;
}

static void
take_stream(struct peer *p)
{
	enum { MOST = 16 << 20 };
	char bytes[16384];
	ssize_t n = recv(p->fd, bytes, sizeof bytes, MSG_DONTWAIT);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		p->state = n == 0 ? PEER_EOF : PEER_ERROR;
		p->error = n == 0 ? 0 : errno;
	} else if (p->in.n + (size_t)n > MOST) {
		p->trial->overflow = true;
	} else {
		text_put_bytes(&p->in, bytes, (size_t)n);
		acknowledge(p);
	}
	p->trial->moved = true;
}

static void
take_datagram(struct peer *p)
{
	char bytes[65536];
	struct sockaddr_storage from;
	socklen_t size = sizeof from;
	ssize_t n =
	    recvfrom(p->fd, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&from, &size);
	struct datagram *d, **last = &p->first;

	if (n < 0) /* an error of one sent before: ECONNREFUSED says nothing of the next */
		return;
	d = keep(sizeof *d);
	d->bytes = keep_bytes(bytes, (size_t)n);
	d->n = (size_t)n;
	d->from = peer_sender(&from);
	while (*last != NULL)
		last = &(*last)->next;
	*last = d;
	p->trial->moved = true;
}

static void
take_connection(struct peer *p)
{
	int fd = accept4(p->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	p->accepted[p->n_accepted++] = fd;
	p->trial->moved = true;
}

static void
give(struct peer *p)
{
	ssize_t n = send(p->fd, p->out, p->out_left, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n < 0) {
		end_of(p, errno);
		return;
	}
	p->out += n;
	p->out_left -= (size_t)n;
	p->trial->moved = true;
}

static void
connected(struct peer *p)
{
	socklen_t n = sizeof p->error;

	if (getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &p->error, &n) < 0)
		p->error = errno;
	p->connecting = false;
	p->trial->moved = true;
}

static short
wants(const struct peer *p)
{
	if (p->connecting)
		return POLLOUT;
	if (p->listens)
		return p->n_accepted < PEER_ACCEPTED ? POLLIN : 0;
	return (short)((!p->deaf && p->state == PEER_OPEN ? POLLIN : 0) |
		       (p->out_left > 0 ? POLLOUT : 0));
}

size_t
peers_poll(struct trial *t, struct pollfd on[])
{
	size_t n = 0;

	for (const struct peer *p = t->peers; p != NULL; p = p->next) {
		short events = wants(p);

		/* who wants nothing is left out: a hang-up would be told again and again */
		on[n++] = (struct pollfd){events == 0 ? -1 : p->fd, events, 0};
	}
	return n;
}

void
peers_move(struct trial *t, const struct pollfd on[], size_t n)
{
	size_t i = 0;

	for (struct peer *p = t->peers; p != NULL && i < n; p = p->next, i++) {
		short on_it = on[i].revents;

		if (on_it == 0)
			continue;
		if (p->connecting)
			connected(p);
		else if (p->listens)
			take_connection(p);
		else {
			if (p->out_left > 0 && (on_it & ~POLLIN) != 0)
				give(p);
			if ((on[i].events & POLLIN) != 0 && (on_it & ~POLLOUT) != 0)
				p->datagrams ? take_datagram(p) : take_stream(p);
		}
	}
}

/* ---- ends ------------------------------------------------------------------------------- */

void
peer_shutdown(struct peer *p)
{
	if (p->fd >= 0 && shutdown(p->fd, SHUT_WR) < 0 && errno != ENOTCONN)
		grader_fault("shutdown: %s", strerror(errno));
	p->shut = true;
	p->trial->moved = true;
}

void
peer_close(struct peer *p)
{
	if (p->fd >= 0)
		close(p->fd);
	while (p->n_accepted > 0)
		close(p->accepted[--p->n_accepted]);
	p->fd = -1;
	p->listens = false;
	p->trial->moved = true;
}

void
peer_reset(struct peer *p)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};

	if (p->fd >= 0)
		setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	peer_close(p);
}

void
peer_stop_reading(struct peer *p)
{
	p->deaf = true;
}

void
peer_read_on(struct peer *p)
{
	p->deaf = false;
	p->trial->moved = true;
}

void
peers_close(struct trial *t)
{
	for (struct peer *p = t->peers; p != NULL; p = p->next) {
		peer_close(p);
		text_free(&p->in);
	}
}
