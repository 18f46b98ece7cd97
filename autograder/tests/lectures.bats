#!/usr/bin/env bats
# The notes: every program runs, both languages tell the same, every reference arrives.

bats_require_minimum_version 1.5.0

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	cd "$root/lectures" || return 1
	shopt -s nullglob
}

# Everything of a chapter that must not depend on the language: structure and code, in order.
skeleton_of() {
	sed -nE -e '/^\[(#|source|cols)/p' -e '/^(=+) .*/s//\1/p' -e '/^include::/p' \
		-e '/^(----|\|===|====)$/p' -e '/^<[0-9]+> .*/s//<>/p' "$1"
}

# The sections' anchors: each stands directly before its heading.
anchors_of() {
	sed -nE '/^\[#([a-z0-9-]+)\]$/{s//\1/;h;n;/^=/{g;p}}' "$1"
}

@test "every example compiles without a warning, ends with 0 and prints what the notes show" {
	examples=(examples/*/*.c)
	[ "${#examples[@]}" -ge 23 ]
	for source in "${examples[@]}"; do
		echo "$source"
		"${CC:-gcc}" -std=c17 -D_XOPEN_SOURCE=700 -Wall -Wextra -Wpedantic -Wshadow \
			-Wstrict-prototypes -Werror -O1 -o "$BATS_TEST_TMPDIR/example" "$source"
		LC_ALL=C timeout 10 "$BATS_TEST_TMPDIR/example" \
			>"$BATS_TEST_TMPDIR/output" 2>"$BATS_TEST_TMPDIR/errors" </dev/null
		diff "${source%.c}.out" "$BATS_TEST_TMPDIR/output"
		diff /dev/null "$BATS_TEST_TMPDIR/errors"
	done
}

@test "no recorded output without its program" {
	for output in examples/*/*.out; do
		echo "$output"
		[ -e "${output%.out}.c" ]
	done
}

@test "both languages have the same chapters" {
	diff <(cd de && ls -- *.adoc) <(cd ru && ls -- *.adoc)
}

@test "both languages have the same sections, code and callouts in the same order" {
	for chapter in de/*.adoc; do
		echo "$chapter"
		diff <(skeleton_of "$chapter") <(skeleton_of "ru/${chapter#de/}")
	done
}

@test "every section has an anchor, and none stands twice in a chapter" {
	for chapter in {de,ru}/*.adoc; do
		echo "$chapter"
		[ "$(anchors_of "$chapter" | wc -l)" -eq "$(grep -c '^==* ' "$chapter")" ]
		[ -z "$(anchors_of "$chapter" | sort | uniq -d)" ]
	done
}

@test "every section that a lab refers to exists in both languages" {
	files=("$root"/labs/*/lab.yaml "$root"/labs/*/checks/*.c "$root"/labs/*/checks/*.bats)
	mapfile -t references < <(grep -hoE '\b[0-9]{2}#[a-z0-9-]+' "${files[@]}" /dev/null | sort -u)
	for reference in "${references[@]}"; do
		for language in de ru; do
			echo "$language: $reference"
			anchors_of "$language/${reference%%#*}"-*.adoc | grep -qx "${reference##*#}"
		done
	done
}

@test "every example is quoted by a chapter" {
	for source in examples/*/*.c; do
		echo "$source"
		grep -qF "{examplesdir}/${source#examples/}[" de/*.adoc
	done
}

@test "the chapters are sound AsciiDoc" {
	command -v asciidoctor >/dev/null || skip "asciidoctor is not installed"
	for chapter in {de,ru}/*.adoc; do
		asciidoctor --failure-level=WARN -o /dev/null "$chapter"
	done
}
