/* accept_checks.c - connections that are gone, and clients for whom there is no room. */
#include "chat.h"
#include "checks.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>

/* The nth such call on a socket fails, as if nothing were there any more. */
static void
fails_at(struct room *r, enum call call, unsigned nth, int error)
{
	trial_fault(r->t,
	    (struct fault){
		.call = call, .action = FAULT_FAIL, .fd = FD_SOCKET, .nth = nth, .error = error});
}

/* Does the listening socket block? Whoever asks it for a connection that is gone waits for ever. */
static void
expect_nonblocking(struct room *r)
{
	const struct process *p = first_process(look(r->t));

	for (size_t i = 0; p != NULL && i < p->n_fds; i++)
		if (p->fds[i].socket == SOCKET_LISTENING)
			expect(p->fds[i].nonblocking, "accept-blocks",
			    _("the listening socket has O_NONBLOCK"), _("descriptor %d has not"),
			    p->fds[i].number);
}

/* A connection is gone between select() and accept(); another one comes later. */
static void
connection_gone(int error)
{
	struct room *r = room(IDLE_FOR_EVER);

	r->numbers_count = true; /* who never came has none */
	fails_at(r, CALL_ACCEPT, 1, error);
	fails_at(r, CALL_ACCEPT, 3, error);
	open_room(r);
	comes_in(r, "accept-gone");
	comes_in(r, "accept-gone");
	comes_in(r, "accept-gone");
	expect_nonblocking(r);
}

/* Has the caller said with the call itself that it is not to block? */
static bool
says_not_to_wait(const struct event *e)
{
	return (e->number == SYS_recvfrom && (e->args[3] & MSG_DONTWAIT) != 0) ||
	       (e->number == SYS_recvmsg && (e->args[2] & MSG_DONTWAIT) != 0);
}

/* Nothing was read from a client in a way that would wait if nothing were there. */
static void
expect_reads_that_do_not_block(struct room *r)
{
	const struct process *p = first_process(look(r->t));
	size_t n;
	const struct event *happened = events(r->t, &n);

	for (size_t i = 0; i < n; i++) {
		if (happened[i].kind != EVENT_CALL || happened[i].call != CALL_READ ||
		    says_not_to_wait(&happened[i]))
			continue;
		for (size_t j = 0; p != NULL && j < p->n_fds; j++)
			expect(p->fds[j].number != happened[i].args[0] ||
				   p->fds[j].socket != SOCKET_CONNECTED || p->fds[j].nonblocking,
			    "read-blocks", _("no read from a client can block"),
			    _("descriptor %d has not O_NONBLOCK, and the call not MSG_DONTWAIT"),
			    p->fds[j].number);
	}
}

/* Data are gone between select() and read(), as select(2) says under BUGS. */
static void
data_gone(void)
{
	struct room *r = room(IDLE_FOR_EVER);

	trial_watch(r->t, CALL_READ);
	fails_at(r, CALL_READ, 1, EAGAIN);
	fails_at(r, CALL_READ, 3, EAGAIN);
	open_room(r);
	comes_in(r, "data-gone");
	comes_in(r, "data-gone");
	comes_in(r, "data-gone");
	expect_reads_that_do_not_block(r);
}

enum { DESCRIPTORS = 16, WAITING = 3, SPIN = 150 };

/* Held at its so manieth select(), the server cannot spin for ever. */
static fault_id
stop_spinning(struct room *r)
{
	return trial_fault(
	    r->t, (struct fault){
		      .call = CALL_SELECT, .action = HOLD_BEFORE, .nth = SPIN, .optional = true});
}

/* read() has failed with EAGAIN, and the next one brings the end of the file: errno is an old one.
 */
static void
end_after_data_gone(void)
{
	struct room *r = room(IDLE_FOR_EVER);
	struct peer *p;

	fails_at(r, CALL_READ, 1, EAGAIN);
	/* who reads the end again and again is held; who only asks too often is not */
	trial_fault(r->t, (struct fault){.call = CALL_READ,
			      .action = HOLD_BEFORE,
			      .fd = FD_SOCKET,
			      .nth = SPIN,
			      .optional = true});
	open_room(r);
	p = comes(r, "old-errno");
	peer_shutdown(p);
	is_disconnected(r, p, "old-errno", _("a client that goes is disconnected"));
}

/*
 * "A connection that is gone before it is accepted is none". For: a listening socket that blocks,
 * or one of a client; any failure of accept() ends the server; EAGAIN taken for the end of a
 * client; errno asked although nothing has failed.
 */
void
accept_gone(void **state)
{
	(void)state;
	static const int errors[] = {EAGAIN, ECONNABORTED, EPROTO};

	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		connection_gone(errors[i]);
	data_gone();
	end_after_data_gone();
}

/* The server listens, and does not get to its first select() before it is released. */
static fault_id
open_held_room(struct room *r)
{
	fault_id door =
	    trial_fault(r->t, (struct fault){.call = CALL_SELECT, .action = HOLD_BEFORE, .nth = 1});

	open_room(r);
	await_held(r->t, door);
	return door;
}

/* More clients come than there are descriptors for. Returns how many got in. */
static size_t
fill(struct room *r)
{
	fault_id spin = stop_spinning(r), door = open_held_room(r);
	size_t in;

	for (int i = 0; i < DESCRIPTORS; i++)
		comes(r, "full");
	release(r->t, door, false);
	settle(r, "full");
	expect(fault_delivered(r->t, spin) == 0, "full-spins",
	    _("when no descriptor is free, the server sleeps"),
	    _("it has called select() %d times for %d clients"), SPIN, DESCRIPTORS);
	in = clients_of(r);
	expect(in > DESCRIPTORS / 4 && in < DESCRIPTORS, "full",
	    _("who gets a descriptor is accepted"), _("%zu of %d clients are"), in, DESCRIPTORS);
	return in;
}

/* "until a client has gone": who waits comes in, one for each who goes. */
static void
room_for_the_next(struct room *r, size_t in)
{
	struct peer *one = r->clients[0];
	const char *line = drawn_word();
	unsigned asked;

	for (size_t i = in; i < r->n; i++)
		forget(r, r->clients[i]);
	asked = calls(r->t, CALL_ACCEPT, ANYBODY);
	says(one, line);
	all_hear(r, "full", said_by(r, one, line));
	settle(r, "full");
	expect(calls(r->t, CALL_ACCEPT, ANYBODY) == asked, "full",
	    _("while accepting pauses, accept is not called"), _("it was called %u times"),
	    calls(r->t, CALL_ACCEPT, ANYBODY) - asked);
	for (size_t i = 0; i < WAITING; i++) {
		struct peer *next = r->clients[in + i];

		peer_shutdown(r->clients[1 + i]);
		is_disconnected(
		    r, r->clients[1 + i], "full", _("a client that goes is disconnected"));
		r->gone[in + i] = false;
		says(next, line);
		all_hear(r, "full", said_by(r, next, line));
	}
}

/* "at the latest ACCEPT_PAUSE seconds" */
static void
asks_again_later(int error)
{
	struct room *r = room(IDLE_FOR_EVER);
	const char *line = drawn_word();
	fault_id door, spin;
	struct peer *p;

	fails_at(r, CALL_ACCEPT, 1, error);
	door = open_held_room(r);
	p = comes(r, "full");
	says(p, line);
	spin = stop_spinning(r);
	release(r->t, door, false);
	settle(r, "full");
	expect(fault_delivered(r->t, spin) == 0, "full-spins",
	    words(_("when accept() fails with %s, the server sleeps"), error_name(error)),
	    _("it has called select() %d times"), SPIN);
	hears_nothing(r, p, "full-spins",
	    words(_("when accept() fails with %s, accepting pauses"), error_name(error)));
	trial_advance(r->t, 1000 * (ACCEPT_PAUSE + 2));
	hears(r, p, "pause-ends", said_by(r, p, line));
}

/*
 * "accepting pauses until a client has gone, at the latest ACCEPT_PAUSE seconds". For: select()
 * and accept() by turns without end; EMFILE ends the server; nobody comes in any more.
 */
void
accept_full(void **state)
{
	(void)state;
	static const int errors[] = {EMFILE, ENFILE, ENOBUFS, ENOMEM};
	struct room *r = room(IDLE_FOR_EVER);

	trial_limit(r->t, LIMIT_DESCRIPTORS, DESCRIPTORS);
	trial_watch(r->t, CALL_ACCEPT);
	room_for_the_next(r, fill(r));
	asks_again_later(errors[draw(0, 3)]);
}

enum { FREE = 8 };

static void
fill_descriptors(struct room *r, int next)
{
	const struct answer *a = ask(r->t, "fill", word(next));

	if (answer_int(a, "fd") != next - 1)
		grader_fault("the last descriptor is %lld, not %d", answer_int(a, "fd"), next - 1);
}

/* A listening socket that does not fit itself. */
static void
listener_does_not_fit(void)
{
	struct room *r = probe_room();
	const struct answer *a;

	trial_limit(r->t, LIMIT_DESCRIPTORS, FD_SETSIZE + 50);
	trial_start(r->t);
	fill_descriptors(r, FD_SETSIZE);
	ask(r->t, "listen");
	ask_begin(r->t, "serve", word(100));
	await_settled(r->t);
	expect(first_process(look(r->t))->blocked_in != CALL_SELECT, "fd-setsize",
	    words(_("serve_chat refuses listening socket %d: -1 with errno EINVAL"), FD_SETSIZE),
	    "%s", where(r));
	a = ask_end(r->t);
	expect(answer_int(a, "result") == -1 && answer_int(a, "errno") == EINVAL, "fd-setsize",
	    words(_("serve_chat refuses listening socket %d: -1 with errno EINVAL"), FD_SETSIZE),
	    _("it returned %lld with errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
	trial_finish(r->t);
}

/* Comes, and either is refused, or says something that all hear. */
static bool
is_refused(struct room *r)
{
	struct peer *p = comes(r, "fd-setsize");
	const char *line = drawn_word(), *got;

	says(p, line);
	got = peer_line(p);
	if (got != NULL && strcmp(got, "! full") == 0) {
		is_disconnected(r, p, "fd-setsize", _("a client that is refused is disconnected"));
		return true;
	}
	line = said_by(r, p, line);
	expect(got != NULL && is_line(r, got, line), "fd-setsize",
	    _("a client's line comes back, or it receives \"! full\""), _("neither comes; %s"),
	    where(r));
	for (size_t i = 0; i + 1 < r->n; i++)
		hears(r, r->clients[i], "fd-setsize", line);
	return false;
}

/* Who serves nobody at all is told so, and nothing of special descriptors. */
static void
somebody_is_served(void)
{
	struct room *r = probe_room();

	trial_start(r->t);
	ask(r->t, "listen");
	open_probe_room(r, IDLE_FOR_EVER);
	comes_in(r, "echo");
}

/* Who has this number goes, and the next one gets it. */
static void
place_is_taken_again(struct room *r, size_t i)
{
	peer_shutdown(r->clients[i]);
	is_disconnected(r, r->clients[i], "fd-setsize", _("a client that goes is disconnected"));
	comes_in(r, "fd-setsize");
}

/* Under what number the others hear p. */
static long
number_heard(struct room *r, struct peer *p)
{
	const char *word = drawn_word(), *got;

	says(p, word);
	got = peer_line(p);
	expect(got != NULL && is_line(r, got, said_by(r, p, word)), "fd-setsize",
	    _("a client's line comes back"), _("it does not; %s"), where(r));
	for (size_t i = 0; i < r->n; i++)
		if (!r->gone[i] && r->clients[i] != p)
			hears(r, r->clients[i], "fd-setsize", said_by(r, p, word));
	return strtol(got, NULL, 10);
}

/* One goes and another one comes in, after two have been refused. */
static void
refused_have_no_number(struct room *r, struct peer *last)
{
	long before = number_heard(r, last), next;

	peer_shutdown(last);
	is_disconnected(r, last, "fd-setsize", _("a client that goes is disconnected"));
	next = number_heard(r, comes(r, "fd-setsize"));
	expect(next <= before + 1, "refused-number",
	    words(_("the client after number %ld has number %ld"), before, before + 1),
	    _("it has number %ld, and two were refused in between"), next);
}

/*
 * "A descriptor whose number is FD_SETSIZE or greater ... is sent CHAT_FULL and disconnected"; "0
 * is a number like any other". For: FD_SET() without a look at the number; loops that leave out
 * the first or the last one; 0 taken for nobody.
 */
void
fd_setsize(void **state)
{
	(void)state;
	const char *line = drawn_word();
	size_t in = 0;
	struct room *r;

	somebody_is_served();
	r = probe_room();
	trial_limit(r->t, LIMIT_DESCRIPTORS, FD_SETSIZE + 50);
	trial_start(r->t);
	ask(r->t, "listen");
	fill_descriptors(r, FD_SETSIZE - FREE);
	ask(r->t, "close-input");
	open_probe_room(r, IDLE_FOR_EVER);
	comes_in(r, "descriptor-zero");
	while (in <= FREE && !is_refused(r))
		in++;
	expect(in > 0 && in <= FREE, "fd-setsize",
	    words(_("clients get descriptors up to %d, and are refused then"), FD_SETSIZE - 1),
	    _("%zu have been let in, beginning at descriptor %d"), in, FD_SETSIZE - FREE);
	expect(is_refused(r), "fd-setsize", _("the next client is refused as well"),
	    _("it is let in"));
	says(r->clients[1], line);
	all_hear(r, "fd-setsize", said_by(r, r->clients[1], line));
	refused_have_no_number(r, r->clients[in]);
	place_is_taken_again(r, 1);
	place_is_taken_again(r, 0);
	listener_does_not_fit();
}
