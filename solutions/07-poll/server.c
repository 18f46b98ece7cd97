/* server.c - one process, many clients, one poll(2). See server.h. */
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

/* STUDENT: define struct client: its socket, its queue, its lines, what has become of it */
enum stage {
	HERE,    /* reads and is written to */
	LEAVING, /* is not read any more; what waits is still sent */
	GONE,    /* to be closed */
};

struct client {
	int fd;
	struct queue *queue;
	struct lines *lines;
	enum stage stage;
	enum farewell why; /* once stage is no more HERE */
	bool told;         /* left() has been called */
	void *mine;
};
/* END */

/* STUDENT: define what serve() has to remember, and helpers of your own, one idea in each */
/* The places in the set that poll() looks at; the clients come behind them. */
enum { SIGNALS, LISTENER, FIRST_CLIENT };

struct server {
	const struct service *service;
	void *with;
	bool crowded; /* no descriptor was left: nobody is accepted until one has gone */
	size_t n, room;
	struct client **clients;
	struct pollfd *set; /* set[FIRST_CLIENT + i] belongs to clients[i] */
};

/* Where the handler of SIGTERM writes to, so that a signal that comes before poll() wakes it too.
 */
static volatile sig_atomic_t alarm_bell;

static void
ring(int signal)
{
	int error = errno;
	char stroke = 0;

	(void)signal;
	/* the pipe may be full: then it has rung already */
	(void)!write(alarm_bell, &stroke, sizeof stroke);
	errno = error;
}

static int
do_not_block(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* ---- one client ------------------------------------------------------------ */

/* The first reason counts. */
static void
leave(struct client *c, enum stage stage, enum farewell why)
{
	if (c->stage == HERE)
		c->why = why;
	if (c->stage < stage)
		c->stage = stage;
}

static void
client_free(struct client *c)
{
	close(c->fd);
	queue_free(c->queue);
	lines_free(c->lines);
	free(c);
}

/* Takes over fd. Returns NULL when there is no memory; fd is closed then. */
static struct client *
client_new(int fd)
{
	struct client *c = calloc(1, sizeof *c);

	if (c == NULL) {
		close(fd);
		return NULL;
	}
	c->fd = fd;
	c->queue = queue_new(QUEUE_LIMIT);
	c->lines = lines_new(LINES_LONGEST);
	if (c->queue == NULL || c->lines == NULL || do_not_block(fd) < 0) {
		client_free(c);
		return NULL;
	}
	return c;
}

static bool
may_speak(const struct client *c)
{
	return c->stage == HERE && queue_size(c->queue) < QUEUE_HIGH;
}

/* Handles the lines that are there, unless their answers pile up. */
static void
handle_lines(struct server *s, struct client *c)
{
	enum lines_what what = LINES_LINE;
	char *line;
	size_t n;

	while (may_speak(c) && what != LINES_NONE) {
		what = lines_next(c->lines, &line, &n);
		if (what == LINES_LINE)
			s->service->line(s->with, c, line, n);
		else if (what == LINES_TOO_LONG)
			s->service->too_long(s->with, c);
	}
}

static void
hear(struct server *s, struct client *c)
{
	ssize_t n = lines_read(c->lines, c->fd);

	if (n > 0)
		handle_lines(s, c);
	else if (n == 0)
		leave(c, LEAVING, LEFT_CLOSED);
	else if (errno != EAGAIN)
		leave(c, GONE, LEFT_FAILED);
}

static short
events_of(const struct client *c)
{
	return (short)((may_speak(c) ? POLLIN : 0) | (queue_size(c->queue) > 0 ? POLLOUT : 0));
}

/* Does what poll() says is possible. POLLERR and the like come without being asked for. */
static void
attend(struct server *s, struct client *c, short events)
{
	if (events & (POLLERR | POLLHUP | POLLNVAL)) {
		leave(c, GONE, LEFT_FAILED);
		return;
	}
	if (events & POLLOUT && queue_flush(c->queue, c->fd) < 0)
		leave(c, GONE, LEFT_FAILED);
	handle_lines(s, c); /* some may have waited until less is to be sent */
	/* others may have filled its queue meanwhile */
	if (events & events_of(c) & POLLIN)
		hear(s, c);
}

/* ---- all of them ------------------------------------------------------------ */

/* Room for one more client. Returns 0, or -1 when there is no memory. */
static int
make_room(struct server *s)
{
	size_t room = s->room == 0 ? 16 : 2 * s->room;
	struct client **clients;
	struct pollfd *set;

	if (s->n < s->room)
		return 0;
	set = realloc(s->set, (FIRST_CLIENT + room) * sizeof *set);
	if (set == NULL)
		return -1;
	s->set = set;
	clients = realloc(s->clients, room * sizeof *clients);
	if (clients == NULL)
		return -1;
	s->clients = clients;
	s->room = room;
	return 0;
}

/* A client that there is no memory for is closed, and the others stay. */
static void
welcome(struct server *s, int fd)
{
	struct client *c = client_new(fd);

	if (c != NULL)
		s->clients[s->n++] = c;
}

/*
 * Accepts until nobody waits any more, or there is no room for anybody. Returns 0, or -1 with errno
 * when the listener is broken.
 */
static int
accept_all(struct server *s, int listener)
{
	for (;;) {
		int fd;

		if (make_room(s) == 0 && (fd = accept(listener, NULL, NULL)) != -1) {
			welcome(s, fd);
			continue;
		}
		switch (errno) {
		case EAGAIN:
			return 0;
		case EINTR:
		case ECONNABORTED: /* gone before we took it */
		case EPROTO:       /* the same on other systems */
			continue;
		case EMFILE:
		case ENFILE:
		case ENOBUFS:
		case ENOMEM:
			s->crowded = s->n > 0; /* otherwise nobody will ever go */
			return s->crowded ? 0 : -1;
		default:
			return -1;
		}
	}
}

/* Tells of everybody who has left since; to tell one may show that another is too slow. */
static void
tell_of_the_left(struct server *s)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < s->n; i++) {
			struct client *c = s->clients[i];

			if (c->stage == HERE || c->told)
				continue;
			c->told = true;
			again = true;
			if (s->service->left != NULL)
				s->service->left(s->with, c, c->why);
		}
	}
}

/* Closes who has gone. Nobody walks along the clients meanwhile. */
static void
sweep(struct server *s)
{
	size_t kept = 0;

	tell_of_the_left(s);
	for (size_t i = 0; i < s->n; i++) {
		struct client *c = s->clients[i];

		if (c->stage == GONE || (c->stage == LEAVING && queue_size(c->queue) == 0)) {
			client_free(c);
			s->crowded = false;
		} else {
			s->clients[kept++] = c;
		}
	}
	s->n = kept;
}

static nfds_t
fill_set(struct server *s, int bell, int listener)
{
	s->set[SIGNALS] = (struct pollfd){.fd = bell, .events = POLLIN};
	/* poll() does not look at a negative descriptor */
	s->set[LISTENER] = (struct pollfd){.fd = s->crowded ? -1 : listener, .events = POLLIN};
	for (size_t i = 0; i < s->n; i++)
		s->set[FIRST_CLIENT + i] =
		    (struct pollfd){.fd = s->clients[i]->fd, .events = events_of(s->clients[i])};
	return FIRST_CLIENT + s->n;
}

/* Until the bell rings. Returns 0, or -1 with errno. */
static int
rounds(struct server *s, int bell, int listener)
{
	for (;;) {
		size_t n = s->n; /* whoever is accepted now has its turn in the next round */

		if (poll(s->set, fill_set(s, bell, listener), -1) < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		if (s->set[SIGNALS].revents != 0)
			return 0;
		for (size_t i = 0; i < n; i++)
			if (s->set[FIRST_CLIENT + i].revents != 0)
				attend(s, s->clients[i], s->set[FIRST_CLIENT + i].revents);
		if (s->set[LISTENER].revents != 0 && accept_all(s, listener) < 0)
			return -1;
		sweep(s);
	}
}

/* What can still be sent is sent. */
static void
close_all(struct server *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->clients[i]->stage != GONE)
			queue_flush(s->clients[i]->queue, s->clients[i]->fd);
		client_free(s->clients[i]);
	}
	free(s->clients);
	free(s->set);
}

/* SIGTERM rings, SIGPIPE is only an errno. Returns 0, or -1 with errno. */
static int
listen_to_signals(const int bell[2])
{
	struct sigaction action = {.sa_handler = ring};

	alarm_bell = bell[1];
	if (do_not_block(bell[1]) < 0 || sigaction(SIGTERM, &action, NULL) < 0)
		return -1;
	action.sa_handler = SIG_IGN;
	return sigaction(SIGPIPE, &action, NULL);
}
/* END */

int
serve(int listener, const struct service *service, void *with)
{
	/* STUDENT: poll in a loop until SIGTERM; then close and free everything */
	struct server s = {.service = service, .with = with};
	int bell[2], result = -1, error;

	if (pipe(bell) == 0) {
		if (listen_to_signals(bell) == 0 && do_not_block(listener) == 0 &&
		    make_room(&s) == 0)
			result = rounds(&s, bell[0], listener);
		error = errno;
		close_all(&s);
		signal(SIGTERM, SIG_IGN); /* it ends already, and nobody hears the bell any more */
		close(bell[0]);
		close(bell[1]);
	} else {
		error = errno;
	}
	close(listener);
	errno = error;
	return result;
	/* INSTEAD
	close(listener);
	(void)service;
	(void)with;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}

void
client_say(struct client *c, const void *bytes, size_t n)
{
	/* STUDENT: put it into the queue; when that is full, flush it and try again */
	if (c->stage != HERE || queue_add(c->queue, bytes, n) == 0)
		return;
	if (queue_flush(c->queue, c->fd) < 0)
		leave(c, GONE, LEFT_FAILED);
	else if (queue_add(c->queue, bytes, n) < 0)
		leave(c, GONE, LEFT_SLOW);
	/* INSTEAD
	(void)c;
	(void)bytes;
	(void)n;
	*/
	/* END */
}

void
client_quit(struct client *c)
{
	/* STUDENT: from now on nothing but what waits is sent */
	leave(c, LEAVING, LEFT_QUIT);
	/* INSTEAD
	(void)c;
	*/
	/* END */
}

void
client_set(struct client *c, void *mine)
{
	/* STUDENT: keep the pointer in the client */
	c->mine = mine;
	/* INSTEAD
	(void)c;
	(void)mine;
	*/
	/* END */
}

void *
client_get(const struct client *c)
{
	/* STUDENT: hand out the pointer that client_set() has kept */
	return c->mine;
	/* INSTEAD
	(void)c;
	return NULL;
	*/
	/* END */
}
