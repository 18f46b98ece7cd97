#!/usr/bin/env bats
# The kit's texts keep to lectures/glossary/terms.tsv.

bats_require_minimum_version 1.5.0

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	check=$root/lectures/glossary/check
	mkdir -p "$BATS_TEST_TMPDIR/de" "$BATS_TEST_TMPDIR/ru"
}

@test "the table is well formed and holds at least 90 terms" {
	run -0 "$check"
	[ -z "$output" ]
	[ "$(wc -l <"$root/lectures/glossary/terms.tsv")" -gt 90 ]
}

@test "no text of the kit uses a word to avoid" {
	cd "$root"
	shopt -s nullglob
	texts=(autograder/po/{de,ru}.po labs/*/po/{de,ru}.po labs/*/task.{de,ru}.adoc
		lectures/{de,ru}/*.adoc README.{de,ru}.md)
	for text in "${!texts[@]}"; do
		[ -e "${texts[text]}" ] || unset "texts[text]"
	done
	run -0 lectures/glossary/check "${texts[@]}"
}

@test "the check finds a word in a document, in upper case and with an ending" {
	printf 'Ein Prozeß.\n\nDer Prozeßbaum und\nder VATERPROZESS.\n' >"$BATS_TEST_TMPDIR/de/a.adoc"
	run -1 "$check" "$BATS_TEST_TMPDIR/de/a.adoc"
	[ "${#lines[@]}" -eq 3 ]
	[[ ${lines[*]} == *"a.adoc:1:"*"Prozeß"*"a.adoc:3:"*"a.adoc:4:"*VATERPROZESS*Elternprozess* ]]
}

@test "the check finds quotation marks of another form" {
	printf 'Ein »Kind«.\n\nEin „Kind“.\n' >"$BATS_TEST_TMPDIR/de/a.adoc"
	run -1 "$check" "$BATS_TEST_TMPDIR/de/a.adoc"
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == *"a.adoc:3: "*"»...«" ]]
	printf 'Слово «поток».\n“Поток”.\n' >"$BATS_TEST_TMPDIR/ru/a.adoc"
	run -1 "$check" "$BATS_TEST_TMPDIR/ru/a.adoc"
	[[ ${lines[0]} == *"a.adoc:2: "*"«...»" ]]
}

@test "the check finds a Russian phrase across a line break" {
	printf 'Это код\nвозврата.\n' >"$BATS_TEST_TMPDIR/ru/a.adoc"
	run -1 "$check" "$BATS_TEST_TMPDIR/ru/a.adoc"
	[[ $output == *"a.adoc:1:"*"код завершения"* ]]
}

@test "the check leaves code, listings and parts of words alone" {
	cat >"$BATS_TEST_TMPDIR/de/a.adoc" <<-'END'
		Das Feld `Parent` und "Child".

		----
		Call Stream
		----

		Elternprozess, Callback, checks/child.c, child.bats.
	END
	run -0 "$check" "$BATS_TEST_TMPDIR/de/a.adoc"
}

@test "the check reads Markdown, but not its code" {
	cat >"$BATS_TEST_TMPDIR/README.de.md" <<-'END'
		Der Parent

		```
		make Child
		```
	END
	run -1 "$check" "$BATS_TEST_TMPDIR/README.de.md"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"README.de.md:1:"*Parent* ]]
}

@test "the check does not take Prozess for Prozeß" {
	printf 'Prozesse und PROZESSE\n' >"$BATS_TEST_TMPDIR/de/a.adoc"
	run -0 "$check" "$BATS_TEST_TMPDIR/de/a.adoc"
}

@test "the check reads translations of a catalog, not its English and not its header" {
	printf '%s\n' 'msgid ""' 'msgstr ""' '"Language-Team: Child\n"' '' \
		'msgid "Child"' 'msgstr "Kind"' '' 'msgid "the Parent"' 'msgstr ""' '"der Parent"' \
		'"    make Child\n"' \
		>"$BATS_TEST_TMPDIR/de.po"
	run -1 "$check" "$BATS_TEST_TMPDIR/de.po"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"de.po:10:"*Parent* ]]
}

@test "a line with a column too few is refused with its line" {
	printf 'term_en\tde\tru\tavoid_de\tavoid_ru\tnote\nfork\tfork\n' >"$BATS_TEST_TMPDIR/terms.tsv"
	run -2 "$check" --terms "$BATS_TEST_TMPDIR/terms.tsv"
	[[ $output == *"terms.tsv:2:"* ]]
}
