/*
 * queue_probe.h - the probe of a queue: ring_probe.c and belt_probe.c say which one.
 *
 * They define make(), put(), take(), end(), release() and announce() before they include it.
 * Workers are "p7", which puts 7, and "t", which takes; they write "put RESULT
 * ERRNO" or "took RESULT ITEM".
 */
#include "workers.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static void
do_new(void)
{
	errno = 0;
	answer_put_int("result", make((size_t)request_int(1)));
	answer_put_int("errno", errno);
}

static void
do_put(void)
{
	errno = 0;
	answer_put_int("result", put((int)request_int(1)));
	answer_put_int("errno", errno);
}

static void
do_take(void)
{
	int item = -1;

	answer_put_int("result", take(&item));
	answer_put_int("item", item);
}

static void
do_close(void)
{
	end();
	answer_put_int("result", 0);
}

static void
do_free(void)
{
	errno = 0;
	answer_put_int("result", release());
	answer_put_int("errno", errno);
}

static void
do_announce(void)
{
	announce();
	answer_put_int("result", 0);
}

static void
put_or_take(const char *word)
{
	int item = -1, result;

	errno = 0;
	if (word[0] == 'p') {
		result = put(atoi(word + 1));
		dprintf(STDOUT_FILENO, "put %d %d\n", result, result == 0 ? 0 : errno);
	} else {
		result = take(&item);
		dprintf(STDOUT_FILENO, "took %d %d\n", result, item);
	}
}

static void
do_work(void)
{
	start_workers(put_or_take);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"new", do_new},
	    {"put", do_put},
	    {"take", do_take},
	    {"close", do_close},
	    {"free", do_free},
	    {"work", do_work},
	    {"announce", do_announce},
	    {"handle", probe_handle},
	    {0},
	};

	return probe_serve(verbs);
}
