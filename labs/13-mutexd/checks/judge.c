/* judge.c - the checks of lab 13-mutexd. */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"greets", greets},
	    {"first-line", first_line},
	    {"names", names},
	    {"name-taken", name_taken},
	    {"locks", locks},
	    {"release", releases},
	    {"stat", stat_tells},
	    {"not-yours", not_yours},
	    {"unknown", unknown},
	    {"lock-names", lock_names},
	    {"waits", waits},
	    {"waiting-told", waiting_told},
	    {"no-busy-wait", no_busy_wait},
	    {"handover", handover},
	    {"cancelled", cancelled},
	    {"ahead", ahead},
	    {"bounded", bounded},
	    {"ended", ended},
	    {"pieces", pieces},
	    {"too-long", too_long},
	    {"stalled", stalled},
	    {"gone", gone},
	    {"stops", stops},
	    {"stops-sessions", stops_sessions},
	    {"stops-anywhere", stops_anywhere},
	    {"leaves-nothing", leaves_nothing},
	    {"directory", directory},
	    {"command-line", command_line},
	    {"mxp-runs", mxp_runs},
	    {"mxp-status", mxp_status},
	    {"mxp-refused", mxp_refused},
	    {"mxp-alone", mxp_alone},
	    {"memory", memory},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
