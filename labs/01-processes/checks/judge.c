/* judge.c - the checks of lab 01-processes; children_probe.c says what the probe can do. */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"every-status", every_status},
	    {"status-by-index", status_by_index},
	    {"killed-child", killed_child},
	    {"all-at-once", all_at_once},
	    {"leaves-no-zombie", leaves_no_zombie},
	    {"child-stays-child", child_stays_child},
	    {"flushed-once", flushed_once},
	    {"interrupted-wait", interrupted_wait},
	    {"stopped-child", stopped_child},
	    {"own-children-only", own_children_only},
	    {"lost-child", lost_child},
	    {"fork-fails", fork_fails},
	    {"fork-fails-midway", fork_fails_midway},
	    {"children-memory", children_memory},
	    {"no-memory", no_memory},
	    {"runner-reports", runner_reports},
	    {"runner-killed", runner_killed},
	    {"runner-exec-fails", runner_exec_fails},
	    {"runner-output-order", runner_output_order},
	    {"runner-waits-for-its-command", runner_waits_for_its_command},
	    {"runner-fork-fails", runner_fork_fails},
	    {"runner-gives-up", runner_gives_up},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
