/* accepting.c - what to do when accept() fails. See accepting.h. */
#include "accepting.h"
#include <errno.h>

enum after_accept
after_accept(int error)
{
	/* STUDENT: sort the errors of accept(2) as service.h does */
	switch (error) {
	case EINTR:
	case ECONNABORTED:
	case EPROTO:
	case ENETDOWN:
	case ENETUNREACH:
	case EHOSTDOWN:
	case EHOSTUNREACH:
	case ENONET:
	case ENOPROTOOPT:
		return ACCEPT_NEXT;
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		return ACCEPT_LATER;
	default:
		return ACCEPT_NEVER;
	}
	/* INSTEAD
	(void)error;
	return ACCEPT_NEVER;
	*/
	/* END */
}
