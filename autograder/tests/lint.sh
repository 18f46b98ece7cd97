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
	# Samples and what tests run in the sandbox misbehave on purpose.
	for file in $(files '*.c' ':!autograder/samples' ':!autograder/tests/programs' ':!autograder/tests/exploits' | sed 's,/[^/]*$,,' | sort -u); do
		count_item "$file: clang-tidy finds nothing" "$self" tidy "$file"
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

	git grep -nE '\b(sleep|usleep|nanosleep) *\(|^[[:blank:]]*sleep [0-9.]' -- 'labs/*/checks' autograder/judge \
		autograder/tests ':!autograder/tests/exploits' ':!*.md' ':!*.adoc' && status=1
	git grep -nE '\b(p[k]ill|kill[a]ll)\b' -- ':!lectures' ':!*.adoc' && status=1
	git grep -nE '\b(TO[D]O|FIX[M]E|not implement[e]d|for n[o]w)\b' -- ':!lectures' ':!*.adoc' ':!*.po' && status=1
	return "$status"
}

# tidy DIRECTORY: clang-tidy over its C files, as many at once as there are processors.
tidy() {
	local directory=$1 include=(-I autograder/judge) libclang

	# Where Debian keeps it; elsewhere it needs no option.
	mapfile -t libclang < <(compgen -G '/usr/lib/llvm-*/include' | tail -n 1)
	case $directory in
	autograder/mutate) include+=("${libclang[@]/#/-isystem}") ;;
	labs/* | solutions/* | skeletons/*) include+=(-I "$(cut -d/ -f2 <<<"$directory" | sed 's,^,labs/,')") ;;
	esac
	files "$directory/*.c" | grep -v "^$directory/.*/" |
		xargs -d '\n' -P "$(nproc)" -I FILE \
			clang-tidy --quiet FILE -- -std=c17 -D_XOPEN_SOURCE=700 "${include[@]}"
}

main "$@"
