/* judge.c - the checks of lab 07-poll. */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"queue-order", queue_order},
	    {"queue-full-descriptor", queue_full_descriptor},
	    {"queue-short-writes", queue_short_writes},
	    {"queue-bound", queue_bound},
	    {"queue-failures", queue_failures},
	    {"queue-memory", queue_memory},
	    {"lines-split", lines_split},
	    {"lines-too-long", lines_too_long},
	    {"lines-read", lines_read_once},
	    {"lines-memory", lines_memory},
	    {"echo-lines", echo_lines},
	    {"echo-bytes", echo_bytes},
	    {"echo-pieces", echo_pieces},
	    {"echo-nonblocking", echo_nonblocking},
	    {"echo-sleeps", echo_sleeps},
	    {"echo-slow-reader", echo_slow_reader},
	    {"echo-half-close", echo_half_close},
	    {"echo-hangups", echo_hangups},
	    {"echo-many", echo_many},
	    {"echo-accept", echo_accept},
	    {"echo-no-descriptors", echo_no_descriptors},
	    {"no-memory", without_memory},
	    {"echo-too-long", echo_too_long},
	    {"echo-interrupted", echo_interrupted},
	    {"echo-sigterm", echo_sigterm},
	    {"usage", usage},
	    {"bus-usage", bus_usage},
	    {"bus-names", bus_names},
	    {"bus-publish", bus_publish},
	    {"bus-send", bus_send},
	    {"bus-leaves", bus_leaves},
	    {"bus-name-rules", bus_name_rules},
	    {"bus-bad-lines", bus_bad_lines},
	    {"bus-slow", bus_slow},
	    {"bus-slow-leaves", bus_slow_leaves},
	    {"bus-burst", bus_burst},
	    {"bus-own-answers", bus_own_answers},
	    {"bus-memory", bus_memory},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
