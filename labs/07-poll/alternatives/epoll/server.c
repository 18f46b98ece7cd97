/* Different: epoll keeps the set, each client is found by a pointer; SIGTERM is read from a
 * descriptor. */
#include "server.h"
#include "lines.h"
#include "queue.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { AT_ONCE = 32 };

struct server;

struct client {
	struct client *next, *previous;
	struct server *server;
	int fd;
	unsigned asked; /* what epoll has been asked for */
	struct queue *queue;
	struct lines *lines;
	int silent, doomed, spoken_of; /* sends no more; to be closed; left() has been called */
	enum farewell why;
	void *mine;
};

struct server {
	int set, listener, signals, accepting;
	const struct service *service;
	void *with;
	struct client all; /* a ring with this one in it */
};

static int
watch(struct server *s, int how, int fd, unsigned events, void *what)
{
	struct epoll_event e = {.events = events, .data.ptr = what};

	return epoll_ctl(s->set, how, fd, &e);
}

static void
say_goodbye(struct client *c, enum farewell why, int at_once)
{
	if (!c->silent && !c->doomed)
		c->why = why;
	c->silent = 1;
	if (at_once)
		c->doomed = 1;
}

static int
listens(const struct client *c)
{
	return !c->silent && queue_size(c->queue) < QUEUE_HIGH;
}

static void
obey_lines(struct client *c)
{
	struct server *s = c->server;
	char *line;
	size_t n;

	while (listens(c)) {
		switch (lines_next(c->lines, &line, &n)) {
		case LINES_NONE:
			return;
		case LINES_LINE:
			s->service->line(s->with, c, line, n);
			break;
		case LINES_TOO_LONG:
			s->service->too_long(s->with, c);
			break;
		}
	}
}

static void
serve_client(struct client *c, unsigned events)
{
	ssize_t n;

	if (events & EPOLLERR) {
		say_goodbye(c, LEFT_FAILED, 1);
		return;
	}
	if ((events & EPOLLOUT) && queue_flush(c->queue, c->fd) < 0)
		say_goodbye(c, LEFT_FAILED, 1);
	obey_lines(c);
	if (!(events & (EPOLLIN | EPOLLHUP)) || !listens(c))
		return;
	n = lines_read(c->lines, c->fd);
	if (n > 0)
		obey_lines(c);
	else if (n == 0)
		say_goodbye(c, LEFT_CLOSED, 0);
	else if (errno != EAGAIN && errno != EWOULDBLOCK)
		say_goodbye(c, LEFT_FAILED, 1);
}

static void
dispose(struct client *c)
{
	c->previous->next = c->next;
	c->next->previous = c->previous;
	close(c->fd); /* which takes it out of the set */
	queue_free(c->queue);
	lines_free(c->lines);
	free(c);
}

static void
admit(struct server *s, int fd)
{
	struct client *c = calloc(1, sizeof *c);

	if (c == NULL) {
		close(fd);
		return;
	}
	c->fd = fd;
	c->server = s;
	c->asked = EPOLLIN;
	c->queue = queue_new(QUEUE_LIMIT);
	c->lines = lines_new(LINES_LONGEST);
	c->next = &s->all;
	c->previous = s->all.previous;
	c->previous->next = s->all.previous = c;
	if (c->queue == NULL || c->lines == NULL || fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ||
	    watch(s, EPOLL_CTL_ADD, fd, EPOLLIN, c) < 0)
		dispose(c);
}

/* 0, or -1 when nothing helps any more. */
static int
admit_all(struct server *s)
{
	int fd;

	while ((fd = accept(s->listener, NULL, NULL)) >= 0 || errno == EINTR ||
	       errno == ECONNABORTED || errno == EPROTO)
		if (fd >= 0)
			admit(s, fd);
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return 0;
	if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM)
		return -1;
	if (s->all.next == &s->all)
		return -1;
	s->accepting = 0;
	return watch(s, EPOLL_CTL_DEL, s->listener, 0, NULL);
}

/* Everybody's wishes after a round; who has nothing to wish for goes. */
static int
tidy_up(struct server *s)
{
	struct client *c, *next;
	int gone = 0, again = 1;

	while (again) {
		again = 0;
		for (c = s->all.next; c != &s->all; c = c->next)
			if (c->silent && !c->spoken_of) {
				c->spoken_of = again = 1;
				if (s->service->left)
					s->service->left(s->with, c, c->why);
			}
	}
	for (c = s->all.next; c != &s->all; c = next) {
		unsigned wish = (listens(c) ? EPOLLIN : 0) | (queue_size(c->queue) ? EPOLLOUT : 0);

		next = c->next;
		if (c->doomed || (c->silent && queue_size(c->queue) == 0)) {
			dispose(c);
			gone = 1;
		} else if (wish != c->asked) {
			watch(s, EPOLL_CTL_MOD, c->fd, wish, c);
			c->asked = wish;
		}
	}
	if (!gone || s->accepting)
		return 0;
	s->accepting = 1;
	return watch(s, EPOLL_CTL_ADD, s->listener, EPOLLIN, &s->listener);
}

static int
work(struct server *s)
{
	struct epoll_event events[AT_ONCE];

	for (;;) {
		int n = epoll_wait(s->set, events, AT_ONCE, -1), ended = 0;

		if (n < 0 && errno != EINTR)
			return -1;
		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr == &s->signals)
				ended = 1;
			else if (events[i].data.ptr != &s->listener)
				serve_client(events[i].data.ptr, events[i].events);
			else if (admit_all(s) < 0)
				return -1;
		}
		if (ended)
			return 0;
		if (tidy_up(s) < 0)
			return -1;
	}
}

int
serve(int listener, const struct service *service, void *with)
{
	struct server s = {.listener = listener, .service = service, .with = with, .accepting = 1};
	sigset_t term;
	int result = -1, error;

	s.all.next = s.all.previous = &s.all;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	signal(SIGPIPE, SIG_IGN);
	s.set = epoll_create1(0);
	s.signals = signalfd(-1, &term, SFD_NONBLOCK);
	if (s.set >= 0 && s.signals >= 0 && fcntl(listener, F_SETFL, O_NONBLOCK) == 0 &&
	    watch(&s, EPOLL_CTL_ADD, listener, EPOLLIN, &s.listener) == 0 &&
	    watch(&s, EPOLL_CTL_ADD, s.signals, EPOLLIN, &s.signals) == 0)
		result = work(&s);
	error = errno;
	for (struct client *c = s.all.next, *next; c != &s.all; c = next) {
		next = c->next;
		if (!c->doomed)
			queue_flush(c->queue, c->fd);
		dispose(c);
	}
	if (s.set >= 0)
		close(s.set);
	if (s.signals >= 0)
		close(s.signals);
	close(listener);
	errno = error;
	return result;
}

void
client_say(struct client *c, const void *bytes, size_t n)
{
	if (c->silent)
		return;
	if (queue_add(c->queue, bytes, n) == 0)
		return;
	if (queue_flush(c->queue, c->fd) < 0)
		say_goodbye(c, LEFT_FAILED, 1);
	else if (queue_add(c->queue, bytes, n) < 0)
		say_goodbye(c, LEFT_SLOW, 1);
}

void
client_quit(struct client *c)
{
	say_goodbye(c, LEFT_QUIT, 0);
}

void
client_set(struct client *c, void *mine)
{
	c->mine = mine;
}

void *
client_get(const struct client *c)
{
	return c->mine;
}
