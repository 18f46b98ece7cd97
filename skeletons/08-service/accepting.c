/* accepting.c - what to do when accept() fails. See accepting.h. */
#include "accepting.h"
#include <errno.h>

enum after_accept
after_accept(int error)
{
	/* YOUR WORK: sort the errors of accept(2) as service.h does */
	(void)error;
	return ACCEPT_NEVER;
}
