/*
 * chat.c - many clients, one process, one select(). See chat.h.
 *
 * Each round waits until something has happened, and then does a little for each
 * client for whom it has: one read, no more. Nobody leaves in the middle of a
 * round: a client that is lost is only marked. What select() said of a descriptor
 * stays true of the same client until the round is over, for only then descriptors are closed
 * and new ones come in.
 */
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

/* STUDENT: what the server knows of each client and of itself, and functions that do the parts */
struct client {
	int fd;
	unsigned long number;
	struct timeout idle;
	bool lost;     /* goes at the end of the round */
	bool too_long; /* the rest of its line is thrown away */
	size_t n;      /* bytes of its line so far */
	char line[LINE_LIMIT];
};

struct chat {
	int listener;
	long idle;
	unsigned long last_number;
	struct client *clients[FD_SETSIZE]; /* by descriptor */
	struct timeouts timeouts;
	struct timeout pause; /* in the list only while it pauses */
	bool pausing;
};

static volatile sig_atomic_t stop;

static void
on_term(int signal)
{
	(void)signal;
	stop = 1;
}

/* ---- timeouts ------------------------------------------------------------------- */

static struct timespec
now(void)
{
	struct timespec moment;

	clock_gettime(CLOCK_MONOTONIC, &moment); /* cannot fail: every Linux has this clock */
	return moment;
}

static void
insert_after(struct chat *chat, struct timeout *t, long seconds)
{
	struct timespec due = now();

	due.tv_sec += seconds;
	timeout_insert(&chat->timeouts, t, &due);
}

/* No descriptor, no memory: to ask at once again would only keep the machine busy. */
static void
pause_accepting(struct chat *chat)
{
	insert_after(chat, &chat->pause, ACCEPT_PAUSE);
	chat->pausing = true;
}

static void
accept_again(struct chat *chat)
{
	if (chat->pausing)
		timeout_remove(&chat->timeouts, &chat->pause);
	chat->pausing = false;
}

/* ---- clients that come and go --------------------------------------------------- */

static void
let_in(struct chat *chat, struct client *c, int fd)
{
	c->fd = fd;
	c->number = ++chat->last_number;
	c->idle.whose = c;
	chat->clients[fd] = c;
	insert_after(chat, &c->idle, chat->idle);
}

/* A descriptor is free now. */
static void
disconnect(struct chat *chat, struct client *c)
{
	timeout_remove(&chat->timeouts, &c->idle);
	chat->clients[c->fd] = NULL;
	close(c->fd);
	free(c);
	accept_again(chat);
}

/* Is there no connection, or not any more? */
static bool
nobody_came(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == ECONNABORTED ||
	       errno == EPROTO || errno == EINTR;
}

static void
welcome(struct chat *chat)
{
	int fd = accept(chat->listener, NULL, NULL);
	struct client *c;

	if (fd < 0 && !nobody_came())
		pause_accepting(chat);
	if (fd < 0)
		return;
	fcntl(fd, F_SETFL, O_NONBLOCK); /* cannot fail: it is open */
	/* FD_SET() would write behind the end of the set, without a word. */
	c = fd < FD_SETSIZE ? calloc(1, sizeof *c) : NULL;
	if (c == NULL) {
		send(fd, CHAT_FULL, strlen(CHAT_FULL), MSG_NOSIGNAL);
		close(fd);
		return;
	}
	let_in(chat, c, fd);
}

/* ---- lines ---------------------------------------------------------------------- */

/* Sends all of it. A client that does not take it is lost: it is gone, or it does not read. */
static void
tell(struct client *c, const char *text, size_t n)
{
	while (n > 0 && !c->lost) {
		ssize_t done = send(c->fd, text, n, MSG_NOSIGNAL);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			c->lost = true;
		} else {
			text += done;
			n -= (size_t)done;
		}
	}
}

/* The line of c, which is complete, goes to everybody. */
static void
spread(struct chat *chat, const struct client *c)
{
	char text[LINE_LIMIT + 32];
	size_t n = (size_t)sprintf(text, "%lu: ", c->number);

	memcpy(text + n, c->line, c->n);
	n += c->n;
	text[n++] = '\n';
	for (int fd = 0; fd < FD_SETSIZE; fd++)
		if (chat->clients[fd] != NULL)
			tell(chat->clients[fd], text, n);
}

static void
take_byte(struct chat *chat, struct client *c, char byte)
{
	if (byte == '\n') {
		if (!c->too_long)
			spread(chat, c);
		c->too_long = false;
		c->n = 0;
	} else if (c->n < LINE_LIMIT) {
		c->line[c->n++] = byte;
	} else if (!c->too_long) {
		c->too_long = true;
		tell(c, CHAT_TOO_LONG, strlen(CHAT_TOO_LONG));
	}
}

/* Takes what has come from c, once: the others have their turn, too. */
static void
hear(struct chat *chat, struct client *c)
{
	char bytes[4096];
	ssize_t n = recv(c->fd, bytes, sizeof bytes, 0);

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return; /* select() will tell if something comes */
	if (n <= 0) {
		c->lost = true;
		return;
	}
	timeout_remove(&chat->timeouts, &c->idle);
	insert_after(chat, &c->idle, chat->idle);
	for (ssize_t i = 0; i < n; i++)
		take_byte(chat, c, bytes[i]);
}

/* ---- a round -------------------------------------------------------------------- */

/* Puts in everybody from whom something may come. Returns the highest descriptor, or -1. */
static int
watch(const struct chat *chat, fd_set *set)
{
	int highest = -1;

	FD_ZERO(set);
	for (int fd = 0; fd < FD_SETSIZE; fd++) {
		if (chat->clients[fd] != NULL || (fd == chat->listener && !chat->pausing)) {
			FD_SET(fd, set);
			highest = fd;
		}
	}
	return highest;
}

static void
disconnect_idle(struct chat *chat)
{
	struct timespec moment = now();
	struct timeout *t;

	while ((t = timeout_due(&chat->timeouts, &moment)) != NULL) {
		if (t == &chat->pause) {
			accept_again(chat);
		} else {
			tell(t->whose, CHAT_IDLE, strlen(CHAT_IDLE));
			disconnect(chat, t->whose);
		}
	}
}

/* All whom this round has cost their connection; without reserve: everybody. */
static void
disconnect_lost(struct chat *chat, bool everybody)
{
	for (int fd = 0; fd < FD_SETSIZE; fd++)
		if (chat->clients[fd] != NULL && (everybody || chat->clients[fd]->lost))
			disconnect(chat, chat->clients[fd]);
}

/* A pselect() that finds somebody ready lets no signal in: here it has its chance. */
static void
let_signals_in(const sigset_t *while_waiting)
{
	sigset_t blocked;

	sigprocmask(SIG_SETMASK, while_waiting, &blocked);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
}

/*
 * Waits, then does what is to be done. SIGTERM is let in only while it waits and before stop is
 * looked at, so that it cannot slip between that look and the wait.
 * Returns 0, or -1 with errno of pselect().
 */
static int
serve_round(struct chat *chat, const sigset_t *while_waiting)
{
	struct timespec moment = now(), left;
	const struct timespec *span = timeout_left(&chat->timeouts, &moment, &left);
	fd_set ready;
	int highest = watch(chat, &ready);

	if (pselect(highest + 1, &ready, NULL, NULL, span, while_waiting) < 0)
		return errno == EINTR ? 0 : -1; /* interrupted: the set says nothing */
	for (int fd = 0; fd <= highest; fd++)
		if (FD_ISSET(fd, &ready) && chat->clients[fd] != NULL)
			hear(chat, chat->clients[fd]);
	disconnect_idle(chat);
	disconnect_lost(chat, false);
	if (FD_ISSET(chat->listener, &ready))
		welcome(chat);
	let_signals_in(while_waiting);
	return 0;
}

/* Returns 0 with the mask to wait with, or -1 with errno. */
static int
prepare(int listener, sigset_t *while_waiting)
{
	struct sigaction action = {.sa_handler = on_term};
	int flags = fcntl(listener, F_GETFL);
	sigset_t term;

	if (listener >= FD_SETSIZE) {
		errno = EINVAL;
		return -1;
	}
	if (flags < 0 || fcntl(listener, F_SETFL, flags | O_NONBLOCK) < 0)
		return -1;
	stop = 0;
	sigemptyset(&action.sa_mask);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	/* Neither can fail: there is this signal. */
	sigaction(SIGTERM, &action, NULL);
	sigprocmask(SIG_BLOCK, &term, while_waiting);
	return 0;
}
/* END */

int
serve_chat(int listener, long idle)
{
	/* STUDENT: prepare the socket and the signals; one round after the other; leave nothing
	 * open */
	struct chat chat = {.listener = listener, .idle = idle};
	sigset_t before;
	int result = 0, error;

	if (prepare(listener, &before) != 0)
		return -1;
	while (!stop && result == 0)
		result = serve_round(&chat, &before);
	error = errno;
	disconnect_lost(&chat, true);
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return result;
	/* INSTEAD
	(void)listener;
	(void)idle;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
