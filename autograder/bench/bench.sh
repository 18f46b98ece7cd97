#!/bin/bash
# bench.sh - make bench: measures the servers, prints the tables, makes the page.
#
# Settings come from the environment; without them the book's load is run.
#
#	ROUNDS=5            how often every design has its turn
#	CLIENTS=2 PROCESSES=5 CONNECTIONS=500 BYTES=4000
#	                    hosts of the book, client processes on each, connections of each of
#	                    these, bytes that each connection asks for
#	CHILDREN=15         children or threads of those that make them beforehand
#	HERD="15 100 500"   children that wait, for the thundering herd; HERD=none leaves it out
#	LOCKS="1 8 64"      clients of the lock daemon (lab 13); LOCKS=none leaves it out
#	PAIRS=1000          how often each of them takes a lock and gives it back
#	DESIGNS="0 1 6"     only these (the ids of designs.list)
#	TRIES=4             how often a run that others disturb is made at most
#	MINUTES=30          after so long none is made again, and nobody waits for others
#	LEAN=1              also the least that serves like each design, and how many times its
#	                    CPU time the design needs; 9 rounds if nothing else is said
#	PIN=0               server and clients share all processors
#	PATIENCE=30         seconds after which an answer comes no more
#	QUICK=1             a few seconds: shows that everything works; its figures mean nothing
#	BUILD=build         where the programs are, and where build/bench/ goes to
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly here=autograder/bench
out=${BUILD:-build}/bench
results=$out/results.json locks=$out/locks.json

main() {
	local options=()

	if [[ -n ${QUICK:-} ]]; then
		: "${ROUNDS:=1}" "${CLIENTS:=1}" "${CONNECTIONS:=20}" "${HERD:=15 40}" "${LOCKS:=1 4}" "${PAIRS:=50}" "${TRIES:=1}"
	fi
	[[ ${LEAN:-0} == 0 ]] || : "${ROUNDS:=9}"
	[[ ${HERD:-} != none ]] || HERD=" "
	mkdir -p "$out"
	mapfile -t options < <(options)
	"$out/run" --servers "$out/servers" --load "$out/load" "${options[@]}" $here/designs.list "$results"
	measure_locks
	echo
	"$out/tables" "$results" $here/book.json ${with_locks:+"$locks"} | tee "$out/tables.txt"
	[[ -z ${QUICK:-} ]] || echo "QUICK=1: everything works; so short a run says nothing about the servers."
	draw
	"$out/page" html "$results" $here/book.json $here/words.json autograder/templates "$out/plots" \
		${with_locks:+"$locks"} >"$out/index.html"
	echo "The same as a page in English, German and Russian: $out/index.html"
}

# What is set, as options of bench-run, each word a line.
options() {
	local name

	for name in ROUNDS CLIENTS PROCESSES CONNECTIONS BYTES CHILDREN HERD DESIGNS TRIES MINUTES PIN LEAN PATIENCE; do
		[[ -z ${!name:-} ]] || printf '%s\n' "--${name,,}" "${!name}"
	done
}

# The lock daemon, unless it is not wanted. One that is not built (its lab or those below it are
# missing) is said, and the rest goes on. An old result is none of today's.
measure_locks() {
	local options=()

	with_locks=
	rm -f "$locks"
	[[ ${LOCKS:-} != none ]] || return 0
	if [[ ! -x $out/servers/mutexd ]]; then
		echo "  skipped: the lock daemon: lab 13-mutexd is not there, or not built"
		return
	fi
	mapfile -t options < <(lock_options)
	"$out/locks" --servers "$out/servers" --load "$out/lockload" "${options[@]}" "$locks"
	with_locks=yes
}

lock_options() {
	local name

	for name in ROUNDS PAIRS PIN PATIENCE; do
		[[ -z ${!name:-} ]] || printf '%s\n' "--${name,,}" "${!name}"
	done
	[[ -z ${LOCKS:-} ]] || printf '%s\n' --clients "$LOCKS"
	[[ ${TRIES:-} != 1 ]] || printf '%s\n' --quiet 0
}

# Plots are drawn anew or not there: an old one would show other figures.
draw() {
	local language

	rm -rf "$out/plots"
	mkdir "$out/plots"
	if ! command -v gnuplot >/dev/null; then
		echo "No plots: gnuplot is missing. As root: bash autograder/install/install.sh bench"
		return
	fi
	for language in en de ru; do
		"$out/page" data "$results" $here/book.json $here/words.json $language \
			${with_locks:+"$locks"} >"$out/plots/$language.gp"
		gnuplot -c $here/plots.gp "$out/plots/$language.gp" "$out/plots" $language
		rm "$out/plots/$language.gp"
	done
}

main
