/* timeouts_probe.c - calls the functions of timeouts.h, on two lists. */
#include "probe.h"
#include "timeouts.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MANY = 64, LISTS = 2 };

static struct timeout all[MANY];
static struct timeouts lists[LISTS];

static struct timeouts *
list(void)
{
	return &lists[request_int(1) % LISTS];
}

static struct timeout *
asked_for(void)
{
	return &all[request_int(2) % MANY];
}

/* The moment in the words i and i + 1 of the request. */
static struct timespec
moment(int i)
{
	return (struct timespec){.tv_sec = request_int(i), .tv_nsec = (long)request_int(i + 1)};
}

/* Its number, -1 for NULL, -2 for something that was never in a list. */
static int
number_of(const struct timeout *t)
{
	if (t == NULL)
		return -1;
	for (int i = 0; i < MANY; i++)
		if (t == &all[i])
			return i;
	return -2;
}

static void
do_insert(void)
{
	struct timeout *t = asked_for();
	struct timespec due = moment(3);

	t->whose = t;
	timeout_insert(list(), t, &due);
	answer_put_int("sec", t->due.tv_sec);
	answer_put_int("nsec", t->due.tv_nsec);
	answer_put_int("whose", t->whose == t);
}

static void
do_remove(void)
{
	timeout_remove(list(), asked_for());
}

static void
do_due(void)
{
	struct timespec now = moment(2);

	answer_put_int("number", number_of(timeout_due(list(), &now)));
}

/* Takes out who is due, up to one more than there can be; puts their numbers into the answer. */
static void
do_drain(void)
{
	struct timespec now = moment(2);
	int n = 0;

	while (n <= MANY) {
		struct timeout *t = timeout_due(list(), &now);
		int number = number_of(t);

		if (number == -1)
			break;
		answer_put_at("number", (unsigned long)n++, number);
		if (number < 0)
			break;
		timeout_remove(list(), t);
	}
	answer_put_int("n", n);
}

static void
do_left(void)
{
	struct timespec now = moment(2), left = {-1, -1};
	struct timespec *result = timeout_left(list(), &now, &left);

	answer_put_int("null", result == NULL);
	answer_put_int("same", result == &left);
	answer_put_int("sec", left.tv_sec);
	answer_put_int("nsec", left.tv_nsec);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"insert", do_insert},
	    {"remove", do_remove},
	    {"due", do_due},
	    {"drain", do_drain},
	    {"left", do_left},
	    {0},
	};

	return probe_serve(verbs);
}
