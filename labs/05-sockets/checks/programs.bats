#!/usr/bin/env bats
# programs.bats - how webserver and webclient read their command lines.
bats_load_library gabel.bash

# expect_usage PROGRAM [ARGUMENT]...
expect_usage() {
	run_trial "$@"
	expect_output "" usage
	expect_status 2 usage
	expect_error_contains "usage: $1 " usage
}

# "no argument, too many, or not a hostport"; "status 1". For: argv[1] that is not there; a
# failure that nobody reports.
@test "command-lines: arguments of webserver and webclient" {
	expect_usage webserver
	expect_usage webserver 127.0.0.1:0 more
	expect_usage webserver "[::1"
	expect_usage webclient
	expect_usage webclient 127.0.0.1:1 more
	expect_usage webclient --stream 127.0.0.1:1 more
	expect_usage webclient --stream :80

	run_trial webserver nobody.example
	expect_status 1 usage
	expect_error_contains "webserver: nobody.example: No such device or address" usage

	run_trial webclient 127.0.0.1
	expect_status 1 usage
	expect_error_contains "webclient: Connection refused" usage
}
