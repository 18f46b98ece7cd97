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
