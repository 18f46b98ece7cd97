/* judge.c - the checks of lab 05-sockets. */
#include "checks.h"

int
main(int argc, char *argv[])
{
	static const struct check checks[] = {
	    {"hostport-names", hostport_names},
	    {"hostport-ipv6", hostport_ipv6},
	    {"hostport-bad", hostport_bad},
	    {"hostport-limits", hostport_limits},
	    {"hostport-memory", hostport_memory},
	    {"listen-on", listen_on_address},
	    {"listen-next", listen_next},
	    {"listen-again", listen_again},
	    {"connect-to", connect_to_address},
	    {"connect-next", connect_next},
	    {"connect-interrupted", connect_interrupted},
	    {"local-address", own_address},
	    {"net-memory", net_memory},
	    {"line-by-line", line_by_line},
	    {"line-in-pieces", line_in_pieces},
	    {"line-too-long", line_too_long},
	    {"line-any-bytes", line_any_bytes},
	    {"write-all", write_all_bytes},
	    {"lines-memory", lines_memory},
	    {"server-answers", server_answers},
	    {"server-cut", server_cut},
	    {"server-bad-counts", server_bad_counts},
	    {"server-vanished", server_vanished},
	    {"server-accept", server_accept},
	    {"server-ends", server_ends},
	    {"server-memory", server_memory},
	    {"client-turns", client_turns},
	    {"client-failures", client_failures},
	    {"stream-half-close", stream_half_close},
	    {"stream-both-ways", stream_both_ways},
	    {"client-memory", client_memory},
	    {"command-lines", command_lines},
	    {"connect-within", connect_within_limit},
	    {"connect-gives-up", connect_gives_up},
	    {"udp-answers", udp_answers},
	    {"udp-lost", udp_lost},
	    {"udp-others", udp_others},
	    {"udp-interrupted", udp_interrupted},
	    {"patience-memory", patience_memory},
	};

	return judge_main(argc, argv, checks, sizeof checks / sizeof *checks);
}
