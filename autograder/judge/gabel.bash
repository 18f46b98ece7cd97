# shellcheck shell=bash disable=SC2154 # status, output and errors are set by name in run_trial
# gabel.bash - for a lab's bats file: starts a student's program in the sandbox
# and says why a test failed.
#
#	bats_load_library gabel.bash
#
#	@test "runner-reports: the status of a command" {
#		draw n 1 9
#		run_trial runner sh -c "exit $n"
#		expect_status 0 runner-status
#		expect_output "sh: exited $n" runner-report
#	}
#
# What stands before the colon is the check's id in lab.yaml. A test that
# fails names a key of the lab's hints (checks/hints.c). A test that fails in
# another way, by a command of its own, counts as a fault of the grader: it
# costs the student nothing, and you are told.
#
# A bats file is trusted and runs outside of the sandbox. Never start a
# student's program but by run_trial.

# run_trial [OPTION]... PROGRAM [ARGUMENT]...
# Options are those of build/trial (run it without any to see them): --input,
# --input-file, --env, --file, --fault, --limit, --late-ends. Sets status (128 + signal
# when a signal ended it), output and errors, both without newlines at their
# end. Fails by itself when the program crashes, hangs, runs into a limit, or
# never comes by a fault.
run_trial() {
	set +T # bats notes every command for its stack trace, which is most of what a trial costs
	gabel_run_trial "$@"
	set -T
}

# expect_status N KEY
expect_status() {
	[[ $status -eq $1 ]] || gabel_fail status "$1" "$2"
}

# expect_output TEXT KEY: the program wrote these lines, each with its newline, and nothing else.
expect_output() {
	local end=$'\n' whole

	[[ -z $1 ]] && end=
	gabel_part whole output
	[[ $whole == "$1$end" ]] || gabel_fail output "$1$end" "$2"
}

# expect_error_contains TEXT KEY: TEXT is somewhere in what the program wrote to standard error.
expect_error_contains() {
	[[ $errors == *"$1"* ]] || gabel_fail errors "$1" "$2"
}

# fail_check KEY EXPECTED SEEN [ARGUMENT]...: in your own words, in the student's language;
# the arguments fill SEEN as printf does. See words.
fail_check() {
	local key=$1 expected=$2 seen

	# shellcheck disable=SC2059 # it is a format
	printf -v seen "$3" "${@:4}"
	gabel_fail check "$key" "$expected" "$seen"
}

# words TEXT [ARGUMENT]...: prints TEXT in the student's language (labs/NN/po), the arguments
# filled in as printf does.
words() {
	local format

	format=$(TEXTDOMAINDIR=$GABEL_ROOT/build/locale gettext -d "${GABEL_LAB##*/}" "$1")
	# shellcheck disable=SC2059 # it is a format
	printf "$format" "${@:2}"
}

# draw NAME LOW HIGH: sets the variable NAME to a number from LOW to HIGH, drawn from the check's
# seed: the same seed, the same numbers.
draw() {
	if [[ -z ${gabel_state:-} ]]; then
		gabel_state=$(cksum <<<"$GABEL_SEED $(gabel_check)")
		gabel_state=${gabel_state%% *}
	fi
	((gabel_state = (gabel_state * 1103515245 + 12345) & 0x7fffffff)) || true
	printf -v "$1" %d $((($2) + (gabel_state >> 8) % (($3) - ($2) + 1)))
}

# ---- not for tests --------------------------------------------------------------

gabel_run_trial() {
	local said verdict

	if ! said=$("$GABEL_ROOT/build/trial" --into "$BATS_TEST_TMPDIR/trial" "$@" 2>&1) &&
		[[ ! -e $BATS_TEST_TMPDIR/trial/status ]]; then
		gabel_fail fault "$said"
	fi
	gabel_part status status
	gabel_part output output
	gabel_part errors errors
	gabel_part verdict verdict
	gabel_chomp status
	gabel_chomp output
	gabel_chomp errors
	[[ $verdict == passed ]] || gabel_fail ended
}

gabel_check() {
	printf %s "${BATS_TEST_DESCRIPTION%%[: ]*}"
}

# gabel_part NAME PART: sets the variable NAME to a part of the last trial's record, without its
# NUL bytes, which no variable holds. No process is made for it: tests have many trials.
gabel_part() {
	local gabel_piece gabel_all=

	while IFS= read -r -d '' gabel_piece; do
		gabel_all+=$gabel_piece
	done <"$BATS_TEST_TMPDIR/trial/$2"
	printf -v "$1" %s "$gabel_all$gabel_piece"
}

# gabel_chomp NAME: takes the newlines at the end of this variable away.
gabel_chomp() {
	local gabel_all=${!1}

	while [[ $gabel_all == *$'\n' ]]; do
		gabel_all=${gabel_all%$'\n'}
	done
	printf -v "$1" %s "$gabel_all"
}

# Ends the test, whatever construct it was called in.
gabel_fail() {
	"$GABEL_ROOT/build/trial" --fail "$(gabel_check)" "$BATS_TEST_TMPDIR/trial" "$@"
	exit 1
}
