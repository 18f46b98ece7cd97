#!/usr/bin/env bats
# The bundled sample class, graded as make grade does it.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup_file() {
	export class=$BATS_TEST_DIRNAME/../samples/class expected=$BATS_TEST_DIRNAME/../samples/expected
	export out=$BATS_FILE_TMPDIR/out status_file=$BATS_FILE_TMPDIR/status
	local status=0

	# Not below BATS_FILE_TMPDIR: as root, submissions run under a user who may not go there.
	temporary=$(mktemp -d)
	export temporary
	chmod 711 "$temporary"
	TMPDIR=$temporary "$BATS_TEST_DIRNAME/../../build/gabel" grade --lang en -j "$(nproc)" \
		--out "$out" "$class" >"$BATS_FILE_TMPDIR/table" 2>"$BATS_FILE_TMPDIR/errors" 3>&- || status=$?
	echo "$status" >"$status_file"
}

teardown_file() {
	rm -rf "$temporary"
}

@test "the class is graded without a fault of the grader" {
	assert_equal "$(cat "$status_file")" 0
	run cat "$BATS_FILE_TMPDIR/errors"
	assert_output ""
	run grep -l '"grader fault"' -r "$out/results"
	assert_output ""
}

@test "every student gets what the sample is there to get" {
	run diff "$expected" <(sed '/^$/q' "$BATS_FILE_TMPDIR/table" | sed '/^$/d')
	assert_output ""
}

@test "every submission has a result" {
	local handed_in results

	handed_in=$(find "$class" -mindepth 2 -maxdepth 2 | wc -l)
	results=$(find "$out/results" -name '*.json' | wc -l)
	assert_equal "$results" "$handed_in"
}

# counted STUDENT LAB VERDICT: how many checks ended so.
counted() {
	grep -oE '"verdict": *"[^"]*"' "$out/results/$1/$2.json" | grep -cF "\"$3\"" || true
}

@test "hanging and forking without end have verdicts of their own" {
	assert [ "$(counted student-05 01-processes 'timed out')" -gt 10 ]
	assert [ "$(counted student-06 01-processes 'left processes')" -gt 5 ]
	assert_equal "$(counted student-06 01-processes passed)" 0
	assert_equal "$(counted student-04 01-processes 'does not build')" \
		"$(grep -c '"verdict"' "$out/results/student-04/01-processes.json" | head -1)"
}

@test "the two hostile archives are refused with a reason, and write nothing anywhere" {
	assert_file_says student-08/01-processes.json '"cannot be graded"' '../../../../tmp/children.c'
	assert_file_says student-08/02-signals.json '"cannot be graded"' 'reaper.c'
	run find "$BATS_FILE_TMPDIR" "$temporary" -name '*.c'
	assert_output ""
	assert [ ! -e /tmp/children.c ]
}

assert_file_says() {
	local file=$out/results/$1 text
	shift
	for text; do
		grep -qF "$text" "$file" || fail "$file does not say $text"
	done
}

@test "nothing is left in TMPDIR" {
	run find "$temporary" -mindepth 1
	assert_output ""
}

@test "the class page names every student and links to a page of her own" {
	local student

	for student in "$class"/*; do
		student=${student##*/}
		grep -qF "$student" "$out/index.html" || fail "index.html does not name $student"
		assert [ -s "$out/students/$student.html" ]
	done
}
