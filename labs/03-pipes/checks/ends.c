/* ends.c - who holds which end. */
#include "checks.h"

static bool
is_among(long long number, size_t n, const long long all[])
{
	for (size_t i = 0; i < n; i++)
		if (all[i] == number)
			return true;
	return false;
}

/* An end above standard error that is none of these, or NULL. */
static const struct descriptor *
other_end(const struct process *p, size_t n, const long long allowed[])
{
	for (size_t i = 0; i < p->n_fds; i++) {
		const struct descriptor *d = &p->fds[i];

		if (d->number > 2 && !is_among(d->number, n, allowed))
			return d;
	}
	return NULL;
}

static const char *
what_it_is(const struct descriptor *d)
{
	if (d->kind != FD_PIPE)
		return _("an end of a connection");
	return d->access & FD_WRITE ? _("the write end of a pipe") : _("the read end of a pipe");
}

static bool
is_read_end(const struct descriptor *d)
{
	return d->kind == FD_PIPE && !(d->access & FD_WRITE);
}

/* Only read ends: another rule than for write ends. */
static bool
only_read_ends(const struct process *p, size_t n, const long long allowed[])
{
	for (size_t i = 0; i < p->n_fds; i++) {
		const struct descriptor *d = &p->fds[i];

		if (d->number > 2 && !is_among(d->number, n, allowed) && !is_read_end(d))
			return false;
	}
	return true;
}

static _Noreturn void
fail_for(const struct process *p, const struct descriptor *d, const char *key)
{
	check_fail(key, _("everybody holds only the ends that he needs"),
	    _("process %d (%s) also holds descriptor %d, %s"), p->pid, p->name, d->number,
	    what_it_is(d));
}

void
expect_no_end_but(const struct process *p, size_t n, const long long allowed[])
{
	const struct descriptor *d = other_end(p, n, allowed);

	if (d != NULL)
		fail_for(p, d, only_read_ends(p, n, allowed) ? "unused-read-ends" : "unused-ends");
}

const struct answer *
answer_of_flow(
    struct trial *t, size_t n, const long long needed[], const char *key, const char *expected)
{
	const struct look *l;

	if (answered(t))
		return ask_end(t);
	l = look(t);
	for (size_t i = 0; i < l->n; i++)
		expect_no_end_but(
		    &l->processes[i], &l->processes[i] == first_process(l) ? n : 0, needed);
	return answer_or(t, key, expected);
}

void
expect_no_child(struct trial *t)
{
	const struct look *l;

	await_quiet(t);
	l = look(t);
	expect(children_in(l, first_process(l)->pid) == 0, "nothing-left", _("no child is left"),
	    _("%zu children are left, running or as zombies"),
	    children_in(l, first_process(l)->pid));
}

void
expect_nothing_left(struct trial *t)
{
	expect_no_child(t);
	expect_no_end_but(first_process(look(t)), 0, NULL);
}
