#!/usr/bin/env bats
# The gabel command as people and scripts call it: what it says to wrong words,
# its exit status, and that nothing is left of it however it ends. The kit
# around it is made here, with one small lab whose judge is a shell script.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup_file() {
	repository=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	built=${GABEL_BUILD:-$repository/build}
	# The sandbox's user has to get here, which bats' own folders do not allow.
	export kit
	kit=$(mktemp -d /tmp/gabel-cli.XXXXXX)
	chmod 755 "$kit"
	mkdir -p "$kit/build/labs/01-small" "$kit/labs/01-small/checks" "$kit/skeletons/01-small"
	cp "$built/gabel" "$kit/build/"
	cp "$repository/build/keeper" "$repository/build/probe.o" "$kit/build/"
	ln -s "$repository/autograder" "$kit/autograder"
	small_lab "$kit"
}

teardown_file() {
	rm -r "$kit"
}

small_lab() {
	cat >"$1/labs/01-small/lab.yaml" <<-'END'
	schema: 1
	title: Small
	files: [hello.c]
	contract: [hello.h]
	programs:
	  hello:
	    student: [hello.c]
	checks:
	  - id: first
	    title: The first
	    points: 60
	    visibility: public
	    programs: [hello]
	  - id: second
	    title: The second
	    points: 40
	    visibility: public
	    programs: [hello]
	    requires: [first]
	END
	echo '/* The contract. */' | tee "$1/labs/01-small/hello.h" >"$1/labs/01-small/checks/judge.c"
	printf 'int\nmain(void)\n{\n\treturn 1;\n}\n' >"$1/skeletons/01-small/hello.c"
	# The program's first word decides: the judge runs nothing.
	cat >"$1/build/labs/01-small/judge" <<-'END'
	#!/bin/sh
	say() { printf '%s\n' "$1" >&9; }
	say '{"type":"plan","checks":["'$GABEL_CHECKS'"]}'
	say '{"type":"begin","check":"'$GABEL_CHECKS'"}'
	[ -x "$GABEL_STAGE/bin/hello" ] || exit 1
	. "$GABEL_ROOT/behaviour"
	say '{"type":"end","check":"'$GABEL_CHECKS'","verdict":"'"$verdict"'","key":"k","message":"m"}'
	END
	chmod 755 "$1/build/labs/01-small/judge"
}

setup() {
	export LC_ALL=C.UTF-8 TMPDIR=$kit/tmp
	unset LANGUAGE
	mkdir -p "$TMPDIR"
	gabel=$kit/build/gabel
	good=$BATS_TEST_TMPDIR/good
	mkdir "$good"
	printf 'int main(void) { return 0; }\n' >"$good/hello.c"
	echo 'verdict=passed' >"$kit/behaviour"
}

# Nothing temporary is left, whatever the test did.
teardown() {
	run ls -A "$TMPDIR"
	rm -rf "$TMPDIR"
	assert_output ""
}

# ---- words ---------------------------------------------------------------------

@test "without words it explains itself" {
	run -0 "$gabel"
	assert_line --partial "gabel check"
	assert_line --partial "Exit status: 0 full points"
}

@test "help explains a command and its options; --help is the same" {
	run -0 "$gabel" help check
	assert_line --partial "--isolation KIND"
	refute_line --partial "--resume"
	help=$output
	run -0 "$gabel" check --help
	assert_output "$help"
}

@test "the manual page has every command and option" {
	local page=$BATS_TEST_DIRNAME/../man/gabel.1 command option
	for command in $("$gabel" help | sed -n 's/^  gabel \([a-z]*\).*/\1/p'); do
		grep -q "^\.Cm $command" "$page" || fail "gabel $command"
		for option in $("$gabel" help "$command" | grep -o -- ' --[a-z]*' | sort -u); do
			grep -q -- "Fl -${option#--}" "$page" || fail "gabel $command $option"
		done
	done
}

@test "a mistyped command is answered with the nearest" {
	run -2 "$gabel" chekc
	assert_output "gabel: 'chekc' is no command; did you mean 'check'?"
	run -2 "$gabel" frobnicate
	assert_output --partial "gabel help"
}

@test "a mistyped option is answered with the nearest" {
	run -2 "$gabel" check --fromat json
	assert_output --partial "did you mean '--format'?"
	run -2 "$gabel" check -x
	assert_output --partial "no option '-x'"
	run -2 "$gabel" check --out x
	assert_output --partial "no option '--out'"
}

@test "a wrong value is answered with what is allowed" {
	run -2 "$gabel" check --format pdf --lab 1 x
	assert_output "gabel: 'pdf' is no value for --format; it takes terminal, json, html, junit, tap, gradescope or autolab"
	run -2 "$gabel" check --lang fr --lab 1 x
	assert_output --partial "en, de or ru"
	run -2 "$gabel" check --isolation none --lab 1 x
	assert_output --partial "sandbox or container"
	run -2 "$gabel" check --hints 3 --lab 1 x
	assert_output --partial "0, 1 or 2"
	run -2 "$gabel" check --lab
	assert_output --partial "--lab needs a value"
	for seed in -1 +1 0x10 1.5 "" 99999999999999999999 "1 "; do
		run -2 "$gabel" check --seed "$seed" --lab 1 x
		assert_output --partial "takes a number from 0"
	done
	for jobs in 0 257 x; do
		run -2 "$gabel" grade -j "$jobs" --out o x
		assert_output --partial "a number from 1 to 256"
	done
}

@test "missing and superfluous words are named" {
	run -2 "$gabel" check "$good"
	assert_output --partial "--lab"
	run -2 "$gabel" check --lab 01
	assert_output --partial "the submission is missing"
	run -2 "$gabel" check --lab 01 a b
	assert_output --partial "too many words"
	run -2 "$gabel" check --lab 01 --lab 02 a
	assert_output --partial "once"
	run -2 "$gabel" grade --out o
	assert_output --partial "the folder of submissions is missing"
	run -2 "$gabel" grade x
	assert_output --partial "--out"
}

@test "labs and checks that do not exist are answered with those that do" {
	run -2 "$gabel" check --lab 7 "$good"
	assert_output "gabel: there is no lab '7'; there are: 01-small"
	run -2 "$gabel" check --lab ../labs/01-small "$good"
	run -2 "$gabel" check --lab 01 --only secnod "$good"
	assert_output --partial "did you mean 'second'?"
}

@test "a foreign name cannot command the terminal" {
	run -2 "$gabel" $'che\e[2Jck\n'
	assert_output --partial 'che\x1b[2Jck\n'
}

@test "it speaks the language that is asked for" {
	mkdir -p "$kit/build/locale"
	cp -r "$BATS_TEST_DIRNAME/../../build/locale/de" "$kit/build/locale/"
	run -0 "$gabel" check --lab 01 --lang de --format json "$good"
	assert_line --partial '"language": "de"'
	LC_ALL=ru_RU.UTF-8 run -0 "$gabel" check --lab 01 --format json "$good"
	assert_line --partial '"language": "ru"'
}

# ---- outcomes ----------------------------------------------------------------------

@test "full points are 0, lost points 1" {
	run -0 "$gabel" check --lab 1 "$good"
	assert_line --partial "100 of 100"
	echo 'verdict=failed' >"$kit/behaviour"
	run -1 "$gabel" check --lab 1 "$good"
	assert_line --partial "0 of 100"
}

@test "the seed is printed, and taken again" {
	echo 'verdict=passed; echo "$GABEL_SEED" >>"$GABEL_ROOT/seeds"' >"$kit/behaviour"
	run -0 "$gabel" check --lab 1 --seed 7193 "$good"
	assert_line --partial "7193"
	run -0 "$gabel" check --lab 1 "$good"
	assert_line --regexp "seed $(tail -n 1 "$kit/seeds")\$"
	run -0 "$gabel" check --lab 1 "$good"
	run -0 sort -u "$kit/seeds"
	assert_equal "${#lines[@]}" 3
	rm "$kit/seeds"
}

@test "only one check is judged, and what it requires" {
	run -0 "$gabel" check --lab 1 --only first "$good"
	assert_line --partial "60 of 60"
	run -0 "$gabel" check --lab 1 --only second "$good"
	assert_line --partial "100 of 100"
}

# A lab that calls twice() of lab 03's, whose solution doubles; the student's own triples.
lab_upon_another() {
	local lab=$kit/labs/02-upon
	mkdir -p "$lab/checks" "$lab/reference" "$kit/build/labs/02-upon"
	sed -e 's/^title: .*/title: Upon/' -e 's/^    student: .*/&\n    reference: [twice]/' \
		"$kit/labs/01-small/lab.yaml" >"$lab/lab.yaml"
	cp "$kit/labs/01-small/hello.h" "$lab/"
	cp "$kit/labs/01-small/checks/judge.c" "$lab/checks/"
	ln -s ../../../solutions/03-twice/twice.c "$lab/reference/twice.c"
	echo 'int twice(int n); int twice(int n) { return 2 * n; }' |
		gcc -x c -c -o "$kit/build/labs/02-upon/reference.o" -
	# Passed is what returns 6.
	sed 's/^\[ -x .*/\n"$GABEL_STAGE\/bin\/hello"; [ $? = 6 ] || exit 1/' \
		"$kit/build/labs/01-small/judge" >"$kit/build/labs/02-upon/judge"
	chmod 755 "$kit/build/labs/02-upon/judge"
	work=$BATS_TEST_TMPDIR/work
	mkdir -p "$work/02-upon"
}

calls_twice() {
	printf 'int twice(int n);\nint main(void) { return twice(%s); }\n' "$1" >"$work/02-upon/hello.c"
}

@test "a lab that builds on another is graded on its solution, and tried on one's own" {
	lab_upon_another
	calls_twice 3
	run -0 "$gabel" check --lab 02 "$work/02-upon"
	refute_output --partial "no grade"
	mkdir "$work/03-twice"
	echo 'int twice(int n); int twice(int n) { return 3 * n; }' >"$work/03-twice/twice.c"
	run -0 "$gabel" check --lab 02 "$work/02-upon"
	calls_twice 2
	run -0 "$gabel" check --lab 02 --own "$work/02-upon"
	mv "$work/03-twice" "$work/03" # as make start LAB=03 calls it
	run -0 "$gabel" check --lab 02 --own "$work/02-upon"
	assert_line --index 0 --partial "With your own files of: 03-twice. This is no grade"
	rm -r "$kit/labs/02-upon"
}

@test "one's own files are named when they are missing, and give nothing that looks like a grade" {
	run -2 "$gabel" check --lab 01 --own "$good"
	assert_output --partial "01-small builds on no other lab"
	lab_upon_another
	calls_twice 3
	run -2 "$gabel" check --lab 02 --own "$work/02-upon"
	assert_output --partial "$work/03-twice/twice.c is missing"
	run -2 "$gabel" check --lab 02 --own --format json "$work/02-upon"
	assert_output --partial "--format terminal"
	rm -r "$kit/labs/02-upon"
}

@test "what does not build is said in the compiler's words, and costs the points" {
	echo 'int main(void) { retrun 0; }' >"$good/hello.c"
	run -1 "$gabel" check --lab 1 "$good"
	assert_output --partial "retrun"
	run -1 "$gabel" check --lab 1 --format json "$good"
	assert_line --partial '"status": "does not build"'
	assert_line --partial '"verdict": "does not build"'
}

# read_tap: what Perl's reader of TAP makes of the output: passed, failed, planned, and its complaints.
# It knows version 13, whose readers are meant to read version 14, too.
read_tap() {
	assert_line --index 0 "TAP version 14"
	printf '%s\n' "$output" | sed '1s/14/13/' >"$BATS_TEST_TMPDIR/out.tap"
	run -0 perl -MTAP::Parser -e 'my $p = TAP::Parser->new({source => $ARGV[0]}); $p->run;
		print join(" ", scalar($p->passed), scalar($p->failed), $p->tests_planned, $p->parse_errors), "\n"' \
		"$BATS_TEST_TMPDIR/out.tap"
}

@test "TAP is read by its own reader as it is meant" {
	run -0 "$gabel" check --lab 1 --format tap "$good"
	read_tap
	assert_output "2 0 2"
	run -2 "$gabel" check --lab 1 --format tap /nonexistent
	read_tap
	assert_output "0 1 1"
}

@test "what is no submission is 2" {
	run -2 "$gabel" check --lab 1 /nonexistent
	assert_line --partial "cannot be graded"
	run -2 "$gabel" check --lab 1 --format json /nonexistent
	assert_line --partial '"status": "cannot be graded"'
}

@test "a fault of the grader is 3 and no lost point" {
	echo 'kill -KILL $$' >"$kit/behaviour"
	run -3 "$gabel" check --lab 1 --format json "$good"
	assert_line --partial '"points_gradable": 0'
	assert_line --partial '"verdict": "grader fault"'
}

@test "a lab with a mistake is our fault, with file and line" {
	sed -i.good 's/points: 60/points: 61/' "$kit/labs/01-small/lab.yaml"
	run -3 "$gabel" check --lab 1 "$good"
	assert_output --partial "lab.yaml:"
	run -2 "$gabel" lab validate
	mv "$kit/labs/01-small/lab.yaml.good" "$kit/labs/01-small/lab.yaml"
}

@test "a result that cannot be written is not passed over" {
	run -3 bash -c '"$1" check --lab 1 "$2" >/dev/full' - "$gabel" "$good"
	assert_output --partial "cannot be written"
	run -3 bash -c '"$1" help >/dev/full' - "$gabel"
}

@test "closed standard descriptors and ignored children make no difference" {
	run -0 env --ignore-signal=CHLD "$gabel" check --lab 1 "$good"
	run -0 bash -c 'exec "$1" check --lab 1 "$2" <&-' - "$gabel" "$good"
	run -0 bash -c 'exec "$1" check --lab 1 "$2" >&- 2>&-' - "$gabel" "$good"
}

# ---- a start ---------------------------------------------------------------------------

@test "a working copy is made, and never over somebody's work" {
	run -0 "$gabel" start --lab 1 "$BATS_TEST_TMPDIR/mine"
	cmp "$BATS_TEST_TMPDIR/mine/hello.c" "$kit/skeletons/01-small/hello.c"
	cmp "$BATS_TEST_TMPDIR/mine/hello.h" "$kit/labs/01-small/hello.h"
	echo mine >"$BATS_TEST_TMPDIR/mine/hello.c"
	run -2 "$gabel" start --lab 1 "$BATS_TEST_TMPDIR/mine"
	assert_output --partial "not empty"
	assert_equal "$(cat "$BATS_TEST_TMPDIR/mine/hello.c")" mine
}

@test "of the headers of a working copy only a changed one is spoken of" {
	"$gabel" start --lab 1 "$BATS_TEST_TMPDIR/mine"
	run "$gabel" check --lab 1 --lang en "$BATS_TEST_TMPDIR/mine"
	refute_output --partial "Not used"
	refute_output --partial "hello.h"
	echo >>"$BATS_TEST_TMPDIR/mine/hello.h"
	run "$gabel" check --lab 1 --lang en "$BATS_TEST_TMPDIR/mine"
	assert_output --regexp "Not used: +hello.h"
}

# ---- the middle --------------------------------------------------------------------------

# A judge that has left somebody in a session of his own, made a file, and waits for ever.
lingering() {
	mkfifo "$BATS_TEST_TMPDIR/told" "$BATS_TEST_TMPDIR/never"
	cat >"$kit/behaviour" <<-END
	setsid sh -c 'echo \$\$ >"$BATS_TEST_TMPDIR/told"; exec cat "$BATS_TEST_TMPDIR/never"' &
	mktemp >/dev/null
	cat "$BATS_TEST_TMPDIR/never"
	END
}

# interrupt SIGNAL: as soon as the judge is at work; left is whom it left.
interrupt() {
	# A shell starts background jobs with SIGINT ignored, a terminal does not.
	env --default-signal=INT,TERM,HUP "$gabel" check --lab 1 "$good" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	read -r left <"$BATS_TEST_TMPDIR/told"
	kill -s "$1" "$!"
	wait "$!" && ended=0 || ended=$?
}

@test "Ctrl-C, a lost terminal and SIGTERM leave no process and no file" {
	local signal
	lingering
	for signal in INT:130 HUP:129 TERM:143; do
		interrupt "${signal%:*}"
		assert_equal "$ended" "${signal#*:}"
		assert [ ! -e "/proc/$left" ]
		assert_equal "$(ls -A "$TMPDIR")" ""
	done
}

@test "an ignored Ctrl-C stays ignored" {
	mkfifo "$BATS_TEST_TMPDIR/told" "$BATS_TEST_TMPDIR/go"
	cat >"$kit/behaviour" <<-END
	echo 1 >"$BATS_TEST_TMPDIR/told"
	read -r go <"$BATS_TEST_TMPDIR/go"
	verdict=passed
	END
	env --ignore-signal=INT "$gabel" check --lab 1 --only first "$good" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	read -r _ <"$BATS_TEST_TMPDIR/told"
	kill -s INT "$!"
	exec 7<>"$BATS_TEST_TMPDIR/go" # both ends, so that we do not wait for a reader who is gone
	echo go >&7
	wait "$!"
	exec 7<&-
}

@test "what even SIGKILL leaves behind is swept by the next" {
	mkfifo "$BATS_TEST_TMPDIR/told" "$BATS_TEST_TMPDIR/never"
	# The judge keeps told open: its end of file tells of the judge's end.
	cat >"$kit/behaviour" <<-END
	exec 8>"$BATS_TEST_TMPDIR/told"
	echo 1 >&8
	read -r never <"$BATS_TEST_TMPDIR/never"
	END
	"$gabel" check --lab 1 "$good" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	exec 7<"$BATS_TEST_TMPDIR/told"
	read -r _ <&7
	kill -s KILL "$!"
	wait "$!" || true
	run cat <&7
	exec 7<&-
	refute [ "$(ls -A "$TMPDIR")" = "" ]
	echo 'verdict=passed' >"$kit/behaviour"
	run -0 "$gabel" check --lab 1 "$good"
}

@test "a machine that refuses namespaces is told so; nothing falls back in silence" {
	# No further user namespaces below this one: what many containers do.
	run unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_user_namespaces' ||
		skip "this machine does not let us take namespaces away"
	run -3 unshare --user --map-root-user sh -c \
		'echo 0 >/proc/sys/user/max_user_namespaces; "$@"' - "$gabel" check --lab 1 "$good"
	assert_output --partial "--isolation=container"
}
