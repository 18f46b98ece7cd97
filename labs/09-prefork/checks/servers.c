/* servers.c - a server with its children, and clients. */
#include "checks.h"
#include "web.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

/* A server that sleeps makes none of these calls. */
static const enum call busy_calls[] = {CALL_SELECT, CALL_POLL, CALL_ACCEPT, CALL_READ, CALL_WRITE,
    CALL_FCNTL, CALL_WAIT, CALL_SLEEP, CALL_SIGSUSPEND, CALL_FORK};
enum { BUSY_CALLS = sizeof busy_calls / sizeof *busy_calls, BUSY = 300 };

static const char *listening_at;
static fault_id stops[BUSY_CALLS];
static bool wanted, guarded; /* the stops: for the trial that is prepared, for the one that runs */

struct trial *
server(const char *program, unsigned n)
{
	struct trial *t = trial(program, "127.0.0.1:0", word(n));

	trial_clock(t);
	wanted = true;
	for (size_t i = 0; i < BUSY_CALLS; i++)
		stops[i] = trial_fault(t, (struct fault){.call = busy_calls[i],
					      .action = HOLD_BEFORE,
					      .nth = busy_calls[i] == CALL_FORK ? 60 : BUSY,
					      .per_process = 1,
					      .optional = true});
	return t;
}

static _Noreturn void
ended(struct trial *t)
{
	trial_finish(t); /* says it of a crash */
	check_fail("server-ended", _("the server serves until SIGINT or SIGTERM"),
	    _("it has ended: %s"),
	    trial_term_signal(t) != 0 ? signal_name(trial_term_signal(t))
				      : words(_("exit status %d"), trial_exit_status(t)));
}

void
sleeps(struct trial *t)
{
	if (!await_rest(t))
		ended(t);
	for (size_t i = 0; guarded && i < BUSY_CALLS; i++)
		expect(fault_delivered(t, stops[i]) == 0, "busy", _("who has nothing to do sleeps"),
		    _("%s() is called again and again"), call_name(busy_calls[i]));
}

void
expect_children(struct trial *t, unsigned n, const char *key)
{
	pid_t pids[CHILDREN_MOST];
	unsigned now = children_now(t, pids);
	size_t zombies = zombies_in(look(t));

	expect(now == n && zombies == 0, key, words(_("the server has %u children"), n),
	    _("%u children live, %zu are zombies"), now, zombies);
}

void
start(struct trial *t)
{
	guarded = wanted;
	wanted = false;
	trial_start(t);
}

void
serves(struct trial *t, unsigned n)
{
	start(t);
	listening_at = await_listening(t);
	sleeps(t);
	expect_children(t, n, "children");
}

const char *
where(void)
{
	return listening_at;
}

void
ends(struct trial *t, int status, const char *key)
{
	expect(!await_rest(t), key, words(_("the server ends with status %d"), status), "%s",
	    _("it does not end: everybody waits"));
	trial_finish(t);
	refute_left_processes(t, "left");
	refute_unwaited(t, "left");
	expect_exit(t, status, key);
}

void
gives_up(struct trial *t, int status, const char *key)
{
	if (await_rest(t)) {
		expect(first_process(look(t))->blocked_in == CALL_WAIT, key,
		    words(_("the server ends with status %d"), status), "%s",
		    _("it does not end: everybody waits"));
		return;
	}
	trial_finish(t);
	expect_exit(t, status, key);
}

void
a_child_gives_up(struct trial *t)
{
	size_t n, exited = 0;
	const struct event *e;
	pid_t parent;

	start(t);
	if (await_rest(t)) {
		parent = first_process(look(t))->pid;
	} else {
		trial_finish(t);
		parent = first_process(look_at_end(t))->pid;
	}
	e = events(t, &n);
	for (size_t i = 0; i < n; i++)
		exited += e[i].kind == EVENT_EXIT && e[i].pid != parent && WIFEXITED(e[i].status);
	expect(exited > 0, "gives-up", words(_("a child that cannot go on has status %d"), 1), "%s",
	    _("it does not end: everybody waits"));
}

void
expect_not_begun(struct trial *t)
{
	expect(*trial_errors(t) != '\0', "fork-at-start", _("standard error says what failed"),
	    _("it is empty"));
	expect(strstr(trial_output(t), "127.0.0.1") == NULL, "fork-at-start",
	    _("a server without its children says nothing of clients"),
	    _("standard output holds: %s"), trial_output(t));
}

void
cannot_begin(struct trial *t)
{
	gives_up(t, 1, "fork-at-start");
	expect_not_begun(t);
}

void
begins_with(const char *program, unsigned descriptors)
{
	struct trial *t = server(program, 2);

	trial_limit(t, LIMIT_DESCRIPTORS, descriptors);
	start(t);
	cannot_begin(t);
}

/* Of the flags of a listening socket and of a channel's end: asked, and set. */
enum { FCNTL_MOST = 4 };

void
begins_without_fcntl(const char *program)
{
	for (unsigned nth = 1; nth <= FCNTL_MOST; nth++) {
		struct trial *t = server(program, 2);
		fault_id id = trial_fault(t, (struct fault){.call = CALL_FCNTL,
						 .action = FAULT_FAIL,
						 .who = FIRST,
						 .fd = FD_SOCKET,
						 .nth = nth,
						 .error = ENOMEM,
						 .optional = true});

		start(t);
		if (await_rest(t) && fault_delivered(t, id) == 0)
			return; /* it begins without so many calls */
		cannot_begin(t);
	}
}

struct peer *
client(struct trial *t)
{
	struct peer *p = peer_try_connect(t, listening_at);

	if (p != NULL)
		return p;
	sleeps(t); /* unless it has ended: then that is what to tell */
	check_fail("server-ended", _("the server serves until SIGINT or SIGTERM"), "%s",
	    _("it has closed the socket it listened on"));
}

void
asks(struct peer *p, size_t n)
{
	peer_say(p, words("%zu\n", n));
}

void
gets(struct trial *t, struct peer *p, size_t n, const char *key)
{
	const char *bytes = peer_bytes(p, n);

	if (bytes == NULL)
		sleeps(t);
	expect(bytes != NULL, key, _("the client is served"), "%s",
	    peer_state(p) == PEER_OPEN
		? words(_("it gets no answer; the children: %s"), where_children_are(t))
		: _("its connection has ended"));
	for (size_t i = 0; i < n; i++)
		expect(bytes[i] == WEB_BYTE(i), key, _("the client is served"),
		    _("byte %zu of the answer is wrong"), i);
}

void
is_served(struct trial *t, struct peer *p, const char *key)
{
	size_t n = (size_t)draw(1, 300);

	asks(p, n);
	gets(t, p, n, key);
}

void
waits(struct trial *t, struct peer *p, const char *key)
{
	size_t n;

	sleeps(t);
	peer_unread(p, &n);
	expect(n == 0 && peer_state(p) == PEER_OPEN, key,
	    _("the client waits until a child is free"), "%s",
	    n > 0 ? _("it gets an answer") : _("its connection has ended"));
}

void
goes(struct trial *t, struct peer *p)
{
	peer_close(p);
	sleeps(t);
}

static bool
holds(const struct process *process, const struct peer *p)
{
	for (size_t i = 0; i < process->n_fds; i++)
		if (process->fds[i].kind == FD_SOCKET && process->fds[i].remote != NULL &&
		    strcmp(process->fds[i].remote, peer_address(p)) == 0)
			return true;
	return false;
}

unsigned
holders_of(struct trial *t, const struct peer *p)
{
	const struct look *now = look(t);
	unsigned n = 0;

	for (size_t i = 0; i < now->n; i++)
		n += holds(&now->processes[i], p);
	return n;
}

pid_t
server_of(struct trial *t, const struct peer *p)
{
	const struct look *now = look(t);

	for (size_t i = 0; i < now->n; i++)
		if (&now->processes[i] != first_process(now) && holds(&now->processes[i], p))
			return now->processes[i].pid;
	return 0;
}

unsigned
children_now(struct trial *t, pid_t pids[CHILDREN_MOST])
{
	const struct look *now = look(t);
	unsigned n = 0;

	for (size_t i = 0; i < now->n && n < CHILDREN_MOST; i++)
		if (now->processes[i].ppid == first_process(now)->pid &&
		    now->processes[i].state != 'Z')
			pids[n++] = now->processes[i].pid;
	return n;
}

unsigned
blocked_in(struct trial *t, enum call call, pid_t *one)
{
	const struct look *now = look(t);
	unsigned n = 0;

	for (size_t i = 0; i < now->n; i++) {
		const struct process *p = &now->processes[i];

		if (p == first_process(now) || p->state != 'S' || p->blocked_in != call)
			continue;
		n++;
		if (one != NULL)
			*one = p->pid;
	}
	return n;
}

const char *
where_children_are(struct trial *t)
{
	const char *text = "";

	for (enum call call = 0; call < CALL_COUNT; call++) {
		unsigned n = blocked_in(t, call, NULL);

		if (n > 0)
			text = words(
			    "%s%s%u %s()", text, *text != '\0' ? ", " : "", n, call_name(call));
	}
	return *text != '\0' ? text : _("none is there");
}

void
dies(struct trial *t, pid_t child)
{
	unsigned before = exits(t);

	trial_kill(t, child, SIGKILL);
	await_exits(t, before + 1);
	sleeps(t);
}

unsigned
sockets_of(const struct process *p, enum socket_state state)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->n_fds; i++)
		n += p->fds[i].number > 2 && p->fds[i].kind == FD_SOCKET &&
		     p->fds[i].socket == state;
	return n;
}

const struct descriptor *
listener_of(const struct process *p)
{
	for (size_t i = 0; i < p->n_fds; i++)
		if (p->fds[i].socket == SOCKET_LISTENING)
			return &p->fds[i];
	return NULL;
}
