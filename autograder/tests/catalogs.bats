#!/usr/bin/env bats
# Every text has its German and its Russian translation, and update.sh notices when not.

bats_require_minimum_version 1.5.0

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	kit=$BATS_TEST_TMPDIR/kit
	mkdir -p "$kit/autograder/po" "$kit/autograder/src/room"
	cp "$root/autograder/po/update.sh" "$kit/autograder/po"
	source=$kit/autograder/src/room/a.c
	printf 'say(b, n, _("%%d children"), 3);\nputs(ngettext("%%d line", "%%d lines", n));\n' >"$source"
	update=$kit/autograder/po/update.sh
	de=$kit/autograder/po/de.po
	ru=$kit/autograder/po/ru.po
}

# A kit whose catalogs are complete.
translated() {
	run -0 "$update"
	sed -i -e '/^msgid "%d children"/{n;s/""/"%d Kinder"/}' -e 's/^msgstr\[.\] ""/&/' \
		-e 's/^\(msgstr\[0\]\) ""/\1 "%d Zeile"/' -e 's/^\(msgstr\[1\]\) ""/\1 "%d Zeilen"/' "$de"
	sed -i -e '/^msgid "%d children"/{n;s/""/"процессов: %d"/}' -e 's/^\(msgstr\[0\]\) ""/\1 "%d строка"/' \
		-e 's/^\(msgstr\[1\]\) ""/\1 "%d строки"/' -e 's/^\(msgstr\[2\]\) ""/\1 "%d строк"/' "$ru"
	run -0 "$update" --check
}

@test "the kit's own catalogs are complete and up to date" {
	run -0 "$root/autograder/po/update.sh" --check
}

# What a program of a student's writes is English; the judge speaks the student's language.
@test "no check compares with what the C library says in the student's language" {
	run -1 grep -nE '\<(strerror|strsignal|gai_strerror)\(' "$root"/labs/*/checks/*_checks.c
}

@test "a right answer gets its points in German and Russian, too" {
	for language in de ru; do
		run -0 "$root/build/gabel" check --lab 05 --lang "$language" --only command-lines \
			--only client-failures --only stream-both-ways "$root/solutions/05-sockets"
	done
}

@test "a catalog is made anew with the plural forms of its language" {
	run -0 "$update"
	grep -F '"Plural-Forms: nplurals=2; plural=(n != 1);\n"' "$de"
	grep -F 'nplurals=3' "$ru"
	[ "$(grep -c '^msgstr\[' "$ru")" -eq 3 ]
}

@test "a second run changes nothing, and there are neither dates nor line numbers" {
	translated
	cp "$de" "$BATS_TEST_TMPDIR/before.po"
	printf '\n\n%s\n' "$(cat "$source")" >"$source"
	run -0 "$update"
	diff "$BATS_TEST_TMPDIR/before.po" "$de"
	run -1 grep -E 'POT-Creation-Date|\.c:[0-9]' "$de"
}

@test "a text that is not translated is found" {
	translated
	sed -i 's/"%d Kinder"/""/' "$de"
	run -1 "$update" --check
	[[ $output == *'de.po: untranslated:'*'%d children'* ]]
}

@test "a text that is new in the sources is found" {
	translated
	echo 'puts(_("new"));' >>"$source"
	run -1 "$update" --check
	[[ $output == *'ru.po: is not up to date'* ]]
}

@test "a text that is gone from the sources is found, and update removes it" {
	translated
	sed -i 1d "$source"
	run -1 "$update" --check
	[[ $output == *'de.po: is not up to date'* ]]
	run -0 "$update"
	run -1 grep Kinder "$de"
}

@test "a fuzzy translation is found" {
	translated
	sed -i '/^msgid "%d children"/i #, fuzzy' "$de"
	run -1 "$update" --check
	[[ $output == *'de.po: fuzzy:'* ]]
}

@test "other directives than in the text are found" {
	translated
	sed -i 's/"%d Kinder"/"%s Kinder"/' "$de"
	run -1 "$update" --check
	[[ $output == *'are not the same'* ]]
}

@test "wrong plural forms in the header are found" {
	translated
	sed -i 's/plural=(n != 1)/plural=(n > 1)/' "$de"
	run -1 "$update" --check
	[[ $output == *'de.po: the header needs'* ]]
}

@test "a missing catalog is found" {
	translated
	rm "$ru"
	run -1 "$update" --check
	[[ $output == *'ru.po: is missing'* ]]
}

@test "titles of lab.yaml are taken from build/gabel, and left out audibly without it" {
	mkdir -p "$kit/labs/01-x/checks" "$kit/build"
	touch "$kit/labs/01-x/lab.yaml"
	echo 'puts(_("a hint"));' >"$kit/labs/01-x/checks/hints.c"
	run -0 "$update" 01-x
	[[ $output == *'build/gabel'* ]]
	run -1 "$update" --check 01-x
	# Stands for gabel: writes a template with one title.
	# shellcheck disable=SC2016 # the stand-in expands it
	printf '#!/bin/sh\n[ "$1 $2 $3" = "lab strings 01-x" ] || exit 2\n%s\n' \
		'printf '"'"'msgid "A title"\nmsgstr ""\n'"'"'' >"$kit/build/gabel"
	chmod +x "$kit/build/gabel"
	cat >"$kit/labs/01-x/checks/x.bats" <<-'END'
		fail_check key "$(words "a fact")" "$(words "%d of 5 lines")" 3
	END
	run -0 "$update" 01-x
	grep -F 'msgid "A title"' "$kit/labs/01-x/po/de.po"
	grep -F 'msgid "a hint"' "$kit/labs/01-x/po/ru.po"
	grep -F 'msgid "a fact"' "$kit/labs/01-x/po/ru.po"
	grep -F -B1 'msgid "%d of 5 lines"' "$kit/labs/01-x/po/ru.po" | grep c-format
}

@test "an unknown lab is refused" {
	run -2 "$update" 77-none
	[[ $output == *77-none* ]]
}
