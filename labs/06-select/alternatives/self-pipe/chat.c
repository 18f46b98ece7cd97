/* chat.c - a list of clients, and a pipe that tells of SIGTERM. */
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
#include <unistd.h>

struct client {
	struct client *next;
	int fd;
	unsigned number;
	bool alive, skipping;
	size_t n;
	char line[LINE_LIMIT];
	struct timeout timeout;
};

struct server {
	int listener;
	long idle;
	unsigned numbers;
	struct client *clients;
	struct timeouts timeouts;
	struct timeout full;
	bool is_full;
};

static int term_pipe[2];

static void
on_term(int sig)
{
	int error = errno;

	(void)sig;
	if (write(term_pipe[1], "", 1) < 0) {
		/* it is full: somebody will read it all the same */
	}
	errno = error;
}

static void
set_timeout(struct server *s, struct timeout *t, long seconds)
{
	struct timespec due;

	clock_gettime(CLOCK_MONOTONIC, &due);
	due.tv_sec += seconds;
	timeout_insert(&s->timeouts, t, &due);
}

static void
send_line(struct client *c, const char *bytes, size_t n)
{
	size_t sent = 0;

	while (c->alive && sent < n) {
		ssize_t k = send(c->fd, bytes + sent, n - sent, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (k >= 0)
			sent += (size_t)k;
		else if (errno != EINTR)
			c->alive = false;
	}
}

static void
say(struct server *s, struct client *from, const char *bytes, size_t n)
{
	char text[LINE_LIMIT + 20];
	int head = snprintf(text, sizeof text, "%u: ", from->number);

	memcpy(text + head, bytes, n);
	text[(size_t)head + n] = '\n';
	for (struct client *c = s->clients; c != NULL; c = c->next)
		send_line(c, text, (size_t)head + n + 1);
}

/* A part of a line without its newline. */
static void
collect(struct client *c, const char *bytes, size_t n)
{
	if (c->skipping)
		return;
	if (c->n + n > LINE_LIMIT) {
		c->skipping = true;
		send_line(c, CHAT_TOO_LONG, sizeof CHAT_TOO_LONG - 1);
		return;
	}
	memcpy(c->line + c->n, bytes, n);
	c->n += n;
}

static void
split(struct server *s, struct client *c, const char *bytes, size_t n)
{
	const char *end = bytes + n, *newline;

	while ((newline = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
		collect(c, bytes, (size_t)(newline - bytes));
		if (!c->skipping)
			say(s, c, c->line, c->n);
		c->n = 0;
		c->skipping = false;
		bytes = newline + 1;
	}
	collect(c, bytes, (size_t)(end - bytes));
}

static void
listen_to(struct server *s, struct client *c)
{
	char bytes[1000];

	for (;;) {
		ssize_t n = recv(c->fd, bytes, sizeof bytes, MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			c->alive = false;
			return;
		}
		timeout_remove(&s->timeouts, &c->timeout);
		set_timeout(s, &c->timeout, s->idle);
		split(s, c, bytes, (size_t)n);
	}
}

static void
end_pause(struct server *s)
{
	if (!s->is_full)
		return;
	s->is_full = false;
	timeout_remove(&s->timeouts, &s->full);
}

/* Frees all clients that are not alive, or all. */
static void
bury(struct server *s, bool all)
{
	for (struct client **p = &s->clients; *p != NULL;) {
		struct client *c = *p;

		if (c->alive && !all) {
			p = &c->next;
			continue;
		}
		*p = c->next;
		timeout_remove(&s->timeouts, &c->timeout);
		close(c->fd);
		free(c);
		end_pause(s);
	}
}

static void
admit(struct server *s)
{
	int fd = accept(s->listener, NULL, NULL);
	struct client *c;

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			s->is_full = true;
			set_timeout(s, &s->full, ACCEPT_PAUSE);
		}
		return;
	}
	c = fd < FD_SETSIZE ? calloc(1, sizeof *c) : NULL;
	if (c == NULL) {
		send(fd, CHAT_FULL, sizeof CHAT_FULL - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
		close(fd);
		return;
	}
	*c = (struct client){.next = s->clients, .fd = fd, .number = ++s->numbers, .alive = true};
	c->timeout.whose = c;
	set_timeout(s, &c->timeout, s->idle);
	s->clients = c;
}

static void
dismiss_idle(struct server *s)
{
	struct timespec now;
	struct timeout *t;

	clock_gettime(CLOCK_MONOTONIC, &now);
	while ((t = timeout_due(&s->timeouts, &now)) != NULL) {
		struct client *c = t->whose;

		if (c == NULL) {
			end_pause(s);
			continue;
		}
		send_line(c, CHAT_IDLE, sizeof CHAT_IDLE - 1);
		c->alive = false;
		bury(s, false);
	}
}

static int
max(int a, int b)
{
	return a > b ? a : b;
}

/* Returns 1 to go on, 0 after SIGTERM, -1 on failure. */
static int
one_round(struct server *s)
{
	int top = term_pipe[0];
	struct timespec now, left;
	struct timeval tv;
	fd_set in;

	FD_ZERO(&in);
	FD_SET(term_pipe[0], &in);
	if (!s->is_full) {
		FD_SET(s->listener, &in);
		top = max(top, s->listener);
	}
	for (struct client *c = s->clients; c != NULL; c = c->next) {
		FD_SET(c->fd, &in);
		top = max(top, c->fd);
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	bool limited = timeout_left(&s->timeouts, &now, &left) != NULL;
	if (limited) { /* rounded up: not a moment too early */
		tv.tv_sec = left.tv_sec + (left.tv_nsec > 999999000);
		tv.tv_usec = left.tv_nsec > 999999000 ? 0 : (left.tv_nsec + 999) / 1000;
	}
	if (select(top + 1, &in, NULL, NULL, limited ? &tv : NULL) < 0)
		return errno == EINTR ? 1 : -1;
	if (FD_ISSET(term_pipe[0], &in))
		return 0;
	for (struct client *c = s->clients; c != NULL; c = c->next)
		if (c->alive && FD_ISSET(c->fd, &in))
			listen_to(s, c);
	dismiss_idle(s);
	bury(s, false);
	if (FD_ISSET(s->listener, &in))
		admit(s);
	return 1;
}

int
serve_chat(int listener, long idle)
{
	struct server s = {.listener = listener, .idle = idle};
	struct sigaction on = {.sa_handler = on_term, .sa_flags = SA_RESTART};
	struct sigaction before;
	int flags = fcntl(listener, F_GETFL), result, error;

	if (listener >= FD_SETSIZE) {
		errno = EINVAL;
		return -1;
	}
	if (flags < 0 || fcntl(listener, F_SETFL, flags | O_NONBLOCK) < 0)
		return -1;
	if (pipe(term_pipe) < 0)
		return -1;
	fcntl(term_pipe[1], F_SETFL, O_NONBLOCK);
	sigaction(SIGTERM, &on, &before);
	while ((result = one_round(&s)) == 1)
		;
	error = errno;
	bury(&s, true);
	sigaction(SIGTERM, &before, NULL); /* the pipe goes */
	close(term_pipe[0]);
	close(term_pipe[1]);
	errno = error;
	return result;
}
