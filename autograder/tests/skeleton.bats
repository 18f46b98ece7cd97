#!/usr/bin/env bats
# The skeleton generator: what it makes of a solution, and every mistake it must name.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup() {
	skeleton=${GABEL_BUILD:-$BATS_TEST_DIRNAME/../../build}/skeleton
	cd "$BATS_TEST_TMPDIR" || return 1
}

# solution FILE: writes standard input to FILE; ~ stands for a tab, /% and %/ for
# the comment signs, so that this file itself holds no markers.
solution() {
	mkdir -p "$(dirname "$1")"
	sed 's/~/\t/g; s,/%,/*,g; s,%/,*/,g' >"$1"
}

# marked FILE: a small solution with one block.
marked() {
	solution "$1" <<-'END'
	int
	answer(void)
	{
	~/% STUDENT: return what the question asks for %/
	~return 42;
	~/% INSTEAD
	~return 0;
	~%/
	~/% END %/
	}
	END
}

@test "a block becomes its sentence and the lines of INSTEAD, with STUDENT's indentation" {
	solution a.c <<-'END'
	/% What stands outside is copied. %/
	#include <errno.h>

	/% STUDENT: a helper of your own may stand here %/
	static int helper(void);
	/% END %/

	int
	answer(void)
	{
	~if (1) {
	~~/% STUDENT: return what the question asks for %/
	~~return helper();
	/% INSTEAD
	if (0)
	~return 1;

	errno = ENOSYS;
	%/
	~~/% END %/
	~}
	~return -1;
	}
	END
	solution golden <<-'END'
	/% What stands outside is copied. %/
	#include <errno.h>

	/% YOUR WORK: a helper of your own may stand here %/

	int
	answer(void)
	{
	~if (1) {
	~~/% YOUR WORK: return what the question asks for %/
	~~if (0)
	~~~return 1;

	~~errno = ENOSYS;
	~}
	~return -1;
	}
	END
	"$skeleton" a.c >made
	run diff -u golden made
	assert_success
}

@test "INSTEAD that is indented like its block is not indented twice" {
	marked a.c
	"$skeleton" a.c >made
	run grep -n 'return [0-9]' made
	assert_output "$(printf '5:\treturn 0;')"
}

@test "a sentence over several lines is one sentence, broken where clang-format would" {
	solution a.c <<-'END'
	void
	f(void)
	{
	~/% STUDENT: start every child, remember its pid, and stop at the first fork that fails so
	~ % that the children started until then are still waited for %/
	~go();
	~/% END %/
	}
	END
	sed -i 's,^\t %,\t *,' a.c
	solution golden <<-'END'
	void
	f(void)
	{
	~/%
	~ % YOUR WORK: start every child, remember its pid, and stop at the first fork that fails so
	~ % that the children started until then are still waited for
	~ %/
	}
	END
	sed -i 's,^\t % ,\t * ,' golden
	"$skeleton" a.c >made
	run diff -u golden made
	assert_success
}

@test "a comment that just fits stays on its line, one column more breaks it" {
	local words

	words=$(printf 'w%.0s' {1..67})
	printf '\t/* STUDENT: a b c d %s */\n\t/* END */\n' "$words" >a.c
	run "$skeleton" a.c
	assert_equal "$(expand <<<"$output" | wc -L)" 100
	assert_equal "${#lines[@]}" 1
	sed -i 's/www/wwww/' a.c
	run "$skeleton" a.c
	assert_equal "${#lines[@]}" 3
}

# refused LINE MESSAGE: the solution a.c is refused, at that line, and nothing is printed.
refused() {
	run --separate-stderr "$skeleton" a.c
	assert_failure 1
	assert_equal "$output" ""
	assert_equal "${stderr_lines[0]}" "a.c:$1: $2"
}

@test "STUDENT without END names the line of STUDENT" {
	printf 'int a;\n/* STUDENT: declare what you need here */\nint b;\n' >a.c
	refused 2 "STUDENT without END"
}

@test "END without STUDENT" {
	printf 'int a;\n/* END */\n' >a.c
	refused 2 "END without STUDENT"
}

@test "INSTEAD outside of a block" {
	printf 'int a;\n/* INSTEAD\nint b;\n*/\n' >a.c
	refused 2 "INSTEAD outside of a block: no STUDENT before it"
}

@test "a second INSTEAD" {
	printf '/* STUDENT: declare a variable here */\n/* INSTEAD\nint b;\n*/\n/* INSTEAD\nint c;\n*/\n/* END */\n' >a.c
	refused 5 "a second INSTEAD in the same block"
}

@test "INSTEAD that is not closed" {
	printf '/* STUDENT: declare a variable here */\n/* INSTEAD\nint b; */\n/* END */\n' >a.c
	refused 2 'INSTEAD is not closed by "*/" on a line of its own'
}

@test "a block inside of a block" {
	printf '/* STUDENT: declare a variable here */\n/* STUDENT: and another one there */\n/* END */\n' >a.c
	refused 2 "STUDENT inside of a block: blocks do not nest"
}

@test "a STUDENT comment that does not end" {
	printf '/* STUDENT: declare a variable here\nint a;\n' >a.c
	refused 1 "this comment does not end"
}

@test "marker text that is no sentence" {
	local text

	for text in "" "loop" "write this:" "write the rest ..." "first this, then,"; do
		printf '/* STUDENT: %s */\n/* END */\n' "$text" >a.c
		refused 1 "after STUDENT: comes one sentence that says what to write"
	done
}

@test "a file of the student's without a block" {
	printf 'int a;\nint b;\n' >a.c
	refused 2 "nothing is marked for the student: no STUDENT in this file"
}

@test "a header without a block is copied" {
	printf 'int a;\n' >a.h
	run "$skeleton" a.h
	assert_success
	assert_output "int a;"
}

@test "markers in a wrong form or place are named, not copied" {
	marked good.c
	local wrong

	while IFS='|' read -r wrong message; do
		{ cat good.c && echo "$wrong"; } >a.c
		refused 11 "$message"
	done <<-'END'
	/*STUDENT: three words here */|the marker is written "/* STUDENT: sentence */"
	/* STUDENT three words here */|the marker is written "/* STUDENT: sentence */"
	/* INSTEAD: */|the marker is written "/* INSTEAD" and closed by "*/" on a line of its own
	/* END*/|the marker is written "/* END */"
	int a; /* END */|a marker stands on a line of its own
	/* YOUR WORK: three words here */|"YOUR WORK" belongs into skeletons, not into a solution
	END
}

@test "every mistake of a file is named, not only the first" {
	printf '/* END */\n/* INSTEAD\nint b;\n*/\n' >a.c
	run "$skeleton" a.c
	assert_line --index 0 "a.c:1: END without STUDENT"
	assert_line --index 1 "a.c:2: INSTEAD outside of a block: no STUDENT before it"
}

@test "--write makes skeletons that --check accepts, and touches none that is right" {
	marked solutions/01/a.c
	mkdir skeletons
	run "$skeleton" --check solutions skeletons
	assert_failure 1
	assert_line "skeletons/01/a.c: is missing"
	run "$skeleton" --write solutions skeletons
	assert_success
	assert_output "skeletons/01/a.c: written"
	run "$skeleton" --check solutions skeletons
	assert_success
	assert_output ""
	run "$skeleton" --write solutions skeletons
	assert_success
	assert_output ""
}

@test "--check names a stale skeleton and the command that mends it" {
	marked solutions/a.c
	mkdir skeletons
	"$skeleton" --write solutions skeletons
	echo "int more;" >>solutions/a.c
	run "$skeleton" --check solutions skeletons
	assert_failure 1
	assert_line "skeletons/a.c: differs from its solution"
	assert_line "To bring stale skeletons up to date: $skeleton --write solutions skeletons"
}

@test "a skeleton that is only longer or shorter than it should be is stale" {
	marked solutions/a.c
	mkdir skeletons
	"$skeleton" --write solutions skeletons
	echo "int more;" >>skeletons/a.c
	run "$skeleton" --check solutions skeletons
	assert_failure 1
	sed -i '$d' skeletons/a.c
	"$skeleton" --check solutions skeletons
	sed -i '$d' skeletons/a.c
	run "$skeleton" --check solutions skeletons
	assert_failure 1
}

@test "a skeleton without a solution is reported and kept" {
	marked solutions/a.c
	mkdir skeletons
	"$skeleton" --write solutions skeletons
	touch skeletons/old.c
	run "$skeleton" --write solutions skeletons
	assert_failure 1
	assert_line "skeletons/old.c: has no solution; remove it"
	assert [ -e skeletons/old.c ]
}

@test "a mistake in one solution leaves its skeleton as it was" {
	marked solutions/a.c
	mkdir skeletons
	"$skeleton" --write solutions skeletons
	cp skeletons/a.c before
	echo "/* END */" >>solutions/a.c
	run "$skeleton" --write solutions skeletons
	assert_failure 1
	assert_line "solutions/a.c:11: END without STUDENT"
	run diff before skeletons/a.c
	assert_success
}

@test "a missing solution and wrong usage are told apart" {
	run "$skeleton" absent.c
	assert_failure 1
	assert_output "absent.c: No such file or directory"
	run "$skeleton" --check solutions
	assert_failure 2
	assert_output --partial "usage: skeleton"
	run "$skeleton" --mend a b
	assert_failure 2
}
