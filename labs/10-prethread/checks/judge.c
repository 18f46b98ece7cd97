/* judge.c - the checks of lab 10-prethread. */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"queue-order", queue_order},
	    {"queue-take-waits", queue_take_waits},
	    {"queue-put-waits", queue_put_waits},
	    {"queue-recheck", queue_recheck},
	    {"queue-wakes-each", queue_wakes_each},
	    {"queue-right-one", queue_right_one},
	    {"queue-locked", queue_locked},
	    {"queue-close", queue_closed},
	    {"queue-sleeps", queue_sleeps},
	    {"queue-signals", queue_signals},
	    {"queue-memory", queue_memory},
	    {"mutex-serves", mutex_serves},
	    {"mutex-turn", mutex_turn},
	    {"mutex-errors", mutex_errors},
	    {"mutex-crowded", mutex_crowded},
	    {"handover-serves", handover_serves},
	    {"handover-full", handover_full},
	    {"handover-idle", handover_idle},
	    {"handover-errors", handover_errors},
	    {"handover-crowded", handover_crowded},
	    {"threads-first", threads_first},
	    {"bad-clients", bad_clients},
	    {"sessions-apart", sessions_apart},
	    {"thread-counts", thread_counts},
	    {"sigint", sigint},
	    {"accept-fatal", accept_fatal},
	    {"no-threads", no_threads},
	    {"usage", usage},
	    {"pool-memory", pool_memory},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
