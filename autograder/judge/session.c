/*
 * session.c - the judge's one place that waits.
 *
 * Everything that a trial says arrives here: the keeper's messages, the
 * program's output, room for its input, a probe's answer, the peers' bytes. A wait ends when its
 * condition holds, or at once when it can no more come true: the program has
 * ended, or the eye says that everybody is blocked for ever.
 *
 * "Quiet" must not be an old story: what we sent just before may already have
 * woken somebody. So each wait begins with a sync, and a quiet that the keeper
 * said before it answered is not believed.
 */
#define _GNU_SOURCE
#include "inside.h"

#include "../keeper/delay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

uint64_t
clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* The last resort of a trial, in microseconds on this machine. */
uint64_t
wall_us(const struct trial *t)
{
	return t->limits[LIMIT_WALL_MS] * 10 * settings()->slowness; /* slowness is in percent */
}

void
session_send(struct trial *t, const struct wire *w)
{
	t->at_rest = false;
	if (wire_send(t->sandbox.control, w) < 0)
		grader_fault("the keeper does not listen: %s", strerror(errno));
}

static void
close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Output beyond the limit is read and dropped, so that the program is not blocked by us. */
static void
take_output(struct trial *t, int *fd, struct text *into)
{
	char bytes[8192];
	size_t room = t->limits[LIMIT_OUTPUT_KIB] * 1024;
	ssize_t n = read(*fd, bytes, sizeof bytes);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		close_end(fd);
		return;
	}
	if (into->n + (size_t)n > room) {
		t->overflow = true;
		n = (ssize_t)(room - into->n);
	}
	text_put_bytes(into, bytes, (size_t)n);
	t->moved = true;
}

static void
give_input(struct trial *t)
{
	ssize_t n = 0;

	if (t->input_left > 0) {
		n = write(t->in, t->input, t->input_left);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			return;
		if (n < 0) { /* nobody reads any more: as a program in a pipeline would see it */
			t->input_left = 0;
			close_end(&t->in);
			return;
		}
		t->moved = true;
		t->input += n;
		t->input_left -= (size_t)n;
	}
	if (t->input_left == 0 && !t->open_input)
		close_end(&t->in);
}

static void
hear_keeper(struct trial *t)
{
	static struct wire w;
	int type = wire_receive(t->sandbox.control, &w);

	if (type <= 0) {
		session_drain(t);
		grader_fault("the sandbox ended by itself: %s",
		    t->errors.n > 0 ? text_string(&t->errors) : "no reason given");
	}
	incoming(t, type, &w);
	if (w.bad)
		grader_fault("the keeper sent a malformed message of type %d", type);
}

/*
 * Moves what can be moved, waiting for it up to timeout ms; false when there was
 * nothing. A probe's answer does not count: it lies there until it is asked for.
 */
static bool
pump(struct trial *t, int timeout)
{
	enum { CONTROL, OUT, ERR, IN, PROBE, N };
	bool writes = t->in >= 0 && (t->input_left > 0 || !t->open_input);
	struct pollfd on[N + TRIAL_PEERS] = {
	    [CONTROL] = {t->sandbox.control, POLLIN, 0},
	    [OUT] = {t->out, POLLIN, 0},
	    [ERR] = {t->err, POLLIN, 0},
	    [IN] = {writes ? t->in : -1, POLLOUT, 0},
	    /* an answer that nobody waits for would wake us again and again */
	    [PROBE] = {t->asks ? t->probe : -1, POLLIN, 0},
	};

	size_t peers = peers_poll(t, on + N);
	int ready = poll(on, N + peers, timeout);

	if (ready < 0 && errno != EINTR)
		grader_fault("poll: %s", strerror(errno));
	if (ready <= 0)
		return false;
	ready -= on[PROBE].revents != 0;
	if (on[OUT].revents != 0)
		take_output(t, &t->out, &t->output);
	if (on[ERR].revents != 0)
		take_output(t, &t->err, &t->errors);
	if (on[IN].revents != 0)
		give_input(t);
	if ((on[PROBE].revents & (POLLHUP | POLLERR)) != 0 && (on[PROBE].revents & POLLIN) == 0)
		close_end(&t->probe); /* the probe is gone; the keeper will say how */
	peers_move(t, on + N, peers);
	if (on[CONTROL].revents != 0)
		hear_keeper(t);
	return ready > 0;
}

void
session_take(struct trial *t)
{
	while (pump(t, 0))
		continue;
}

void
session_drain(struct trial *t)
{
	struct pollfd on[2] = {{t->out, POLLIN, 0}, {t->err, POLLIN, 0}};

	while (poll(on, 2, 0) > 0) {
		if (on[0].revents != 0)
			take_output(t, &t->out, &t->output);
		if (on[1].revents != 0)
			take_output(t, &t->err, &t->errors);
		on[0].fd = t->out;
		on[1].fd = t->err;
	}
}

static void
sync_begin(struct trial *t)
{
	static struct wire w;

	t->quiet = t->settled = t->moved = false;
	wire_begin(&w, WIRE_SYNC);
	put_u32(&w, ++t->sync_token);
	put_u32(&w, t->clock || t->settled_will_do);
	session_send(t, &w);
}

/*
 * Waits for an answer that the keeper gives at once, whatever the program does.
 * No sync: it may be asked from within a wait, whose own sync must stand.
 */
void
session_answer(struct trial *t, const bool *here)
{
	enum { ANSWER_US = 10000000 };
	uint64_t until = clock_us() + ANSWER_US * (uint64_t)settings()->slowness / 100;

	while (!*here) {
		uint64_t now = clock_us();

		if (now >= until)
			grader_fault("the keeper does not answer");
		pump(t, (int)((until - now) / 1000) + 1);
	}
}

/*
 * Until the keeper has done what it was asked before, and what peers have sent has arrived. Input,
 * a probe's request and the bytes of peers do not pass through the keeper: without a fence what
 * comes first here could come last there.
 */
void
session_fence(struct trial *t)
{
	static struct wire w;

	t->fenced = false;
	wire_begin(&w, WIRE_FENCE);
	session_send(t, &w);
	session_answer(t, &t->fenced);
}

/* Hears what the keeper has said already. */
void
session_listen(struct trial *t)
{
	struct pollfd on = {t->sandbox.control, POLLIN, 0};

	while (t->started && poll(&on, 1, 0) > 0)
		hear_keeper(t);
}

static uint64_t
own_delay_us(void)
{
	uint64_t us;

	return delay_read(getpid(), &us) < 0 ? 0 : us;
}

void
session_begins(struct trial *t)
{
	t->started_us = clock_us();
	t->own_delay_us = own_delay_us();
	t->deadline_us = t->started_us + wall_us(t);
}

static void
ask_for_delay(struct trial *t)
{
	static struct wire w;

	t->delayed = false;
	wire_begin(&w, WIRE_DELAY);
	session_send(t, &w);
	session_answer(t, &t->delayed);
}

static bool
somebody_runs(const struct look *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->processes[i].state == 'R')
			return true;
	return false;
}

/*
 * On a busy machine the time that a process was ready to run but was not let is
 * not its own, and the kernel counts it: that long, and no longer, the trial
 * goes on beyond its deadline. A program that does run whenever it wants to
 * gets nothing. Where the kernel does not count, who is found running is
 * believed. Even then it all has an end, at MOST times the limit.
 */
static bool
deserves_more_time(struct trial *t)
{
	enum { MOST = 20 };
	uint64_t now = clock_us(), wall = wall_us(t);

	if (t->ended || now >= t->started_us + MOST * wall)
		return false;
	ask_for_delay(t);
	if (t->starved_us != UINT64_MAX)
		t->deadline_us =
		    t->started_us + wall + t->starved_us + own_delay_us() - t->own_delay_us;
	else if (somebody_runs(look(t)))
		t->deadline_us = now + wall;
	return t->deadline_us > now;
}

/* Nothing tells us of what a trial without the eye does: it is asked again and again. */
static int
longest_wait(const struct trial *t, uint64_t now)
{
	enum { ASK_AGAIN_MS = 20 };
	uint64_t ms = (t->deadline_us - now) / 1000 + 1;

	return t->untraced && ms > ASK_AGAIN_MS ? ASK_AGAIN_MS : (int)ms;
}

/* Of sockets the kernel may still tell news, even when everybody sleeps. */
static void
rests(struct trial *t)
{
	t->at_rest = t->quiet && t->peers == NULL;
	t->look_at_rest = NULL;
}

enum outcome
session_until(struct trial *t, bool (*yes)(struct trial *t, void *with), void *with)
{
	if (!t->started)
		grader_fault("the check waits for a trial that it did not start");
	if (yes(t, with))
		return CAME_TRUE;
	sync_begin(t);
	for (;;) {
		uint64_t now = clock_us();
		bool settled, quiet;

		if (now >= t->deadline_us) {
			if (!deserves_more_time(t))
				return TOO_LONG;
			continue;
		}
		pump(t, longest_wait(t, now));
		if (yes(t, with))
			return CAME_TRUE;
		/* asked after yes(), which may itself have heard the news */
		settled = t->synced == t->sync_token;
		quiet = settled && (t->quiet || t->settled);
		if (t->overflow)
			return FLOODED;
		/* once more: yes() may have heard the last news after it asked for it */
		if (settled && t->ended) {
			session_take(t);
			return yes(t, with) ? CAME_TRUE : GONE;
		}
		/* with nothing left that we could give or take: it may lie there since */
		if (quiet && !t->moved && !pump(t, 0)) {
			rests(t);
			return yes(t, with) ? CAME_TRUE : BLOCKED;
		}
		if (quiet) /* we moved bytes since we asked: somebody may have woken from it */
			sync_begin(t);
	}
}
