/*
 * session.c - Different: no thread. Who waits for a lock looks at it four times a second, and
 * sleeps in between where it hears its client and the end of the daemon. So every way out passes
 * lm_free(), and nobody has to sweep; but a lock that becomes free is taken up to LOOK_MS later, by
 * whoever looks next.
 */
#include "lockset.h"
#include "mutexd.h"
#include "mxp.h"
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	LOOK_MS = 250,              /* between two looks at a lock that another one has */
	TEXT_MAX = LM_NAME_MOST + 8 /* of a line that is said: "C ", a name, a newline, a NUL */
};

struct session {
	int fd, stop;
	struct lockset set;
	bool skipping; /* what comes belongs to a line that was too long, up to its newline */
	size_t n;      /* bytes that have come and belong to no line that was taken yet */
	char bytes[MXP_AHEAD];
};

/*
 * The only place where a session sleeps: until the client is ready for events, or ms are over.
 * Returns 1 and 0 for these, and -1 when the session is to end: the daemon does.
 */
static int
await(const struct session *s, short events, int ms)
{
	struct pollfd set[] = {{.fd = s->fd, .events = events}, {.fd = s->stop, .events = POLLIN}};
	int n;

	do
		n = poll(set, 2, ms);
	while (n < 0 && errno == EINTR);
	if (n < 0 || set[1].revents != 0)
		return -1;
	return set[0].revents != 0;
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
			if (await(s, POLLOUT, -1) < 0)
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
		if (await(s, POLLIN, -1) < 0 || !take_in(s))
			return NOT_YET;
	return taken;
}

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
		return say(s, "F the lock set fails\n");
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

/*
 * Until it is time to look again. The client may ask for more meanwhile, as much as there is room
 * for, or go: then the wait is over. A reset is reported even when nothing is asked for.
 */
static bool
rest(struct session *s)
{
	bool room = s->n < sizeof s->bytes;
	int ready = await(s, room ? POLLIN : 0, LOOK_MS);

	if (ready <= 0)
		return ready == 0;
	return room && take_in(s);
}

static bool
lock(struct session *s, const char *name)
{
	bool told = false;

	while (!lm_nonblocking_lock(&s->set, name)) {
		if (errno != EBUSY)
			return refuse(s);
		if (!told && !say(s, "C waiting\n"))
			return false;
		told = true;
		if (!rest(s))
			return false;
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

void
mxp_session(int fd, int stop, const char *lockdir)
{
	struct session s = {.fd = fd, .stop = stop};

	if (say(&s, "S\n") && introduce(&s, lockdir))
		serve_requests(&s);
	lm_free(&s.set);
}
