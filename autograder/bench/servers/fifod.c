/*
 * fifod.c - the leanest lock daemon: one process, no file, and a line of waiting sessions for each
 * lock, in memory.
 *
 *	fifod HOST:PORT
 *
 * What the benchmark compares the daemon of lab 13 with. It speaks MXP as far as the clients of
 * the benchmark do: id, lock, release, each after the answer to the one before. Whoever waits
 *longest gets the lock next. When this process ends, all locks are gone: nobody but itself knows
 *who holds what. SIGTERM ends it.
 */
#include "../../../labs/08-service/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SESSIONS = 1024, LINE_SIZE = 512, NAME_SIZE = 65 };

struct lock {
	char name[NAME_SIZE];
	struct session *holder;       /* NULL: the lock is free, and so is this place */
	struct session *first, *last; /* of those who wait */
};

struct session {
	int fd;
	size_t n;
	char bytes[LINE_SIZE];
	struct lock *waits_for;
	struct session *next; /* in that line */
};

static struct session *sessions[SESSIONS];
static struct pollfd polled[SESSIONS + 1]; /* the listening socket, then each session */
static size_t n_sessions;
static struct lock locks[SESSIONS];

/* A client that does not read gets nothing more; answers of this length always find room. */
static void
say(const struct session *s, const char *answer)
{
	(void)send(s->fd, answer, strlen(answer), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* ---- locks --------------------------------------------------------------------------------- */

/* The lock of this name, or a free place for it, or NULL. */
static struct lock *
find_lock(const char *name)
{
	struct lock *place = NULL;

	for (size_t i = 0; i < SESSIONS; i++) {
		if (locks[i].holder == NULL)
			place = place != NULL ? place : &locks[i];
		else if (strcmp(locks[i].name, name) == 0)
			return &locks[i];
	}
	if (place != NULL)
		snprintf(place->name, sizeof place->name, "%s", name);
	return place;
}

static void
hand_over(struct lock *l)
{
	l->holder = l->first;
	if (l->holder == NULL)
		return;
	l->first = l->holder->next;
	if (l->first == NULL)
		l->last = NULL;
	l->holder->waits_for = NULL;
	l->holder->next = NULL;
	say(l->holder, "S locked\n");
}

static void
stand_in_line(struct lock *l, struct session *s)
{
	if (l->last != NULL)
		l->last->next = s;
	else
		l->first = s;
	l->last = s;
	s->waits_for = l;
	say(s, "C waiting\n");
}

static void
leave_line(struct session *s)
{
	struct lock *l = s->waits_for;
	struct session **at = &l->first, *before = NULL;

	while (*at != s) {
		before = *at;
		at = &(*at)->next;
	}
	*at = s->next;
	if (l->last == s)
		l->last = before;
}

static void
take(struct session *s, const char *name)
{
	struct lock *l = find_lock(name);

	if (l == NULL || l->holder == s) {
		say(s, "F\n");
	} else if (l->holder != NULL) {
		stand_in_line(l, s);
	} else {
		l->holder = s;
		say(s, "S locked\n");
	}
}

static void
release(struct session *s, const char *name)
{
	struct lock *l = find_lock(name);

	if (l == NULL || l->holder != s) {
		say(s, "F\n");
		return;
	}
	hand_over(l); /* somebody waits for this longer than for our answer */
	say(s, "S\n");
}

/* ---- sessions ------------------------------------------------------------------------------- */

static void
obey(struct session *s, const char *line)
{
	if (strncmp(line, "lock ", 5) == 0)
		take(s, line + 5);
	else if (strncmp(line, "release ", 8) == 0)
		release(s, line + 8);
	else if (strncmp(line, "id ", 3) == 0)
		say(s, "S welcome\n");
	else
		say(s, "F unknown command\n");
}

/* The whole lines that are there. A session that waits is not asked for its next one. */
static void
obey_all(struct session *s)
{
	char *end;

	while (s->waits_for == NULL && (end = memchr(s->bytes, '\n', s->n)) != NULL) {
		size_t length = (size_t)(end - s->bytes) + 1;

		*end = '\0';
		obey(s, s->bytes);
		s->n -= length;
		memmove(s->bytes, s->bytes + length, s->n);
	}
}

static void
begin_session(int listener)
{
	int fd = accept(listener, NULL, NULL), yes = 1;
	struct session *s = fd < 0 || n_sessions == SESSIONS ? NULL : calloc(1, sizeof *s);

	if (s == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	s->fd = fd;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	sessions[n_sessions] = s;
	polled[++n_sessions] = (struct pollfd){.fd = fd, .events = POLLIN};
	say(s, "S\n");
}

static void
end_session(size_t i)
{
	struct session *s = sessions[i];

	if (s->waits_for != NULL)
		leave_line(s);
	for (size_t l = 0; l < SESSIONS; l++)
		if (locks[l].holder == s)
			hand_over(&locks[l]);
	close(s->fd);
	free(s);
	sessions[i] = sessions[--n_sessions];
	polled[i + 1] = polled[n_sessions + 1];
}

/* Returns whether the session goes on. A line that does not fit ends it. */
static bool
hear(struct session *s)
{
	ssize_t got = s->n == sizeof s->bytes
			  ? 0
			  : recv(s->fd, s->bytes + s->n, sizeof s->bytes - s->n, MSG_DONTWAIT);

	if (got > 0) {
		s->n += (size_t)got;
		obey_all(s);
		return true;
	}
	return got < 0 && (errno == EAGAIN || errno == EINTR);
}

static _Noreturn void
serve(int listener)
{
	polled[0] = (struct pollfd){.fd = listener, .events = POLLIN};
	for (;;) {
		if (poll(polled, n_sessions + 1, -1) < 0)
			continue; /* EINTR */
		for (size_t i = n_sessions; i > 0; i--)
			if (polled[i].revents != 0 && !hear(sessions[i - 1]))
				end_session(i - 1);
		if (polled[0].revents != 0)
			begin_session(listener);
	}
}

static void
stop(int signal)
{
	(void)signal;
	_exit(EXIT_SUCCESS);
}

int
main(int argc, char *argv[])
{
	struct sigaction action = {.sa_handler = stop};
	int listener;

	if (argc < 2) {
		fputs("usage: fifod HOST:PORT\n", stderr);
		return 2;
	}
	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
	listener = open_listener(argv[1]);
	if (listener < 0 || fcntl(listener, F_SETFL, O_NONBLOCK) < 0 ||
	    say_ready(argv[0], listener) < 0) {
		perror(argv[1]);
		return EXIT_FAILURE;
	}
	serve(listener);
}
