/*
 * meter_probe.c - calls the functions of meter.h.
 *
 * "run Q..." runs a metered child for each Q. Child i does Q pieces of work and
 * then ends; if Q is negative it does -Q pieces and then sleeps for ever.
 */
#include "meter.h"

#include "probe.h"
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { UNTOUCHED = -77 };

static long *meter;
static size_t n_meter;
static long counts[METER_MAX + 1];

static void
do_new(void)
{
	long other = 0;

	n_meter = (size_t)request_int(1);
	errno = 0;
	meter = meter_new(n_meter);
	answer_put_int("result", meter != NULL);
	answer_put_int("errno", errno);
	answer_put_int("map_failed", meter == MAP_FAILED);
	for (size_t i = 0; meter != NULL && meter != MAP_FAILED && i < n_meter; i++)
		other += meter[i] != 0;
	answer_put_int("not_zero", other);
}

static void
do_free(void)
{
	errno = 0;
	answer_put_int("result", meter_free(meter, n_meter));
	answer_put_int("errno", errno);
}

/* A child that counts request_int(2) in counter request_int(1); it has ended before the answer. */
static void
do_count(void)
{
	pid_t child = fork();

	if (child == 0) {
		for (long k = 0; k < request_int(2); k++)
			meter[request_int(1)]++;
		_exit(0);
	}
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	answer_put_int("counter", meter[request_int(1)]);
}

static int
work(size_t child)
{
	static long done;
	long long quota = request_int((int)child + 1);

	if (done++ < (quota < 0 ? -quota : quota))
		return (int)done; /* something else than 0 */
	if (quota < 0)
		for (;;)
			pause();
	return 0;
}

static void
run(size_t n)
{
	for (size_t i = 0; i <= METER_MAX; i++)
		counts[i] = UNTOUCHED;
	errno = 0;
	answer_put_int("result", run_metered(n, work, counts));
	answer_put_int("errno", errno);
	answer_put_int("beyond", n <= METER_MAX && counts[n] != UNTOUCHED);
	for (size_t i = 0; i < n && i <= METER_MAX && i < 20; i++)
		answer_put_at("count", i, counts[i]);
}

static void
do_run(void)
{
	run((size_t)request_count() - 1);
}

/* "run-many N": without work. */
static void
do_run_many(void)
{
	run((size_t)request_int(1));
}

/* Something is in the buffer of standard output when children are made. */
static void
do_buffer(void)
{
	printf("once\n");
	answer_put_int("result", 0);
}

static void
do_flush(void)
{
	answer_put_int("result", fflush(stdout));
}

/* A child that is not run_metered()'s: it has ended ("end") or stays. */
static void
do_stranger(void)
{
	pid_t child = fork();

	if (child == 0) {
		while (request_word(1)[0] != 'e')
			pause();
		_exit(0);
	}
	answer_put_int("pid", child);
}

int
main(void)
{
	static const struct verb verbs[] = {
	    {"new", do_new},
	    {"free", do_free},
	    {"count", do_count},
	    {"run", do_run},
	    {"run-many", do_run_many},
	    {"buffer", do_buffer},
	    {"flush", do_flush},
	    {"stranger", do_stranger},
	    {"handle", probe_handle},
	    {0},
	};

	return probe_serve(verbs);
}
