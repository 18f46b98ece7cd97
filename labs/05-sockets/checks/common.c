/* common.c - what several of the checks say and look at. */
#include "checks.h"
#include <string.h>

const char *
port_of(const char *address)
{
	return words("%s", strrchr(address, ':') + 1);
}

size_t
sockets_open(struct trial *t)
{
	const struct process *p = first_process(look(t));
	size_t n = 0;

	for (size_t i = 0; i < p->n_fds; i++)
		n += p->fds[i].kind == FD_SOCKET;
	return n;
}

void
expect_sockets(struct trial *t, size_t n, const char *key)
{
	size_t open = sockets_open(t);

	expect(open == n, key, words(_("%zu sockets are open now"), n), _("%zu are open"), open);
}

void
expect_ends(struct trial *t, int status, const char *key)
{
	trial_finish(t);
	expect_exit(t, status, key);
	expect(status == 0 || *trial_errors(t) != '\0', key,
	    _("what failed is said on standard error"), _("standard error is empty"));
}

static fault_id
next_call_fails(struct trial *t, enum call call, int error)
{
	return trial_fault(
	    t, (struct fault){
		   .call = call, .action = FAULT_FAIL, .nth = 1, .error = error, .optional = true});
}

struct failing_wait
next_wait_fails(struct trial *t, int error)
{
	return (struct failing_wait){.poll = next_call_fails(t, CALL_POLL, error),
	    .select = next_call_fails(t, CALL_SELECT, error)};
}

bool
wait_has_failed(struct trial *t, struct failing_wait wait)
{
	return fault_delivered(t, wait.poll) + fault_delivered(t, wait.select) > 0;
}
