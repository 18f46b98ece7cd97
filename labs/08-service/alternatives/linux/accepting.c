/* Different: Linux's own means, signalfd() and epoll; the threads are C11's. */
#include "accepting.h"
#include <errno.h>

enum after_accept
after_accept(int error)
{
	if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM)
		return ACCEPT_LATER;
	if (error == EINTR || error == ECONNABORTED || error == EPROTO || error == ENOPROTOOPT)
		return ACCEPT_NEXT;
	if (error == ENETDOWN || error == ENETUNREACH || error == ENONET)
		return ACCEPT_NEXT;
	return error == EHOSTDOWN || error == EHOSTUNREACH ? ACCEPT_NEXT : ACCEPT_NEVER;
}
