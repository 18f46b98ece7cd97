/*
 * timeouts.h - a sorted list of absolute timeouts.
 *
 * select() knows one timeout, and it is a span. A server has many, and each is a
 * moment: this client is to be gone at that time. So the moments are kept in a
 * list, the earliest first, and select() is given what is left until the first.
 *
 *	struct timeouts list = {0};            an empty list
 *	struct timespec now, left;
 *	struct timeout *t;
 *
 *	timeout_insert(&list, &client->idle, &due);
 *	...
 *	clock_gettime(CLOCK_MONOTONIC, &now);
 *	pselect(..., timeout_left(&list, &now, &left), ...);
 *	clock_gettime(CLOCK_MONOTONIC, &now);
 *	while ((t = timeout_due(&list, &now)) != NULL)
 *		...                            and it must leave the list
 *
 * Times are moments of the clock CLOCK_MONOTONIC, which nobody sets: tv_sec is
 * not negative and tv_nsec is 0 to 999999999. The caller owns each struct timeout,
 * usually as a part of what it belongs to. Nothing here allocates memory, reads a
 * clock or can fail.
 */
#ifndef TIMEOUTS_H
#define TIMEOUTS_H

#include <time.h>

struct timeout {
	struct timespec due;             /* the moment; timeout_insert() sets it */
	void *whose;                     /* the caller's: what the timeout is for */
	struct timeout *next, *previous; /* yours, while it is in a list */
};

/* A list of which every byte is 0 is empty. */
struct timeouts {
	struct timeout *first, *last; /* yours */
};

/*
 * Puts t into the list, at its place: behind all that are due earlier, and behind
 * all that are due at the same moment and came before. t is in no list. Its field
 * whose is left alone.
 */
void timeout_insert(struct timeouts *list, struct timeout *t, const struct timespec *due);

/* Takes t, which is in the list, out of it. The others keep their order. */
void timeout_remove(struct timeouts *list, struct timeout *t);

/*
 * The first of the list if its moment has come: now is that moment or later.
 * Otherwise NULL. It stays in the list.
 */
struct timeout *timeout_due(const struct timeouts *list, const struct timespec *now);

/*
 * How long it is from now until the first of the list is due: stores it in *left and
 * returns left. If that moment has come or is past, it is 0, never less. If the list is
 * empty, returns NULL, and leaves *left alone: there is nothing to wait for.
 */
struct timespec *timeout_left(
    const struct timeouts *list, const struct timespec *now, struct timespec *left);

#endif
