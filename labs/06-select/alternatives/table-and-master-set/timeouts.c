/*
 * Different: the list is kept with the latest first, so that "last" is the
 * earliest; the chat has a table of slots, a master set that is copied for each select(), accepts
 * until nobody is left in the queue, and ignores SIGPIPE.
 */
#include "timeouts.h"
#include <stddef.h>

/* Negative, 0 or positive, as strcmp() does it. */
static int
compare(const struct timespec *a, const struct timespec *b)
{
	if (a->tv_sec == b->tv_sec)
		return (a->tv_nsec > b->tv_nsec) - (a->tv_nsec < b->tv_nsec);
	return a->tv_sec > b->tv_sec ? 1 : -1;
}

void
timeout_insert(struct timeouts *list, struct timeout *t, const struct timespec *due)
{
	struct timeout *later = NULL, *here = list->first;

	/* first: the latest; whoever came later at the same moment stands before. */
	while (here != NULL && compare(&here->due, due) > 0) {
		later = here;
		here = here->next;
	}
	t->due = *due;
	t->previous = later;
	t->next = here;
	if (later == NULL)
		list->first = t;
	else
		later->next = t;
	if (here == NULL)
		list->last = t;
	else
		here->previous = t;
}

void
timeout_remove(struct timeouts *list, struct timeout *t)
{
	if (list->first == t)
		list->first = t->next;
	if (list->last == t)
		list->last = t->previous;
	if (t->previous != NULL)
		t->previous->next = t->next;
	if (t->next != NULL)
		t->next->previous = t->previous;
}

struct timeout *
timeout_due(const struct timeouts *list, const struct timespec *now)
{
	if (list->last != NULL && compare(&list->last->due, now) <= 0)
		return list->last;
	return NULL;
}

struct timespec *
timeout_left(const struct timeouts *list, const struct timespec *now, struct timespec *left)
{
	const struct timeout *earliest = list->last;

	if (earliest == NULL)
		return NULL;
	if (compare(&earliest->due, now) <= 0) {
		left->tv_sec = 0;
		left->tv_nsec = 0;
	} else if (earliest->due.tv_nsec >= now->tv_nsec) {
		left->tv_sec = earliest->due.tv_sec - now->tv_sec;
		left->tv_nsec = earliest->due.tv_nsec - now->tv_nsec;
	} else {
		left->tv_sec = earliest->due.tv_sec - now->tv_sec - 1;
		left->tv_nsec = 1000000000 + earliest->due.tv_nsec - now->tv_nsec;
	}
	return left;
}
