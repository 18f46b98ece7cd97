#!/bin/bash
# pack.sh [--check] - makes the archives of the sample class.
#
# What a student of the class handed in as a folder lies in class/ as it is.
# What was handed in as an archive is made here, from packed/, solutions/ and
# skeletons/, always with the same bytes. --check only says whether the
# archives in class/ are those.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export LC_ALL=C TZ=UTC
readonly DATE='2026-01-12 08:00:00'
umask 022
readonly kit=$PWD/../..
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
made=()

main() {
	mkdir "$stage/class"
	# Everything right: the reference solutions.
	take "$kit/solutions/01-processes" . && tar_gz student-01/01-processes.tar.gz .
	take "$kit/solutions/02-signals" . && zipped student-01/02-signals.zip
	# Half done, and the second lab named by its number only.
	take packed/student-03/01-processes . && zipped student-03/01-processes.zip
	take "$kit/skeletons/02-signals" . && cp packed/student-03/02-signals/* "$stage/in/" && tar_gz student-03/02.tar.gz .
	# Nothing done.
	take "$kit/skeletons/01-processes" . && zipped student-07/01-processes.zip
	take "$kit/skeletons/02-signals" . && tar_gz student-07/02-signals.tar.gz .
	# An archive that would like to write elsewhere, and one with a link in place of a file.
	take "$kit/solutions/01-processes" . && tar_gz student-08/01-processes.tar.gz '../../../../tmp'
	take "$kit/skeletons/02-signals" . && ln -sf /etc/passwd "$stage/in/reaper.c" && tar_gz student-08/02-signals.tar.gz .
	# In a folder of its own, with things that nobody asked for.
	take packed/student-09/01-processes lab1
	echo 'ask about fork in the next exercise' >"$stage/in/lab1/notes.txt"
	mkdir "$stage/in/lab1/.vscode" && echo '{}' >"$stage/in/lab1/.vscode/settings.json"
	printf '\177ELF' >"$stage/in/lab1/a.out"
	tar_gz student-09/01-processes.tar.gz .

	settle "${1-}"
}

# take FOLDER PLACE: begins an archive with the files of FOLDER in PLACE.
take() {
	rm -rf "$stage/in"
	mkdir -p "$stage/in/$2"
	cp -r "$1/." "$stage/in/$2/"
}

begin() {
	made+=("$1")
	mkdir -p "$stage/class/${1%/*}"
	find "$stage/in" -exec touch -h -d "$DATE" {} +
}

# tar_gz ARCHIVE PREFIX
tar_gz() {
	begin "$1"
	(cd "$stage/in" && find . -mindepth 1 ! -type d | sort | sed 's,^\./,,') >"$stage/list"
	tar --format=ustar --mtime="$DATE" --owner=0 --group=0 --numeric-owner --mode=u=rw,go=r -P \
		--transform "flags=r;s,^,$2/,;s,^\./,," -C "$stage/in" -T "$stage/list" -cf - |
		gzip -n -9 >"$stage/class/$1"
}

zipped() {
	begin "$1"
	(cd "$stage/in" && find . -type f | sort | sed 's,^\./,,' | zip -q -X -9 -@ "$stage/class/$1")
}

settle() {
	local archive stale=0

	for archive in "${made[@]}"; do
		cmp -s "$stage/class/$archive" "class/$archive" && continue
		if [[ $1 == --check ]]; then
			echo "autograder/samples/class/$archive is not what pack.sh makes"
			stale=1
		else
			mkdir -p "class/${archive%/*}"
			cp "$stage/class/$archive" "class/$archive"
			echo "class/$archive"
		fi
	done
	return "$stale"
}

main "$@"
