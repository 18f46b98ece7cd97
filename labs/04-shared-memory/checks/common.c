/* common.c - who waits where, what workers said, and answers. */
#include "checks.h"
#include "probe.h"
#include <errno.h>
#include <string.h>

const struct process *
first_now(struct trial *t)
{
	const struct process *p = first_process(look(t));

	if (p != NULL)
		return p;
	trial_finish(t);
	check_fail("new", _("the program waits for the next request"), _("it has ended"));
}

bool
answered(struct trial *t)
{
	await_quiet(t);
	return first_now(t)->blocked_fd == PROBE_FD;
}

/* "process 2 (ring) sleeps in futex()" */
static const char *
place_of(const struct process *p)
{
	if (p->state == 'Z')
		return words(_("process %d has ended"), p->pid);
	if (p->blocked_fd == PROBE_FD)
		return words(_("process %d has returned"), p->pid);
	return words(_("process %d sleeps in %s()"), p->pid, call_name(p->blocked_in));
}

static const char *
places(const struct look *l)
{
	const char *all = "";

	for (size_t i = 0; i < l->n; i++)
		all = words("%s%s%s", all, i == 0 ? "" : "; ", place_of(&l->processes[i]));
	return all;
}

const struct answer *
answer_or(struct trial *t, const char *key, const char *expected)
{
	if (answered(t))
		return ask_end(t);
	check_fail(key, expected, "%s", places(look(t)));
}

void
expect_asleep(struct trial *t, const char *key, const char *expected)
{
	expect(!answered(t), key, expected, _("it has returned"));
}

void
expect_result(const struct answer *a, const char *name, long long result, const char *key)
{
	expect(answer_int(a, "result") == result, key, words(_("%s returns %lld"), name, result),
	    _("it returned %lld with errno %s"), answer_int(a, "result"),
	    answer_has(a, "errno") ? error_name(answer_int(a, "errno")) : "0");
}

void
expect_failure(
    const struct answer *a, const char *name, long long failure, int error, const char *key)
{
	expect(answer_int(a, "result") == failure && answer_int(a, "errno") == error, key,
	    words(_("%s fails with errno %s"), name, error_name(error)),
	    answer_int(a, "result") == failure ? _("it failed with errno %s")
					       : _("it succeeded, with errno %s"),
	    error_name(answer_int(a, "errno")));
}

void
expect_new(const struct answer *a, const char *name)
{
	expect(answer_int(a, "result") == 1, "new", words(_("%s returns memory"), name),
	    _("it returned NULL with errno %s"), error_name(answer_int(a, "errno")));
}

unsigned
shared_now(struct trial *t)
{
	return first_now(t)->shared_maps;
}

pid_t
worker(struct trial *t, const char *word)
{
	return (pid_t)answer_int(ask(t, "work", word), "pid[0]");
}

fault_id
late_worker(struct trial *t, const char *word)
{
	fault_id hold = trial_fault(
	    t, (struct fault){.call = CALL_FORK, .action = HOLD_CHILD, .who = FIRST, .nth = 1});

	worker(t, word);
	await_held(t, hold);
	return hold;
}

bool
workers_ended(struct trial *t, unsigned n)
{
	await_quiet(t);
	return exits(t) >= n;
}

unsigned
lines(struct trial *t, const char *line)
{
	unsigned n = 0;

	for (const char *at = trial_output(t); (at = strstr(at, line)) != NULL; at++)
		n++;
	return n;
}

void
mapping_fails(struct trial *t)
{
	trial_fault(t,
	    (struct fault){
		.call = CALL_MMAP, .action = FAULT_FAIL, .who = FIRST, .nth = 1, .error = ENOMEM});
}
