/*
 * Different: the list is a ring that is closed while something is in it; the server reads
 * straight into the buffer of a client and finds the lines there, sends number and line with one
 * sendmsg(), and goes by the moments in the list to find its clients: it has no other list of
 * them.
 */
#include "timeouts.h"
#include <stdbool.h>
#include <stddef.h>

/* list->first is the earliest; its previous one is the latest. */
static bool
before(struct timespec a, struct timespec b)
{
	return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

void
timeout_insert(struct timeouts *list, struct timeout *t, const struct timespec *due)
{
	struct timeout *after = list->first;

	t->due = *due;
	if (after == NULL) {
		list->first = t->next = t->previous = t;
		return;
	}
	do
		after = after->previous;
	while (before(*due, after->due) && after != list->first);
	if (before(*due, after->due)) { /* earlier than all */
		after = after->previous;
		list->first = t;
	}
	t->previous = after;
	t->next = after->next;
	t->next->previous = t;
	after->next = t;
}

void
timeout_remove(struct timeouts *list, struct timeout *t)
{
	if (t->next == t) {
		list->first = NULL;
		return;
	}
	t->previous->next = t->next;
	t->next->previous = t->previous;
	if (list->first == t)
		list->first = t->next;
}

struct timeout *
timeout_due(const struct timeouts *list, const struct timespec *now)
{
	if (list->first != NULL && !before(*now, list->first->due))
		return list->first;
	return NULL;
}

struct timespec *
timeout_left(const struct timeouts *list, const struct timespec *now, struct timespec *left)
{
	struct timespec due;

	if (list->first == NULL)
		return NULL;
	due = list->first->due;
	if (before(due, *now))
		due = *now;
	if (due.tv_nsec < now->tv_nsec) {
		due.tv_nsec += 1000000000;
		due.tv_sec -= 1;
	}
	left->tv_sec = due.tv_sec - now->tv_sec;
	left->tv_nsec = due.tv_nsec - now->tv_nsec;
	return left;
}
