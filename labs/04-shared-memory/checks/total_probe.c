/* total_probe.c - calls the functions of total.h; its workers add ("-5", "12"). */
#include "total.h"

#include "workers.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static struct total *t;

static void
do_new(void)
{
	errno = 0;
	t = total_new();
	answer_put_int("result", t != NULL);
	answer_put_int("errno", errno);
}

static void
do_add(void)
{
	errno = 0;
	answer_put_int("result", total_add(t, (long)request_int(1)));
	answer_put_int("errno", errno);
}

static void
do_read(void)
{
	answer_put_int("total", total_read(t));
}

static void
do_free(void)
{
	errno = 0;
	answer_put_int("result", total_free(t));
	answer_put_int("errno", errno);
}

static void
add(const char *word)
{
	int result;

	errno = 0;
	result = total_add(t, strtol(word, NULL, 10));
	dprintf(STDOUT_FILENO, "%s: %d %d\n", word, result, result == 0 ? 0 : errno);
}

static void
do_work(void)
{
	start_workers(add);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"new", do_new},
	    {"add", do_add},
	    {"read", do_read},
	    {"free", do_free},
	    {"work", do_work},
	    {0},
	};

	return probe_serve(verbs);
}
