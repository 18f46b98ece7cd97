#!/usr/bin/env bats
# shellcheck disable=SC2016 # tests within tests are quoted
# bats_library.bats - what gabel.bash and build/trial do with a student's
# program, and what they say over the channel when a test fails.
#
# Each test here writes a bats file for a lab of its own (99-bats, whose judge
# is a script with one hint) and runs bats on it as gabel would.

setup_file() {
	# The sandbox runs as another user: everybody may pass through here.
	BOX=$(mktemp -d /tmp/gabel-bats.XXXXXX)
	chmod 711 "$BOX"
	export BOX
	mkdir -p "$BOX"/{stage/bin,kit/build/labs/99-bats,kit/autograder,lab}
	chmod -R go+rX "$BOX/stage"
	cp build/keeper "$BOX/stage/"
	ln -s "$PWD/build/trial" "$BOX/kit/build/trial"
	ln -s "$PWD/autograder/judge" "$BOX/kit/autograder/judge"
	[[ ! -d build/locale ]] || ln -s "$PWD/build/locale" "$BOX/kit/build/locale"
	make_judge
	make_program
}

teardown_file() {
	rm -rf "$BOX"
}

make_judge() {
	cat >"$BOX/kit/build/labs/99-bats/judge" <<-'JUDGE'
		#!/bin/sh
		[ "$1" = --hint ] && printf '{"key":"%s","why":"rule %s","hint":"look"}\n' "$2" "$2"
	JUDGE
	chmod +x "$BOX/kit/build/labs/99-bats/judge"
}

# A student's program: it does what its first argument says.
make_program() {
	cat >"$BOX/p.c" <<-'PROGRAM'
		#include <errno.h>
		#include <fcntl.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/wait.h>
		#include <time.h>
		#include <unistd.h>
		int
		main(int argc, char *argv[])
		{
			const char *what = argc > 1 ? argv[1] : "";
			char line[100];
			pid_t child;

			if (strcmp(what, "say") == 0)
				puts(argv[2]);
			if (strcmp(what, "complain") == 0)
				fprintf(stderr, "%s\n", argv[2]);
			if (strcmp(what, "crash") == 0)
				abort();
			if (strcmp(what, "hang") == 0)
				pause();
			if (strcmp(what, "die") == 0)
				raise(15);
			if (strcmp(what, "env") == 0)
				puts(getenv("WORD"));
			if (strcmp(what, "fork") == 0 && fork() < 0)
				puts(strerror(errno));
			if (strcmp(what, "read") == 0)
				while (fgets(line, sizeof line, stdin) != NULL)
					fputs(line, stdout);
			if (strcmp(what, "race") == 0 && (child = fork()) == 0)
				_exit(0);
			if (strcmp(what, "race") == 0) {
				while (clock() < CLOCKS_PER_SEC / 20)
					;
				puts(waitpid(child, NULL, WNOHANG) == 0 ? "it goes on" : "it has ended");
				waitpid(child, NULL, 0);
			}
			if (strcmp(what, "channel") == 0)
				return fcntl(9, F_GETFD) >= 0 || getenv("GABEL_CHANNEL") != NULL;
			return argc > 2 ? atoi(argv[2]) : 0;
		}
	PROGRAM
	sed -i '1i #include <signal.h>' "$BOX/p.c"
	gcc -w -o "$BOX/stage/bin/p" "$BOX/p.c"
}

# As gabel would start a judge.
as_gabel() {
	env GABEL_ROOT="$BOX/kit" GABEL_LAB="$BOX/lab/99-bats" GABEL_STAGE="$BOX/stage" \
		GABEL_SEED="${seed:-7}" GABEL_CHANNEL=9 LC_ALL=C.UTF-8 LANGUAGE="${language:-en}" \
		BATS_LIB_PATH="/usr/lib/bats:$BOX/kit/autograder/judge" \
		"$@" 9>"$BATS_TEST_TMPDIR/channel"
}

# Runs the test whose body comes on standard input; sets status, output (bats' report), channel.
a_test() {
	{
		echo 'bats_load_library gabel.bash'
		echo '@test "it-works: as it should" {'
		cat
		echo '}'
	} >"$BATS_TEST_TMPDIR/lab.bats"
	run as_gabel bats --formatter tap "$BATS_TEST_TMPDIR/lab.bats"
	channel=$(<"$BATS_TEST_TMPDIR/channel")
}

# The channel's line has all of these.
says() {
	local part

	for part; do
		[[ $channel == *"$part"* ]] || {
			printf 'not said: %s\nsaid: %s\nbats: %s\n' "$part" "$channel" "$output"
			return 1
		}
	done
	[[ $channel != *$'\n'* ]]
}

passes() {
	printf '%s\n%s\n' "$output" "$channel"
	[[ $status -eq 0 && -z $channel ]]
}

@test "a right program passes, and nothing is said" {
	a_test <<-'TEST'
		run_trial p say hello
		expect_status 0 key
		expect_output hello key
		run_trial p complain "no such luck"
		expect_error_contains "such" key
		run_trial p x 200
		expect_status 200 key
	TEST
	passes
}

@test "another exit status is a failure with key, rule and hint" {
	a_test <<-'TEST'
		run_trial p x 3
		expect_status 4 wrong-status
		touch "$BATS_RUN_TMPDIR/went-on"
	TEST
	[[ $status -ne 0 ]]
	says '"type":"end"' '"check":"it-works"' '"verdict":"failed"' '"key":"wrong-status"' \
		'"why":"rule wrong-status"' '"hint":"look"' '"ran":"p x 3"' '"arguments":[3]' \
		'"expected":"the program ends with exit status 4"' \
		'"seen":"it ended with exit status 3"'
}

@test "a signal is told from an exit status" {
	a_test <<-'TEST'
		run_trial p die
		expect_status 0 wrong-status
	TEST
	says '"seen":"it was killed by SIGTERM"'
}

@test "output is compared with its newlines" {
	a_test <<-'TEST'
		run_trial p say $'one\ntwo'
		expect_output $'one\ntwo' key
		run_trial p
		expect_output "" key
	TEST
	passes
	a_test <<-'TEST'
		run_trial p say $'one\n'
		expect_output one wrong-output
	TEST
	says '"key":"wrong-output"' '"expected":"the program writes \"one\n\""' \
		'"seen":"it wrote \"one\n\n\""'
}

@test "a complaint that lacks a word is shown" {
	a_test <<-'TEST'
		run_trial p complain "all is well"
		expect_error_contains "usage" wrong-usage
	TEST
	says '"key":"wrong-usage"' 'all is well'
}

@test "own words may hold quotes, newlines, directives and bytes that are no text" {
	a_test <<-'TEST'
		fail_check own-words 'a "b" \ c' '%s is %d %%' $'x\n"y" \x01 \xff' 5
	TEST
	says '"expected":"a \"b\" \\ c"' 'x\n\"y\" \\x01 \\xff is 5 %"'
}

@test "a crash and a hang fail by themselves, with their verdict" {
	a_test <<<'run_trial p crash'
	says '"verdict":"crashed"' '"key":"crashed"' '"why":"rule crashed"' SIGABRT
	a_test <<<'run_trial p hang'
	says '"verdict":"timed out"' '"key":"blocked-for-ever"' 'pause()' '"check":"it-works"'
	a_test <<<'run_trial --limit output-kib=1 p say "$(printf %02000d 0)"'
	says '"key":"too-much-output"'
}

@test "faults are delivered and listed" {
	a_test <<-'TEST'
		run_trial --fault fail:fork:1:ENOMEM p fork
		expect_output "Cannot allocate memory" key
		fail_check key a b
	TEST
	says '"faults":[{"name":"fork() number 1 fails with ENOMEM","asked":1,"delivered":1}]'
}

@test "a fault that never came is no success" {
	a_test <<<'run_trial --fault fail:fork:2:EAGAIN p fork'
	says '"verdict":"failed"' '"key":"not-exercised"'
	a_test <<<'run_trial --fault fail:fork:2:EAGAIN,optional p fork'
	passes
}

@test "processes may be made to end late: when the program sleeps, which it need not" {
	a_test <<-'TEST'
		run_trial --late-ends p race
		expect_output "it goes on" key
		expect_status 0 key
		run_trial --late-ends p say hello
		expect_output hello key
	TEST
	passes
	a_test <<<'run_trial --late-ends p hang'
	says '"verdict":"timed out"' '"key":"blocked-for-ever"'
}

@test "input, files and environment reach the program" {
	echo "from a file" >"$BATS_TEST_TMPDIR/input"
	export FROM="$BATS_TEST_TMPDIR/input"
	a_test <<-'TEST'
		run_trial --input $'a\nb\n' p read
		expect_output $'a\nb' key
		run_trial --input-file "$FROM" p read
		expect_output "from a file" key
		run_trial --env WORD=word p env
		expect_output word key
		run_trial --input $'abcdef\n' --fault cut:read:1:3,pipe p read
		expect_output abcdef key
	TEST
	passes
}

@test "what is wrong with a test is the grader's fault" {
	local words

	for words in '--fault fail:fork:1:ENOSUCH p' '--fault fail:frok:1:EAGAIN p' \
		'--fault cut:read:1:0 p' '--fault hold:fork:1 p' '--fault fail:fork:x:EAGAIN p' \
		'--fault fail:fork:1:EAGAIN,somebody p' '--limit cpu=3 p' '--limit cpu-ms=x p' \
		'--env =x p' '--input-file /nowhere p' '--no-such-option p' 'no-such-program'; do
		a_test <<<"run_trial $words"
		[[ $status -ne 0 ]]
		says '"type":"fault"' '"check":"it-works"' '"text":"trial: '
	done
}

@test "a test that fails without a key says nothing, so that gabel finds the fault" {
	a_test <<-'TEST'
		run_trial p x 3
		[[ $status -eq 4 ]]
	TEST
	[[ $status -ne 0 && -z $channel ]]
}

@test "a failure ends the test wherever it was noticed" {
	a_test <<-'TEST'
		run_trial p x 3
		if expect_status 4 first; then :; fi
		expect_status 5 second || true
	TEST
	[[ $status -ne 0 ]]
	says '"key":"first"'
}

@test "the program does not hold the channel" {
	a_test <<-'TEST'
		run_trial p channel
		expect_status 0 leaked
	TEST
	passes
}

@test "the same seed draws the same numbers, within bounds" {
	local body='for i in {1..50}; do draw n 3 5; ((n >= 3 && n <= 5)); printf "%s " "$n" >>"$DRAWN"; done'

	export DRAWN=$BATS_TEST_TMPDIR/first
	a_test <<<"$body"
	passes
	export DRAWN=$BATS_TEST_TMPDIR/second
	a_test <<<"$body"
	seed=8
	export DRAWN=$BATS_TEST_TMPDIR/third
	a_test <<<"$body"
	cmp "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
	run cmp -s "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/third"
	[[ $status -eq 1 ]]
	grep -q 3 "$BATS_TEST_TMPDIR/first" && grep -q 4 "$BATS_TEST_TMPDIR/first" &&
		grep -q 5 "$BATS_TEST_TMPDIR/first"
}

@test "words are filled in and may be translated" {
	a_test <<-'TEST'
		[[ $(words '%d of %s' 3 five) == '3 of five' ]]
	TEST
	passes
	[[ -e build/locale/de/LC_MESSAGES/gabel.mo ]] || skip "no catalogs"
	language=de
	a_test <<-'TEST'
		run_trial p x 3
		expect_status 4 key
	TEST
	says '"key":"key"'
	[[ $channel != *"exit status"* ]]
}

# ---- build/trial by itself ---------------------------------------------------------

@test "trial ends as the program ended and passes its words on" {
	run as_gabel build/trial p say hello
	[[ $status -eq 0 && $output == hello ]]
	run as_gabel build/trial p x 42
	[[ $status -eq 42 && -z $output ]]
	run as_gabel build/trial p die
	[[ $status -eq 143 ]]
	run as_gabel build/trial p crash
	[[ $status -eq 134 ]]
	[[ $output == "trial: crashed: expected: "* ]]
	run as_gabel build/trial p hang
	[[ $status -eq 124 ]]
	[[ $output == "trial: timed out: "*"pause()"* ]]
	run as_gabel build/trial no-such-program
	[[ $status -eq 125 ]]
	run build/trial p
	[[ $status -eq 125 && $output == *GABEL_* ]]
	run build/trial
	[[ $status -eq 125 && $output == usage:* ]]
}
