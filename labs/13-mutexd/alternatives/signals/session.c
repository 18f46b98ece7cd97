/* session.c - one loop: what has come in, what is to go out, what is waited for. */
#define _GNU_SOURCE /* ppoll(), memmem() */
#include "lockset.h"
#include "mutexd.h"
#include "mxp.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { NAP_MS = 500, OUT = 256 };

static volatile sig_atomic_t told_to_end;

struct state {
	struct lockset set;
	const char *lockdir;
	bool known, over;   /* an id has been taken; nothing more is to be done but to send */
	bool waiting, deaf; /* for wanted; in the middle of a line that is too long */
	bool eof;
	char wanted[LM_NAME_MOST + 1];
	size_t in_n, out_n;
	char in[MXP_AHEAD], out[OUT];
};

static void
take_note(int signal)
{
	(void)signal;
	told_to_end = 1;
}

static void
put(struct state *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	s->out_n += (size_t)vsnprintf(s->out + s->out_n, OUT - s->out_n, format, args);
	va_end(args);
}

static void
begin(struct state *s, const char *name)
{
	s->known = lm_init(&s->set, s->lockdir, name);
	s->over = !s->known;
	put(s, s->known ? "S welcome\n" : "F %s\n", strerror(errno));
}

static void
ask(struct state *s, const char *name)
{
	struct str holder = {0};

	if (!lm_stat(&s->set, name, &holder))
		put(s, "F unable to check lock status\n");
	else if (holder.len > 0)
		put(s, "C %s\nS held\n", holder.s);
	else
		put(s, "S free\n");
	str_free(&holder);
}

static void
try(struct state *s, const char *name)
{
	bool again = s->waiting;

	s->waiting = false;
	if (lm_nonblocking_lock(&s->set, name)) {
		put(s, "S locked\n");
	} else if (errno != EBUSY) {
		put(s, "F %s\n", strerror(errno));
	} else {
		if (!again)
			put(s, "C waiting\n");
		memmove(s->wanted, name, strlen(name) + 1);
		s->waiting = true;
	}
}

/* The name behind this keyword, or NULL. */
static const char *
after(const char *line, const char *keyword)
{
	size_t n = strlen(keyword);

	return memcmp(line, keyword, n) == 0 && line[n] == ' ' ? line + n + 1 : NULL;
}

static void
obey(struct state *s, const char *line)
{
	const char *name;

	if (!s->known) {
		if ((name = after(line, "id")) != NULL)
			begin(s, name);
		else
			s->over = true;
	} else if ((name = after(line, "stat")) != NULL) {
		ask(s, name);
	} else if ((name = after(line, "lock")) != NULL) {
		try(s, name);
	} else if ((name = after(line, "release")) != NULL) {
		if (lm_release(&s->set, name))
			put(s, "S\n");
		else
			put(s, "F %s\n", strerror(errno));
	} else {
		put(s, "F unknown command\n");
	}
}

/* Takes one line out and deals with it; false when there is none. */
static bool
next(struct state *s)
{
	char line[MXP_LINE + 16] = {0}; /* zeros behind it, so that a keyword may be compared */
	char *newline = memchr(s->in, '\n', s->in_n);
	size_t n = newline == NULL ? s->in_n : (size_t)(newline - s->in) + 1;
	bool skipped = s->deaf, too_long = n > MXP_LINE;

	if (newline == NULL && !skipped && !too_long)
		return false;
	if (newline == NULL && n == 0)
		return false;
	if (!skipped && !too_long) {
		memcpy(line, s->in, n - 1);
		if (n > 1 && line[n - 2] == '\r')
			line[n - 2] = '\0';
		for (size_t i = 0; i + 1 < n; i++)
			if (s->in[i] == '\0')
				line[i] = '\x01';
	}
	s->in_n -= n;
	memmove(s->in, s->in + n, s->in_n);
	s->deaf = newline == NULL;
	if (skipped)
		return true;
	if (!too_long)
		obey(s, line);
	else if (s->known)
		put(s, "F line too long\n");
	else
		s->over = true;
	return true;
}

static bool
transfer(struct state *s, int fd, short ready)
{
	ssize_t n;

	if (s->out_n > 0) {
		n = write(fd, s->out, s->out_n);
		if (n < 0)
			return errno == EINTR || errno == EAGAIN;
		s->out_n -= (size_t)n;
		memmove(s->out, s->out + n, s->out_n);
		return true;
	}
	if (ready == 0)
		return true;
	if (s->in_n == sizeof s->in)
		return (ready & (POLLERR | POLLHUP)) == 0;
	n = read(fd, s->in + s->in_n, sizeof s->in - s->in_n);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	s->in_n += (size_t)n;
	return n > 0;
}

/* What can be done without the client. */
static void
work(struct state *s)
{
	if (s->waiting && s->out_n == 0)
		try(s, s->wanted);
	while (!s->waiting && !s->over && s->out_n == 0 && next(s))
		;
}

static void
serve(struct state *s, int fd, const sigset_t *open)
{
	const struct timespec nap = {.tv_nsec = NAP_MS * 1000000L};

	while (!told_to_end) {
		struct pollfd set = {.fd = fd};

		work(s);
		if (s->over && s->out_n == 0)
			return;
		if (s->out_n > 0)
			set.events = POLLOUT;
		else if (s->in_n < sizeof s->in)
			set.events = POLLIN;
		if (ppoll(&set, 1, s->waiting && s->out_n == 0 ? &nap : NULL, open) < 0)
			continue;
		if (!transfer(s, fd, set.revents))
			return;
	}
}

void
mxp_session(int fd, int stop, const char *lockdir)
{
	struct state s = {.lockdir = lockdir, .out = "S\n", .out_n = 2};
	struct sigaction note = {.sa_handler = take_note}, no = {.sa_handler = SIG_IGN};
	sigset_t term, before;

	(void)stop;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &before);
	sigaction(SIGTERM, &note, NULL);
	sigaction(SIGINT, &no, NULL);
	sigaction(SIGPIPE, &no, NULL);
	sigdelset(&before, SIGTERM);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	serve(&s, fd, &before);
	lm_free(&s.set);
}
