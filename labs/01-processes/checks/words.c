/* words.c - how a child ended, as status[] says it. */
#include "checks.h"

const char *
ending(int status)
{
	if (status == -1)
		return _("lost (CHILD_LOST)");
	if (status == -2)
		return _("no status at all: the element was never set");
	return ending_of(status);
}
