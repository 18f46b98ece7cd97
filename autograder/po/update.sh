#!/bin/bash
# Takes new and changed texts over into the catalogs de.po and ru.po, of the
# grader (autograder/po) and of every lab (labs/NN-name/po). A translator then
# fills in what is empty. The result depends on the sources only: no dates, no
# line numbers.
#
# Usage: autograder/po/update.sh [--check] [gabel | LAB]...
#
#   --check   changes nothing; fails when a catalog is stale, has a text that
#             is not translated or fuzzy, or a translation whose directives
#             (%d ...) or plural forms do not fit
#
# A lab's titles come from its lab.yaml by way of build/gabel: build first.
set -euo pipefail
export LC_ALL=C.UTF-8

root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
languages=(de ru)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shopt -s nullglob

extract=(xgettext --from-code=UTF-8 --add-comments=TRANSLATORS --add-location=file
	--sort-by-file --force-po --package-name=Gabel --msgid-bugs-address=-)
# gettext() itself is no keyword: it stands only where the text is not a literal.
# shellcheck disable=SC2054 # the commas are xgettext's
keywords=(--keyword --keyword=_ --keyword=N_ --keyword=G_ --keyword=ngettext:1,2
	--keyword=dngettext:2,3 --flag=_:1:pass-c-format --flag=G_:1:pass-c-format
	--flag=ngettext:1:pass-c-format --flag=ngettext:2:pass-c-format
	--flag=dngettext:2:pass-c-format --flag=dngettext:3:pass-c-format
	--flag=expect:4:c-format --flag=check_fail:3:c-format --flag=grader_fault:1:c-format
	--flag=complain:1:c-format --flag=say:3:c-format --flag=findings_add:4:c-format --flag=words:1:c-format)
# In a lab's bats file texts are marked by words (judge/gabel.bash).
shell_keywords=(--language=Shell --keyword --keyword=words)

# What stays the same from run to run.
steady() {
	sed '/^"\(POT-Creation-Date\|Report-Msgid-Bugs-To\): /d'
}

# template OUTPUT SOURCE...: the texts of these C and shell files.
template() {
	local output=$1 source c=() shell=() parts=()
	shift
	for source; do
		case $source in
		*.c | *.h) c+=("$source") ;;
		*) shell+=("$source") ;;
		esac
	done
	if [ ${#c[@]} -gt 0 ]; then
		"${extract[@]}" "${keywords[@]}" --output="$work/c.pot" -- "${c[@]}"
		parts+=("$work/c.pot")
	fi
	if [ ${#shell[@]} -gt 0 ]; then
		# words fills in the arguments as printf does; xgettext cannot know.
		"${extract[@]}" "${shell_keywords[@]}" --no-wrap --output=- -- "${shell[@]}" |
			sed '/^msgid ".*%[a-z0-9]/i #, c-format' >"$work/shell.pot"
		parts+=("$work/shell.pot")
	fi
	msgcat --use-first --force-po "${parts[@]}" | steady >"$output"
}

grader_template() {
	template "$1" autograder/src/*.c autograder/src/*/*.c autograder/judge/*.c \
		autograder/keeper/*.c
}

# The titles in lab.yaml and the texts of the checks.
lab_template() {
	template "$work/checks.pot" "labs/$2"/checks/*.{c,h,bats}
	build/gabel lab strings "$2" >"$work/titles.pot"
	msgcat --use-first --output-file="$work/all.pot" "$work/checks.pot" "$work/titles.pot"
	steady <"$work/all.pot" >"$1"
}

plural_forms() {
	case $1 in
	de) echo 'nplurals=2; plural=(n != 1);' ;;
	ru) echo 'nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);' ;;
	esac
}

# A catalog without a translation, for a language that has none yet.
new_catalog() {
	printf '%s\n' 'msgid ""' 'msgstr ""' '"Project-Id-Version: Gabel\n"' \
		'"PO-Revision-Date: 2026-11-22 12:00+0000\n"' '"Last-Translator: The authors of Gabel\n"' \
		"\"Language-Team: $1\\n\"" "\"Language: $1\\n\"" '"MIME-Version: 1.0\n"' \
		'"Content-Type: text/plain; charset=UTF-8\n"' '"Content-Transfer-Encoding: 8bit\n"' \
		"\"Plural-Forms: $(plural_forms "$1")\\n\""
}

# merge CATALOG TEMPLATE: the catalog with exactly the template's texts.
merge() {
	msgmerge --quiet --no-fuzzy-matching --add-location=file "$1" "$2" |
		msgattrib --no-obsolete --force-po | steady
}

# What two catalogs must agree in: texts and translations, not line breaks or order.
content() {
	msgcat --no-location --no-wrap --sort-output --force-po "$1" | msgattrib --no-obsolete --force-po
}

# same_forms CATALOG LANGUAGE
same_forms() {
	msgcat --no-wrap --force-po "$1" | grep -F "\"Plural-Forms: $(plural_forms "$2")\\n\"" >/dev/null
}

# check CATALOG TEMPLATE LANGUAGE: says everything that is wrong with it.
check() {
	local fine=0 what
	if ! [ -e "$1" ]; then
		echo "$1: is missing; run autograder/po/update.sh" >&2
		return 1
	fi
	msgfmt --check --output-file=/dev/null "$1" || fine=1
	merge "$1" "$2" >"$work/merged.po"
	content "$1" >"$work/old"
	content "$work/merged.po" >"$work/new"
	if ! cmp -s "$work/old" "$work/new"; then
		echo "$1: is not up to date with the sources; run autograder/po/update.sh" >&2
		diff "$work/old" "$work/new" | grep '^[<>] msgid' >&2 || true
		fine=1
	fi
	for what in untranslated only-fuzzy; do
		msgattrib --no-obsolete "--$what" --no-wrap "$work/merged.po" >"$work/open"
		if [ -s "$work/open" ]; then
			echo "$1: ${what#only-}:" >&2
			grep '^msgid' "$work/open" | grep -v '^msgid ""$' >&2 || true
			fine=1
		fi
	done
	if ! same_forms "$1" "$3"; then
		echo "$1: the header needs \"Plural-Forms: $(plural_forms "$3")\"" >&2
		fine=1
	fi
	return "$fine"
}

# treat FOLDER TEMPLATE: brings its catalogs up to date, or checks them.
treat() {
	local language catalog fine=0
	for language in "${languages[@]}"; do
		catalog=$1/$language.po
		if [ "$checking" ]; then
			check "$catalog" "$2" "$language" || fine=1
			continue
		fi
		mkdir -p "$1"
		[ -e "$catalog" ] || new_catalog "$language" >"$catalog"
		merge "$catalog" "$2" >"$work/new.po"
		cmp -s "$work/new.po" "$catalog" || cp "$work/new.po" "$catalog"
		printf '%-28s ' "$catalog"
		msgfmt --check --statistics --output-file=/dev/null "$catalog" 2>&1
	done
	return "$fine"
}

checking=
if [ "${1-}" = --check ]; then
	checking=1
	shift
fi
parts=("$@")
if [ $# -eq 0 ]; then
	parts=(gabel)
	for yaml in labs/*/lab.yaml; do
		lab=${yaml#labs/}
		parts+=("${lab%/lab.yaml}")
	done
fi

result=0
for part in "${parts[@]}"; do
	if [ "$part" = gabel ]; then
		grader_template "$work/gabel.pot"
		treat autograder/po "$work/gabel.pot" || result=1
	elif ! [ -e "labs/$part/lab.yaml" ]; then
		echo "update.sh: there is no labs/$part/lab.yaml" >&2
		exit 2
	elif ! [ -x build/gabel ]; then
		echo "update.sh: $part is left out: its titles need build/gabel" >&2
		result=$((checking ? 1 : result))
	else
		lab_template "$work/$part.pot" "$part"
		treat "labs/$part/po" "$work/$part.pot" || result=1
	fi
done
exit "$result"
