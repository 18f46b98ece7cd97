/* judge.c - the checks of lab 09-prefork. */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"pass-descriptor", pass_descriptor},
	    {"pass-owner", pass_owner},
	    {"pass-failures", pass_failures},
	    {"pass-stray", pass_stray},
	    {"pass-memory", pass_memory},
	    {"pool-serves", pool_serves},
	    {"pool-serves-on", pool_serves_on},
	    {"pool-sleeps", pool_sleeps},
	    {"pool-closes", pool_closes},
	    {"pool-clients", pool_clients},
	    {"pool-replaces", pool_replaces},
	    {"pool-many-die", pool_many_die},
	    {"pool-fork-fails", pool_fork_fails},
	    {"pool-gives-up", pool_gives_up},
	    {"pool-stops", pool_stops},
	    {"pool-any-time", pool_any_time},
	    {"pool-meter", pool_meter},
	    {"pool-meter-successor", pool_meter_successor},
	    {"pool-meter-exact", pool_meter_exact},
	    {"usage", usage},
	    {"memory", memory},
	    {"select-wakes", select_wakes},
	    {"file-turn", file_turn},
	    {"file-killed", file_killed},
	    {"mutex-turn", mutex_turn},
	    {"mutex-killed", mutex_killed},
	    {"stream-serves", stream_serves},
	    {"stream-free", stream_free},
	    {"stream-full", stream_full},
	    {"stream-holds", stream_holds},
	    {"stream-dies", stream_dies},
	    {"stream-stops", stream_stops},
	    {"datagram-serves", datagram_serves},
	    {"datagram-full", datagram_full},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
