/* common.c - who waits where, what workers said, and answers. */
#include "checks.h"
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

void
expect_failed(
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
	return shared_maps(t, first_now(t)->pid);
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

void
free_tells_failure(struct trial *t, const char *name)
{
	fault_id failing = trial_fault(t, (struct fault){.call = CALL_UNMAP,
					      .action = FAULT_FAIL,
					      .who = FIRST,
					      .nth = 1,
					      .error = EINVAL,
					      .optional = true});
	const struct answer *a = ask(t, "free");

	if (fault_delivered(t, failing) > 0)
		expect_failed(a, name, -1, EINVAL, "unmapped");
}
