# count.bash - runs commands as counted items; sourced by run.sh, lint.sh and .ci/run.
#
#	count_begin MINUTES           afterwards nothing runs longer than that, all together
#	count_item NAME COMMAND...    one item: passed when COMMAND succeeds; says so to its caller
#	count_tap NAME COMMAND...     as many items as the TAP that COMMAND prints
#	count_sum NAME COMMAND...     as many items as COMMAND's last line "N passed, N failed" says
#	count_end                     prints that line; fails when an item did, or nothing ran
#
# Output of a command is shown only when something failed. Commands read
# /dev/null and are process groups of their own, so that a time-out or Ctrl-C
# ends all of their processes.

passed=0 failed=0 skipped=0
failures=()

count_begin() {
	count_deadline=$((SECONDS + $1 * 60))
	count_directory=$(mktemp -d)
	count_log=$count_directory/log
	count_child=
	trap 'rm -rf --one-file-system "$count_directory"' EXIT
	trap 'count_interrupted INT 130' INT
	trap 'count_interrupted TERM 143' TERM
	trap 'count_interrupted HUP 129' HUP
}

count_interrupted() {
	trap - "$1"
	if [[ -n $count_child ]]; then
		kill -TERM "$count_child" 2>/dev/null
		wait "$count_child"
	fi
	echo "interrupted: $passed passed, $failed failed until then" >&2
	exit "$2"
}

# count_run FOLLOW COMMAND...: runs it within the time that is left, its output
# goes to the log, and with FOLLOW=true to our own as well. It is a background
# job under job control, because bash would otherwise let it ignore SIGINT, and
# because a trap of ours must not wait until the command ends.
count_run() {
	local follow=$1 left=$((count_deadline - SECONDS)) status=0
	shift

	if ((left <= 0)); then
		echo "not run: the time is used up" >"$count_log"
		return 124
	fi
	: >"$count_log" # tail may come before the job
	set -m
	timeout -k 10 "$left" "$@" </dev/null >>"$count_log" 2>&1 &
	count_child=$!
	set +m
	if $follow; then
		tail -n +1 -s 0.1 -f --pid="$count_child" "$count_log" &
	fi
	wait "$count_child" || status=$?
	count_child=
	wait
	((status == 124 || status == 137)) && echo "stopped: the time is used up" >>"$count_log"
	return "$status"
}

# count_result NAME PASSED FAILED SKIPPED SECONDS
count_result() {
	local figures="$2 passed"

	passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
	(($3)) && figures+=", $3 failed" && failures+=("$1")
	(($4)) && figures+=", $4 skipped"
	printf '%-6s %s: %s (%d s)\n' "$( (($3)) && echo FAILED || echo ok)" "$1" "$figures" "$5"
}

count_item() {
	local name=$1 begin=$SECONDS
	shift

	if count_run false "$@"; then
		count_result "$name" 1 0 0 $((SECONDS - begin))
	else
		cat "$count_log"
		count_result "$name" 0 1 0 $((SECONDS - begin))
		return 1
	fi
}

# A program that ends before its plan is done has failed once more, whatever it printed.
count_tap() {
	local name=$1 begin=$SECONDS status=0 ok not_ok skip planned
	shift

	count_run false "$@" || status=$?
	read -r ok not_ok skip planned < <(tap_figures "$count_log")
	if ((planned == 0 || ok + not_ok + skip != planned)); then
		echo "$name: $planned tests were announced, $((ok + not_ok + skip)) came" >>"$count_log"
		not_ok=$((not_ok + 1))
	elif ((status && not_ok == 0)); then
		echo "$name: exit status $status, though no test failed" >>"$count_log"
		not_ok=1
	fi
	((not_ok)) && grep -v '^ok ' "$count_log"
	count_result "$name" "$ok" "$not_ok" "$skip" $((SECONDS - begin))
}

# cmocka 1.1.5 says "not ok N # SKIP" where others say "ok N # skip".
tap_figures() {
	awk 'BEGIN { ok = not_ok = skip = planned = 0 }
		/^1\.\.[0-9]+/ { planned += substr($1, 4) }
		/^(not )?ok [0-9]/ {
			if (toupper($0) ~ /# SKIP/) skip++
			else if ($1 == "not") not_ok++
			else ok++
		}
		END { print ok, not_ok, skip, planned }' "$1"
}

# The command's own output is shown as it comes: it reports failures itself.
count_sum() {
	local name=$1 begin=$SECONDS status=0 last
	shift

	echo "== $name"
	count_run true "$@" || status=$?
	# make adds a line of its own when what it called has failed.
	last=$(grep -vE '^make(\[[0-9]+\])?: \*\*\* ' "$count_log" | tail -n 1)
	if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
		local ok=${BASH_REMATCH[1]} not_ok=${BASH_REMATCH[2]}
		if ((status && not_ok == 0)); then
			echo "$name: exit status $status, though nothing failed"
			not_ok=1
		fi
		count_result "$name" "$ok" "$not_ok" 0 $((SECONDS - begin))
	else
		echo "$name: no line \"N passed, N failed\" at its end, exit status $status"
		count_result "$name" 0 1 0 $((SECONDS - begin))
	fi
}

count_end() {
	if ((${#failures[@]})); then
		echo
		printf 'failed: %s\n' "${failures[@]}"
	fi
	((skipped)) && echo "skipped: $skipped"
	echo "$passed passed, $failed failed"
	((failed == 0 && passed > 0))
}
