/* Different: a thread does nothing but wait for children; no handler of SIGCHLD anywhere. */
#include "accepting.h"
#include <errno.h>
#include <stdbool.h>

/* About one connection, or about nothing at all. */
static bool
is_passing(int error)
{
	return error == EINTR || error == ECONNABORTED || error == EPROTO || error == ENETDOWN ||
	       error == ENETUNREACH || error == EHOSTDOWN || error == EHOSTUNREACH ||
	       error == ENONET || error == ENOPROTOOPT;
}

enum after_accept
after_accept(int error)
{
	switch (error) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		return ACCEPT_LATER;
	default:
		return is_passing(error) ? ACCEPT_NEXT : ACCEPT_NEVER;
	}
}
