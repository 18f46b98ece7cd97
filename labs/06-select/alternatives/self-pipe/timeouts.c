/*
 * Different: the list is linked in one direction and searched from its beginning; times become
 * one number before they are compared. The server has a list of clients, is told of SIGTERM
 * through a pipe, reads until nothing is left, and sends with MSG_DONTWAIT on sockets that block.
 */
#include "timeouts.h"
#include <stddef.h>

static long long
nanoseconds(const struct timespec *t)
{
	return t->tv_sec * 1000000000LL + t->tv_nsec;
}

void
timeout_insert(struct timeouts *list, struct timeout *t, const struct timespec *due)
{
	struct timeout **place = &list->first;

	while (*place != NULL && nanoseconds(&(*place)->due) <= nanoseconds(due))
		place = &(*place)->next;
	t->due = *due;
	t->next = *place;
	*place = t;
}

void
timeout_remove(struct timeouts *list, struct timeout *t)
{
	struct timeout **place = &list->first;

	while (*place != t)
		place = &(*place)->next;
	*place = t->next;
}

struct timeout *
timeout_due(const struct timeouts *list, const struct timespec *now)
{
	struct timeout *first = list->first;

	return first != NULL && nanoseconds(&first->due) <= nanoseconds(now) ? first : NULL;
}

struct timespec *
timeout_left(const struct timeouts *list, const struct timespec *now, struct timespec *left)
{
	long long span;

	if (list->first == NULL)
		return NULL;
	span = nanoseconds(&list->first->due) - nanoseconds(now);
	if (span < 0)
		span = 0;
	left->tv_sec = (time_t)(span / 1000000000);
	left->tv_nsec = (long)(span % 1000000000);
	return left;
}
