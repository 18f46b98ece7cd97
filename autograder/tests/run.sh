#!/bin/bash
# run.sh - proves the kit with what a student has installed; make test calls it.
#
#	SMOKE=1      only what shows that this machine can grade: the tests in C,
#	             the labs' descriptions, skeletons and solutions; not the tests
#	             in shell, not the labs' wrong and alternative answers
#	SANITIZE=1   what the sanitizer build adds: the tests in C, and one
#	             submission of each lab graded
#
# Everything must be built. Ends with the line "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
# shellcheck source-path=SCRIPTDIR source=count.bash
. autograder/tests/count.bash

readonly MINUTES=20
build="build${SANITIZE:+-sanitize}"
export GABEL_BUILD=$PWD/$build
unset LANGUAGE
export LC_ALL=C.UTF-8

main() {
	[[ -z ${SMOKE:-} ]] || echo "SMOKE=1: without the tests in shell, and of each lab only its solution."
	count_begin "$MINUTES"
	tests_in_c
	[[ -n ${SANITIZE:-} ]] || labs
	if [[ -n ${SANITIZE:-}${SMOKE:-} ]]; then
		solutions
	else
		tests_in_shell
		fairness
	fi
	count_end
}

tests_in_c() {
	local test

	for test in "$build"/tests/*_test; do
		[[ -x $test ]] && CMOCKA_MESSAGE_OUTPUT=TAP count_tap "${test##*/}" "$test"
	done
}

tests_in_shell() {
	local test

	for test in autograder/tests/*.bats; do
		[[ -e $test ]] && count_tap "${test##*/}" bats --formatter tap "$test"
	done
}

names_of_labs() {
	local lab

	for lab in labs/*/lab.yaml; do
		[[ -e $lab ]] && basename "${lab%/lab.yaml}"
	done
}

# gabel check succeeds for full points only.
solutions() {
	local lab

	for lab in $(names_of_labs); do
		count_item "$lab: the solution gets all points" \
			"$build/gabel" check --lab "$lab" --lang en "solutions/$lab"
	done
}

labs() {
	local lab

	for lab in $(names_of_labs); do
		count_item "$lab: its description is valid" build/gabel lab validate "$lab"
		count_item "$lab: its skeleton is that of its solution" \
			build/skeleton --check "solutions/$lab" "skeletons/$lab"
		count_item "$lab: solution and skeleton compile without a warning" \
			autograder/tests/compiles.sh "$lab"
	done
}

# Every solution, skeleton and alternative, and of three mistakes one, drawn anew each time, at the
# checks that it names: nobody should wait longer. Every mistake by every check judge make prove and .ci/run.
fairness() {
	local lab

	for lab in $(names_of_labs); do
		count_tap "$lab: right answers and a third of the wrong ones get what they deserve" \
			"$build/prove" --named --every 3 -j "$((2 * $(nproc)))" "$lab"
	done
}

main
