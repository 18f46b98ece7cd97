#!/bin/bash
# install.sh [--print] [student|developer|bench]...   (student when none is named)
#
# Installs the packages of the lists beside this file that are not installed
# yet, and nothing else. As root it asks nothing. Otherwise it says what is
# missing and asks before it calls sudo; without a terminal it only prints the
# command. --print names the missing packages and changes nothing.
#
# Exit status: 0 everything is there, 1 installing failed, 2 something is
# missing and the reader has to act.
set -euo pipefail

lists=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly lists

main() {
	local print=false purposes=()

	while (($#)); do
		case $1 in
		--print) print=true ;;
		student | developer | bench) purposes+=("$1") ;;
		*)
			echo "usage: install.sh [--print] [student|developer|bench]..." >&2
			return 2
			;;
		esac
		shift
	done
	((${#purposes[@]})) || purposes=(student)

	if have dpkg-query && have apt-get; then
		install_packages "$print" "${purposes[@]}"
	else
		name_missing "${purposes[@]}"
	fi
}

is_root() {
	[[ $(id -u) == 0 ]]
}

have() {
	command -v "$1" >/dev/null
}

# rows PURPOSE...: the lists' lines without comments.
rows() {
	local purpose

	for purpose; do
		sed -e '/^#/d' -e '/^$/d' "$lists/$purpose.list"
	done
}

install_packages() {
	local print=$1 missing answer
	shift

	mapfile -t missing < <(missing_packages "$@")
	((${#missing[@]})) || return 0
	if $print; then
		printf '%s\n' "${missing[@]}"
		return 0
	fi
	echo "Gabel needs ${#missing[@]} more packages: ${missing[*]}"
	if is_root; then
		apt_install "${missing[@]}"
	elif have sudo && [[ -t 0 && -t 1 ]]; then
		read -r -p "Install them now with sudo? [Y/n] " answer
		case $answer in
		"" | [YyJjДд]*) apt_install "${missing[@]}" ;;
		*) say_command "${missing[@]}" ;;
		esac
	else
		say_command "${missing[@]}"
	fi
}

say_command() {
	echo "Not installed. Please run as root, then try again:"
	echo "    apt-get install --no-install-recommends $*"
	return 2
}

missing_packages() {
	local packages

	mapfile -t packages < <(rows "$@" | cut -d' ' -f1)
	printf '%s\n' "${packages[@]}" | grep -vxFf <(
		# It fails when it does not know one of them; the others count.
		dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null |
			sed -n 's/ installed$//p'
	) || true
}

# The package lists of a fresh system are empty, those of an old one name
# versions that are gone: in both cases they are renewed, once.
apt_install() {
	local log status=0

	log=$(mktemp)
	if as_root apt-get install --simulate --no-install-recommends "$@" >"$log" 2>&1 &&
		apt_get_install "$@" >"$log" 2>&1; then
		rm -f "$log"
		return 0
	fi
	echo "Renewing the list of packages ..."
	as_root apt-get update -q >"$log" 2>&1 && apt_get_install "$@" >"$log" 2>&1 || status=1
	if ((status)); then
		tail -n 30 "$log" >&2
		echo "Installing failed; what apt-get said is above." >&2
		echo "Gabel needs: $*" >&2
	fi
	rm -f "$log"
	return "$status"
}

apt_get_install() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
		-o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

as_root() {
	if is_root; then
		"$@"
	else
		sudo "$@"
	fi
}

# A system without apt: say by name what is not there and where it goes on.
name_missing() {
	local package probe why missing=()

	while read -r package probe why; do
		present "$probe" || missing+=("$(printf '    %-14s %s (Debian: %s)' "${probe##*/}" "$why" "$package")")
	done < <(rows "$@")

	if [[ $(uname -s) != Linux ]]; then
		echo "Gabel grades in Linux namespaces; $(uname -s) has none." >&2
		echo "Use the virtual machine: vagrant up, then vagrant ssh (see README.md)." >&2
		return 2
	fi
	((${#missing[@]})) || return 0
	echo "This system has no apt-get, so nothing is installed. These are missing:" >&2
	printf '%s\n' "${missing[@]}" >&2
	echo "Install them by your system's own means, or use the virtual machine:" >&2
	echo "vagrant up, then vagrant ssh (see README.md)." >&2
	return 2
}

# present PROBE: a header, a file or a command.
present() {
	case $1 in
	/*) [[ -e $1 ]] ;;
	# no pipe: under pipefail, gcc that ends first would make it fail
	*.h) have gcc && gcc -E -x c - <<<"#include <$1>" >/dev/null 2>&1 ;;
	*) have "$1" ;;
	esac
}

main "$@"
