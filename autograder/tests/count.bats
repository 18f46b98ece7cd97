#!/usr/bin/env bats
# What counts tests must not miscount: a lost failure would let everything else rot.

bats_load_library bats-support
bats_load_library bats-assert

setup() {
	items=$BATS_TEST_TMPDIR/items
	printf '. "%s/count.bash"\ncount_begin "${MINUTES:-1}"\n' "$BATS_TEST_DIRNAME" >"$items"
}

# counts LAST_LINE STATUS: the items from standard input end so.
counts() {
	cat >>"$items"
	echo count_end >>"$items"
	run bash "$items" </dev/null
	assert_equal "${lines[-1]}" "$1"
	assert_equal "$status" "$2"
}

@test "an item passes or fails by exit status, and shows its output only when it fails" {
	counts "1 passed, 1 failed" 1 <<-'END'
	count_item good sh -c 'echo quiet'
	count_item bad sh -c 'echo loud; exit 3'
	END
	assert_line loud
	refute_line quiet
	assert_line "failed: bad"
}

@test "everything passed" {
	counts "1 passed, 0 failed" 0 <<<"count_item good true"
}

@test "nothing ran is a failure" {
	counts "0 passed, 0 failed" 1 </dev/null
}

@test "every line of a TAP counts, skipped ones apart" {
	counts "1 passed, 1 failed" 1 <<-'END'
	count_tap t printf '1..4\nok 1 - a\n#why\nnot ok 2 - b\nok 3 - c # skip\nnot ok 4 - d # SKIP\n'
	END
	assert_line "#why"
	assert_line "skipped: 2"
}

@test "a TAP that ends before its plan has failed" {
	counts "1 passed, 1 failed" 1 <<<"count_tap t printf '1..2\nok 1 - a\n'"
	assert_line "t: 2 tests were announced, 1 came"
}

@test "a program that exits with success before any test has failed" {
	counts "0 passed, 1 failed" 1 <<<"count_tap t true"
}

@test "an exit status that no failed test explains is a failure" {
	counts "1 passed, 1 failed" 1 <<<"count_tap t sh -c 'echo 1..1; echo ok 1; exit 4'"
}

@test "sums are added, and a missing last line is a failure" {
	counts "5 passed, 3 failed" 1 <<-'END'
	count_sum a sh -c 'echo "2 passed, 1 failed"; exit 1'
	count_sum b sh -c 'echo "3 passed, 0 failed"; exit 1'
	count_sum c sh -c 'echo "7 passed, 0 failed"; echo more'
	END
}

@test "what make adds after a failure is not taken for the last line" {
	printf 'all:\n\t@echo "2 passed, 1 failed"; exit 1\n' >"$BATS_TEST_TMPDIR/Makefile"
	counts "2 passed, 1 failed" 1 <<<"count_sum a make -C '$BATS_TEST_TMPDIR' --no-print-directory"
}

@test "a command's output is shown in full and in order while it is summed" {
	counts "1 passed, 0 failed" 0 <<<"count_sum a sh -c 'seq 20000; echo 1 passed, 0 failed'"
	assert_equal "$(grep -c '^[0-9]*$' <<<"$output")" 20000
}

@test "when the time is used up, what is left fails without running" {
	MINUTES=0 counts "0 passed, 2 failed" 1 <<-'END'
	count_item a true
	count_item b touch "$items.ran"
	END
	assert_line "not run: the time is used up"
	assert [ ! -e "$items.ran" ]
}

@test "interrupting it ends the command that runs" {
	cat >>"$items" <<-END
	count_item long sh -c 'echo \$\$ >$items.fifo; exec cat $items.block'
	END
	mkfifo "$items.fifo" "$items.block"
	bash "$items" >"$items.out" 2>&1 3>&- &
	local runner=$! command status=0
	read -r command <"$items.fifo"
	kill -TERM "$runner"
	wait "$runner" || status=$?
	assert_equal "$status" 143
	refute kill -0 "$command"
	run cat "$items.out"
	assert_output "interrupted: 0 passed, 0 failed until then"
}
