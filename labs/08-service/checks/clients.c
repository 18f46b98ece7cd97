/* clients.c - how a check talks with a probe's server. */
#include "answers.h"
#include "checks.h"
#include <string.h>

static const char *listening_at, *name, *second;

void
serve_now(struct trial *t)
{
	name = letters(6);
	second = letters(9);
	ask_begin(t, "serve", "127.0.0.1:0", name, second);
	listening_at = await_listening(t);
}

void
start_serving(struct trial *t)
{
	trial_start(t);
	serve_now(t);
}

struct trial *
serving(const char *program)
{
	struct trial *t = trial(program);

	start_serving(t);
	return t;
}

const char *
server_words(void)
{
	return words("2 %s %s", name, second);
}

const char *
server_line(void)
{
	return words("%s: %s\n", name, listening_at);
}

void
rests(struct trial *t, const char *key)
{
	const struct answer *a;

	if (!await_rest(t)) {
		trial_finish(t); /* says it of a crash */
		check_fail(key, _("the server goes on"), _("its process has ended: %s"),
		    ending_of(trial_term_signal(t) != 0 ? trial_term_signal(t)
							: trial_exit_status(t) << 8));
	}
	if (!answered(t))
		return;
	a = ask_end(t);
	check_fail(key, _("the server goes on"), _("it has returned %lld with errno %s"),
	    answer_int(a, "result"), error_name(answer_int(a, "errno")));
}

struct peer *
client(struct trial *t, const char *key)
{
	struct peer *p = peer_try_connect(t, listening_at);

	if (p != NULL)
		return p;
	rests(t, key); /* unless it has ended: then that is what to tell */
	check_fail(key, _("the server listens as long as it lives"), "%s",
	    _("a client is refused: nobody listens any more"));
}

void
knocks(struct trial *t)
{
	(void)peer_try_connect(t, listening_at);
}

/* What a session should have answered, when nothing came. */
static _Noreturn void
nothing_came(struct trial *t, struct peer *p, const char *answer, const char *key)
{
	if (peer_state(p) == PEER_OPEN)
		rests(t, key);
	check_fail(key, words(_("the session answers \"%s\""), answer), "%s",
	    peer_state(p) == PEER_OPEN ? _("nothing has come, and everybody rests")
				       : _("its connection has ended"));
}

void
asks(struct trial *t, struct peer *p, const char *line, const char *answer, const char *key)
{
	const char *heard;

	(void)peer_say(p, words("%s\n", line)); /* a failure is seen by what is answered */
	heard = peer_line(p);
	if (heard == NULL)
		nothing_came(t, p, answer, key);
	expect(strcmp(heard, answer) == 0, key, words(_("the session answers \"%s\""), answer),
	    _("it answers \"%s\""), shown(heard));
}

void
is_served(struct trial *t, struct peer *p, const char *key)
{
	const char *text = letters(8);

	asks(t, p, words("say %s", text), text, key);
}

struct peer *
next_is_served(struct trial *t, const char *key)
{
	struct peer *p = client(t, key);

	is_served(t, p, key);
	return p;
}

void
is_ended(struct trial *t, struct peer *p, const char *key, const char *expected)
{
	size_t unread;

	if (!peer_end(p)) {
		rests(t, key);
		check_fail(key, expected, _("the connection stays open"));
	}
	(void)peer_unread(p, &unread);
	expect(unread == 0, key, expected, _("%zu bytes have come before"), unread);
}

void
leaves(struct trial *t, struct peer *p, const char *key)
{
	(void)peer_say(p, "return\n");
	rests(t, key);
}

size_t
sessions(struct trial *t)
{
	const struct look *l = look(t);

	return children_in(l, first_process(l)->pid);
}

const struct process *
session(struct trial *t, size_t i)
{
	const struct look *l = look(t);
	pid_t server = first_process(l)->pid;

	for (size_t k = 0; k < l->n; k++)
		if (l->processes[k].ppid == server && i-- == 0)
			return &l->processes[k];
	check_fail("own-process", _("each session has a process of its own"),
	    _("there are only %zu"), children_in(l, server));
}

void
expect_no_zombie(struct trial *t, const char *key)
{
	size_t n;

	rests(t, key);
	n = zombies_in(look(t));
	expect(n == 0, key, _("each session's process is waited for as soon as it has ended"),
	    _("%zu zombies are left while the server rests"), n);
}

size_t
sockets(const struct process *p, enum socket_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_fds; i++)
		n += p->fds[i].kind == FD_SOCKET && p->fds[i].socket == state;
	return n;
}

fault_id
accept_fails(struct trial *t, unsigned nth, unsigned last, int error)
{
	fault_id first = 0;

	for (unsigned i = last; i >= nth; i--)
		first = trial_fault(t, (struct fault){.call = CALL_ACCEPT,
					   .action = FAULT_FAIL,
					   .who = FIRST,
					   .nth = i,
					   .error = error,
					   .optional = i != nth});
	return first;
}
