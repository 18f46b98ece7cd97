/* chat.c - reads in place; its clients are those that have a timeout. */
#include "chat.h"
#include "timeouts.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

struct person {
	struct timeout timeout; /* whose is NULL for the pause of the listener */
	int fd;
	long number;
	bool gone, swallowing, marked;
	size_t filled;
	char buffer[LINE_LIMIT + 1];
};

static volatile sig_atomic_t ended;

static void
end(int signal)
{
	(void)signal;
	ended = 1;
}

struct hall {
	int door;
	bool closed;
	long idle, count;
	struct person porter; /* who opens the door again */
	struct timeouts list;
};

/* Everybody in the ring, the porter left out; NULL at its end. */
static struct person *first(struct hall *h);

static struct person *
following(struct hall *h, const struct person *p)
{
	struct timeout *t = p->timeout.next;

	while (t != h->list.first && t->whose == NULL)
		t = t->next;
	return t == h->list.first ? NULL : t->whose;
}

static struct person *
first(struct hall *h)
{
	if (h->list.first == NULL)
		return NULL;
	if (h->list.first->whose != NULL)
		return h->list.first->whose;
	return following(h, &h->porter);
}

static void
start_clock(struct hall *h, struct person *p, long seconds)
{
	struct timespec due;

	clock_gettime(CLOCK_MONOTONIC, &due);
	due.tv_sec += seconds;
	timeout_insert(&h->list, &p->timeout, &due);
}

static void
deliver(struct person *p, struct iovec *parts, size_t n)
{
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = n};

	while (!p->gone && message.msg_iovlen > 0) {
		ssize_t k = sendmsg(p->fd, &message, MSG_NOSIGNAL);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0) {
			p->gone = true;
			return;
		}
		while (message.msg_iovlen > 0 && (size_t)k >= message.msg_iov->iov_len) {
			k -= (ssize_t)message.msg_iov->iov_len;
			message.msg_iov++;
			message.msg_iovlen--;
		}
		if (message.msg_iovlen > 0) {
			message.msg_iov->iov_base = (char *)message.msg_iov->iov_base + k;
			message.msg_iov->iov_len -= (size_t)k;
		}
	}
}

static void
remark(struct person *p, char *text)
{
	deliver(p, &(struct iovec){text, strlen(text)}, 1);
}

static void
speak(struct hall *h, struct person *speaker, char *line, size_t n)
{
	char head[32];
	size_t length = (size_t)snprintf(head, sizeof head, "%ld: ", speaker->number);

	for (struct person *p = first(h); p != NULL; p = following(h, p))
		deliver(p, (struct iovec[]){{head, length}, {line, n}}, 2);
}

/* Takes whole lines out of the front of the buffer. */
static void
take_lines(struct hall *h, struct person *p)
{
	char *newline;

	while ((newline = memchr(p->buffer, '\n', p->filled)) != NULL) {
		size_t n = (size_t)(newline - p->buffer) + 1;

		if (!p->swallowing)
			speak(h, p, p->buffer, n);
		p->swallowing = false;
		p->filled -= n;
		memmove(p->buffer, newline + 1, p->filled);
	}
	if (p->filled == sizeof p->buffer || p->swallowing) {
		if (!p->swallowing)
			remark(p, (char[]){CHAT_TOO_LONG});
		p->swallowing = true;
		p->filled = 0;
	}
}

static void
attend(struct hall *h, struct person *p)
{
	ssize_t n = read(p->fd, p->buffer + p->filled, sizeof p->buffer - p->filled);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		p->gone = true;
		return;
	}
	p->filled += (size_t)n;
	p->marked = true; /* renewed afterwards: the ring must not move now */
	take_lines(h, p);
}

static void
open_door(struct hall *h)
{
	if (h->closed)
		timeout_remove(&h->list, &h->porter.timeout);
	h->closed = false;
}

static void
see_off(struct hall *h, struct person *p)
{
	timeout_remove(&h->list, &p->timeout);
	close(p->fd);
	free(p);
	open_door(h);
}

/* The first who is gone (or anybody), again and again: the ring changes with each. */
static void
see_off_all(struct hall *h, bool everybody)
{
	struct person *p = first(h);

	while (p != NULL) {
		if (everybody || p->gone) {
			see_off(h, p);
			p = first(h);
		} else {
			p = following(h, p);
		}
	}
}

static void
renew(struct hall *h)
{
	struct person *p = first(h);

	while (p != NULL) {
		if (p->marked) {
			p->marked = false;
			timeout_remove(&h->list, &p->timeout);
			start_clock(h, p, h->idle);
			p = first(h);
		} else {
			p = following(h, p);
		}
	}
}

static void
let_in(struct hall *h)
{
	int fd = accept(h->door, NULL, NULL);
	struct person *p;

	if (fd < 0) {
		switch (errno) {
		case EAGAIN:
		case EINTR:
		case ECONNABORTED:
		case EPROTO:
			break;
		default:
			h->closed = true;
			start_clock(h, &h->porter, ACCEPT_PAUSE);
		}
		return;
	}
	p = fd < FD_SETSIZE ? malloc(sizeof *p) : NULL;
	if (p == NULL) {
		struct person nobody = {.fd = fd};

		remark(&nobody, (char[]){CHAT_FULL});
		close(fd);
		return;
	}
	fcntl(fd, F_SETFL, O_NONBLOCK);
	*p = (struct person){.fd = fd, .number = ++h->count, .timeout.whose = p};
	start_clock(h, p, h->idle);
}

static void
clear_idle(struct hall *h)
{
	struct timespec now;
	struct timeout *t;

	clock_gettime(CLOCK_MONOTONIC, &now);
	while ((t = timeout_due(&h->list, &now)) != NULL) {
		if (t->whose == NULL) {
			open_door(h);
		} else {
			remark(t->whose, (char[]){CHAT_IDLE});
			see_off(h, t->whose);
		}
	}
}

static int
turn(struct hall *h, const sigset_t *mask)
{
	struct timespec now, left;
	int top = h->closed ? -1 : h->door;
	sigset_t waiting;
	fd_set set;

	FD_ZERO(&set);
	if (!h->closed)
		FD_SET(h->door, &set);
	for (struct person *p = first(h); p != NULL; p = following(h, p)) {
		FD_SET(p->fd, &set);
		top = p->fd > top ? p->fd : top;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (pselect(top + 1, &set, NULL, NULL, timeout_left(&h->list, &now, &left), mask) == -1)
		return errno == EINTR ? 0 : -1;
	for (struct person *p = first(h); p != NULL; p = following(h, p))
		if (!p->gone && FD_ISSET(p->fd, &set))
			attend(h, p);
	renew(h);
	see_off_all(h, false);
	clear_idle(h);
	if (FD_ISSET(h->door, &set) && !h->closed)
		let_in(h);
	sigpending(&waiting); /* while somebody is always ready, pselect() lets none in */
	ended |= sigismember(&waiting, SIGTERM);
	return 0;
}

int
serve_chat(int listener, long idle)
{
	struct hall h = {.door = listener, .idle = idle};
	struct sigaction action = {.sa_handler = end};
	sigset_t term, mask;
	int flags, error, result = 0;

	if (listener >= FD_SETSIZE)
		return errno = EINVAL, -1;
	if ((flags = fcntl(listener, F_GETFL)) == -1)
		return -1;
	if (fcntl(listener, F_SETFL, flags | O_NONBLOCK) == -1)
		return -1;
	ended = 0;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &mask);
	sigaction(SIGTERM, &action, NULL);
	while (result == 0 && !ended)
		result = turn(&h, &mask);
	error = errno;
	see_off_all(&h, true);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	errno = error;
	return result;
}
