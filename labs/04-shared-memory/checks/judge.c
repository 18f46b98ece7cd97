/* judge.c - the checks of lab 04-shared-memory. */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"meter-shared", meter_shared},
	    {"meter-freed", meter_freed},
	    {"metered-run", metered_run},
	    {"metered-together", metered_together},
	    {"metered-waits", metered_waits},
	    {"metered-cannot-start", metered_cannot_start},
	    {"metered-any-order", metered_any_order},
	    {"meter-memory", meter_memory},
	    {"total-adds", total_adds},
	    {"total-any-order", total_any_order},
	    {"handover-arrives", handover_arrives},
	    {"handover-early", handover_early},
	    {"handover-at-the-door", handover_at_the_door},
	    {"handover-message-first", handover_message_first},
	    {"handover-signal-alone", handover_signal_alone},
	    {"handover-mask", handover_mask},
	    {"handover-refuses", handover_refuses},
	    {"ring-in-order", ring_in_order},
	    {"ring-empty-waits", ring_empty_waits},
	    {"ring-full-waits", ring_full_waits},
	    {"ring-stolen-item", ring_stolen_item},
	    {"ring-stolen-place", ring_stolen_place},
	    {"ring-every-item", ring_every_item},
	    {"ring-any-order", ring_any_order},
	    {"ring-closed", ring_closed},
	    {"ring-owner-dies", ring_owner_dies},
	    {"ring-dies-while-waking", ring_dies_while_waking},
	    {"ring-refuses", ring_refuses},
	    {"belt-in-order", belt_in_order},
	    {"belt-waits", belt_waits},
	    {"belt-any-order", belt_any_order},
	    {"belt-interrupted", belt_interrupted},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
