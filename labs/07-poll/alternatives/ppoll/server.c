/* Different: SIGTERM is blocked but inside of ppoll() (Linux); the clients are a list, the set is
 * made anew. */
#define _GNU_SOURCE
#include "server.h"
#include "lines.h"
#include "queue.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
	struct client *next;
	int fd;
	struct queue *out;
	struct lines *in;
	bool leaves, dead, announced;
	enum farewell why;
	void *mine;
};

struct host {
	struct client *first;
	const struct service *service;
	void *with;
	int listener;
	bool full;
	struct pollfd *set;
	size_t room;
};

static volatile sig_atomic_t ended;

static void
end(int signal)
{
	(void)signal;
	ended = 1;
}

static void
bury(struct client *c, enum farewell why)
{
	if (!c->leaves)
		c->why = why;
	c->leaves = c->dead = true;
}

static void
free_client(struct client *c)
{
	close(c->fd);
	queue_free(c->out);
	lines_free(c->in);
	free(c);
}

static bool
is_open(const struct client *c)
{
	return !c->leaves && queue_size(c->out) < QUEUE_HIGH;
}

static void
lines_of(struct host *h, struct client *c)
{
	char *line;
	size_t n;

	while (is_open(c)) {
		enum lines_what what = lines_next(c->in, &line, &n);

		if (what == LINES_NONE)
			break;
		if (what == LINES_TOO_LONG)
			h->service->too_long(h->with, c);
		else
			h->service->line(h->with, c, line, n);
	}
}

static void
turn(struct host *h, struct client *c, int events)
{
	if (events & (POLLNVAL | POLLERR)) {
		bury(c, LEFT_FAILED);
		return;
	}
	if (queue_size(c->out) > 0 && (events & POLLOUT) && queue_flush(c->out, c->fd) == -1)
		bury(c, LEFT_FAILED);
	lines_of(h, c);
	if ((events & (POLLIN | POLLHUP)) && is_open(c)) {
		ssize_t n = lines_read(c->in, c->fd);

		if (n == 0) {
			c->why = LEFT_CLOSED;
			c->leaves = true;
		} else if (n == -1 && errno != EAGAIN) {
			bury(c, LEFT_FAILED);
		}
		lines_of(h, c);
	}
}

/* Is there room in the set for one more? It is no matter when there is too much. */
static bool
room_for_one_more(struct host *h)
{
	struct pollfd *more;
	size_t n = 2;

	for (struct client *c = h->first; c; c = c->next)
		n++;
	if (n <= h->room)
		return true;
	more = realloc(h->set, 2 * n * sizeof *more);
	if (more == NULL)
		return false;
	h->set = more;
	h->room = 2 * n;
	return true;
}

static bool
new_client(struct host *h)
{
	struct client *c;
	int fd = accept4(h->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd == -1)
		return errno == EINTR || errno == ECONNABORTED || errno == EPROTO;
	c = room_for_one_more(h) ? calloc(1, sizeof *c) : NULL;
	if (c == NULL) {
		close(fd);
		return true;
	}
	c->fd = fd;
	c->out = queue_new(QUEUE_LIMIT);
	c->in = lines_new(LINES_LONGEST);
	if (c->out == NULL || c->in == NULL) {
		free_client(c);
		return true;
	}
	c->next = h->first;
	h->first = c;
	return true;
}

/* Everybody in the order of the list, behind the listener. Returns how many. */
static size_t
make_set(struct host *h)
{
	size_t n = 1;

	h->set[0] = (struct pollfd){h->full ? -1 : h->listener, POLLIN, 0};
	for (struct client *c = h->first; c; c = c->next) {
		short events = 0;

		if (is_open(c))
			events |= POLLIN;
		if (queue_size(c->out) > 0)
			events |= POLLOUT;
		h->set[n++] = (struct pollfd){c->fd, events, 0};
	}
	return n;
}

/* Tells of one who has left; false when there is none. */
static bool
tell(struct host *h)
{
	for (struct client *c = h->first; c; c = c->next) {
		if (!c->leaves || c->announced)
			continue;
		c->announced = true;
		if (h->service->left)
			h->service->left(h->with, c, c->why);
		return true;
	}
	return false;
}

static void
remove_dead(struct host *h)
{
	while (tell(h))
		;
	for (struct client **link = &h->first; *link;) {
		struct client *c = *link;

		if (c->dead || (c->leaves && queue_size(c->out) == 0)) {
			*link = c->next;
			free_client(c);
			h->full = false;
		} else {
			link = &c->next;
		}
	}
}

static int
one_round(struct host *h, const sigset_t *mask)
{
	size_t i = 1;

	if (ppoll(h->set, make_set(h), NULL, mask) == -1)
		return errno == EINTR ? 0 : -1;
	for (struct client *c = h->first; c; c = c->next)
		turn(h, c, h->set[i++].revents);
	if (h->set[0].revents) {
		while (new_client(h))
			;
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			h->full = true;
		else if (errno != EAGAIN)
			return -1;
		if (h->full && h->first == NULL)
			return -1;
	}
	remove_dead(h);
	return 0;
}

int
serve(int listener, const struct service *service, void *with)
{
	struct host h = {.listener = listener, .service = service, .with = with};
	struct sigaction action = {.sa_handler = end};
	sigset_t term, before;
	int result = 0, error;

	ended = 0;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &before);
	sigdelset(&before, SIGTERM);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	if (fcntl(listener, F_SETFL, fcntl(listener, F_GETFL) | O_NONBLOCK) == -1 ||
	    !room_for_one_more(&h))
		result = -1;
	while (!ended && result == 0)
		result = one_round(&h, &before);
	error = errno;
	while (h.first) {
		struct client *c = h.first;

		h.first = c->next;
		if (!c->dead)
			queue_flush(c->out, c->fd);
		free_client(c);
	}
	free(h.set);
	close(listener);
	errno = error;
	return result;
}

void
client_say(struct client *c, const void *bytes, size_t n)
{
	if (c->leaves)
		return;
	/* What the socket takes now need not wait. */
	if (queue_size(c->out) + n > QUEUE_LIMIT && queue_flush(c->out, c->fd) == -1)
		bury(c, LEFT_FAILED);
	else if (queue_add(c->out, bytes, n) == -1)
		bury(c, LEFT_SLOW);
}

void
client_quit(struct client *c)
{
	if (!c->leaves)
		c->why = LEFT_QUIT;
	c->leaves = true;
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
