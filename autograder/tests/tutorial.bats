#!/usr/bin/env bats
# tutorial.bats - the tutorial on judges is true: its files are taken out of
# autograder/judge/README.adoc, built in a kit of their own, and judge as it says.

load tutorial_kit

setup_file() {
	tutorial_kit_begin
}

teardown_file() {
	tutorial_kit_end
}

# grade DIRECTORY: sets status and output (JSON).
grade() {
	run "$KIT/build/gabel" check --lab 20 --format json --lang en "$1"
}

@test "the files are there" {
	run find "$KIT/labs" "$KIT/solutions" -type f -path '*20-relay*' -name '*.[chybp]*'
	[[ ${#lines[@]} -eq 11 ]] || {
		printf '%s\n' "${lines[@]}"
		false
	}
}

# shellcheck disable=SC2154 # strict is in tutorial_kit.bash
@test "every sample compiles without a warning" {
	build_judge
	for fragment in "$KIT"/fragments/*.c; do
		"${strict[@]}" -c -o /dev/null "$fragment"
	done
	for answer in "$KIT"/solutions/20-relay "$KIT"/labs/20-relay/alternatives/*; do
		"${strict[@]}" -I"$KIT/labs/20-relay" -o /dev/null "$answer"/*.c
	done
	shellcheck --shell=bats "$KIT/labs/20-relay/checks/copy.bats"
}

# What the tutorial leaves to the author (task sheets, more mistakes) is named, and nothing else.
@test "validation finds only what is still to be written" {
	local left

	build_judge
	run "$KIT/build/gabel" lab validate 20
	left=$(grep -vE '/(task|po)\b|skeletons/|: (alternatives|mistakes) that are there: 1;' <<<"$output" || true)
	echo "$left"
	[[ -z $left ]]
}

@test "the solution and the alternative get full points" {
	build_judge
	for answer in "$KIT"/solutions/20-relay "$KIT"/labs/20-relay/alternatives/*; do
		grade "$answer"
		echo "$output"
		[[ $status -eq 0 ]]
		[[ $output == *'"score": 100'* || $output == *'"score":100'* ]]
	done
}

@test "the mistake is caught as its head says" {
	build_judge
	cp -r "$KIT/solutions/20-relay" "$BATS_TEST_TMPDIR/wrong"
	patch -s -d "$BATS_TEST_TMPDIR/wrong" -p1 <"$KIT/labs/20-relay/mistakes/one-write.patch"
	grade "$BATS_TEST_TMPDIR/wrong"
	echo "$output"
	[[ $status -eq 1 ]]
	[[ $output == *'"key": "all-bytes"'* || $output == *'"key":"all-bytes"'* ]]
	[[ $output == *'"score": 70'* || $output == *'"score":70'* ]]
}

@test "what it names is there" {
	local name

	for name in trial_start trial_finish await_quiet await_held refute_zombies ask_begin look draw; do
		grep -q "\b$name(" autograder/judge/*.h
	done
	for name in new-lab skeletons prove check po; do
		grep -q "^$name:" Makefile
	done
}
