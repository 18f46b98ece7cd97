/* incoming.c - what the keeper says, one message at a time. */
#define _GNU_SOURCE
#include "inside.h"

#include <stdlib.h>
#include <string.h>

static struct event *
event_add(struct trial *t)
{
	if (t->n_events == t->events_room) {
		size_t room = t->events_room == 0 ? 64 : 2 * t->events_room;
		struct event *more = realloc(t->events, room * sizeof *more);

		if (more == NULL)
			grader_fault("out of memory");
		t->events = more;
		t->events_room = room;
	}
	memset(&t->events[t->n_events], 0, sizeof *t->events);
	return &t->events[t->n_events++];
}

static void
count_event(struct trial *t, const struct event *e)
{
	struct armed *a = e->fault == 0 || e->fault > t->n_faults ? NULL : &t->faults[e->fault - 1];

	if (e->kind == EVENT_FORK)
		t->forks++;
	else if (e->kind == EVENT_EXIT)
		t->exits++;
	else if (e->kind == EVENT_EXEC)
		t->execs++;
	else if (e->kind == EVENT_QUIET)
		t->quiet = t->synced == t->sync_token;
	else if (e->kind == EVENT_SETTLED) /* said only where the wait wants to hear it */
		t->settled = t->synced == t->sync_token;
	if (a == NULL)
		return;
	if (e->kind == EVENT_FAULT || e->kind == EVENT_HELD)
		a->delivered++;
	if (e->kind == EVENT_HELD) {
		a->held = e->pid;
		a->held_thread = e->tid;
		a->held_unseen++;
	}
}

static void
hear_event(struct trial *t, struct wire *w)
{
	struct wire_event in;
	const char *text = event_get(w, &in);
	struct event *e = event_add(t);

	t->at_rest = false;
	e->kind = (enum event_kind)in.kind;
	e->call = (enum call)in.call;
	e->at_us = in.at_us;
	e->pid = in.pid;
	e->tid = in.tid;
	e->other = in.other;
	e->number = (long)in.number;
	for (int i = 0; i < 6; i++)
		e->args[i] = (long)in.args[i];
	e->result = (long)in.result;
	e->status = in.status;
	e->signal = in.signal;
	e->fault = in.fault;
	e->blocked = in.blocked;
	e->ignored = in.ignored;
	e->timeout_ms = in.timeout_ms;
	e->text = keep_text(text);
	if (in.view != 0)
		e->view = &look_by_token(t, in.view, true)->look;
	count_event(t, e);
}

static struct descriptor
hear_descriptor(struct wire *w)
{
	struct descriptor d;

	d.number = get_i32(w);
	d.kind = (enum fd_kind)get_u32(w);
	d.access = get_u32(w);
	d.inode = get_u64(w);
	d.close_on_exec = get_u32(w) != 0;
	d.path = keep_text(get_str(w));
	d.nonblocking = get_u32(w) != 0;
	d.socket = (enum socket_state)get_u32(w);
	d.local = keep_text(get_str(w));
	d.remote = keep_text(get_str(w));
	d.unread = get_u64(w);
	return d;
}

static struct process *
process_add(struct look_list *l)
{
	if (l->look.n == l->room) {
		size_t room = l->room == 0 ? 8 : 2 * l->room;
		struct process *more = keep(room * sizeof *more);

		if (l->look.n > 0)
			memcpy(more, l->look.processes, l->look.n * sizeof *more);
		l->look.processes = more;
		l->room = room;
	}
	return (struct process *)&l->look.processes[l->look.n++];
}

static struct thread
hear_thread(struct wire *w)
{
	struct thread one;

	one.tid = get_i32(w);
	one.state = (char)get_u32(w);
	one.blocked_in = (enum call)get_u32(w);
	one.system_call = (long)get_u64(w);
	one.blocked_fd = (long)get_u64(w);
	one.timed = get_u32(w) != 0;
	return one;
}

static void
hear_threads(struct wire *w, struct process *p, struct thread first)
{
	enum { MOST = 1024 };
	size_t others = get_u32(w);
	struct thread *all;

	if (w->bad || others > MOST)
		grader_fault("the keeper sent malformed threads");
	all = keep((1 + others) * sizeof *all);
	all[0] = first;
	for (size_t i = 1; i <= others; i++)
		all[i] = hear_thread(w);
	p->thread = all;
	p->n_threads = 1 + others;
}

static void
hear_process(struct trial *t, struct wire *w)
{
	enum { MOST = 4096 };
	struct process *p = process_add(look_by_token(t, get_u32(w), true));
	struct thread first = hear_thread(w);
	struct descriptor *fds;

	p->pid = first.tid;
	p->state = first.state;
	p->blocked_in = first.blocked_in;
	p->system_call = first.system_call;
	p->blocked_fd = first.blocked_fd;
	p->timed = first.timed;
	p->ppid = get_i32(w);
	p->blocked = get_u64(w);
	p->ignored = get_u64(w);
	p->caught = get_u64(w);
	p->pending = get_u64(w);
	p->timer_armed_ms = get_u64(w);
	p->threads = get_u32(w);
	p->name = keep_text(get_str(w));
	hear_threads(w, p, first);
	p->n_fds = get_u32(w);
	if (w->bad || p->n_fds > MOST)
		grader_fault("the keeper sent a malformed process");
	p->fds = fds = keep(p->n_fds * sizeof *fds);
	for (size_t i = 0; i < p->n_fds; i++)
		fds[i] = hear_descriptor(w);
}

static void
hear_look_done(struct trial *t, struct wire *w)
{
	look_by_token(t, get_u32(w), true)->complete = true;
}

static void
hear_end(struct trial *t, struct wire *w)
{
	t->end = (enum end)get_i32(w);
	t->status = get_i32(w);
	t->left = get_u32(w);
	t->unwaited = get_u32(w);
	t->wake_signal = (int)get_u32(w);
	t->ended = true;
	t->at_rest = false;
	session_drain(t);
}

static void
hear_fetched(struct trial *t, struct wire *w)
{
	bool last = get_u32(w) != 0;
	int error = get_i32(w);
	size_t n;
	const void *bytes = get_bytes(w, &n);

	t->fetch_error = error;
	text_put_bytes(&t->fetched, bytes == NULL ? "" : bytes, n);
	t->fetched_all = last;
}

static void
hear_collected(struct trial *t, struct wire *w)
{
	const char *name = get_str(w);
	struct collected *c = t->collected;
	const void *bytes;
	size_t n;

	(void)get_u32(w); /* mode */
	(void)get_u32(w); /* last */
	bytes = get_bytes(w, &n);
	while (c != NULL && strcmp(c->name, name) != 0)
		c = c->next;
	if (c == NULL) {
		c = keep(sizeof *c);
		c->name = keep_text(name);
		c->next = t->collected;
		t->collected = c;
	}
	text_put_bytes(&c->bytes, bytes == NULL ? "" : bytes, n);
}

void
incoming(struct trial *t, int type, struct wire *w)
{
	switch (type) {
	case WIRE_STARTED:
		session_begins(t); /* making the sandbox was not the program's time */
		break;
	case WIRE_EVENT:
		hear_event(t, w);
		break;
	case WIRE_PROCESS:
		hear_process(t, w);
		break;
	case WIRE_LOOK_DONE:
		hear_look_done(t, w);
		break;
	case WIRE_SYNCED:
		t->synced = get_u32(w);
		break;
	case WIRE_FENCED:
		t->fenced = true;
		break;
	case WIRE_ADVANCED:
		t->advanced = true;
		break;
	case WIRE_DELAYED:
		t->starved_us = get_u64(w);
		t->delayed = true;
		break;
	case WIRE_MAPPED:
		t->shared_maps = get_u32(w);
		t->mapped = true;
		break;
	case WIRE_FETCHED:
		hear_fetched(t, w);
		break;
	case WIRE_COLLECTED:
		hear_collected(t, w);
		break;
	case WIRE_ENDED:
		hear_end(t, w);
		break;
	case WIRE_SOCKETED:
		t->socket_error = get_i32(w);
		t->socket = w->fd;
		break;
	case WIRE_SOCKET_YOURS:
		t->socketed = true;
		break;
	case WIRE_FAULTY:
		grader_fault("the keeper: %s", get_str(w));
	default:
		grader_fault("the keeper sent an unknown message %d", type);
	}
}
