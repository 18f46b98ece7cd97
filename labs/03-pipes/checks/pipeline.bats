#!/usr/bin/env bats
# pipeline.bats - how the program pipeline reads its command line, and how it ends.
bats_load_library gabel.bash

# Nothing may have been started.
expect_usage() {
	run_trial pipeline "$@"
	expect_output "" command-line
	expect_status 2 command-line
	expect_error_contains "usage: pipeline COMMAND" command-line
}

# A pipeline of $1 commands.
many() {
	local i words=(cat)

	for ((i = 1; i < $1; i++)); do
		words+=(--to cat)
	done
	printf '%s\n' "${words[@]}"
}

# Task 3: "ends as the last of them did", "No command is started". For: words cut
# off or joined; a missing command noticed too late; the status of the first.
@test "pipeline-command-line: commands, their words, and how it ends" {
	local n words
	draw n 10 99

	run_trial --input "b a $n"$'\n' pipeline cat --to tr ' ' '\n' --to sort --to sh -c "cat; exit $n"
	expect_output "$n"$'\na\nb' command-line
	expect_status "$n" command-line

	run_trial pipeline printf '<%s>\n' 'two words' '' '*' "$n"
	expect_output $'<two words>\n<>\n<*>\n'"<$n>" command-line
	expect_status 0 command-line

	run_trial pipeline false --to sh -c 'kill -TERM $$'
	expect_status 143 command-line

	mapfile -t words < <(many 16)
	run_trial --input $'all the way\n' pipeline "${words[@]}"
	expect_output "all the way" command-line

	mapfile -t words < <(many 17)
	expect_usage "${words[@]}"
	expect_usage
	expect_usage --to cat
	expect_usage cat --to
	expect_usage cat --to --to cat

	run_trial --fault fail:fork:1:EAGAIN pipeline true
	expect_status 125 command-line
	expect_error_contains "pipeline: Resource temporarily unavailable" command-line
}
