/* chat.c - a table of slots and a master set. */
#include "chat.h"
#include "timeouts.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum state { HEARD, SKIPPED, LOST };

struct slot {
	int fd;
	enum state state;
	unsigned long number;
	size_t n;
	char buffer[LINE_LIMIT + 1]; /* with room for the newline */
	struct timeout timeout;
};

struct table {
	struct slot **slots; /* n of them */
	size_t n, room;
	unsigned long count;
	long idle;
	int listener, paused;
	fd_set master;
	struct timeouts timeouts;
	struct timeout pause;
};

static volatile sig_atomic_t term_came;

static void
handler(int signo)
{
	(void)signo;
	term_came = 1;
}

static struct timespec
in_seconds(long seconds)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += seconds;
	return t;
}

static void
put(struct slot *s, const void *bytes, size_t n)
{
	const char *at = bytes;
	ssize_t k;

	if (s->state == LOST)
		return;
	for (; n > 0; at += k, n -= (size_t)k) {
		do
			k = write(s->fd, at, n);
		while (k == -1 && errno == EINTR);
		if (k == -1) {
			s->state = LOST;
			return;
		}
	}
}

/* The line with its newline, after the number: two writes. */
static void
publish(struct table *t, const struct slot *from, const char *line, size_t n)
{
	char head[24];
	int length = snprintf(head, sizeof head, "%lu: ", from->number);

	for (size_t i = 0; i < t->n; i++) {
		put(t->slots[i], head, (size_t)length);
		put(t->slots[i], line, n);
	}
}

static void
input(struct table *t, struct slot *s, const char *bytes, size_t n)
{
	for (; n > 0; bytes++, n--) {
		if (s->state == SKIPPED) {
			if (*bytes == '\n')
				s->state = HEARD;
			continue;
		}
		if (s->n == LINE_LIMIT && *bytes != '\n') {
			s->n = 0;
			put(s, CHAT_TOO_LONG, strlen(CHAT_TOO_LONG));
			if (s->state == LOST)
				return;
			s->state = SKIPPED;
			continue;
		}
		s->buffer[s->n++] = *bytes;
		if (*bytes == '\n') {
			publish(t, s, s->buffer, s->n);
			s->n = 0;
			if (s->state == LOST)
				return;
		}
	}
}

static void
receive(struct table *t, struct slot *s)
{
	char bytes[2 * LINE_LIMIT];
	ssize_t n = read(s->fd, bytes, sizeof bytes);
	struct timespec due;

	if (n > 0) {
		due = in_seconds(t->idle);
		timeout_remove(&t->timeouts, &s->timeout);
		timeout_insert(&t->timeouts, &s->timeout, &due);
		input(t, s, bytes, (size_t)n);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		s->state = LOST;
	}
}

static void
listen_on(struct table *t)
{
	if (t->paused)
		timeout_remove(&t->timeouts, &t->pause);
	t->paused = 0;
	FD_SET(t->listener, &t->master);
}

static void
drop(struct table *t, size_t i)
{
	struct slot *s = t->slots[i];

	FD_CLR(s->fd, &t->master);
	timeout_remove(&t->timeouts, &s->timeout);
	close(s->fd);
	free(s);
	t->slots[i] = t->slots[--t->n];
	listen_on(t);
}

static struct slot *
new_slot(struct table *t)
{
	if (t->n == t->room) {
		size_t room = 2 * t->room + 8;
		struct slot **slots = realloc(t->slots, room * sizeof *slots);

		if (slots == NULL)
			return NULL;
		t->slots = slots;
		t->room = room;
	}
	return calloc(1, sizeof(struct slot));
}

static void
enter(struct table *t, int fd)
{
	struct slot *s = fd < FD_SETSIZE ? new_slot(t) : NULL;
	struct timespec due = in_seconds(t->idle);

	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	if (s == NULL) {
		if (write(fd, CHAT_FULL, strlen(CHAT_FULL)) < 0)
			errno = 0; /* then without a word */
		close(fd);
		return;
	}
	s->fd = fd;
	s->number = ++t->count;
	s->timeout.whose = s;
	timeout_insert(&t->timeouts, &s->timeout, &due);
	FD_SET(fd, &t->master);
	t->slots[t->n++] = s;
}

static void
accept_all(struct table *t)
{
	for (;;) {
		int fd = accept(t->listener, NULL, NULL);

		if (fd >= 0) {
			enter(t, fd);
			continue;
		}
		if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK) {
			struct timespec due = in_seconds(ACCEPT_PAUSE);

			timeout_insert(&t->timeouts, &t->pause, &due);
			t->paused = 1;
			FD_CLR(t->listener, &t->master);
		}
		return;
	}
}

static void
sweep(struct table *t)
{
	struct timespec now = in_seconds(0);
	struct timeout *over;

	for (size_t i = t->n; i-- > 0;)
		if (t->slots[i]->state == LOST)
			drop(t, i);
	while ((over = timeout_due(&t->timeouts, &now)) != NULL) {
		if (over == &t->pause) {
			listen_on(t);
			continue;
		}
		put(over->whose, CHAT_IDLE, strlen(CHAT_IDLE));
		for (size_t i = 0; i < t->n; i++)
			if (t->slots[i] == over->whose) {
				drop(t, i);
				break;
			}
	}
}

static int
loop(struct table *t, const sigset_t *open, const sigset_t *term)
{
	while (!term_came) {
		fd_set ready = t->master;
		struct timespec now = in_seconds(0), left;
		int n = pselect(
		    FD_SETSIZE, &ready, NULL, NULL, timeout_left(&t->timeouts, &now, &left), open);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n < 0)
			continue;
		for (size_t i = t->n; i-- > 0;)
			if (FD_ISSET(t->slots[i]->fd, &ready) && t->slots[i]->state != LOST)
				receive(t, t->slots[i]);
		sweep(t);
		if (FD_ISSET(t->listener, &ready))
			accept_all(t);
		/* somebody may be ready each time: then pselect() never lets it in */
		if (sigtimedwait(term, NULL, &(struct timespec){0}) == SIGTERM)
			return 0;
	}
	return 0;
}

int
serve_chat(int listener, long idle)
{
	struct table t = {.listener = listener, .idle = idle};
	sigset_t set, old;
	int result, error, flags = fcntl(listener, F_GETFL);

	if (listener >= FD_SETSIZE) {
		errno = EINVAL;
		return -1;
	}
	if (flags == -1 || fcntl(listener, F_SETFL, O_NONBLOCK | flags) == -1)
		return -1;
	FD_ZERO(&t.master);
	listen_on(&t);
	term_came = 0;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &old);
	sigaction(SIGTERM, &(struct sigaction){.sa_handler = handler}, NULL);
	sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
	result = loop(&t, &old, &set);
	error = errno;
	while (t.n > 0)
		drop(&t, 0);
	free(t.slots);
	sigprocmask(SIG_SETMASK, &old, NULL);
	errno = error;
	return result;
}
