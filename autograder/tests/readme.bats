#!/usr/bin/env bats
# The three READMEs say the same, and nothing that is not there.

bats_load_library bats-support
bats_load_library bats-assert

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return 1
}

# What the languages have in common: headings and tables by number, code, commands and links.
skeleton_of() {
	local argument=${2-folder}

	sed -E -n "s/^(#+) .*/\1/p; /^\`\`\`/p; /^make /s/$argument/folder/p; /^make /p; s/^\| (\`[^|]*) \|.*/\1/p" "$1" |
		uniq
}

@test "every language has the same sections, commands and rows" {
	diff <(skeleton_of README.md) <(skeleton_of README.de.md verzeichnis)
	diff <(skeleton_of README.md) <(skeleton_of README.ru.md каталог)
}

@test "every linked file exists" {
	local readme target missing=0

	for readme in README*.md; do
		while read -r target; do
			[[ -e $target ]] || { echo "$readme: $target" && missing=1; }
		done < <(grep -oE '\]\([^)]+\)' "$readme" | tr -d ']()')
	done
	assert_equal "$missing" 0
}

@test "every make target that is named exists" {
	local target

	while read -r target; do
		grep -qE "^$target:" Makefile || fail "no target: make $target"
	done < <(grep -ohE '\bmake [a-z][a-z-]*' README*.md | cut -d' ' -f2 | sort -u)
}

@test "the words of the glossary are kept" {
	mkdir "$BATS_TEST_TMPDIR/de" "$BATS_TEST_TMPDIR/ru"
	# The check knows AsciiDoc's listings.
	sed 's/^```$/----/' README.de.md >"$BATS_TEST_TMPDIR/de/readme.adoc"
	sed 's/^```$/----/' README.ru.md >"$BATS_TEST_TMPDIR/ru/readme.adoc"
	run lectures/glossary/check "$BATS_TEST_TMPDIR/de/readme.adoc" "$BATS_TEST_TMPDIR/ru/readme.adoc"
	assert_success
	assert_output ""
}
