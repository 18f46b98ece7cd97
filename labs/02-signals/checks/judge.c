/*
 * judge.c - the checks of lab 02-signals. The probes say what they can do;
 * sleeping.c says how a race is provoked whatever a student waits with.
 */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"catch-signal", catch_signal_stays},
	    {"read-retrying", read_retrying_hides_handlers},
	    {"wait-for-flag", wait_for_flag_waits},
	    {"wait-loses-no-signal", wait_for_flag_loses_nothing},
	    {"reaper-every-status", reaper_every_status},
	    {"reaper-takes-all", reaper_takes_all},
	    {"reaper-early-end", reaper_early_end},
	    {"reaper-wait-loses-no-end", reaper_wait_loses_no_end},
	    {"reaper-stopped-child", reaper_stopped_child},
	    {"reaper-keeps-errno", reaper_keeps_errno},
	    {"reaper-safe-handler", reaper_handler_is_safe},
	    {"reaper-fork-like-fork", reaper_fork_is_like_fork},
	    {"timeout-in-time", timeout_in_time},
	    {"timeout-ends-program", timeout_ends_program},
	    {"timeout-early-alarm", timeout_early_alarm},
	    {"timeout-leaves-no-trace", timeout_leaves_no_trace},
	    {"timeout-hands-on-mask", timeout_hands_on_mask},
	    {"supervisor-restarts", supervisor_restarts},
	    {"supervisor-restarts-all", supervisor_restarts_all},
	    {"supervisor-stops", supervisor_stops},
	    {"supervisor-loses-no-sigterm", supervisor_loses_no_sigterm},
	    {"supervisor-young-worker", supervisor_young_worker},
	    {"supervisor-fork-fails", supervisor_fork_fails},
	    {"supervisor-gives-up", supervisor_gives_up},
	    {"supervisor-clean-start", supervisor_clean_start},
	    {"supervisor-memory", supervisor_memory},
	    {"supervisor-command-line", supervisor_command_line},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
