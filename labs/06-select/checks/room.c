/* room.c - a server with its clients, as the checks see them. */
#include "chat.h"
#include "checks.h"
#include "probe.h"
#include <signal.h>
#include <string.h>

static struct room the_room; /* of this check: there is one at a time */

static struct room *
new_room(struct trial *t)
{
	trial_clock(t); /* who waits for an idle client rests: nothing comes by itself */
	the_room = (struct room){.t = t};
	return &the_room;
}

struct room *
room_without_clock(long idle)
{
	the_room = (struct room){.t = trial("chatd", "127.0.0.1:0", word(idle))};
	return &the_room;
}

struct room *
room(long idle)
{
	return new_room(trial("chatd", "127.0.0.1:0", word(idle)));
}

struct room *
room_of_usual_idle(void)
{
	return new_room(trial("chatd", "127.0.0.1:0"));
}

void
open_room(struct room *r)
{
	trial_start(r->t);
	r->address = await_listening(r->t);
}

struct room *
probe_room(void)
{
	return new_room(trial("chat"));
}

void
open_probe_room(struct room *r, long idle)
{
	r->address = await_listening(r->t);
	r->probed = true;
	ask_begin(r->t, "serve", word(idle));
}

static struct peer *
client(struct room *r, struct peer *p)
{
	if (r->n == MANY_CLIENTS)
		grader_fault("more than %d clients", MANY_CLIENTS);
	r->clients[r->n++] = p;
	return p;
}

struct peer *
comes(struct room *r, const char *key)
{
	struct peer *p = peer_try_connect(r->t, r->address);

	if (p == NULL) /* what ended it may have been asked of it long before */
		check_fail(key, words(_("client %zu can connect"), r->n + 1),
		    _("it is refused; %s"), where(r));
	return client(r, p);
}

struct peer *
comes_narrow(struct room *r)
{
	return client(r, peer_connect_narrow(r->t, r->address));
}

const char *
drawn_word(void)
{
	return letters((size_t)draw(4, 12));
}

/* The number that the server must have given to p. */
static size_t
number_of(const struct room *r, const struct peer *p)
{
	size_t i = 0;

	while (i < r->n && r->clients[i] != p)
		i++;
	return i + 1;
}

/* A server that is no more, and how that came. */
static const char *
ended(struct room *r)
{
	switch (trial_end(r->t)) {
	case END_SIGNALED:
		return words(
		    _("the server was killed by %s"), signal_name(trial_term_signal(r->t)));
	case END_EXITED:
		return words(
		    _("the server has ended with exit status %d"), trial_exit_status(r->t));
	default:
		return _("the server has ended");
	}
}

const char *
where(struct room *r)
{
	const struct process *p = first_process(look(r->t));

	if (p == NULL)
		return ended(r);
	if (r->probed && p->blocked_fd == PROBE_FD)
		return _("serve_chat has returned");
	if (p->state != 'S')
		return _("the server is busy");
	return words(_("the server waits in %s()"), call_name(p->blocked_in));
}

/* A server that dies closes its sockets first: it gets the time to be dead. */
static const char *
connection_ended(struct room *r)
{
	await_asleep(r->t, 0);
	return words(_("its connection has ended; %s"), where(r));
}

void
says(struct peer *p, const char *line)
{
	peer_say(p, words("%s\n", line));
}

/* Behind "NUMBER: ". */
static const char *
without_number(const char *line)
{
	const char *colon = strstr(line, ": ");

	return colon != NULL ? colon + 2 : line;
}

bool
is_line(const struct room *r, const char *got, const char *line)
{
	if (r->numbers_count)
		return strcmp(got, line) == 0;
	return strcmp(without_number(got), without_number(line)) == 0;
}

void
hears(struct room *r, struct peer *p, const char *key, const char *line)
{
	const char *got = peer_line(p);
	const char *expected =
	    words(_("client %zu receives the line \"%s\""), number_of(r, p), shown(line));

	if (got == NULL && peer_state(p) != PEER_OPEN)
		check_fail(key, expected, "%s", connection_ended(r));
	if (got == NULL)
		check_fail(key, expected, _("nothing more comes; %s"), where(r));
	expect(is_line(r, got, line), key, expected, _("it receives \"%s\""), shown(got));
}

void
all_hear(struct room *r, const char *key, const char *line)
{
	for (size_t i = 0; i < r->n; i++)
		if (!r->gone[i])
			hears(r, r->clients[i], key, line);
}

void
forget(struct room *r, struct peer *p)
{
	r->gone[number_of(r, p) - 1] = true;
}

const char *
said_by(struct room *r, struct peer *p, const char *line)
{
	return words("%zu: %s", number_of(r, p), line);
}

struct peer *
comes_in(struct room *r, const char *key)
{
	struct peer *p = comes(r, key);
	const char *line = drawn_word();

	says(p, line);
	all_hear(r, key, said_by(r, p, line));
	return p;
}

void
hears_at_last(struct room *r, struct peer *p, const char *key, const char *line)
{
	const char *expected =
	    words(_("client %zu receives the line \"%s\""), number_of(r, p), shown(line));
	const char *got;

	do
		got = peer_line(p);
	while (got != NULL && !is_line(r, got, line));
	if (got == NULL && peer_state(p) != PEER_OPEN)
		check_fail(key, expected, "%s", connection_ended(r));
	if (got == NULL)
		check_fail(key, expected, _("nothing more comes; %s"), where(r));
}

void
settle(struct room *r, const char *key)
{
	if (!await_settled_or_end(r->t))
		check_fail(key, _("the server goes on"), "%s", where(r));
}

void
hears_nothing(struct room *r, struct peer *p, const char *key, const char *expected)
{
	const char *got;
	size_t n;

	settle(r, key);
	got = peer_unread(p, &n);
	expect(n == 0, key, expected, _("client %zu receives \"%s\""), number_of(r, p), shown(got));
	expect(peer_state(p) == PEER_OPEN, key, expected, _("client %zu is disconnected"),
	    number_of(r, p));
}

void
is_disconnected(struct room *r, struct peer *p, const char *key, const char *expected)
{
	const char *got;
	size_t n;

	if (!peer_end(p))
		check_fail(key, expected, _("client %zu is still connected; %s"), number_of(r, p),
		    where(r));
	got = peer_unread(p, &n);
	expect(n == 0, key, expected, _("before that, it receives \"%s\""), shown(got));
	forget(r, p);
}

fault_id
hold_selects(struct room *r, struct peer *p)
{
	fault_id door = trial_fault(
	    r->t, (struct fault){.call = CALL_SELECT, .action = HOLD_BEFORE, .optional = true});

	says(p, drawn_word());
	(void)await_held_or_end(r->t, door);
	return door;
}

void
next_select(struct room *r, fault_id door)
{
	release(r->t, door, true);
	(void)await_held_or_end(r->t, door);
}

/* Connections that the server has a descriptor of. */
size_t
clients_of(struct room *r)
{
	const struct process *p = first_process(look(r->t));
	size_t n = 0;

	for (size_t i = 0; p != NULL && i < p->n_fds; i++)
		if (p->fds[i].kind == FD_SOCKET && p->fds[i].socket != SOCKET_LISTENING &&
		    p->fds[i].socket != SOCKET_LOCAL)
			n++;
	return n;
}

void
expect_clients(struct room *r, size_t n, const char *key)
{
	size_t open = clients_of(r);

	expect(open == n, key,
	    words(_("the server has a descriptor for each of its %zu clients"), n),
	    _("it has %zu descriptors for clients"), open);
}
