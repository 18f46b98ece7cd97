/* judge.c - the checks of lab 12-lockset. */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"session-begins", lm_init_begins},
	    {"file-holds-name", file_holds_name},
	    {"session-names", session_names},
	    {"name-taken", name_taken},
	    {"name-race", name_race},
	    {"init-fails", init_fails},
	    {"lock-names", lock_names},
	    {"lock-taken", lock_taken},
	    {"lock-is-a-link", lock_is_a_link},
	    {"stat-tells", stat_tells},
	    {"lock-held", lock_held},
	    {"lock-own", lock_own},
	    {"one-winner", one_winner},
	    {"holder-whole", holder_whole},
	    {"release-gives", release_gives},
	    {"release-foreign", release_foreign},
	    {"lock-fails", lock_fails},
	    {"release-fails", release_fails},
	    {"stat-fails", stat_fails},
	    {"lock-waits", lock_waits},
	    {"no-busy-wait", no_busy_wait},
	    {"no-lost-release", no_lost_release},
	    {"many-wait", many_wait},
	    {"waits-through-signals", waits_through_signals},
	    {"wait-fails", wait_fails},
	    {"dead-holder", dead_holder},
	    {"dead-name", dead_name},
	    {"dead-again", dead_again},
	    {"dead-stat", dead_stat},
	    {"dead-while-waiting", dead_while_waiting},
	    {"alive-kept", alive_kept},
	    {"one-thief", one_thief},
	    {"killed-anywhere", killed_anywhere},
	    {"dead-fails", dead_fails},
	    {"free-fails", free_fails},
	    {"free-releases", free_releases},
	    {"free-in-order", free_in_order},
	    {"descriptors", descriptors},
	    {"memory", memory},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
