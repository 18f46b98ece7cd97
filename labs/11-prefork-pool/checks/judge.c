/* judge.c - the checks of lab 11-prefork-pool. */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"ready-serves", ready_serves},
	    {"ready-tree", ready_tree},
	    {"ready-again", ready_again},
	    {"ready-holds", ready_holds},
	    {"ready-ends", ready_ends},
	    {"ready-clients", ready_clients},
	    {"ready-child-dies", ready_child_dies},
	    {"ready-waiting-dies", ready_waiting_dies},
	    {"ready-accept-fails", ready_accept_fails},
	    {"ready-fork-fails", ready_fork_fails},
	    {"ready-stops", ready_stops},
	    {"ready-accepted", ready_accepted},
	    {"ready-any-time", ready_any_time},
	    {"ready-orphans", ready_orphans},
	    {"ready-session", ready_session},
	    {"ready-returns", ready_returns},
	    {"pool-serves", pool_serves},
	    {"pool-starts", pool_starts},
	    {"pool-grows", pool_grows},
	    {"pool-limit", pool_limit},
	    {"pool-shrinks", pool_shrinks},
	    {"pool-told", pool_told},
	    {"pool-holds", pool_holds},
	    {"pool-dies", pool_dies},
	    {"pool-fails", pool_fails},
	    {"pool-stops", pool_stops},
	    {"pool-orphans", pool_orphans},
	    {"pool-session", pool_session},
	    {"says-ready", says_ready},
	    {"usage", usage},
	    {"pool-bounds", pool_bounds},
	    {"memory", memory},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
