#!/usr/bin/env bats
# Bad input from the command line, as students and instructors meet it: what is
# handed in, what it contains, the disk, the machine, Ctrl-C. Each gets a
# sentence and the right exit status, and leaves neither file nor process.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert
load bad_input/common

setup_file() {
	make_place
}

teardown_file() {
	rm -rf "$BAD_INPUT"
}

setup() {
	enter_place
	before=()
}

teardown() {
	cd / && find "$BAD_INPUT" -mindepth 1 -maxdepth 1 ! -name tmp ! -name refuse_namespaces -exec rm -rf {} +
}

@test "what would be left would be seen" {
	mkfifo told never
	TMPDIR=$temporary bash -c 'echo $$ >told; exec cat never' 3>&- &
	read -r pid <told
	run processes_left
	assert_line "/proc/$pid/environ"
	echo >never
	wait "$!"
	touch "$temporary/file"
	run assert_nothing_left
	assert_failure
	rm "$temporary/file"
	assert_nothing_left
}

# ---- what is handed in ---------------------------------------------------------------

@test "nothing, an empty folder, a file, a device, a pipe" {
	mkdir empty foreign
	: >nothing
	echo text | tee text >foreign/notes.txt
	mkfifo pipe
	refused "there is no gone" gone
	run -2 check --format json gone
	assert_line --partial '"status": "cannot be graded"'
	refused "empty is empty; the lab asks for: children.c, runner.c" empty
	refused "children.c" foreign
	refused "the file nothing is empty" nothing
	refused "text is neither a folder nor a tar or zip archive" text
	refused "pipe is a device or a pipe" pipe
	refused "/dev/zero is a device or a pipe" /dev/zero
}

@test "links: a loop, to nowhere, out of the submission" {
	mkdir linked
	ln -s loop loop
	ln -s nowhere dangling
	ln -s /etc/passwd linked/children.c
	cp "$solution/runner.c" linked
	refused "loop is a symbolic link, and links are not followed" loop
	refused "dangling is a symbolic link" dangling
	refused "'children.c' in linked is a symbolic link" linked
	mkdir good
	cp "$solution"/*.c good
	ln -s . good/round
	ln -s ../.. good/up
	run -0 check --only every-status good
	assert_nothing_left
}

@test "archives with .., absolute paths, links, pipes, devices; cut off; of anything" {
	mkdir good
	cp "$solution"/*.c good
	tar -C good -cPf up.tar --transform 's,^children,../../children,' children.c runner.c
	tar -C good -cPf root.tar --transform 's,^children,/tmp/children,' children.c runner.c
	ln -s /etc/passwd soft
	tar -cf soft.tar --transform 's,^soft,children.c,' soft
	ln good/runner.c good/hard
	tar -C good -cf hard.tar --transform 's,^hard,children.c,' runner.c hard
	mkfifo pipe
	tar -cf pipe.tar --transform 's,^pipe,children.c,' pipe
	tar -C /dev -cf device.tar --transform 's,^null,children.c,' null
	tar -C good -czf whole.tar.gz children.c runner.c
	head -c 700 whole.tar.gz >cut.tar.gz
	tail -c 2000 "$kit/build/keeper" >anything.tar.gz
	refused "'../../children.c', which leads out of it" up.tar
	refused "'/tmp/children.c', which leads out of it" root.tar
	refused "'children.c' in soft.tar is a link" soft.tar
	refused "'children.c' in hard.tar is a link" hard.tar
	refused "'children.c' in pipe.tar is no ordinary file" pipe.tar
	refused "'children.c' in device.tar is no ordinary file" device.tar
	refused "cut.tar.gz is damaged or incomplete" cut.tar.gz
	refused "anything.tar.gz is neither a folder nor" anything.tar.gz
	run -0 check --only every-status whole.tar.gz
	assert_equal "$(find "$BAD_INPUT" /tmp/children.c -name children.c 2>/dev/null)" "$BAD_INPUT/good/children.c"
}

# zeros MIB: so many, packed; one member of gzip after the other.
zeros() {
	local i

	head -c 64M /dev/zero | gzip -1 >block.gz
	for ((i = 0; i < $1; i += 64)); do
		cat block.gz
	done
}

@test "10 GB of zeros in an archive of 50 MB: as one file, as many, as none" {
	truncate -s 10G big
	{
		tar -cf - big | head -c 512 | gzip
		zeros 10240
	} >one.tar.gz
	truncate -s 64M part
	for i in {1..160}; do
		tar -cf - part | head -c 512 | gzip
		cat block.gz
	done >many.tar.gz
	zeros 10240 >none.tar.gz
	refused "one.tar.gz unpacks to more than 64 MiB" one.tar.gz
	refused "many.tar.gz unpacks to more than 64 MiB" many.tar.gz
	refused "none.tar.gz" none.tar.gz
	mkdir folder
	cp "$solution/runner.c" folder
	truncate -s 10G folder/children.c
	refused "'children.c' in folder is bigger than 1024 KiB" folder
}

@test "100,000 files: in a folder, in an archive" {
	mkdir crowd
	(cd crowd && cp "$solution"/*.c . && seq 100000 | xargs touch)
	tar -cf crowd.tar crowd
	refused "10000" crowd
	refused "10000" crowd.tar
}

@test "names with blanks, newlines, umlauts, Cyrillic, quotes, bytes that are no text" {
	local name

	for name in "two words" $'two\nlines' Übung Лабораторная "'\"\$(touch hit)\`*" $'\xff\xfe' $'\e[2J' -r; do
		mkdir -- "./$name"
		cp "$solution"/*.c "./$name"
		run -0 check --only every-status -- "$name"
		refute_output --partial $'\e'
		run -0 check --only every-status --format json -- "$name"
		assert_equal "$(grep -c '"submission":' <<<"$output")" 1
		rm "./$name/children.c" "./$name/runner.c"
		run -2 check -- "$name"
		assert_line --partial " is empty; the lab asks for"
		refute_output --partial $'\e'
	done
	assert [ ! -e hit ]
	assert_nothing_left
}

@test "a temporary directory that is not there, or not ours" {
	temporary=$BAD_INPUT/gone run -3 check "$solution"
	assert_output --partial "in $BAD_INPUT/gone: No such file or directory; set TMPDIR to"
	[[ $(id -u) = 0 ]] || return 0
	mkdir -m 700 ours
	as_user
	temporary=$BAD_INPUT/ours run -3 check "$solution"
	assert_output --partial "in $BAD_INPUT/ours: Permission denied; set TMPDIR to"
}

@test "a temporary directory that root may enter, but not the sandbox's user" {
	local kind

	need_root
	mkdir -p closed/tmp
	chmod 700 closed
	for kind in sandbox container; do
		temporary=$BAD_INPUT/closed/tmp run -3 check "--isolation=$kind" "$solution"
		assert_equal "$(tr '\n' ' ' <<<"$output" | grep -c "directory $BAD_INPUT/closed is closed.* set TMPDIR to")" 1
	done
}

# ---- a lab with a mistake --------------------------------------------------------------

@test "a wrong key in lab.yaml is said with file and line, and is nobody's lost point" {
	local lab=own/labs/01-processes/lab.yaml line

	mkdir -p own/build
	cp -r "$kit/labs" own
	cp "$kit/build/gabel" own/build
	line=$(grep -n -m 1 points: "$lab")
	sed -i "${line%%:*}s/points:/ponits:/" "$lab"
	kit=$BAD_INPUT/own run -3 check "$solution"
	assert_line --regexp "lab.yaml:${line%%:*}:.*ponits"
	kit=$BAD_INPUT/own run -2 gabel lab validate 01
	assert_line --regexp "lab.yaml:${line%%:*}:.*ponits"
	assert_nothing_left
}

# ---- hostile sources -------------------------------------------------------------------

@test "no hostile source earns a point, hides its verdict or outlives its check" {
	hostile
	judge_all --only every-status --only runner-reports
	assert_equal "$(find said -name '*.json' | wc -l)" "$(find class -mindepth 1 -maxdepth 1 | wc -l)"
	assert_all_harmless
}

@test "nor does it in all checks of a lab, together with others" {
	hostile kill-all fake-verdicts own-symbols constructor-exit fork-bomb
	mkdir class/honest
	cp "$solution"/*.c class/honest
	run -0 gabel grade --lab 01 -j "$(nproc)" --out out class
	for name in kill-all fake-verdicts own-symbols constructor-exit fork-bomb; do
		assert_equal "$name$(grep -o '"score": [0-9.]*' "out/results/$name/01-processes.json")" "$name\"score\": 0"
		run grep -cE '"verdict": "(passed|grader fault)"' "out/results/$name/01-processes.json"
		assert_output 0
	done
	grep -q '"score": 100' out/results/honest/01-processes.json
	assert_nothing_left
}

@test "hostile sources of an ordinary user's students are no better off" {
	need_root
	as_user
	hostile daemon fork-bomb kill-keeper stop-parent incbin-shadow close-all
	judge_all --only every-status --only runner-reports
	assert_all_harmless
	run -0 check "$solution"
}

# ---- a full disk -------------------------------------------------------------------------

# on_disk SIZE COMMAND...: in a mount namespace where disk/ is a file system of this size.
on_disk() {
	mkdir -p disk
	unshare --mount bash -c 'mount -t tmpfs -o "size=$1,mode=1777" none disk && shift && "$@"' - "$@"
}

@test "a full disk is a fault of the grader's, said in a sentence, wherever it strikes" {
	local size seen=() words

	need_root
	for size in 4k 128k 256k 320k 384k 512k 640k 1m 8m; do
		run on_disk "$size" env TMPDIR="$BAD_INPUT/disk" "$kit/build/gabel" check --lab 01 \
			--only every-status "$solution"
		seen+=("$status")
		# The report breaks its lines where the paths happen to end: compare words.
		read -r -d '' -a words <<<"$output" || true
		[[ $status = 0 || ${words[*]} = *"No space left on device"* ]] || fail "$size: $output"
	done
	[[ ${seen[*]} =~ ^3(\ 3)+(\ 0)+$ ]] || fail "exit statuses: ${seen[*]}"
	assert_nothing_left
}

@test "a disk that fills up under --out loses no result that was there" {
	need_root
	mkdir -p class/first class/second
	cp "$solution"/*.c class/first
	on_disk 4m bash -c '
		grade() { TMPDIR=$2 "$1/build/gabel" grade --lab 01 --out disk/out class; }
		grade "$@" >before 2>&1 || exit
		cp "$1/solutions/01-processes"/*.c class/second
		find disk -type f -exec md5sum {} + | sort >sums-before
		cat /dev/zero >disk/filler 2>/dev/null
		grade "$@" >after 2>&1
		echo $? >status
		md5sum --status -c <(grep results/first sums-before)
	' - "$kit" "$temporary"
	assert_equal "$(<status)" 3
	grep -F "No space left on device" after
	assert_nothing_left
}

# ---- the machine -------------------------------------------------------------------------

@test "a machine without namespaces: said with a way on, nothing graded, nothing made" {
	before=("$BAD_INPUT/refuse_namespaces")
	run -3 check "$solution"
	assert_output --partial "Vagrantfile"
	assert_output --partial "--isolation=container"
	refute_output --partial "points"
	mkdir class
	cp -r "$solution" class/first
	run -3 gabel grade --lab 01 --out out class
	assert_output --partial "--isolation=container"
	assert [ ! -e out ]
	assert_nothing_left
}

@test "--isolation=container there: full points, and what it does not guarantee" {
	before=("$BAD_INPUT/refuse_namespaces")
	run -0 check --isolation=container --format json "$solution"
	assert_line --partial '"isolation": "container"'
	assert_line --partial "own process numbers"
	assert_line --partial "own network"
	assert_line --partial '"score": 100,'
	assert_nothing_left
	[[ $(id -u) = 0 ]] || return 0
	as_user "$BAD_INPUT/refuse_namespaces"
	run -3 check "$solution"
	run -0 check --isolation=container "$solution"
	assert_nothing_left
}

@test "hostile sources in a container" {
	# Who may signal us there is kept away from everybody else of this machine.
	need_root
	hostile daemon fork-bomb kill-all kill-keeper close-all fake-verdicts mask-all memory-bomb stop-parent
	# shellcheck disable=SC2034 # for gabel()
	before=(unshare --pid --fork --kill-child --mount-proc "$BAD_INPUT/refuse_namespaces")
	judge_all --isolation=container --only every-status --only runner-reports
	assert_all_harmless
}

@test "who kills the keeper in a container makes no fault of the grader's, and his class is graded" {
	need_root
	hostile kill-keeper
	cp -r "$solution" class/honest
	# shellcheck disable=SC2034 # for gabel()
	before=(unshare --pid --fork --kill-child --mount-proc "$BAD_INPUT/refuse_namespaces")
	run -0 gabel grade --isolation=container --lab 01 --out out class
	run grep -cE '"verdict": "(passed|grader fault)"' out/results/kill-keeper/01-processes.json
	assert_output 0
	grep -q '"score": 100' out/results/honest/01-processes.json
	assert_nothing_left
}

# ---- Ctrl-C --------------------------------------------------------------------------------

# interrupt_after LINES WORD...: SIGINT for the whole group once gabel has written so many.
interrupt_after() {
	local after=$1 i
	shift

	rm -f output
	mkfifo output
	TMPDIR=$temporary setsid env --default-signal=INT "$kit/build/gabel" "$@" >output 2>errors 3>&- &
	exec 7<output
	for ((i = 0; i < after; i++)); do
		read -r _ <&7
	done
	kill -INT -- "-$!"
	cat <&7 >/dev/null # to the end: nobody holds it any more
	exec 7<&-
	wait "$!" && ended=0 || ended=$?
}

@test "Ctrl-C at any line of a check" {
	local after

	for after in 1 2 4 9 16; do
		interrupt_after "$after" check --lab 01 "$solution"
		assert_equal "$ended" 130
		assert_equal "$(<errors)" ""
		assert_nothing_left
	done
}

@test "Ctrl-C while a class is graded keeps what is finished; --resume does the rest" {
	local done=out/results/a/01-processes.json pid inode

	hostile mask-and-spin
	mv class/mask-and-spin class/b
	cp -r "$solution" class/a
	TMPDIR=$temporary setsid env --default-signal=INT "$kit/build/gabel" grade --lab 01 --out out class \
		>output 2>errors 3>&- &
	pid=$!
	until [[ -e $done ]]; do
		kill -0 "$pid"
	done
	kill -INT -- "-$pid"
	wait "$pid" && ended=0 || ended=$?
	assert_equal "$ended" 130
	assert [ ! -e out/results/b ]
	assert_nothing_left
	inode=$(stat -c %i "$done")
	cp "$solution"/*.c class/b
	run -0 gabel grade --lab 01 --out out --resume class
	assert_equal "$(stat -c %i "$done")" "$inode"
	grep -q '"score": 100' out/results/b/01-processes.json
	assert_nothing_left
}
