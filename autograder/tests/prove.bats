#!/usr/bin/env bats
# prove.bats - the proof of a lab finds what is unfair, can be killed and goes
# on where it was, and proves nothing twice. The lab is the tutorial's.

load tutorial_kit

setup_file() {
	tutorial_kit_begin
	build_judge
}

teardown_file() {
	tutorial_kit_end
}

setup() {
	lab=$KIT/labs/20-relay
	out=$BATS_TEST_TMPDIR/out
	cp -r "$lab" "$BATS_TEST_TMPDIR/lab"
}

# What a test changed in the lab is as before.
teardown() {
	rm -rf "$lab" "$KIT/build/mutate"
	cp -r "$BATS_TEST_TMPDIR/lab" "$lab"
}

# prove ARGUMENT...: sets status and output.
prove() {
	run "$KIT/build/prove" -j2 "$@" 20
	echo "$output"
}

# runs: the names of all runs that the journal knows, in its order.
runs() {
	jq -r 'select(.run).run' "$out/20-relay.journal"
}

# A stress-ng that keeps nothing busy, but lives as long as it is let.
idle_stress() {
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\n%s\n' "$1" >"$BATS_TEST_TMPDIR/bin/stress-ng"
	chmod +x "$BATS_TEST_TMPDIR/bin/stress-ng"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# list_mutants JSON: what build/mutate prints about this lab's solution.
list_mutants() {
	printf "#!/bin/sh\ncat <<'END'\n%s\nEND\n" "$1" >"$KIT/build/mutate"
	chmod +x "$KIT/build/mutate"
}

# mutant ID ORIGINAL REPLACEMENT: the first ORIGINAL of relay.c changed.
mutant() {
	local offset line

	offset=$(grep -bo -m1 -F -- "$2" "$KIT/solutions/20-relay/relay.c" | head -n1 | cut -d: -f1)
	line=$(grep -m1 -F -- "$2" "$KIT/solutions/20-relay/relay.c")
	jq -n --arg id "$1" --arg original "$2" --arg replacement "$3" --argjson offset "$offset" \
		--arg text "${line#"${line%%[![:space:]]*}"}" '{id: $id, file: "relay.c",
		function: "f", line: 1, column: 1, operator: "statement", offset: $offset,
		length: ($original | utf8bytelength), original: $original,
		replacement: $replacement, text: $text, what: "something has changed"}'
}

@test "a fair lab is proved" {
	prove --parts
	[[ $status -eq 0 ]]
	[[ $output != *"not ok"* ]]
	[[ ${lines[-1]} == "# 1 labs: solutions 1/1, skeletons and empty files at 0: 2/2, alternatives passed 1/1, mistakes caught 1/1 (by the named check 1, hints right 1, losing no other points 1), parts 4/4, grader faults 0, seed "* ]]
}

# For: a name that is mistyped, or of another lab, and "proved" because nothing was asked.
@test "a case that does not exist proves nothing" {
	prove --case one-wriet
	[[ $status -eq 2 && $output == *'is called "one-wriet"'* ]]
	[[ $output != *"1..0"* ]]
}

# For: --every that leaves out the one answer that was asked for by name.
@test "an answer asked for by name is judged whatever is drawn" {
	prove --named --every 2 --seed 1 --case one-write
	[[ $status -eq 0 && $output == *"mistakes caught 1/1"* ]]
}

# For: --named that still grades by everything, or says what it did not look at.
@test "with --named a mistake is judged only by the checks that it names" {
	prove --case one-write
	[[ $status -eq 0 ]]
	sed -i 's/^Also-fails: .*/Also-fails:/' "$lab/mistakes/one-write.patch"
	prove --case one-write
	[[ $status -eq 1 && $output == *"copy-command: "*"has nothing to do with the mistake"* ]]
	prove --named --case one-write
	[[ $status -eq 0 ]]
	[[ ${lines[-1]} == *"(by the named check 1, hints right 1), grader faults 0"* ]]
}

# For: --every that leaves out right answers, the same mistakes whatever the seed, or one always.
@test "with --every 2 each wrong answer is judged with every second seed" {
	cp "$lab/mistakes/one-write.patch" "$lab/mistakes/once-more.patch"
	prove --named --every 2 --seed 4
	[[ $status -eq 0 ]]
	[[ $output == *"solution solution"* && $output == *"alternative "* ]]
	[[ $output == *"mistake once-more,"* && $output != *"mistake one-write,"* ]]
	prove --named --every 2 --seed 5
	[[ $status -eq 0 ]]
	[[ $output != *"mistake once-more,"* && $output == *"mistake one-write,"* ]]
}

@test "a mistake that no check catches is told" {
	cat >"$lab/mistakes/one-write.patch" <<-'END'
		Mistake: nothing is wrong
		Caught-by: short-writes
		Hint: all-bytes
		Also-fails:
		Faults: none

		--- a/relay.c
		+++ b/relay.c
		@@ -1,1 +1,1 @@
		-/* relay.c - hands everything on from one descriptor to another. */
		+/* relay.c - hands everything on. */
	END
	prove
	[[ $status -eq 1 ]]
	[[ $output == *"not ok 5 - 20-relay: mistake one-write"* ]]
	[[ $output == *"short-writes: passed, but must catch the mistake"* ]]
	[[ $output == *"again: build/prove --seed "*" --case one-write 20-relay"* ]]
	[[ ${lines[-1]} == *"mistakes caught 0/1"* ]]
}

@test "points that have nothing to do with a mistake are told" {
	sed -i 's/^Also-fails: .*/Also-fails: interrupted/' "$lab/mistakes/one-write.patch"
	prove
	[[ $status -eq 1 ]]
	[[ $output == *"copy-command: failed"*", but has nothing to do with the mistake"* ]]
	[[ $output == *"interrupted: passed, but Also-fails names it"* ]]
}

@test "an alternative without full points is told" {
	cp "$KIT/skeletons/20-relay/copy.c" "$lab/alternatives/byte-by-byte/"
	prove
	[[ $status -eq 1 ]]
	[[ $output == *"not ok 4 - 20-relay: alternative byte-by-byte"* ]]
	[[ ${lines[-1]} == *"alternatives passed 0/1"* ]]
}

# For: the sanitizers' build that never runs, a report that nobody reads.
@test "an alternative in which only sanitizers find something is told" {
	prove --sanitized
	[[ $status -eq 0 && ${lines[-1]} == *", clean with sanitizers 2/2, "* ]]
	sed -i '0,/^{$/s//{\n\tchar room[4] = "";\n\tvolatile int at = 4;\n\n\t(void)*(volatile char *)\&room[at];/' \
		"$lab/alternatives/byte-by-byte/relay.c"
	prove --sanitized --case byte-by-byte
	[[ $status -eq 1 ]]
	[[ ${lines[0]} == "ok 1 - 20-relay: alternative byte-by-byte" ]]
	[[ $output == *"not ok 2 - 20-relay: alternative byte-by-byte, with sanitizers"* ]]
	[[ ${lines[-1]} == *", clean with sanitizers 0/1, "* ]]
}

@test "what is proved is not proved again, only what has changed" {
	prove --out "$out"
	[[ $status -eq 0 ]]
	runs >"$BATS_TEST_TMPDIR/first"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/first") -eq 5 ]]
	prove --out "$out"
	[[ $status -eq 0 ]]
	runs | diff "$BATS_TEST_TMPDIR/first" -
	echo "/* another */" >>"$lab/alternatives/byte-by-byte/copy.c"
	prove --out "$out"
	[[ $status -eq 0 ]]
	[[ $(runs | wc -l) -eq 6 ]]
	[[ $(runs | tail -n 1) == "once alternative byte-by-byte of "* ]]
	echo "/* another */" >>"$lab/checks/judge.c"
	prove --out "$out"
	[[ $status -eq 0 ]]
	[[ $(runs | wc -l) -eq 5 ]]
	grep -q 'id="20-relay"' "$out/index.html"
}

# Each run is made at most once more than it counts: the one that was under way.
@test "a proof that is killed goes on where it was, and leaves no process" {
	local pid line seen=0

	idle_stress 'exec tail -f /dev/null'
	mkdir "$out"
	"$KIT/build/prove" -j2 --repeat 40 --out "$out" 20 >/dev/null 3>&- &
	pid=$!
	# To be killed at once and far from its end: a pipeline would wait for tail to notice that grep has gone.
	while ((seen < 4)) && read -r line; do
		[[ $line != '{"run"'* ]] || seen=$((seen + 1))
	done < <(tail -n +1 -F "$out/20-relay.journal" --pid "$pid" 2>/dev/null 3>&-)
	kill -KILL "$pid"
	wait "$pid" || true
	[[ $seen -eq 4 ]]
	runs | head -n 3 >"$BATS_TEST_TMPDIR/first"
	prove --repeat 40 --out "$out"
	[[ $status -eq 0 ]]
	runs | head -n 3 | diff "$BATS_TEST_TMPDIR/first" -
	[[ -z $(runs | sort | uniq -d) ]]
	[[ -z $(pgrep -f "^$KIT/") ]]
	[[ $(runs | wc -l) -eq $((5 + 40 * 2 + 10)) ]]
	[[ ${lines[-1]} == *"runs repeated 90, deviations 0, grader faults 0"* ]]
}

@test "a load that ends by itself was none" {
	idle_stress 'exit 0'
	prove --repeat 5
	[[ $status -eq 3 ]]
	[[ $output == *'stress-ng ended by itself, so "cpu" was no load'* ]]
}

@test "survivors are listed; equivalent ones only while they are" {
	local harmless deadly

	harmless=$(mutant 111111111111 'part[4096]' 'part[4095]')
	deadly=$(mutant 222222222222 'n -= (size_t)done' 'n = 0')
	list_mutants "[$harmless, $deadly]"
	prove --mutants --case solution
	[[ $status -eq 1 ]]
	[[ $output == *"mutants: 1 killed of 2"* ]]
	[[ $output == *$'-\tchar part[4096];'*$'+\tchar part[4095];'* ]]
	[[ $output == *"alone: build/prove --mutant 111111111111 20-relay"* ]]

	cat >"$lab/equivalents.yaml" <<-'END'
		- mutant: "111111111111"
		  file: relay.c
		  line: char part[4096];
		  change: 4096 has become 4095
		  why: The size of a buffer can be seen by nobody.
	END
	prove --mutants --case solution
	[[ $status -eq 1 ]] # half of them are too many
	[[ $output == *"mutants: 1 killed of 1 that are not equivalent (100.0 %), 1 recorded as equivalent (50.0 %)"* ]]
	list_mutants "[$deadly]"
	prove --mutants --case solution
	[[ $status -eq 1 ]]
	[[ $output == *"equivalents.yaml:1: stale"* ]]

	sed -i 's/111111111111/222222222222/; s/line: .*/line: n -= (size_t)done;/' "$lab/equivalents.yaml"
	prove --mutants --case solution
	[[ $status -eq 1 ]]
	[[ $output == *"equivalents.yaml:1: not equivalent: killed short-writes"* ]]
}

@test "what does not compile is no mutant, and the same program no other" {
	local broken same deadly

	broken=$(mutant 111111111111 'n > 0' 'n >')
	same=$(mutant 222222222222 'long long total = 0;' 'long long total = 1 - 1;')
	deadly=$(mutant 333333333333 'n -= (size_t)done' 'n = 0')
	list_mutants "[$broken, $same, $deadly]"
	prove --mutants --case solution
	[[ $status -eq 0 ]]
	[[ $output == *"mutants: 1 killed of 1 that are not equivalent (100.0 %), 0 recorded as equivalent (0.0 %); 1 others are the same program, 1 do not build, 0 met a grader fault"* ]]
	prove --mutant 333333333333
	[[ $status -eq 0 ]]
	[[ $output == *"mutant 333333333333: killed short-writes (failed, all-bytes)"* ]]
}

@test "a list of equivalent mutants that cannot be read is told at once" {
	printf -- '- mutant: 1\n  line: a: b\n' >"$lab/equivalents.yaml"
	prove --case solution
	[[ $status -eq 3 ]]
	[[ $output == *"equivalents.yaml:2: "* ]]
}

@test "wrong usage says what is right" {
	prove --under water
	[[ $status -eq 2 ]]
	[[ $output == *'"water" is no load'*"usage: build/prove"* ]]
	prove --out "$out" --case solution
	[[ $status -eq 2 ]]
	run "$KIT/build/prove" 21
	[[ $status -eq 3 ]]
	[[ $output == *'there is no lab "21"'* ]]
}
