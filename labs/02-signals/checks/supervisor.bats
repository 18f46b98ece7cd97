#!/usr/bin/env bats
# supervisor.bats - how supervisor reads its command line.
bats_load_library gabel.bash

# Nothing may have been started: what is wrong is noticed before.
expect_usage() {
	run_trial supervisor "$@"
	expect_output "" command-line
	expect_status 2 command-line
	expect_error_contains "usage: supervisor WORKERS RESTARTS COMMAND" command-line
}

# Task 4: "The command gets its arguments as they are", "A wrong call starts
# nothing", "standard error says why". For: words joined for a shell, or cut off;
# a number that is none read as 0; a missing command; a supervisor that gives up
# without a word.
@test "supervisor-command-line: words arrive as they are, a wrong call starts nothing" {
	draw n 100 999
	# what a worker does quicker than the supervisor goes to sleep is another check's affair
	run_trial --late-ends supervisor 1 0 sh -c 'printf "<%s>" "$0" "$@" >&2' 'two words' '' '*' 5 6 7 8 "$n"
	expect_error_contains "<two words><><*><5><6><7><8><$n>" command-line
	local both=$'^start ([0-9]+)\nend ([0-9]+) exit 0$'
	[[ $output =~ $both && ${BASH_REMATCH[1]} == "${BASH_REMATCH[2]}" ]] ||
		expect_output "start PID"$'\n'"end PID exit 0" wrong-lines
	expect_status 1 exit-status

	run_trial --late-ends supervisor 1 0 /no/such/program
	expect_error_contains "/no/such/program" silent
	run_trial --late-ends supervisor 1 0 true
	[[ -n $errors ]] || fail_check silent "standard error says why the supervisor gives up" \
		"it holds: %s" "$(words nothing)"

	expect_usage
	expect_usage 2 5
	expect_usage 0 5 true
	expect_usage 65 5 true
	expect_usage 2a 5 true
	expect_usage 2 -1 true
	expect_usage 2 "" true
}
