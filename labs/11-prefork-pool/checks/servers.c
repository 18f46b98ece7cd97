/* servers.c - a server with its processes, and clients. */
#include "checks.h"
#include "web.h"
#include <signal.h>
#include <string.h>

/* A server that sleeps makes none of these calls. */
static const enum call busy_calls[] = {CALL_SELECT, CALL_POLL, CALL_ACCEPT, CALL_READ, CALL_WRITE,
    CALL_WAIT, CALL_SLEEP, CALL_SIGSUSPEND, CALL_FORK};
enum { BUSY_CALLS = sizeof busy_calls / sizeof *busy_calls, BUSY = 300, MANY_FORKS = 60 };

const enum call signal_sleeps[SIGNAL_SLEEPS] = {
    CALL_SIGSUSPEND, CALL_PAUSE, CALL_SELECT, CALL_POLL};

static const char *listening_at;
static pid_t server; /* 0: the first process */
static fault_id stops[BUSY_CALLS];
static bool wanted, guarded; /* the stops: for the trial that is prepared, for the one that runs */
static size_t asked;         /* by waits() */
static unsigned waited;      /* at_first() */

void
be_patient(struct trial *t)
{
	trial_clock(t);
	wanted = true;
	for (size_t i = 0; i < BUSY_CALLS; i++)
		stops[i] = trial_fault(t, (struct fault){.call = busy_calls[i],
					      .action = HOLD_BEFORE,
					      .nth = busy_calls[i] == CALL_FORK ? MANY_FORKS : BUSY,
					      .per_process = busy_calls[i] != CALL_FORK,
					      .optional = true});
}

struct trial *
readies(unsigned n)
{
	struct trial *t = trial("preforkd", "127.0.0.1:0", word(n));

	be_patient(t);
	return t;
}

struct trial *
pool(unsigned min, unsigned max, unsigned total)
{
	struct trial *t = trial("poolpreforkd", "127.0.0.1:0", word(min), word(max), word(total));

	be_patient(t);
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
		expect(fault_delivered(t, stops[i]) == 0,
		    busy_calls[i] == CALL_FORK ? "fork-storm" : "busy",
		    _("who has nothing to do sleeps"), _("%s() is called again and again"),
		    call_name(busy_calls[i]));
}

static void
attend(struct trial *t, pid_t pid)
{
	server = pid;
	listening_at = await_listening(t);
	sleeps(t);
	waited = count_all(t).waiting;
}

void
begins(struct trial *t)
{
	guarded = wanted;
	wanted = false;
	trial_start(t);
	attend(t, 0);
}

void
listens(struct trial *t, pid_t pid)
{
	guarded = wanted = false;
	attend(t, pid);
}

const char *
where(void)
{
	return listening_at;
}

unsigned
at_first(void)
{
	return waited;
}

void
ends(struct trial *t, int status, const char *key)
{
	expect(!await_rest(t), key, words(_("the server ends with status %d"), status), "%s",
	    _("it does not end: everybody waits"));
	trial_finish(t);
	refute_left_processes(t, key);
	refute_unwaited(t, key);
	expect_exit(t, status, key);
}

/* ---- who is there --------------------------------------------------------------------------- */

static pid_t
server_in(const struct look *now)
{
	return server != 0 ? server : first_process(now)->pid;
}

/* The probe and what does not belong to the server are not counted. */
static bool
belongs(const struct look *now, const struct process *p)
{
	return server == 0 || p->pid != first_process(now)->pid;
}

static unsigned
sockets(const struct process *p, enum socket_state state)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->n_fds; i++)
		n += p->fds[i].kind == FD_SOCKET && p->fds[i].socket == state;
	return n;
}

/* Connections to us: a peer that is gone may have closed it already. */
static bool
has_connection(const struct process *p)
{
	for (size_t i = 0; i < p->n_fds; i++)
		if (p->fds[i].kind == FD_SOCKET && p->fds[i].socket != SOCKET_LISTENING &&
		    p->fds[i].socket != SOCKET_LOCAL && p->fds[i].remote != NULL &&
		    *p->fds[i].remote != '\0')
			return true;
	return false;
}

bool
is_waiting(const struct look *now, const struct process *p)
{
	bool workers = strcmp(first_process(now)->name, "poolpreforkd") == 0 ||
		       strcmp(first_process(now)->name, "pooled") == 0;

	return belongs(now, p) && p->state != 'Z' && p->pid != server_in(now) &&
	       (p->ppid == server_in(now)) == workers && sockets(p, SOCKET_LISTENING) > 0 &&
	       !has_connection(p);
}

struct census
count_all(struct trial *t)
{
	const struct look *now = look(t);
	struct census c = {0};

	for (size_t i = 0; i < now->n; i++) {
		const struct process *p = &now->processes[i];

		if (!belongs(now, p))
			continue;
		c.zombies += p->state == 'Z';
		if (p->state == 'Z')
			continue;
		c.all++;
		c.below += p->ppid == server_in(now);
		c.sessions += has_connection(p);
		c.waiting += is_waiting(now, p);
		c.listening += sockets(p, SOCKET_LISTENING) > 0;
		c.timed += p->timed || p->timer_armed_ms != 0;
	}
	return c;
}

static unsigned
waiting_below(const struct look *now, pid_t pid)
{
	unsigned n = 0;

	for (size_t i = 0; i < now->n; i++)
		n += now->processes[i].ppid == pid && is_waiting(now, &now->processes[i]);
	return n;
}

void
expect_ready(struct trial *t, unsigned n, unsigned sessions, const char *key)
{
	struct census c;

	sleeps(t);
	c = count_all(t);
	expect(c.below == n && c.waiting == n, key,
	    words(_("%u children, and %u processes that wait for a client"), n, n),
	    _("%u children, and %u that wait"), c.below, c.waiting);
	for (unsigned i = 0; i < n; i++)
		expect(waiting_below(look(t), child_of_server(t, i)) == 1, key,
		    _("one process waits below each child"), _("below one of them are %u"),
		    waiting_below(look(t), child_of_server(t, i)));
	expect(c.sessions == sessions, "sessions", words(_("%u processes have a client"), sessions),
	    _("%u have one"), c.sessions);
	expect(c.zombies == 0, "zombies", _("who has ended is waited for"),
	    _("%u zombies are left while everybody rests"), c.zombies);
}

void
expect_pool(struct trial *t, unsigned idle, unsigned busy, const char *key)
{
	struct census c;

	sleeps(t);
	c = count_all(t);
	expect(c.waiting == idle && c.sessions == busy, key,
	    words(_("%u workers are idle and %u busy"), idle, busy), _("%u are idle and %u busy"),
	    c.waiting, c.sessions);
	expect(c.below == idle + busy, key, words(_("%u workers live"), idle + busy), _("%u do"),
	    c.below);
	expect(c.zombies == 0, "zombies", _("who has ended is waited for"),
	    _("%u zombies are left while everybody rests"), c.zombies);
}

void
expect_forks(struct trial *t, unsigned n, const char *key)
{
	expect(forks(t) == n, key, words(_("%u processes have been made so far"), n),
	    _("there were %u"), forks(t));
}

size_t
open_in_all(struct trial *t)
{
	const struct look *now = look(t);
	size_t n = 0;

	for (size_t i = 0; i < now->n; i++)
		n += now->processes[i].n_fds;
	return n;
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
		if (holds(&now->processes[i], p))
			return now->processes[i].pid;
	return 0;
}

pid_t
waiting_one(struct trial *t, unsigned i)
{
	const struct look *now = look(t);

	for (size_t k = 0; k < now->n; k++)
		if (is_waiting(now, &now->processes[k]) && i-- == 0)
			return now->processes[k].pid;
	check_fail("ready", _("processes wait for clients"), "%s", _("there are too few"));
}

pid_t
child_of_server(struct trial *t, unsigned i)
{
	const struct look *now = look(t);

	for (size_t k = 0; k < now->n; k++)
		if (now->processes[k].ppid == server_in(now) && now->processes[k].state != 'Z' &&
		    i-- == 0)
			return now->processes[k].pid;
	check_fail("ready", _("the server has children"), "%s", _("there are too few"));
}

pid_t
parent_of(struct trial *t, pid_t pid)
{
	const struct process *p = process_of(look(t), pid);

	return p == NULL ? 0 : p->ppid;
}

void
dies(struct trial *t, pid_t pid, int signal)
{
	trial_kill(t, pid, signal);
	await_event(t, EVENT_EXIT, pid, 1);
	sleeps(t);
}

void
stops_for_now(struct trial *t, pid_t pid)
{
	unsigned before = count_events(t, EVENT_STOP, pid);

	trial_kill(t, pid, SIGSTOP);
	await_event(t, EVENT_STOP, pid, before + 1);
}

void
goes_on(struct trial *t, pid_t pid)
{
	trial_kill(t, pid, SIGCONT);
	sleeps(t);
}

/* ---- clients -------------------------------------------------------------------------------- */

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

static void
hears(struct trial *t, struct peer *p, size_t n, const char *key)
{
	const char *bytes = peer_bytes(p, n);

	if (bytes == NULL)
		sleeps(t);
	expect(bytes != NULL, key, _("the client is served"), "%s",
	    peer_state(p) == PEER_OPEN ? _("it gets no answer, and everybody rests")
				       : _("its connection has ended"));
	for (size_t i = 0; i < n; i++)
		expect(bytes[i] == WEB_BYTE(i), key, _("the client is served"),
		    _("byte %zu of the answer is wrong"), i);
}

void
is_served(struct trial *t, struct peer *p, const char *key)
{
	size_t n = (size_t)draw(1, 300);

	(void)peer_say(p, words("%zu\n", n)); /* a failure is seen by what is answered */
	hears(t, p, n, key);
}

struct peer *
next_is_served(struct trial *t, const char *key)
{
	struct peer *p = client(t);

	is_served(t, p, key);
	sleeps(t);
	return p;
}

static void
still_waits(struct trial *t, struct peer *p, const char *key)
{
	size_t n;

	sleeps(t);
	peer_unread(p, &n);
	expect(n == 0 && peer_state(p) == PEER_OPEN, key,
	    _("the client waits until somebody is ready"), "%s",
	    n > 0 ? _("it gets an answer") : _("its connection has ended"));
}

void
waits(struct trial *t, struct peer *p, const char *key)
{
	asked = (size_t)draw(1, 300);
	(void)peer_say(p, words("%zu\n", asked));
	still_waits(t, p, key);
}

void
waits_on(struct trial *t, struct peer *p, const char *key)
{
	trial_advance(t, 1000);
	still_waits(t, p, key);
}

void
gets(struct trial *t, struct peer *p, const char *key)
{
	hears(t, p, asked, key);
}

void
goes(struct trial *t, struct peer *p)
{
	peer_close(p);
	sleeps(t);
}

void
is_served_below(struct trial *t)
{
	struct peer *p;

	begins(t);
	p = next_is_served(t, "served");
	expect(server_of(t, p) != server_in(look(t)), "sessions",
	    _("the server's own process serves nobody"), "%s", _("it has the connection"));
	is_served(t, p, "served");
}

void
expect_refused(struct trial *t, const char *key)
{
	expect(peer_try_connect(t, listening_at) == NULL, key, _("nobody listens any more"), "%s",
	    _("a client can still connect"));
}

void
eldest_goes(struct trial *t, struct peer *p[], unsigned n)
{
	unsigned eldest = 0;

	for (unsigned i = 1; i < n; i++)
		if (server_of(t, p[i]) < server_of(t, p[eldest]))
			eldest = i;
	goes(t, p[eldest]);
	p[eldest] = p[n - 1];
}

/* ---- moments -------------------------------------------------------------------------------- */

fault_id
hold_accepted(struct trial *t)
{
	return trial_fault(
	    t, (struct fault){
		   .call = CALL_ACCEPT, .action = HOLD_AFTER, .who = DESCENDANTS, .nth = 0});
}

fault_id
hold_accepting(struct trial *t)
{
	return trial_fault(t, (struct fault){.call = CALL_ACCEPT,
				  .action = HOLD_BEFORE,
				  .who = DESCENDANTS,
				  .nth = 0,
				  .optional = true});
}

void
all_go_on(struct trial *t, fault_id hold)
{
	sleeps(t);
	release(t, hold, true);
	sleeps(t);
}

/* Somebody else than this one who is held; 0: nobody. */
static pid_t
another_held(struct trial *t, pid_t one)
{
	const struct look *now = look(t);

	for (size_t i = 0; i < now->n; i++)
		if (now->processes[i].state == 't' && now->processes[i].pid != one)
			return now->processes[i].pid;
	return 0;
}

struct peer *
another_serves(struct trial *t, pid_t one, const char *key)
{
	fault_id hold = hold_accepting(t);
	struct peer *p = client(t);
	pid_t another;

	sleeps(t);
	another = another_held(t, one);
	if (another != 0) { /* or they come one after the other, and who comes first is theirs */
		release_one(t, hold, another);
		is_served(t, p, key);
	}
	release(t, hold, false);
	is_served(t, p, key);
	sleeps(t);
	return p;
}

pid_t
await_accepted(struct trial *t, fault_id hold, struct peer *p)
{
	for (int i = 0; i < BUSY; i++) {
		pid_t held = await_held(t, hold), pid = server_of(t, p);

		if (pid != 0 && process_of(look(t), pid)->state == 't')
			return pid;
		release_one(t, hold, held); /* it came too late for this client */
	}
	check_fail("busy", _("who has nothing to do sleeps"), _("%s() is called again and again"),
	    call_name(CALL_ACCEPT));
}

void
accept_fails(struct trial *t, unsigned last, int error)
{
	for (unsigned i = last; i > 0; i--)
		trial_fault(t, (struct fault){.call = CALL_ACCEPT,
				   .action = FAULT_FAIL,
				   .who = DESCENDANTS,
				   .nth = i,
				   .error = error,
				   .optional = i != 1});
}
