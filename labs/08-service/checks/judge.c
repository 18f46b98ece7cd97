/* judge.c - the checks of lab 08-service. */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"service-serves", service_serves},
	    {"service-side-by-side", service_side_by_side},
	    {"service-ready", service_ready},
	    {"service-parent-closes", service_parent_closes},
	    {"service-child-closes", service_child_closes},
	    {"service-no-zombie", service_no_zombie},
	    {"service-many-end", service_many_end},
	    {"service-ends-then", service_ends_then},
	    {"service-counts", service_counts},
	    {"service-crash", service_crash},
	    {"service-exit", service_exit},
	    {"service-inherits", service_inherits},
	    {"service-interrupted", service_interrupted},
	    {"service-accept", service_accept},
	    {"service-crowded", service_crowded},
	    {"service-no-process", service_no_process},
	    {"service-returns", service_returns},
	    {"service-opening", service_opening},
	    {"threaded-serves", threaded_serves},
	    {"threaded-side-by-side", threaded_side_by_side},
	    {"threaded-own", threaded_own},
	    {"threaded-ends", threaded_ends},
	    {"threaded-signals", threaded_signals},
	    {"threaded-failures", threaded_failures},
	    {"threaded-returns", threaded_returns},
	    {"cputime-lines", cputime_lines},
	    {"cputime-digits", cputime_digits},
	    {"cputime-safe", cputime_safe},
	    {"web-serves", web_serves},
	    {"web-at-once", web_at_once},
	    {"web-sigint", web_sigint},
	    {"web-usage", web_usage},
	    {"web-memory", web_memory},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
