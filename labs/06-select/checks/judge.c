/* judge.c - the checks of lab 06-select. */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"timeout-order", timeout_order},
	    {"timeout-equal", timeout_equal},
	    {"timeout-removed", timeout_removed},
	    {"timeout-due", timeout_is_due},
	    {"timeout-left", timeout_is_left},
	    {"chat-echo", chat_echo},
	    {"chat-everybody", chat_everybody},
	    {"chat-nobody-waits", chat_nobody_waits},
	    {"chat-pieces", chat_pieces},
	    {"chat-half-line", chat_half_line},
	    {"chat-long-lines", chat_long_lines},
	    {"chat-any-bytes", chat_any_bytes},
	    {"chat-short-writes", chat_short_writes},
	    {"chat-come-and-go", chat_come_and_go},
	    {"chat-slow-reader", chat_slow_reader},
	    {"chat-resets", chat_resets},
	    {"chat-same-round", chat_same_round},
	    {"accept-gone", accept_gone},
	    {"accept-full", accept_full},
	    {"fd-setsize", fd_setsize},
	    {"chat-interrupted", chat_interrupted},
	    {"chat-no-busy-waiting", chat_no_busy_waiting},
	    {"idle-goes", idle_goes},
	    {"idle-renewed", idle_renewed},
	    {"idle-left", idle_left},
	    {"sigterm-ends", sigterm_ends},
	    {"sigterm-not-lost", sigterm_not_lost},
	    {"chat-leaves-nothing", chat_leaves_nothing},
	    {"chat-memory", chat_memory},
	    {"chatd-usage", chatd_usage},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
