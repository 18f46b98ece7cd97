/* timeouts.c - a sorted list of absolute timeouts. See timeouts.h. */
#include "timeouts.h"
#include <stdbool.h>
#include <stddef.h>

/* STUDENT: helpers of your own, if you like: the earlier of two moments, two neighbours */
static bool
earlier(const struct timespec *a, const struct timespec *b)
{
	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec;
	return a->tv_nsec < b->tv_nsec;
}

/* From now on b comes directly after a. NULL stands for an end of the list. */
static void
join(struct timeouts *list, struct timeout *a, struct timeout *b)
{
	if (a != NULL)
		a->next = b;
	else
		list->first = b;
	if (b != NULL)
		b->previous = a;
	else
		list->last = a;
}
/* END */

void
timeout_insert(struct timeouts *list, struct timeout *t, const struct timespec *due)
{
	/* STUDENT: set the moment, find the place, and join t with its two neighbours */
	struct timeout *before = list->last;
	struct timeout *after = NULL;

	t->due = *due;
	/* From the end: who is renewed is mostly due last. Equals keep their order. */
	while (before != NULL && earlier(due, &before->due)) {
		after = before;
		before = before->previous;
	}
	join(list, before, t);
	join(list, t, after);
	/* INSTEAD
	(void)list;
	(void)t;
	(void)due;
	*/
	/* END */
}

void
timeout_remove(struct timeouts *list, struct timeout *t)
{
	/* STUDENT: join its neighbours with each other; there may be none */
	join(list, t->previous, t->next);
	/* INSTEAD
	(void)list;
	(void)t;
	*/
	/* END */
}

struct timeout *
timeout_due(const struct timeouts *list, const struct timespec *now)
{
	/* STUDENT: the first one, if its moment is not after now */
	if (list->first == NULL || earlier(now, &list->first->due))
		return NULL;
	return list->first;
	/* INSTEAD
	(void)list;
	(void)now;
	return NULL;
	*/
	/* END */
}

struct timespec *
timeout_left(const struct timeouts *list, const struct timespec *now, struct timespec *left)
{
	/* STUDENT: the first one's moment less now, borrowing a second if need be; 0 if it is past
	 */
	const struct timespec *due;

	if (list->first == NULL)
		return NULL;
	*left = (struct timespec){0};
	due = &list->first->due;
	if (!earlier(now, due))
		return left;
	left->tv_sec = due->tv_sec - now->tv_sec;
	left->tv_nsec = due->tv_nsec - now->tv_nsec;
	if (left->tv_nsec < 0) {
		left->tv_sec--;
		left->tv_nsec += 1000000000;
	}
	return left;
	/* INSTEAD
	(void)list;
	(void)now;
	(void)left;
	return NULL;
	*/
	/* END */
}
