/* session.c - one session of MXP. See mxp.h and mutexd.h. */
#define _GNU_SOURCE /* POLLRDHUP */
#include "lockset.h"
#include "mutexd.h"
#include "mxp.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* STUDENT: what a session has to remember, and how it sleeps, reads and writes */
enum { TEXT_MAX = LM_NAME_MOST + 8 /* of a line that is said: "C ", a name, a newline, a NUL */ };

struct session {
	int fd, stop;
	struct lockset set;
	bool skipping; /* what comes belongs to a line that was too long, up to its newline */
	size_t n;      /* bytes that have come and belong to no line that was taken yet */
	char bytes[MXP_AHEAD];
	bool watched; /* there is a thread that watches while the session waits for a lock */
	pthread_t watcher;
	pthread_mutex_t mutex; /* for what both threads use: */
	bool waiting;          /* the session is in lm_lock() */
	bool over;             /* nobody needs it any more */
};

/*
 * Sleeps until the client is ready for events, or the daemon ends: false. A session sleeps nowhere
 * else, but for a lock.
 */
static bool
await(const struct session *s, short events)
{
	struct pollfd set[] = {{.fd = s->fd, .events = events}, {.fd = s->stop, .events = POLLIN}};
	int n;

	do
		n = poll(set, 2, -1);
	while (n < 0 && errno == EINTR);
	return n > 0 && set[1].revents == 0;
}

/*
 * TCP would hold back "S locked" as long as "C waiting" has not been acknowledged, and whoever has
 * nothing to send takes his time for that: 40 ms and more. Should it fail, we are merely slower.
 */
static void
send_at_once(int fd)
{
	const int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* Sends a line. Returns whether the session goes on. */
static bool
say(const struct session *s, const char *line)
{
	size_t left = strlen(line);

	while (left > 0) {
		ssize_t done = send(s->fd, line, left, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (done > 0) {
			line += done;
			left -= (size_t)done;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			if (!await(s, POLLOUT))
				return false;
		} else if (errno != EINTR) {
			return false;
		}
	}
	return true;
}

/* Takes in what has come; there is something, and room. False: nothing comes any more. */
static bool
take_in(struct session *s)
{
	ssize_t got;

	do
		got = read(s->fd, s->bytes + s->n, sizeof s->bytes - s->n);
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return false;
	s->n += (size_t)got;
	return true;
}
/* END */

/* STUDENT: lines, of what has come in whatever pieces */
static void
drop(struct session *s, size_t n)
{
	s->n -= n;
	memmove(s->bytes, s->bytes + n, s->n);
}

/* Without its newline, and as a text: a NUL in it would hide what follows. */
static void
copy_line(char line[MXP_LINE], const char *bytes, size_t n)
{
	if (n > 0 && bytes[n - 1] == '\r')
		n--;
	for (size_t i = 0; i < n; i++)
		line[i] = bytes[i] == '\0' ? '?' : bytes[i];
	line[n] = '\0';
}

/* The rest of a line that was too long. */
static void
skip(struct session *s)
{
	const char *end = memchr(s->bytes, '\n', s->n);

	drop(s, end == NULL ? s->n : (size_t)(end - s->bytes) + 1);
	s->skipping = end == NULL;
}

enum taken { LINE, TOO_LONG, NOT_YET };

/* The first line of what has come. */
static enum taken
take_line(struct session *s, char line[MXP_LINE])
{
	const char *end;
	size_t n;

	if (s->skipping)
		skip(s);
	end = memchr(s->bytes, '\n', s->n);
	n = end == NULL ? s->n : (size_t)(end - s->bytes) + 1;
	if (end == NULL && n < MXP_LINE)
		return NOT_YET;
	if (end != NULL && n <= MXP_LINE)
		copy_line(line, s->bytes, n - 1);
	drop(s, n);
	s->skipping = end == NULL;
	return end != NULL && n <= MXP_LINE ? LINE : TOO_LONG;
}

/* The next line, when it has come; NOT_YET when none comes any more. */
static enum taken
next_line(struct session *s, char line[MXP_LINE])
{
	enum taken taken;

	while ((taken = take_line(s, line)) == NOT_YET)
		if (!await(s, POLLIN) || !take_in(s))
			return NOT_YET;
	return taken;
}
/* END */

/* STUDENT: waiting for a lock: meanwhile a thread watches whether anybody still needs it */
/*
 * The thread. It reads nothing: what the client asks for meanwhile stays in its socket until the
 * session comes to it. When the client goes, or the daemon ends, the session learns of it by itself
 * unless it waits; then nobody needs the lock any more, but nothing calls the session back from
 * lm_lock(), and lm_free() must not run beside it. So the process ends here, and the kernel lets go
 * of the session: its name and its locks are free from now on, that one too which it has got
 * at the last moment. Its files count for nothing; they are swept away when the daemon ends.
 */
static void *
watch(void *arg)
{
	struct session *s = arg;

	(void)await(s, POLLRDHUP);
	pthread_mutex_lock(&s->mutex);
	if (s->waiting)
		_exit(EXIT_SUCCESS);
	s->over = true;
	pthread_mutex_unlock(&s->mutex);
	return NULL;
}

/* Returns whether somebody still needs the session. */
static bool
set_waiting(struct session *s, bool waiting)
{
	bool over;

	pthread_mutex_lock(&s->mutex);
	s->waiting = waiting;
	over = s->over;
	pthread_mutex_unlock(&s->mutex);
	return !over;
}

/*
 * The first wait makes the thread, which then watches to the session's end. Nothing handles signals
 * in a session's process, so it does not matter which of the two they meet. Returns 0 when the
 * session has the lock, or an error number; ECANCELED: it ends.
 */
static int
wait_for(struct session *s, const char *name)
{
	int error = 0;

	if (!s->watched) {
		error = pthread_create(&s->watcher, NULL, watch, s);
		if (error != 0)
			return error;
		s->watched = true;
	}
	if (!set_waiting(s, true))
		return ECANCELED;
	if (!lm_lock(&s->set, name))
		error = errno;
	set_waiting(s, false);
	return error;
}
/* END */

/* STUDENT: the requests; each function answers one and returns whether the session goes on */
static bool
refuse(const struct session *s)
{
	switch (errno) {
	case EINVAL:
		return say(s, "F this is no name\n");
	case EDEADLK:
		return say(s, "F you have this lock\n");
	case EPERM:
		return say(s, "F you have not got this lock\n");
	default:
		return say(s, "F this cannot be done now\n");
	}
}

static bool
tell_holder(struct session *s, const char *name)
{
	struct str holder = {0};
	char line[TEXT_MAX];
	bool go_on;

	if (!lm_stat(&s->set, name, &holder)) {
		go_on = say(s, "F unable to check lock status\n");
	} else if (holder.len == 0) {
		go_on = say(s, "S free\n");
	} else {
		snprintf(line, sizeof line, "C %s\n", holder.s);
		go_on = say(s, line) && say(s, "S held\n");
	}
	str_free(&holder);
	return go_on;
}

static bool
lock(struct session *s, const char *name)
{
	if (!lm_nonblocking_lock(&s->set, name)) {
		if (errno != EBUSY)
			return refuse(s);
		if (!say(s, "C waiting\n"))
			return false;
		errno = wait_for(s, name);
		if (errno == ECANCELED)
			return false;
		if (errno != 0)
			return refuse(s);
	}
	return say(s, "S locked\n");
}

static bool
give_back(struct session *s, const char *name)
{
	return lm_release(&s->set, name) ? say(s, "S\n") : refuse(s);
}

static bool
obey(struct session *s, const char *line)
{
	static const struct {
		const char *keyword;
		bool (*answer)(struct session *s, const char *name);
	} requests[] = {{"stat ", tell_holder}, {"lock ", lock}, {"release ", give_back}};

	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		size_t n = strlen(requests[i].keyword);

		if (strncmp(line, requests[i].keyword, n) == 0)
			return requests[i].answer(s, line + n);
	}
	return say(s, "F unknown command\n");
}

/* The first line says who the client is. Returns whether it has been believed. */
static bool
introduce(struct session *s, const char *lockdir)
{
	char line[MXP_LINE];

	if (next_line(s, line) != LINE || strncmp(line, "id ", 3) != 0)
		return false;
	if (lm_init(&s->set, lockdir, line + 3))
		return say(s, "S welcome\n");
	if (errno == EBUSY)
		say(s, "F somebody has this name\n");
	else
		refuse(s);
	return false;
}

static void
serve_requests(struct session *s)
{
	char line[MXP_LINE];
	enum taken taken;
	bool go_on = true;

	while (go_on && (taken = next_line(s, line)) != NOT_YET)
		go_on = taken == LINE ? obey(s, line) : say(s, "F this line is too long\n");
}
/* END */

void
mxp_session(int fd, int stop, const char *lockdir)
{
	/* STUDENT: greet, find out who it is, serve; and end the session in every case */
	struct session s = {.fd = fd, .stop = stop, .mutex = PTHREAD_MUTEX_INITIALIZER};

	send_at_once(fd);
	if (say(&s, "S\n") && introduce(&s, lockdir))
		serve_requests(&s);
	if (s.watched)
		pthread_join(s.watcher, NULL); /* what ends a session ends the watching, too */
	lm_free(&s.set);
	/* INSTEAD
	(void)fd;
	(void)stop;
	(void)lockdir;
	*/
	/* END */
}
