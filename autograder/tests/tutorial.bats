#!/usr/bin/env bats
# tutorial.bats - the tutorial on judges is true: its files are taken out of
# autograder/judge/README.adoc, built in a kit of their own, and judge as it says.

setup_file() {
	KIT=$(mktemp -d /tmp/gabel-tutorial.XXXXXX)
	export KIT
	# The sandbox runs as another user: it passes through here to the keeper.
	chmod 711 "$KIT"
	take_files autograder/judge/README.adoc "$KIT"
	mkdir -p "$KIT/build/labs/20-relay/probes"
	ln -s "$PWD/autograder" "$KIT/autograder"
	# A copy: the command finds its kit by its own path.
	cp build/gabel "$KIT/build/"
	ln -s "$PWD"/build/{keeper,trial,probe.o} "$KIT/build/"
	cp "$KIT/solutions/20-relay/copy.c" "$KIT/labs/20-relay/alternatives/byte-by-byte/"
}

teardown_file() {
	rm -rf "$KIT"
}

# take_files DOCUMENT DIRECTORY: each listing whose title is a path becomes that file.
take_files() {
	awk -v to="$2" '
		/^\.[a-z0-9.-]+\// { path = to "/" substr($0, 2); next }
		/^----$/ && inside { inside = 0; close(path); path = ""; next }
		/^----$/ && path != "" {
			inside = 1
			directory = path
			sub("/[^/]*$", "", directory)
			system("mkdir -p \"" directory "\"")
			printf "" >path
			next
		}
		inside { print >path }
	' "$1"
}

strict=(gcc -std=c17 -D_XOPEN_SOURCE=700 -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes
	-Werror -Iautograder/judge)

build_judge() {
	"${strict[@]}" -I"$KIT/labs/20-relay" -o "$KIT/build/labs/20-relay/judge" \
		"$KIT"/labs/20-relay/checks/{judge,hints}.c build/libjudge.a \
		-lcmocka -ljansson -lexpat -lseccomp
	"${strict[@]}" -I"$KIT/labs/20-relay" -c -o "$KIT/build/labs/20-relay/probes/relay_probe.o" \
		"$KIT/labs/20-relay/checks/relay_probe.c"
}

# grade DIRECTORY: sets status and output (JSON).
grade() {
	run "$KIT/build/gabel" check --lab 20 --format json --lang en "$1"
}

@test "the files are there" {
	run find "$KIT" -type f -path '*20-relay*' -name '*.[chybp]*'
	[[ ${#lines[@]} -eq 11 ]] || {
		printf '%s\n' "${lines[@]}"
		false
	}
}

@test "every sample compiles without a warning" {
	build_judge
	"${strict[@]}" -c -o /dev/null "$KIT/fragments/hold.c"
	for answer in "$KIT"/solutions/20-relay "$KIT"/labs/20-relay/alternatives/*; do
		"${strict[@]}" -I"$KIT/labs/20-relay" -o /dev/null "$answer"/*.c
	done
	shellcheck --shell=bats "$KIT/labs/20-relay/checks/copy.bats"
}

# What the tutorial leaves to the author (task sheets, more mistakes) is named, and nothing else.
@test "validation finds only what is still to be written" {
	local left

	build_judge
	run "$KIT/build/gabel" lab validate 20
	left=$(grep -vE '/(task|po)\b|skeletons/|: (alternatives|mistakes) that are there: 1;' <<<"$output" || true)
	echo "$left"
	[[ -z $left ]]
}

@test "the solution and the alternative get full points" {
	build_judge
	for answer in "$KIT"/solutions/20-relay "$KIT"/labs/20-relay/alternatives/*; do
		grade "$answer"
		echo "$output"
		[[ $status -eq 0 ]]
		[[ $output == *'"score": 100'* || $output == *'"score":100'* ]]
	done
}

@test "the mistake is caught as its head says" {
	build_judge
	cp -r "$KIT/solutions/20-relay" "$BATS_TEST_TMPDIR/wrong"
	patch -s -d "$BATS_TEST_TMPDIR/wrong" -p1 <"$KIT/labs/20-relay/mistakes/one-write.patch"
	grade "$BATS_TEST_TMPDIR/wrong"
	echo "$output"
	[[ $status -eq 1 ]]
	[[ $output == *'"key": "all-bytes"'* || $output == *'"key":"all-bytes"'* ]]
	[[ $output == *'"score": 70'* || $output == *'"score":70'* ]]
}

@test "what it names is there" {
	local name

	for name in trial_start trial_finish await_quiet await_held refute_zombies ask_begin look draw; do
		grep -q "\b$name(" autograder/judge/*.h
	done
	for name in new-lab skeletons prove check po; do
		grep -q "^$name:" Makefile
	done
}
