/* timeouts.c - a sorted list of absolute timeouts. See timeouts.h. */
#include "timeouts.h"
#include <stdbool.h>
#include <stddef.h>

/* YOUR WORK: helpers of your own, if you like: the earlier of two moments, two neighbours */

void
timeout_insert(struct timeouts *list, struct timeout *t, const struct timespec *due)
{
	/* YOUR WORK: set the moment, find the place, and join t with its two neighbours */
	(void)list;
	(void)t;
	(void)due;
}

void
timeout_remove(struct timeouts *list, struct timeout *t)
{
	/* YOUR WORK: join its neighbours with each other; there may be none */
	(void)list;
	(void)t;
}

struct timeout *
timeout_due(const struct timeouts *list, const struct timespec *now)
{
	/* YOUR WORK: the first one, if its moment is not after now */
	(void)list;
	(void)now;
	return NULL;
}

struct timespec *
timeout_left(const struct timeouts *list, const struct timespec *now, struct timespec *left)
{
	/*
	 * YOUR WORK: the first one's moment less now, borrowing a second if need be; 0 if it is
	 * past
	 */
	(void)list;
	(void)now;
	(void)left;
	return NULL;
}
