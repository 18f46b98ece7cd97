#!/bin/bash
# lint.sh - style and static checks; make lint calls it. Needs the developer's
# packages and a built kit. Ends with the line "N passed, N failed".
#
# With arguments it does one check: lint.sh CHECK [FILE...].
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
# shellcheck source-path=SCRIPTDIR source=count.bash
. autograder/tests/count.bash

readonly MINUTES=20
self=$PWD/autograder/tests/lint.sh
export LC_ALL=C.UTF-8

main() {
	local file part

	if (($#)); then
		"$@"
		return
	fi
	count_begin "$MINUTES"
	count_item "all C is formatted" "$self" formatted
	count_item "shellcheck finds nothing" "$self" shell_is_sound
	count_item "no blanks at ends of lines" "$self" no_trailing_blanks
	count_item "no test sleeps, kills by name or leaves something for later" "$self" habits
	for file in $(files 'autograder/man/*.[1-9]'); do
		count_item "$file: mandoc finds nothing" mandoc -T lint -W warning "$file"
	done
	count_item "the sample class is packed from what is there" autograder/samples/pack.sh --check
	for part in gabel $(files 'labs/*/lab.yaml' | cut -d/ -f2); do
		count_item "$part: all texts are translated" autograder/po/update.sh --check "$part"
	done
	for part in $(judged_by_tidy '*.c' | cut -d/ -f1,2 | sed -E 's,^(solutions|skeletons)/,labs/,' | sort -u); do
		count_item "$part: clang-tidy finds nothing" "$self" tidy "$part"
	done
	count_end
}

# What git knows, or would take; without what tests refuse to compile on purpose.
files() {
	git ls-files --cached --others --exclude-standard -- "$@" |
		while read -r file; do
			[[ -e $file ]] && echo "$file"
		done
}

formatted() {
	files '*.c' '*.h' | xargs -d '\n' clang-format --dry-run -Werror
}

# bats' @test functions look like subshells to shellcheck, and set variables it does not know.
shell_is_sound() {
	local status=0

	files '*.sh' '*.bash' .ci/run | xargs -d '\n' shellcheck -x -s bash || status=1
	files '*.bats' | xargs -d '\n' shellcheck -x -e SC2030,SC2031,SC2154,SC2016 || status=1
	return "$status"
}

no_trailing_blanks() {
	! git grep -nIE '[[:blank:]]+$' -- ':!*.patch' ':!*.po' ':!*.tsv' ':!autograder/tests/golden'
}

habits() {
	local status=0

	# A man page's name stands in quotes; a pattern with a star has to match down to the file.
	git grep -nE '(^|[^"[:alnum:]_])(sleep|usleep|nanosleep) *\(|^[[:blank:]]*sleep [0-9.]' -- 'labs/*/checks/*' autograder/judge \
		autograder/tests ':!autograder/tests/exploits' ':!*.md' ':!*.adoc' && status=1
	git grep -nE '\b(p[k]ill|kill[a]ll)\b' -- ':!lectures' ':!*.adoc' && status=1
	git grep -nE '\b(TO[D]O|FIX[M]E|not implement[e]d|for n[o]w)\b' -- ':!lectures' ':!*.adoc' ':!*.po' && status=1
	return "$status"
}

# Samples and what tests run in the sandbox misbehave on purpose.
judged_by_tidy() {
	files "$@" ':!autograder/samples' ':!autograder/tests/programs' ':!autograder/tests/exploits'
}

# tidy PART: clang-tidy over its C files, as many at once as there are processors. A part is a folder of
# two levels, and a lab's takes in its solution and its skeleton.
tidy() {
	local part=$1 patterns=("$1/*.c") include=(-I autograder/judge) libclang

	case $part in
	autograder/mutate)
		# Where Debian keeps it; elsewhere it needs no option.
		mapfile -t libclang < <(compgen -G '/usr/lib/llvm-*/include' | tail -n 1)
		include+=("${libclang[@]/#/-isystem}")
		;;
	labs/*)
		patterns+=("solutions/${part#labs/}/*.c" "skeletons/${part#labs/}/*.c")
		include+=(-I "$part")
		;;
	esac
	judged_by_tidy "${patterns[@]}" |
		xargs -d '\n' -P "$(nproc)" -I FILE \
			clang-tidy --quiet FILE -- -std=c17 -D_XOPEN_SOURCE=700 "${include[@]}"
}

main "$@"
