/* judge.c - the checks of lab 03-pipes. */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"frame-format", frame_format},
	    {"frame-read", frame_read},
	    {"frame-in-pieces", frame_in_pieces},
	    {"frame-short-writes", frame_short_writes},
	    {"frame-interrupted", frame_interrupted},
	    {"frame-end-inside", frame_end_inside},
	    {"frame-too-long", frame_too_long},
	    {"frame-errors", frame_errors},
	    {"frame-memory", frame_memory},
	    {"partner-answers", partner_answers},
	    {"partner-over-socket", partner_over_socket},
	    {"partner-unused-ends", partner_unused_ends},
	    {"partner-no-deadlock", partner_no_deadlock},
	    {"partner-leaves-early", partner_leaves_early},
	    {"partner-interrupted", partner_interrupted},
	    {"partner-cannot-start", partner_cannot_start},
	    {"partner-memory", partner_memory},
	    {"pipeline-every-status", pipeline_every_status},
	    {"pipeline-data", pipeline_data},
	    {"pipeline-unused-ends", pipeline_unused_ends},
	    {"pipeline-sigpipe", pipeline_sigpipe},
	    {"pipeline-exec-fails", pipeline_exec_fails},
	    {"pipeline-cannot-start", pipeline_cannot_start},
	    {"pipeline-interrupted", pipeline_interrupted},
	    {"pipeline-memory", pipeline_memory},
	    {"mailbox-late-sender", mailbox_late_sender},
	    {"mailbox-late-receiver", mailbox_late_receiver},
	    {"mailbox-whole-messages", mailbox_whole_messages},
	    {"mailbox-failures", mailbox_failures},
	    {"mailbox-memory", mailbox_memory},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
