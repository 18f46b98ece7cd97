/* Different: clients stand at the index of their descriptor, the set has holes; answers are written
 * at once. */
#include "server.h"
#include "lines.h"
#include "queue.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum state { UP, ENDING, DOWN };

struct client {
	int fd;
	enum state state;
	enum farewell why;
	int reported;
	struct queue *q;
	struct lines *l;
	void *pointer;
};

/* The index is the descriptor; a hole has the descriptor -1, which poll() does not look at. */
struct table {
	struct client **client;
	struct pollfd *fd;
	int n;
};

static int pipe_of_signals[2];

static void
on_term(int signal)
{
	int saved = errno;
	ssize_t n = write(pipe_of_signals[1], "!", 1);

	(void)signal;
	(void)n;
	errno = saved;
}

static int
nonblocking(int fd)
{
	return fcntl(fd, F_SETFL, O_NONBLOCK);
}

static int
grow(struct table *t, int fd)
{
	struct pollfd *fds;
	struct client **clients;

	if (fd < t->n)
		return 0;
	fds = realloc(t->fd, ((size_t)fd + 1) * sizeof *fds);
	if (fds == NULL)
		return -1;
	t->fd = fds;
	clients = realloc(t->client, ((size_t)fd + 1) * sizeof *clients);
	if (clients == NULL)
		return -1;
	t->client = clients;
	for (; t->n <= fd; t->n++) {
		t->fd[t->n] = (struct pollfd){.fd = -1};
		t->client[t->n] = NULL;
	}
	return 0;
}

static void
set_down(struct client *c, enum state state, enum farewell why)
{
	if (c->state == UP)
		c->why = why;
	if (c->state != DOWN)
		c->state = state;
}

static void
flush_now(struct client *c)
{
	if (c->state != DOWN && queue_flush(c->q, c->fd) != 0)
		set_down(c, DOWN, LEFT_FAILED);
}

static void
remove_client(struct table *t, struct client *c)
{
	t->client[c->fd] = NULL;
	t->fd[c->fd].fd = -1;
	close(c->fd);
	queue_free(c->q);
	lines_free(c->l);
	free(c);
}

static void
add_client(struct table *t, int fd)
{
	struct client *c = calloc(1, sizeof *c);

	if (c == NULL || grow(t, fd) != 0) {
		free(c);
		close(fd);
		return;
	}
	c->fd = fd;
	c->q = queue_new(QUEUE_LIMIT);
	c->l = lines_new(LINES_LONGEST);
	t->client[fd] = c;
	if (c->q == NULL || c->l == NULL || nonblocking(fd) < 0) {
		remove_client(t, c);
		return;
	}
	t->fd[fd] = (struct pollfd){.fd = fd, .events = POLLIN};
}

static void
handle_all(struct client *c, const struct service *service, void *with)
{
	enum lines_what what = LINES_LINE;

	while (what != LINES_NONE && c->state == UP && queue_size(c->q) < QUEUE_HIGH) {
		char *line;
		size_t n;

		what = lines_next(c->l, &line, &n);
		if (what == LINES_LINE)
			service->line(with, c, line, n);
		if (what == LINES_TOO_LONG)
			service->too_long(with, c);
	}
}

static void
take_turn(struct client *c, int got, const struct service *service, void *with)
{
	if (got & (POLLERR | POLLNVAL))
		set_down(c, DOWN, LEFT_FAILED);
	if (got & POLLOUT)
		flush_now(c);
	handle_all(c, service, with);
	if ((got & (POLLIN | POLLHUP)) && c->state == UP && queue_size(c->q) < QUEUE_HIGH) {
		switch (lines_read(c->l, c->fd)) {
		case 0:
			set_down(c, ENDING, LEFT_CLOSED);
			break;
		case -1:
			if (errno != EAGAIN && errno != EWOULDBLOCK)
				set_down(c, DOWN, LEFT_FAILED);
			break;
		default:
			handle_all(c, service, with);
		}
	}
}

/* Who has left is reported, who is done with is removed, and everybody else's wishes are noted. */
static int
settle(struct table *t, int first, const struct service *service, void *with)
{
	int removed = 0;

	for (int fd = first; fd < t->n; fd++) {
		struct client *c = t->client[fd];

		if (c == NULL || c->state == UP || c->reported)
			continue;
		c->reported = 1;
		if (service->left != NULL)
			service->left(with, c, c->why);
		fd = first - 1; /* it may have been too much for one that we have seen */
	}
	for (int fd = first; fd < t->n; fd++) {
		struct client *c = t->client[fd];

		if (c == NULL)
			continue;
		if (c->state == DOWN || (c->state == ENDING && queue_size(c->q) == 0)) {
			remove_client(t, c);
			removed = 1;
			continue;
		}
		t->fd[fd].events = 0;
		if (c->state == UP && queue_size(c->q) < QUEUE_HIGH)
			t->fd[fd].events |= POLLIN;
		if (queue_size(c->q) > 0)
			t->fd[fd].events |= POLLOUT;
	}
	return removed;
}

static int
somebody_is_here(const struct table *t)
{
	for (int fd = 0; fd < t->n; fd++)
		if (t->client[fd] != NULL)
			return 1;
	return 0;
}

static int
greet(struct table *t, int listener)
{
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd >= 0)
			add_client(t, fd);
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			return 0;
		else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			return somebody_is_here(t) ? 1 : -1;
		else if (errno != EINTR && errno != ECONNABORTED && errno != EPROTO)
			return -1;
	}
}

static int
loop(struct table *t, int listener, const struct service *service, void *with)
{
	int first = listener > pipe_of_signals[1] ? listener + 1 : pipe_of_signals[1] + 1, full = 0;

	t->fd[listener] = (struct pollfd){.fd = listener, .events = POLLIN};
	t->fd[pipe_of_signals[0]] = (struct pollfd){.fd = pipe_of_signals[0], .events = POLLIN};
	for (;;) {
		int n = t->n;

		t->fd[listener].fd = full ? -1 : listener;
		if (poll(t->fd, (nfds_t)n, -1) < 0) {
			if (errno != EINTR)
				return -1;
			continue;
		}
		if (t->fd[pipe_of_signals[0]].revents)
			return 0;
		for (int fd = first; fd < n; fd++)
			if (t->client[fd] != NULL && t->fd[fd].revents)
				take_turn(t->client[fd], t->fd[fd].revents, service, with);
		if (!full && t->fd[listener].revents) {
			full = greet(t, listener);
			if (full < 0)
				return -1;
		}
		if (settle(t, first, service, with))
			full = 0;
	}
}

int
serve(int listener, const struct service *service, void *with)
{
	struct table t = {NULL, NULL, 0};
	struct sigaction term, none;
	int result = -1;

	memset(&term, 0, sizeof term);
	memset(&none, 0, sizeof none);
	term.sa_handler = on_term;
	none.sa_handler = SIG_IGN;
	if (pipe(pipe_of_signals) < 0)
		return -1;
	nonblocking(pipe_of_signals[0]);
	nonblocking(pipe_of_signals[1]);
	sigaction(SIGTERM, &term, NULL);
	sigaction(SIGPIPE, &none, NULL);
	if (listener >= 0 && nonblocking(listener) == 0 && grow(&t, listener) == 0 &&
	    grow(&t, pipe_of_signals[1]) == 0)
		result = loop(&t, listener, service, with);
	for (int fd = 0; fd < t.n; fd++)
		if (t.client[fd] != NULL) {
			flush_now(t.client[fd]);
			remove_client(&t, t.client[fd]);
		}
	free(t.client);
	free(t.fd);
	close(pipe_of_signals[0]);
	close(pipe_of_signals[1]);
	close(listener);
	return result;
}

void
client_say(struct client *c, const void *bytes, size_t n)
{
	if (c->state != UP)
		return;
	if (queue_add(c->q, bytes, n) != 0) {
		flush_now(c);
		if (c->state == UP && queue_add(c->q, bytes, n) != 0)
			set_down(c, DOWN, LEFT_SLOW);
	}
	flush_now(c);
}

void
client_quit(struct client *c)
{
	set_down(c, ENDING, LEFT_QUIT);
}

void
client_set(struct client *c, void *mine)
{
	c->pointer = mine;
}

void *
client_get(const struct client *c)
{
	return c->pointer;
}
