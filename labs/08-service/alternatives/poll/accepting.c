/* Different: the server waits in ppoll(), into which alone SIGCHLD comes; errors are in a table. */
#include "accepting.h"
#include <errno.h>
#include <stddef.h>

static const struct {
	int error;
	enum after_accept what;
} known[] = {
    {EINTR, ACCEPT_NEXT},
    {ECONNABORTED, ACCEPT_NEXT},
    {EPROTO, ACCEPT_NEXT},
    {ENETDOWN, ACCEPT_NEXT},
    {ENETUNREACH, ACCEPT_NEXT},
    {EHOSTDOWN, ACCEPT_NEXT},
    {EHOSTUNREACH, ACCEPT_NEXT},
    {ENONET, ACCEPT_NEXT},
    {ENOPROTOOPT, ACCEPT_NEXT},
    {EAGAIN, ACCEPT_NEXT}, /* our listening sockets do not block */
    {EMFILE, ACCEPT_LATER},
    {ENFILE, ACCEPT_LATER},
    {ENOBUFS, ACCEPT_LATER},
    {ENOMEM, ACCEPT_LATER},
};

enum after_accept
after_accept(int error)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].error == error)
			return known[i].what;
	return ACCEPT_NEVER;
}
