#!/bin/bash
# tutorial_kit.bash - a small kit with one lab, the tutorial's, for bats files:
#
#	setup_file() { tutorial_kit_begin; }
#	teardown_file() { tutorial_kit_end; }
#
# $KIT is its root; its lab is 20-relay. What is compiled is compiled strictly.
# Run from the root of the whole kit, which must be built.

tutorial_kit_begin() {
	KIT=$(mktemp -d /tmp/gabel-tutorial.XXXXXX)
	export KIT
	# The sandbox runs as another user: it passes through here to the keeper.
	chmod 711 "$KIT"
	take_files autograder/judge/README.adoc "$KIT"
	mkdir -p "$KIT/build/labs/20-relay/probes" "$KIT/skeletons"
	ln -s "$PWD/autograder" "$KIT/autograder"
	# Copies: the commands find their kit by their own path.
	cp build/gabel build/prove "$KIT/build/"
	ln -s "$PWD"/build/{keeper,trial,probe.o} "$KIT/build/"
	cp "$KIT/solutions/20-relay/copy.c" "$KIT/labs/20-relay/alternatives/byte-by-byte/"
	build/skeleton --write "$KIT/solutions/20-relay" "$KIT/skeletons/20-relay" >/dev/null
}

tutorial_kit_end() {
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
