/* look.c - observe.h: what was seen, counted and asked for. */
#define _GNU_SOURCE
#include "inside.h"

#include <string.h>

struct look_list *
look_by_token(struct trial *t, uint32_t token, bool make)
{
	struct look_list *l = t->looks;

	while (l != NULL && l->token != token)
		l = l->next;
	if (l == NULL && make) {
		l = keep(sizeof *l);
		l->token = token;
		l->next = t->looks;
		t->looks = l;
	}
	return l;
}

static const struct look *
look_anew(struct trial *t)
{
	static struct wire w;
	struct look_list *l = look_by_token(t, ++t->look_token, true);

	if (!t->started)
		grader_fault("look() at a trial that was not started");
	wire_begin(&w, WIRE_LOOK);
	put_u32(&w, t->look_token);
	session_send(t, &w);
	session_answer(t, &l->complete);
	return &l->look;
}

/*
 * Also after the end: the keeper still answers. While everybody is blocked for ever, what was seen
 * stays true until we do something: checks look often, and a look costs 0.1 ms for each process.
 */
const struct look *
look(struct trial *t)
{
	bool at_rest;
	size_t events;

	if (t->at_rest)
		session_listen(t);
	at_rest = t->at_rest;
	events = t->n_events;
	if (!at_rest || t->look_at_rest == NULL)
		t->look_at_rest = look_anew(t);
	/* that we looked changes nothing */
	t->at_rest = at_rest && !t->ended && t->n_events == events;
	return t->look_at_rest;
}

unsigned
shared_maps(struct trial *t, pid_t pid)
{
	static struct wire w;

	if (!t->started)
		grader_fault("shared_maps() of a trial that was not started");
	t->mapped = false;
	wire_begin(&w, WIRE_MAPS);
	put_i32(&w, pid);
	session_send(t, &w);
	session_answer(t, &t->mapped);
	return t->shared_maps;
}

const struct look *
look_at_end(struct trial *t)
{
	static const struct look nothing;
	const struct look_list *l = look_by_token(t, 0, false);

	return l == NULL ? &nothing : &l->look;
}

const struct process *
process_of(const struct look *l, pid_t pid)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->processes[i].pid == pid)
			return &l->processes[i];
	return NULL;
}

/* The keeper's first child is the oldest of all. */
const struct process *
first_process(const struct look *l)
{
	return l->n == 0 ? NULL : &l->processes[0];
}

size_t
zombies_in(const struct look *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->processes[i].state == 'Z';
	return n;
}

size_t
children_in(const struct look *l, pid_t parent)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->processes[i].ppid == parent;
	return n;
}

const struct descriptor *
fd_of(const struct process *p, int number)
{
	for (size_t i = 0; i < p->n_fds; i++)
		if (p->fds[i].number == number)
			return &p->fds[i];
	return NULL;
}

size_t
threads_blocked_in(const struct process *p, enum call call)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_threads; i++)
		n += p->thread[i].state == 'S' && p->thread[i].blocked_in == call;
	return n;
}

bool
in_set(uint64_t set, int signal)
{
	return (set >> (signal - 1) & 1) != 0;
}

const struct event *
events(struct trial *t, size_t *n)
{
	session_listen(t);
	*n = t->n_events;
	return t->events;
}

unsigned
count_events(struct trial *t, enum event_kind kind, pid_t pid)
{
	size_t n;
	const struct event *happened = events(t, &n);
	unsigned count = 0;

	for (size_t i = 0; i < n; i++)
		if (happened[i].kind == kind && (pid == 0 || happened[i].pid == pid))
			count++;
	return count;
}

static pid_t
first_pid(const struct trial *t)
{
	return t->n_events == 0 ? 0 : t->events[0].pid;
}

unsigned
calls(struct trial *t, enum call call, enum who who)
{
	unsigned n = 0;

	session_listen(t);
	if ((t->watch >> call & 1) == 0)
		grader_fault("calls of %s() are counted only with trial_watch()", call_name(call));
	for (size_t i = 0; i < t->n_events; i++) {
		const struct event *e = &t->events[i];
		bool first = e->pid == first_pid(t);

		if (e->kind == EVENT_CALL && e->call == call &&
		    (who == ANYBODY || (who == FIRST) == first))
			n++;
	}
	return n;
}

unsigned
forks(struct trial *t)
{
	session_listen(t);
	return t->forks;
}

unsigned
exits(struct trial *t)
{
	session_listen(t);
	return t->exits;
}

size_t
trial_left_processes(struct trial *t)
{
	return t->left;
}

size_t
trial_unwaited(struct trial *t)
{
	return t->unwaited;
}

const char *
trial_output(struct trial *t)
{
	return text_string(&t->output);
}

const char *
trial_errors(struct trial *t)
{
	return text_string(&t->errors);
}

size_t
trial_output_size(struct trial *t)
{
	return t->output.n;
}

const char *
trial_read_file(struct trial *t, const char *name, size_t *n)
{
	static struct wire w;

	t->fetched_all = false;
	t->fetch_error = 0;
	text_clear(&t->fetched);
	wire_begin(&w, WIRE_FETCH);
	put_str(&w, name);
	session_send(t, &w);
	session_answer(t, &t->fetched_all);
	if (t->fetch_error != 0)
		return NULL;
	if (n != NULL)
		*n = t->fetched.n;
	return keep_bytes(text_string(&t->fetched), t->fetched.n);
}

/* ---- in words ----------------------------------------------------------------------- */

static const char *
where(const struct process *p)
{
	if (p->state == 'Z')
		return keep_format(G_("process %d (%s) is a zombie"), p->pid, p->name);
	if (p->state == 'T')
		return keep_format(G_("process %d (%s) is stopped"), p->pid, p->name);
	if (p->state == 't')
		return keep_format(G_("process %d (%s) is held by the check"), p->pid, p->name);
	if (p->state != 'S')
		return keep_format(G_("process %d (%s) is running"), p->pid, p->name);
	if (p->blocked_fd >= 0)
		return keep_format(G_("process %d (%s) is blocked in %s(%ld)"), p->pid, p->name,
		    call_name(p->blocked_in), p->blocked_fd);
	return keep_format(
	    G_("process %d (%s) is blocked in %s()"), p->pid, p->name, call_name(p->blocked_in));
}

const char *
where_everybody_is(struct trial *t)
{
	enum { MOST = 4 };
	const struct look *l = look(t);
	struct text words = {0};
	const char *kept;

	for (size_t i = 0; i < l->n && i < MOST; i++)
		text_printf(&words, "%s%s", i == 0 ? "" : "; ", where(&l->processes[i]));
	if (l->n > MOST)
		text_put(&words, "; …");
	kept = keep_text(text_string(&words));
	text_free(&words);
	return kept;
}
