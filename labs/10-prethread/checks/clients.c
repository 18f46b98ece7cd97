/* clients.c - clients of a server. */
#include "checks.h"
#include "web.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char *listening_at;

struct trial *
server(const char *program, int threads)
{
	struct trial *t = trial(program, "127.0.0.1:0", word(threads));

	trial_clock(t);
	return t;
}

void
now_listening(struct trial *t)
{
	listening_at = await_listening(t);
}

void
start_serving(struct trial *t)
{
	trial_start(t);
	now_listening(t);
	rests(t);
}

const char *
where(void)
{
	return listening_at;
}

struct trial *
serving(const char *program, int threads)
{
	struct trial *t = server(program, threads);

	start_serving(t);
	return t;
}

/* The server has ended: of what, and why that must not be. */
static _Noreturn void
ended(struct trial *t)
{
	const char *how;

	trial_finish(t); /* says it of a crash */
	if (trial_term_signal(t) == SIGPIPE)
		check_fail("sigpipe", _("the server goes on when a client has gone"),
		    _("it was killed by SIGPIPE"));
	how = trial_term_signal(t) != 0 ? signal_name(trial_term_signal(t))
					: words(_("exit status %d"), trial_exit_status(t));
	check_fail("server-ended", _("the server serves until SIGINT"), _("it has ended: %s"), how);
}

void
rests(struct trial *t)
{
	if (!await_rest(t))
		ended(t);
}

void
start_late(struct trial *t)
{
	fault_id birth = trial_fault(
	    t, (struct fault){.call = CALL_THREAD, .action = HOLD_CHILD, .optional = true});
	unsigned held = 0;

	trial_start(t);
	while (await_rest(t)) {
		unsigned born = fault_delivered(t, birth);

		release(t, birth, born > held);
		if (born == held)
			return;
		held = born;
	}
}

const struct process *
at_rest(struct trial *t)
{
	rests(t);
	return first_process(look(t));
}

struct peer *
client(struct trial *t)
{
	struct peer *p = peer_try_connect(t, listening_at);

	rests(t); /* so that nobody else comes before it has been seen */
	if (p != NULL)
		return p;
	check_fail("server-ended", _("the server serves until SIGINT"), "%s",
	    _("it has closed the socket it listened on"));
}

void
hears(struct trial *t, struct peer *p, int n, const char *key)
{
	const char *bytes = peer_bytes(p, (size_t)n);

	if (bytes == NULL)
		rests(t);
	expect(bytes != NULL, key, words(_("the client gets its %d bytes"), n), "%s",
	    peer_state(p) == PEER_OPEN ? _("it does not, and the server rests")
				       : _("its connection has ended"));
	for (int i = 0; i < n; i++)
		expect(bytes[i] == WEB_BYTE(i), key, _("the client gets the bytes it asked for"),
		    _("byte %d is wrong"), i);
}

void
asks(struct trial *t, struct peer *p, int n, const char *key)
{
	peer_say(p, words("%d\n", n));
	hears(t, p, n, key);
}

void
comes_and_goes(struct trial *t, const char *key)
{
	struct peer *p = client(t);

	asks(t, p, (int)draw(1, 3000), key);
	peer_close(p);
	rests(t);
}

void
hears_nothing(struct trial *t, struct peer *p, const char *key)
{
	size_t n;

	rests(t);
	peer_unread(p, &n);
	expect(n == 0, key, _("the client waits for its turn"), _("it hears %zu bytes"), n);
	expect(peer_state(p) == PEER_OPEN, key, _("the client waits for its turn"), "%s",
	    _("its connection has ended"));
}

void
is_put_out(struct trial *t, struct peer *p, const char *key)
{
	if (peer_end(p))
		return;
	rests(t);
	check_fail(key, _("the server closes the connection when the session is over"), "%s",
	    _("it is still open"));
}

size_t
connections(struct trial *t)
{
	const struct process *p = at_rest(t);
	size_t n = 0;

	for (size_t i = 0; i < p->n_fds; i++)
		n += p->fds[i].kind == FD_SOCKET && p->fds[i].socket != SOCKET_LISTENING &&
		     p->fds[i].socket != SOCKET_LOCAL;
	return n;
}

void
ends(struct trial *t, int status, const char *key)
{
	if (await_rest(t))
		check_fail(key, _("the server ends"), _("it waits in %s()"),
		    call_name(first_process(look(t))->blocked_in));
	trial_finish(t);
	expect_exit(t, status, key);
}

void
accept_fails(struct trial *t, unsigned nth, int error)
{
	trial_fault(t,
	    (struct fault){.call = CALL_ACCEPT, .action = FAULT_FAIL, .nth = nth, .error = error});
}

unsigned long
count_of(struct trial *t, int thread)
{
	const char *line = strstr(trial_output(t), words("thread %d: ", thread));
	unsigned long n = 0;

	expect(line != NULL && sscanf(line, "thread %*d: %lu clients", &n) == 1, "statistics",
	    words(_("there is a line \"thread %d: N clients\""), thread), "%s", _("there is none"));
	return n;
}
