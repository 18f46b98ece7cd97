/* session.c - MXP with a thread that waits, and a ring of bytes. */
#include "lockset.h"
#include "mutexd.h"
#include "mxp.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct ring {
	unsigned begin, end; /* counted on, never back: end - begin bytes are there */
	char byte[MXP_AHEAD];
};

struct wait {
	struct lockset *set;
	const char *name;
	int done[2], result, error;
};

/* Returns 0 when nothing comes any more. */
static int
fill(int fd, struct ring *ring)
{
	char part[1024];
	size_t room = MXP_AHEAD - (ring->end - ring->begin);
	ssize_t n = recv(fd, part, room < sizeof part ? room : sizeof part, 0);

	if (n < 0 && errno == EINTR)
		return 1;
	for (ssize_t i = 0; i < n; i++)
		ring->byte[ring->end++ % MXP_AHEAD] = part[i];
	return n > 0;
}

/* A line in text, and its length; -1: too long; -2: the end. NULs are told by the length. */
static int
line(int fd, struct ring *ring, char text[MXP_LINE + 1])
{
	int n = 0;

	for (;;) {
		char c;

		while (ring->begin == ring->end)
			if (!fill(fd, ring))
				return -2;
		c = ring->byte[ring->begin++ % MXP_AHEAD];
		if (n < MXP_LINE)
			text[n] = c;
		n = n < MXP_LINE ? n + 1 : MXP_LINE + 1;
		if (c != '\n')
			continue;
		if (n > MXP_LINE)
			return -1;
		n--;
		if (n > 0 && text[n - 1] == '\r')
			n--;
		text[n] = '\0';
		return n;
	}
}

static int
answer(int fd, const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		ssize_t done = send(fd, text, n, MSG_NOSIGNAL);

		if (done < 0 && errno != EINTR)
			return 0;
		if (done > 0) {
			text += done;
			n -= (size_t)done;
		}
	}
	return 1;
}

static void *
stand_in_line(void *arg)
{
	struct wait *w = arg;

	w->result = lm_lock(w->set, w->name);
	w->error = errno;
	close(w->done[1]);
	return NULL;
}

/* The other thread waits; whoever has no client any more ends, with it and all its locks. */
static int
wait_for(int fd, struct ring *ring, struct wait *w)
{
	pthread_t thread;

	if (pipe(w->done) < 0)
		return 0;
	if (pthread_create(&thread, NULL, stand_in_line, w) != 0) {
		close(w->done[0]);
		close(w->done[1]);
		return 0;
	}
	for (;;) {
		int full = ring->end - ring->begin == MXP_AHEAD;
		struct pollfd set[] = {
		    {.fd = w->done[0], .events = POLLIN}, {.fd = fd, .events = full ? 0 : POLLIN}};

		if (poll(set, 2, -1) < 0)
			continue;
		if (set[0].revents != 0)
			break;
		if (set[1].revents != 0 && (full || !fill(fd, ring)))
			_exit(0);
	}
	pthread_join(thread, NULL);
	close(w->done[0]);
	errno = w->error;
	return w->result;
}

static int
lock(int fd, struct ring *ring, struct lockset *set, const char *name)
{
	struct wait w = {.set = set, .name = name};

	if (lm_nonblocking_lock(set, name))
		return answer(fd, "S locked\n");
	if (errno != EBUSY)
		return answer(fd, "F no\n");
	if (!answer(fd, "C waiting\n"))
		return 0;
	return answer(fd, wait_for(fd, ring, &w) ? "S locked\n" : "F no\n");
}

static int
stat_of(int fd, struct lockset *set, const char *name)
{
	struct str holder = {0}, text = {0};
	int ok;

	if (!lm_stat(set, name, &holder))
		str_set(&text, "F unable to check lock status\n");
	else if (holder.len == 0)
		str_set(&text, "S free\n");
	else if (str_set(&text, "C ") && str_add(&text, holder.s))
		str_add(&text, "\nS held\n");
	ok = text.s != NULL && answer(fd, text.s);
	str_free(&text);
	str_free(&holder);
	return ok;
}

static int
request(int fd, struct ring *ring, struct lockset *set, char *text, int n)
{
	char *space = memchr(text, ' ', (size_t)n);
	const char *name = "";

	if (space != NULL) {
		*space = '\0';
		name = space + 1;
		if (strlen(name) != (size_t)(text + n - name))
			name = ""; /* a NUL in it: no name */
		if (strlen(text) != (size_t)(space - text))
			text = "";
		if (strcmp(text, "stat") == 0)
			return stat_of(fd, set, name);
		if (strcmp(text, "lock") == 0)
			return lock(fd, ring, set, name);
		if (strcmp(text, "release") == 0)
			return answer(fd, lm_release(set, name) ? "S\n" : "F not yours\n");
	}
	return answer(fd, "F unknown command\n");
}

void
mxp_session(int fd, int stop, const char *lockdir)
{
	struct ring ring = {.begin = 0, .end = 0};
	struct lockset set = {0};
	char text[MXP_LINE + 1];
	int n;

	(void)stop;
	if (!answer(fd, "S\n"))
		return;
	n = line(fd, &ring, text);
	if (n < 3 || memcmp(text, "id ", 3) != 0)
		return;
	if (strlen(text) != (size_t)n || !lm_init(&set, lockdir, text + 3)) {
		answer(fd, "F not you\n");
		return;
	}
	n = answer(fd, "S welcome\n") ? 0 : -2;
	while (n != -2 && (n = line(fd, &ring, text)) != -2)
		if (n == -1 ? !answer(fd, "F too long\n") : !request(fd, &ring, &set, text, n))
			n = -2;
	lm_free(&set);
}
