/* session.c - reads with stdio, waits in lm_lock(); threads end the process. */
#define _GNU_SOURCE /* POLLRDHUP */
#include "lockset.h"
#include "mutexd.h"
#include "mxp.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *client;
static struct lockset set;
static char line[MXP_LINE + 1];

/* Waits until this happens to a descriptor; that is the end of the process and of its locks. */
static void *
end_with(void *arg)
{
	struct pollfd *what = arg;

	while (poll(what, 1, -1) < 1)
		;
	_exit(0);
}

static void
write_all(const char *text, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fileno(client), text, n);

		if (done < 0 && errno != EINTR) {
			lm_free(&set);
			_exit(0);
		}
		if (done > 0) {
			text += done;
			n -= (size_t)done;
		}
	}
}

static void
say(const char *text)
{
	write_all(text, strlen(text));
}

static int
next_byte(void)
{
	int c;

	while ((c = getc(client)) == EOF && ferror(client) && errno == EINTR)
		clearerr(client);
	return c;
}

/* 1: a line; 0: one that was too long; -1: no more. */
static int
get(void)
{
	size_t n = 0;
	int c;

	while ((c = next_byte()) != '\n') {
		if (c == EOF)
			return -1;
		if (n < MXP_LINE)
			line[n++] = (char)(c == '\0' ? '/' : c);
	}
	if (n == MXP_LINE)
		return 0;
	if (n > 0 && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
	return 1;
}

static void
status(const char *name)
{
	static struct str holder;

	if (!lm_stat(&set, name, &holder)) {
		say("F unable to check lock status\n");
	} else if (holder.len == 0) {
		say("S free\n");
	} else {
		str_add(&holder, "\n");
		say("C ");
		say(holder.s);
		say("S held\n");
	}
	str_free(&holder);
}

static int
wait_for(const char *name)
{
	struct pollfd gone = {.fd = fileno(client), .events = POLLRDHUP};
	pthread_t watch;
	int ok, error;

	if (pthread_create(&watch, NULL, end_with, &gone) != 0)
		return 0;
	ok = lm_lock(&set, name);
	error = errno;
	pthread_cancel(watch);
	pthread_join(watch, NULL);
	errno = error;
	return ok;
}

static void
lock(const char *name)
{
	int ok = lm_nonblocking_lock(&set, name);

	if (!ok && errno == EBUSY) {
		say("C waiting\n");
		ok = wait_for(name);
	}
	say(ok ? "S locked\n" : "F not possible\n");
}

static void
obey(void)
{
	char *name = strchr(line, ' ');

	if (name == NULL) {
		say("F unknown command\n");
		return;
	}
	*name++ = '\0';
	if (strcmp(line, "stat") == 0)
		status(name);
	else if (strcmp(line, "lock") == 0)
		lock(name);
	else if (strcmp(line, "release") == 0)
		say(lm_release(&set, name) ? "S\n" : "F not held\n");
	else
		say("F unknown command\n");
}

void
mxp_session(int fd, int stop, const char *lockdir)
{
	static struct pollfd end;
	pthread_t watch;
	int got;

	end = (struct pollfd){.fd = stop, .events = POLLIN};
	signal(SIGPIPE, SIG_IGN);
	client = fdopen(fd, "r");
	if (client == NULL || pthread_create(&watch, NULL, end_with, &end) != 0)
		return;
	say("S\n");
	if (get() != 1 || strncmp(line, "id ", 3) != 0)
		return;
	if (!lm_init(&set, lockdir, line + 3)) {
		say(errno == EBUSY ? "F taken\n" : "F no name\n");
		return;
	}
	say("S welcome\n");
	while ((got = get()) >= 0)
		if (got == 0)
			say("F too long\n");
		else
			obey();
	lm_free(&set);
}
