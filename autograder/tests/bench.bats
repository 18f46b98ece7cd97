#!/usr/bin/env bats
# make bench: what it says of servers that do wrong, that nothing is left of it, and how it counts.
# No time is measured here: loads are of a few requests, and their figures are not looked at.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup() {
	repository=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	built=${GABEL_BUILD:-$repository/build}
	bench=$repository/autograder/bench
	list=$BATS_TEST_TMPDIR/designs.list
	# Known among all processes of the machine.
	mark=mark-$$-$BATS_TEST_NUMBER-$RANDOM
	cd "$repository" || exit
}

# designs LINE...: a list of them; each gets a lab and a name.
designs() {
	local line

	: >"$list"
	for line; do
		echo "$line | none | none.c | a name | ein Name | имя" >>"$list"
	done
}

# measure SERVERS [OPTION...]: a tiny load for every design of the list. What has to come may take
# long on a busy machine; who waits for what does not come says so with --patience.
measure() {
	local servers=$1

	shift
	run --separate-stderr "$built/bench/run" --servers "$servers" --load "$built/bench/load" \
		--rounds 1 --tries 1 --clients 1 --processes 2 --connections 2 --patience 60 "$@" \
		"$list" "$BATS_TEST_TMPDIR/results.json"
}

# measure_bad MISTAKE [OPTION...]: a server with this mistake, alone in the list.
measure_bad() {
	designs "bad | - | - | all | INT | bad_server $1 $mark"
	measure "$built/tests/programs" "${@:2}"
}

# One command for all processes, which has not the mark among its own words.
refute_left() {
	local left

	echo "$mark" >"$BATS_TEST_TMPDIR/mark"
	left=$(grep -alsF -f "$BATS_TEST_TMPDIR/mark" /proc/[0-9]*/cmdline || true)
	[[ -z $left ]] || fail "left: $left"
}

# refuse MISTAKE WORDS [OPTION...]: such a server ends the benchmark with these words, and nothing is left of it.
refuse() {
	measure_bad "$1" "${@:3}"
	assert_failure 1
	assert_equal "${#stderr_lines[@]}" 1
	[[ ${stderr_lines[0]} == "bench: bad_server: "*"$2"* ]] || fail "$stderr"
	[[ ! -e $BATS_TEST_TMPDIR/results.json ]] || fail "it wrote results"
	refute_left
}

@test "a server that does nothing wrong is measured" {
	measure_bad nothing
	assert_success
	assert_equal "$stderr" ""
	run grep -c '"connections": 4' "$BATS_TEST_TMPDIR/results.json"
	assert_output 1
	refute_left
}

@test "a server that loses requests" {
	refuse lose "4 of 4 requests failed: "
	refuse half "4 of 4 requests failed: "
}

@test "a server that does not close its connections" {
	refuse keep "requests failed: the server keeps the connection open" --patience 2
}

@test "a server that leaves descriptors open" {
	refuse descriptor "has 4 descriptors more open than before its clients came"
}

@test "a server that opens its own descriptors after it has said that it is ready" {
	measure_bad late
	assert_success
	assert_equal "$stderr" ""
	refute_left
}

@test "a server that does not sleep before its clients come" {
	refuse restless "does not sleep, although no client has come" --patience 2
}

@test "a server that leaves a process, also in a session of its own" {
	refuse leave "has ended, and 1 of its processes go on (bad_server, " --patience 2
}

@test "a server that leaves zombies" {
	refuse zombie "4 of its children are zombies: nobody waits for them" --patience 2
}

@test "a server that never says that it is ready" {
	refuse mute "did not say that it is ready within 1 s" --patience 1
	refuse early "ended before it was ready"
}

@test "a server that does not end, or fails at its end" {
	refuse deaf "did not end after its signal within 2 s" --patience 2
	refuse fail "ended with status 1"
}

@test "a server that counts other clients than came" {
	refuse miscount "4 clients came, and it says 3"
}

@test "broken off in the middle of a run, nothing is left and no result is written" {
	local signal pid status line
	local fifo=$BATS_TEST_TMPDIR/fifo

	mkfifo "$fifo"
	mark=$fifo
	designs "bad | - | - | all | INT | bad_server tell $fifo"
	for signal in INT TERM; do
		status=0
		# bash lets a job in the background ignore SIGINT, but not under job control
		set -m
		"$built/bench/run" --servers "$built/tests/programs" --load "$built/bench/load" --patience 600 \
			--tries 1 "$list" "$BATS_TEST_TMPDIR/results.json" >/dev/null 2>"$BATS_TEST_TMPDIR/said" 3>&- &
		pid=$!
		set +m
		# A client is there, and waits for its answer. Opened for both, the FIFO does not block
		# when nobody ever comes.
		read -r -t 60 line <>"$fifo"
		assert_equal "$line" here
		kill -s "$signal" "$pid"
		wait "$pid" || status=$?
		assert_equal "$status" 130
		assert_equal "$(cat "$BATS_TEST_TMPDIR/said")" "bench: broken off; no process is left"
		[[ ! -e $BATS_TEST_TMPDIR/results.json ]] || fail "it wrote results"
		refute_left
	done
}

@test "a design whose lab is not there is skipped, and a line says so" {
	designs "good | - | - | all | INT | bad_server nothing" "later | - | - | all | INT | no_such_server N"
	measure "$built/tests/programs"
	assert_success
	assert_line "  skipped: later, a name: lab none is not there yet"
	run "$built/bench/tables" "$BATS_TEST_TMPDIR/results.json" "$bench/book.json"
	assert_success
	assert_line "Not measured: later (a name): lab none is not there yet."
}

@test "a design whose line has other sources than its lab is skipped too, for another reason" {
	designs "good | - | - | all | INT | bad_server nothing"
	echo "odd | - | - | all | INT | no_such_server | 01-processes | none.c | a name | b | c" >>"$list"
	measure "$built/tests/programs"
	assert_success
	assert_line "  skipped: odd, a name: lab 01-processes has not the sources that designs.list names"
}

@test "a mistake in the list of designs is an error with file and line" {
	local line

	for line in "x | - | - | some | INT | a" "x | - | - | all | HUP | a" "x | - | - | all | INT |" "x | - | all"; do
		printf '# a comment\n' >"$list"
		echo "$line | none | none.c | a | b | c" >>"$list"
		measure "$built/tests/programs"
		assert_failure 1
		[[ $stderr == "bench: $list:2: "* ]] || fail "$stderr"
	done
}

@test "wrong arguments are a usage error" {
	designs "good | - | - | all | INT | bad_server nothing"
	measure "$built/tests/programs" --rounds many
	assert_failure 2
	assert_equal "$stderr" 'bench: rounds: "many" cannot be used'
	run "$built/bench/load" 127.0.0.1 1 1 1 1
	assert_failure 2
}

@test "every way to wait serves all clients, and every server of the benchmark's own" {
	run --separate-stderr "$built/bench/run" --servers "$built/bench/servers" --load "$built/bench/load" \
		--rounds 1 --tries 1 --clients 1 --processes 2 --connections 3 --herd "2 5" \
		--designs "0 0b poll nobody accept select epoll exclusive reuseport" \
		"$bench/designs.list" "$BATS_TEST_TMPDIR/results.json"
	assert_success
	assert_equal "$stderr" ""
	run grep -c '"design"' "$BATS_TEST_TMPDIR/results.json"
	assert_output 15
}

@test "the least that serves like each design serves all clients, but only if it is wanted" {
	local lean options=(--rounds 1 --tries 1 --clients 1 --processes 2 --connections 3)

	mapfile -t lean < <(sed -n 's/^\([^ #|]*-lean\) .*/\1/p' "$bench/designs.list")
	assert_equal "${#lean[@]}" 14
	run --separate-stderr "$built/bench/run" --servers "$built/bench/servers" --load "$built/bench/load" \
		"${options[@]}" --lean 1 --designs "${lean[*]}" "$bench/designs.list" "$BATS_TEST_TMPDIR/results.json"
	assert_success
	assert_equal "$stderr" ""
	run grep -c '"design"' "$BATS_TEST_TMPDIR/results.json"
	assert_output 14
	run --separate-stderr "$built/bench/run" --servers "$built/bench/servers" --load "$built/bench/load" \
		"${options[@]}" --designs "${lean[*]}" "$bench/designs.list" "$BATS_TEST_TMPDIR/results.json"
	assert_failure 1
	assert_equal "$stderr" "bench: no design to measure"
}

# ---- figures ---------------------------------------------------------------------------------

# run_of DESIGN ROUND CPU DISTURBED [CLIENTS]: one run of the results.
run_of() {
	echo "{\"design\": \"$1\", \"round\": $2, \"children\": 15, \"processes\": 10, \"connections\": 100,
		\"cpu\": $3, \"user\": 0, \"system\": $3, \"voluntary\": 140, \"involuntary\": 10, \"seconds\": 0.5,
		\"p50\": 1, \"p99\": 7.25, \"others\": 0, \"disturbed\": $4, \"clients\": [${5:-}]}"
}

design() {
	echo "{\"id\": \"$1\", \"row\": \"$2\", \"column\": \"$3\", \"herd\": ${4:-false},
		\"en\": \"design $1\", \"de\": \"Bauart $1\", \"ru\": \"устройство $1\"}"
}

joined() {
	local IFS=,

	echo "$*"
}

# results DESIGNS RUNS: a file of results.
results() {
	cat >"$BATS_TEST_TMPDIR/results.json" <<-END
	{"schema": 1, "day": "2000-02-29",
	"machine": {"processor": "Test", "processors": 4, "memory_mib": 512, "kernel": "Linux 0", "system": "S", "virtual": true},
	"rates": {"fork": 1234, "thread": 56789},
	"settings": {"rounds": 4, "clients": 2, "processes": 5, "connections": 10, "bytes": 4000, "children": 15, "pinned": true},
	"designs": [$1], "skipped": [], "runs": [$2]}
	END
}

tables() {
	run "$built/bench/tables" "$BATS_TEST_TMPDIR/results.json" "$bench/book.json"
	assert_success
}

@test "median, spread, ratio and difference are those of the rounds" {
	# In each round together; the medians of the rounds are other figures than those of the columns.
	results "$(joined "$(design 0 0 -)" "$(design 1 1 -)")" "$(joined \
		"$(run_of 0 1 1.0 false)" "$(run_of 1 1 4.0 false)" \
		"$(run_of 0 2 2.0 false)" "$(run_of 1 2 4.0 false)" \
		"$(run_of 0 3 0.5 false)" "$(run_of 1 3 3.0 false)" \
		"$(run_of 0 4 2.5 false)" "$(run_of 1 4 2.5 false)")"
	tables
	#                     book control median   least -  most    ratio req./s p99 switches runs
	assert_line --regexp '^0 +design 0 +0\.0 +0\.000 +1\.500 +0\.500 - +2\.500 +1\.00 +200 +7\.25 +1\.5 +4$'
	assert_line --regexp '^1 +design 1 +20\.90 +2\.250 +3\.500 +2\.500 - +4\.000 +3\.00 +200 +7\.25 +1\.5 +4$'
}

@test "a design is compared with the least that serves like it, within a round" {
	results "$(joined "$(design 0 0 -)" "$(design 1 1 -)" "$(design 1-lean - -)")" "$(joined \
		"$(run_of 0 1 1.0 false)" "$(run_of 1 1 4.0 false)" "$(run_of 1-lean 1 2.0 false)" \
		"$(run_of 0 2 1.0 false)" "$(run_of 1 2 3.0 false)" "$(run_of 1-lean 2 2.5 false)" \
		"$(run_of 0 3 1.0 false)" "$(run_of 1 3 9.0 false)" "$(run_of 1-lean 3 3.0 false)")"
	tables
	#                                   book control median   least -  most    ratio  lean req./s p99 switches runs
	assert_line --regexp '^0 +design 0 +0\.0 +0\.000 +1\.000 +1\.000 - +1\.000 +1\.00 +- +200 +7\.25 +1\.5 +3$'
	assert_line --regexp '^1 +design 1 +20\.90 +3\.000 +4\.000 +3\.000 - +9\.000 +4\.00 +2\.00 +200 '
	assert_line --regexp ' x iter\. +x lean '
}

@test "a run that was disturbed does not count, unless there is no other" {
	results "$(joined "$(design 0 0 -)" "$(design 2 2 2)" "$(design 8 8 -)")" "$(joined \
		"$(run_of 0 1 1.0 false)" "$(run_of 2 1 9.0 true)" "$(run_of 2 1 2.0 false)" \
		"$(run_of 8 1 5.0 true)")"
	tables
	assert_line --regexp '^2 +design 2 +1\.80 +1\.000 +2\.000 +2\.000 - +2\.000 +2\.00 .* 1  1 discarded$'
	assert_line --regexp '^8 +design 8 .* 1  all runs were disturbed by others$'
}

@test "without the iterative server there is nothing to compare with" {
	results "$(design 1 1 -)" "$(run_of 1 1 4.0 false)"
	tables
	assert_line --regexp '^1 +design 1 +20\.90 +- +4\.000 +4\.000 - +4\.000 +- '
}

@test "the book's figures are the book's" {
	local row control=(0.0 20.90 1.80 2.07 1.75 2.58 0.99 1.93 2.05) designs=() runs=() found=()

	for row in 0 1 2 3 4 5 6 7 8; do
		designs+=("$(design "$row" "$row" "$row")")
		runs+=("$(run_of "$row" 1 1.0 false "$(seq -s, 15)")")
	done
	results "$(joined "${designs[@]}")" "$(joined "${runs[@]}")"
	tables
	for row in 0 1 2 3 4 5 6 7 8; do
		assert_line --regexp "^$row +design $row +${control[row]//./\\.} +0\.000 "
	done
	# Of the nine columns only four have figures of the book's; today's are 1 to 15.
	mapfile -t found < <(sed -n '/^  child/,/^in all/p' <<<"$output" | grep '[0-9]' | tr -s ' ')
	assert_equal "${#found[@]}" 15
	assert_equal "${found[0]}" " 0 1 1 333 1 347 1 1 1006 1 1 333 1 1"
	assert_equal "${found[1]}" " 1 2 2 340 2 328 2 2 950 2 2 323 2 2"
	assert_equal "${found[2]}" " 2 3 3 335 3 332 3 3 720 3 3 333 3 3"
	assert_equal "${found[3]}" " 3 4 4 335 4 335 4 4 583 4 4 328 4 4"
	assert_equal "${found[4]}" " 4 5 5 332 5 338 5 5 485 5 5 329 5 5"
	assert_equal "${found[5]}" " 5 6 6 331 6 340 6 6 457 6 6 322 6 6"
	assert_equal "${found[6]}" " 6 7 7 333 7 335 7 7 385 7 7 324 7 7"
	assert_equal "${found[7]}" " 7 8 8 333 8 343 8 8 250 8 8 360 8 8"
	assert_equal "${found[8]}" " 8 9 9 332 9 324 9 9 105 9 9 341 9 9"
	assert_equal "${found[9]}" " 9 10 10 331 10 315 10 10 32 10 10 348 10 10"
	assert_equal "${found[10]}" " 10 11 11 334 11 326 11 11 14 11 11 358 11 11"
	assert_equal "${found[11]}" " 11 12 12 333 12 340 12 12 9 12 12 331 12 12"
	assert_equal "${found[12]}" " 12 13 13 334 13 330 13 13 4 13 13 321 13 13"
	assert_equal "${found[13]}" " 13 14 14 333 14 329 14 14 1 14 14 323 14 14"
	assert_equal "${found[14]}" " 14 15 15 332 15 336 15 15 0 15 15 320 15 15"
	assert_line --regexp 'in select: 1814 and 2045 collisions in 5000 connections;$'
	assert_line "control 2.9 s instead of 1.8 s."
}

@test "the children of all rounds together have a least, a median and a most" {
	results "$(design 5 5 5)" "$(joined "$(run_of 5 1 1.0 false '90, 10, 0')" "$(run_of 5 2 1.0 false '50, 30, 20')")"
	tables
	assert_line --regexp '^  least +0$'
	assert_line --regexp '^ median +25$'
	assert_line --regexp '^   most +90$'
}

# ---- the page ----------------------------------------------------------------------------------

page_of_results() {
	"$built/bench/page" html "$BATS_TEST_TMPDIR/results.json" "$bench/book.json" "$bench/words.json" \
		autograder/templates "$BATS_TEST_TMPDIR/plots"
}

@test "the page says the same in three languages, each in its own way" {
	results "$(joined "$(design 0 0 -)" "$(design 1 1 -)" "$(design accept - - true)")" "$(joined \
		"$(run_of 0 1 1.0 false)" "$(run_of 1 1 12345.5 false)" "$(run_of accept 1 2.5 false)")"
	page_of_results >"$BATS_TEST_TMPDIR/page.html"
	run cat "$BATS_TEST_TMPDIR/page.html"
	refute_output --partial "{{"
	assert_output --partial '<article lang="en">'
	assert_output --partial '<article lang="de">'
	assert_output --partial '<article lang="ru">'
	assert_output --partial $'12\u202f345.500'
	assert_output --partial $'12\u202f345,500'
	assert_output --partial "was the dearest design in the book, 20.90 s"
	assert_output --partial "war im Buch mit 20,90 s die teuerste"
	assert_output --partial "20,90 с, и остался"
	# The same sections, tables and marked words.
	run bash -c "for tag in '<section' '<table' '<tr' '<li' '<b>' '<figure' '<code'; do
		for lang in en de ru; do
			sed -n \"/<article lang=.\$lang/,/<.article>/p\" '$BATS_TEST_TMPDIR/page.html' | grep -o \"\$tag\" | wc -l
		done | uniq | wc -l
	done | uniq"
	assert_output 1
}

@test "gnuplot draws all plots in three languages, and the page holds them" {
	command -v gnuplot >/dev/null || skip "gnuplot is missing: the plots are not tried"
	local language plots=$BATS_TEST_TMPDIR/plots

	mkdir "$plots"
	results "$(joined "$(design 0 0 -)" "$(design 1 1 -)" "$(design 2 2 2)" "$(design accept - - true)" "$(design select - - true)")" "$(joined \
		"$(run_of 0 1 1.0 false)" "$(run_of 1 1 9.0 false)" "$(run_of 2 1 0.9 false '60, 40')" \
		"$(run_of accept 1 2.5 false)" "$(run_of select 1 9.5 false | sed 's/140/900/')")"
	for language in en de ru; do
		"$built/bench/page" data "$BATS_TEST_TMPDIR/results.json" "$bench/book.json" "$bench/words.json" \
			$language >"$plots/$language.gp"
		run gnuplot -c "$bench/plots.gp" "$plots/$language.gp" "$plots" $language
		assert_success
		assert_output ""
		rm "$plots/$language.gp"
	done
	run ls "$plots"
	assert_equal "${#lines[@]}" 15
	run bash -c "grep -o 'data:image/svg+xml;base64,' <<<\"\$(cat)\" | wc -l" < <(page_of_results)
	assert_output 15
}

@test "make bench goes on without gnuplot, and page and message say so" {
	local tool bin=$BATS_TEST_TMPDIR/bin

	mkdir -p "$bin" "$BATS_TEST_TMPDIR/build/bench"
	for tool in bash dirname mkdir rm tee; do
		ln -s "$(command -v $tool)" "$bin/$tool"
	done
	ln -s "$built/bench/"{run,load,locks,lockload,tables,page,servers} "$BATS_TEST_TMPDIR/build/bench/"
	run env PATH="$bin" BUILD="$BATS_TEST_TMPDIR/build" QUICK=1 PROCESSES=2 CONNECTIONS=2 HERD=none \
		LOCKS=2 PAIRS=3 DESIGNS="0 poll" bash autograder/bench/bench.sh
	assert_success
	assert_line --partial "No plots: gnuplot is missing."
	assert_line --partial "QUICK=1: everything works"
	assert_line --regexp "^ +2 the same +mutexd +[0-9]+"
	run cat "$BATS_TEST_TMPDIR/build/bench/index.html"
	assert_output --partial "There are no plots on this page"
	refute_output --partial "<img"
}

# ---- the lock daemon -------------------------------------------------------------------------

# lockers PROGRAM: a folder of servers in which this one is the daemon of lab 13.
lockers() {
	mkdir "$BATS_TEST_TMPDIR/servers"
	ln -s "$1" "$BATS_TEST_TMPDIR/servers/mutexd"
	ln -s "$built/bench/servers/fifod" "$BATS_TEST_TMPDIR/servers/"
	mkdir "$BATS_TEST_TMPDIR/tmp"
}

measure_locks() {
	TMPDIR=$BATS_TEST_TMPDIR/tmp run --separate-stderr "$built/bench/locks" --load "$built/bench/lockload" \
		--servers "$BATS_TEST_TMPDIR/servers" --rounds 1 --quiet 0 --patience 60 "$@" \
		"$BATS_TEST_TMPDIR/locks.json"
}

# refuse_locker MISTAKE WORDS [OPTION...]: such a daemon ends the benchmark, and no file is left.
refuse_locker() {
	rm -rf "$BATS_TEST_TMPDIR/servers" "$BATS_TEST_TMPDIR/tmp"
	lockers "$built/tests/programs/bad_locker"
	MISTAKE=$1 measure_locks --clients 2 --pairs 2 "${@:3}"
	assert_failure 1
	[[ $stderr == "bench: mutexd: "*"$2"* ]] || fail "$stderr"
	[[ ! -e $BATS_TEST_TMPDIR/locks.json ]] || fail "it wrote results"
	run ls -A "$BATS_TEST_TMPDIR/tmp"
	assert_output ""
}

@test "a daemon that gives a lock to two" {
	refuse_locker two "two sessions have the same lock"
}

@test "a daemon that refuses, or does not answer" {
	refuse_locker refuse "4 of 4 pairs failed: the daemon refuses"
	refuse_locker mute "4 of 4 pairs failed: no answer within the time" --patience 2
}

@test "a daemon that leaves a lock behind" {
	refuse_locker leave "has ended, and has left l.forgotten in its directory"
}

@test "a lock daemon that does nothing wrong is measured; the page tells of it in three languages" {
	local words plots=$BATS_TEST_TMPDIR/plots

	# the leanest one, twice: it takes no notice of the directory
	lockers "$built/bench/servers/fifod"
	measure_locks --clients "1 3" --pairs 5
	assert_success
	assert_equal "$stderr" ""
	# alone and three, each with its own lock, and three with the same; and three that wait
	run grep -c '"failed": 0' "$BATS_TEST_TMPDIR/locks.json"
	assert_output 6
	run grep -c '"pairs": 15' "$BATS_TEST_TMPDIR/locks.json"
	assert_output 4
	run grep -c '"wakes"' "$BATS_TEST_TMPDIR/locks.json"
	assert_output 2
	results "$(joined "$(design 0 0 -)")" "$(joined "$(run_of 0 1 1.0 false)")"
	run "$built/bench/tables" "$BATS_TEST_TMPDIR/results.json" "$bench/book.json" "$BATS_TEST_TMPDIR/locks.json"
	assert_success
	assert_output --regexp $'\n +3 the same +fifod +[0-9]+'
	mkdir "$plots"
	run "$built/bench/page" html "$BATS_TEST_TMPDIR/results.json" "$bench/book.json" "$bench/words.json" \
		"$repository/autograder/templates" "$plots" "$BATS_TEST_TMPDIR/locks.json"
	assert_success
	for words in "The daemon that gives out locks" "Der Daemon, der Sperren vergibt" "Демон, который выдаёт блокировки"; do
		assert_output --partial "<h2>$words</h2>"
	done
}

@test "of the lock daemons' runs medians are told, and hand-over is compared within a round" {
	local run='{"daemon": "%s", "mode": "one", "clients": 8, "round": %d, "pairs": 100, "failed": 0, "seconds": %s, "p99": 1, "used": 0.01, "handover": {"p50": 0.5, "p99": 1, "p999": %s, "most": 9}}'
	local runs

	# shellcheck disable=SC2059 # the formats are above
	runs=$(joined "$(printf "$run" mutexd 1 1 10)" "$(printf "$run" fifod 1 0.5 2)" "$(printf "$run" mutexd 2 2 6)" \
		"$(printf "$run" fifod 2 0.5 6)" "$(printf "$run" mutexd 3 4 9)" "$(printf "$run" fifod 3 0.5 3)")
	echo "{\"schema\": 1, \"floors\": {\"link\": 7, \"ping_pong\": 8}, \"runs\": [$runs], \"idle\": []}" >"$BATS_TEST_TMPDIR/locks.json"
	results "$(joined "$(design 0 0 -)")" "$(joined "$(run_of 0 1 1.0 false)")"
	run "$built/bench/tables" "$BATS_TEST_TMPDIR/results.json" "$bench/book.json" "$BATS_TEST_TMPDIR/locks.json"
	assert_success
	# 100, 50 and 25 pairs a second; 9 ms at p99.9; 5, 1 and 3 times as long as fifod
	assert_line --regexp '^ +8 the same +mutexd +50 +25 - +100 +1\.000 +100\.0 +0\.500 +1\.000 +9\.000 +9\.000 +3\.00$'
	assert_line --regexp '^ +8 the same +fifod +200 +200 - +200 .* 1\.00$'
}

@test "the page keeps the words of the glossary" {
	local language

	for language in de ru; do
		mkdir "$BATS_TEST_TMPDIR/$language"
		sed 's/{{[^}]*}}//g' "autograder/templates/bench-$language.html" >"$BATS_TEST_TMPDIR/$language/page.adoc"
	done
	run lectures/glossary/check "$BATS_TEST_TMPDIR"/{de,ru}/page.adoc
	assert_success
	assert_output ""
}
