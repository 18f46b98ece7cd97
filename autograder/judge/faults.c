#define _GNU_SOURCE
#include "inside.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void
send_one(struct trial *t, size_t i)
{
	static struct wire w;
	const struct fault *f = &t->faults[i].fault;
	struct wire_fault out = {
	    .id = (uint32_t)i + 1,
	    .call = f->call,
	    .action = f->action,
	    .who = f->who,
	    .fd = f->fd,
	    .nth = f->nth,
	    .per_process = f->per_process,
	    .error = f->error,
	    .signal = f->signal,
	    .bytes = f->bytes,
	};

	wire_begin(&w, WIRE_ADD_FAULT);
	fault_put(&w, &out);
	session_send(t, &w);
}

void
faults_send(struct trial *t, size_t from)
{
	for (size_t i = from; i < t->n_faults; i++)
		send_one(t, i);
}

fault_id
trial_fault(struct trial *t, struct fault fault)
{
	if (t->n_faults == TRIAL_FAULTS)
		grader_fault("more than %d faults in one trial", TRIAL_FAULTS);
	if (t->untraced)
		grader_fault("a trial without the eye cannot have faults");
	if (t->started && fault.action != FAULT_SWALLOW && (t->watch >> fault.call & 1) == 0)
		grader_fault(
		    "a fault at %s() in a running trial needs trial_watch() before the start",
		    call_name(fault.call));
	t->faults[t->n_faults++].fault = fault;
	if (t->started) {
		send_one(t, t->n_faults - 1);
		session_fence(t); /* what is asked next meets it */
	}
	return (fault_id)t->n_faults;
}

static struct armed *
armed(struct trial *t, fault_id id)
{
	if (id == 0 || id > t->n_faults)
		grader_fault("fault %u is none of this trial", id);
	return &t->faults[id - 1];
}

unsigned
fault_delivered(struct trial *t, fault_id id)
{
	session_listen(t);
	return armed(t, id)->delivered;
}

static bool
somebody_is_held(struct trial *t, void *with)
{
	(void)t;
	return ((struct armed *)with)->held_unseen > 0;
}

pid_t
await_held(struct trial *t, fault_id id)
{
	struct armed *a = armed(t, id);
	enum outcome outcome = session_until(t, somebody_is_held, a);

	if (outcome == GONE || outcome == BLOCKED)
		faults_must_have_come();
	if (outcome != CAME_TRUE)
		trial_went_wrong(t, outcome, fault_sentence(&a->fault));
	a->held_unseen--;
	return a->held;
}

pid_t
held_thread(struct trial *t, fault_id id)
{
	return armed(t, id)->held_thread;
}

void
next_wait_is_interrupted(struct trial *t)
{
	trial_fault(t, (struct fault){.call = CALL_WAIT,
			   .action = FAULT_FAIL,
			   .who = FIRST,
			   .nth = 1,
			   .error = EINTR,
			   .optional = true});
}

bool
await_held_or_end(struct trial *t, fault_id id)
{
	struct armed *a = armed(t, id);

	if (session_until(t, somebody_is_held, a) != CAME_TRUE)
		return false;
	a->held_unseen--;
	return true;
}

static void
send_release(struct trial *t, fault_id id, bool again, pid_t pid)
{
	static struct wire w;

	if (t->peers != NULL)
		session_fence(t);
	wire_begin(&w, WIRE_RELEASE);
	put_u32(&w, id);
	put_u32(&w, again);
	put_i32(&w, pid);
	session_send(t, &w);
}

void
release(struct trial *t, fault_id id, bool again)
{
	armed(t, id)->held_unseen = 0;
	send_release(t, id, again, 0);
}

void
release_one(struct trial *t, fault_id id, pid_t pid)
{
	struct armed *a = armed(t, id);

	if (a->held_unseen > 0)
		a->held_unseen--;
	send_release(t, id, true, pid);
}

/* "read()" or "read() number 2" */
static const char *
which_call(const struct fault *f)
{
	if (f->nth == 0)
		/* TRANSLATORS: a system call, every one of them */
		return keep_format(G_("every %s()"), call_name(f->call));
	/* TRANSLATORS: a system call and which one of its kind, counted from 1 */
	return keep_format(G_("%s() number %u"), call_name(f->call), f->nth);
}

const char *
fault_sentence(const struct fault *f)
{
	const char *call = which_call(f);

	switch (f->action) {
	case FAULT_FAIL:
		return keep_format(G_("%s fails with %s"), call, strerrorname_np(f->error));
	case FAULT_CUT:
		if (f->bytes == 1)
			return keep_format(G_("%s moves one byte at most"), call);
		return keep_format(G_("%s moves at most %zu bytes"), call, f->bytes);
	case FAULT_INTERRUPT:
		return keep_format(G_("%s is interrupted by %s"), call, signal_name(f->signal));
	case FAULT_SIGNAL_BEFORE:
		return keep_format(G_("%s is taken just before %s"), signal_name(f->signal), call);
	case FAULT_SWALLOW:
		return keep_format(G_("%s does not arrive"), signal_name(f->signal));
	case HOLD_BEFORE:
	case HOLD_OUTSIDE:
		return keep_format(G_("held before %s"), call);
	case HOLD_AFTER:
		return keep_format(G_("held after %s"), call);
	case HOLD_CHILD:
		return keep_format(G_("the new child of %s is held before it runs"), call);
	}
	return call;
}

/* One of several doors that a right program may use: those it did not use are no news. */
static bool
is_news(const struct armed *a)
{
	return !a->fault.optional || a->delivered > 0;
}

json_t *
faults_json(bool last_only)
{
	json_t *list = json_array();

	for (struct trial *t = trials; t != NULL; t = last_only ? NULL : t->next)
		for (size_t i = 0; i < t->n_faults; i++)
			if (is_news(&t->faults[i]))
				json_array_append_new(
				    list, json_pack("{s:s, s:i, s:i}", "name",
					      fault_sentence(&t->faults[i].fault), "asked",
					      (int)t->faults[i].fault.nth, "delivered",
					      (int)t->faults[i].delivered));
	return list;
}

static void
never_came(struct trial *t, const struct fault *f)
{
	(void)t;
	check_fail("not-exercised", keep_format(G_("the program comes by %s"), which_call(f)),
	    G_("it never does, so this check could not put its question"));
}

void
faults_must_have_come(void)
{
	for (struct trial *t = trials; t != NULL; t = t->next) {
		session_listen(t); /* an answer may have come faster than the news of its fault */
		for (size_t i = 0; i < t->n_faults; i++)
			if (!t->faults[i].fault.optional && t->faults[i].delivered == 0)
				never_came(t, &t->faults[i].fault);
	}
}
