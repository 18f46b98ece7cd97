/* judge.c - the checks of lab 10-prethread. */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"queue-order", queue_order},
	    {"queue-take-waits", queue_take_waits},
	    {"queue-put-waits", queue_put_waits},
	    {"queue-recheck-take", queue_recheck_take},
	    {"queue-recheck-put", queue_recheck_put},
	    {"queue-wakes-takers", queue_wakes_takers},
	    {"queue-wakes-putters", queue_wakes_putters},
	    {"queue-right-one", queue_right_one},
	    {"queue-locked", queue_locked},
	    {"queue-close-take", queue_close_take},
	    {"queue-close-put", queue_close_put},
	    {"queue-sleeps", queue_sleeps},
	    {"queue-signals", queue_signals},
	    {"queue-unlocks", queue_unlocks},
	    {"queue-memory", queue_memory},
	    {"mutex-serves", mutex_serves},
	    {"mutex-serves-on", mutex_serves_on},
	    {"mutex-turn", mutex_turn},
	    {"mutex-errors", mutex_errors},
	    {"mutex-crowded", mutex_crowded},
	    {"handover-serves", handover_serves},
	    {"handover-serves-on", handover_serves_on},
	    {"handover-full", handover_full},
	    {"handover-idle", handover_idle},
	    {"handover-errors", handover_errors},
	    {"handover-crowded", handover_crowded},
	    {"handover-own-queue", handover_own_queue},
	    {"mutex-threads-first", mutex_threads_first},
	    {"mutex-bad-clients", mutex_bad_clients},
	    {"mutex-sessions", mutex_sessions},
	    {"mutex-counts", mutex_counts},
	    {"mutex-sigint", mutex_sigint},
	    {"mutex-accept-fatal", mutex_accept_fatal},
	    {"mutex-no-threads", mutex_no_threads},
	    {"mutex-output-fails", mutex_output_fails},
	    {"handover-threads-first", handover_threads_first},
	    {"handover-bad-clients", handover_bad_clients},
	    {"handover-sessions", handover_sessions},
	    {"handover-counts", handover_counts},
	    {"handover-sigint", handover_sigint},
	    {"handover-accept-fatal", handover_accept_fatal},
	    {"handover-no-threads", handover_no_threads},
	    {"handover-output-fails", handover_output_fails},
	    {"usage", usage},
	    {"pool-memory", pool_memory},
	    {"pool-bounds", pool_bounds},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
