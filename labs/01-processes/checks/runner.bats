#!/usr/bin/env bats
# runner.bats - how runner reads its command line.
bats_load_library gabel.bash

# Nothing may have been started: what is missing is noticed before.
expect_usage() {
	run_trial runner "$@"
	expect_output "" command-line
	expect_status 2 command-line
	expect_error_contains "usage: runner COMMAND" command-line
}

# Task 2: "A command gets its arguments as they are" and "no command is
# started, not even a good one". For: words joined for a shell, or cut off;
# a missing command noticed only when its turn comes.
@test "runner-command-line: words arrive as they are, a missing command starts nothing" {
	local n
	draw n 100 999
	run_trial runner printf '<%s>' 'two words' '' '*' ';' '--' 6 7 8 9 10 11 "$n" --then true
	expect_output "<two words><><*><;><--><6><7><8><9><10><11><$n>printf: exited 0"$'\n'"true: exited 0" \
		command-line

	expect_usage
	expect_usage --then echo "$n"
	expect_usage echo "$n" --then
	expect_usage echo "$n" --then --then echo "$n"
}
