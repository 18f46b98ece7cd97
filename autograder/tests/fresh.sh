#!/bin/bash
# fresh.sh - the README's commands on a minimal Debian; make fresh-test calls it.
#
# Makes the smallest Debian that apt calls complete, plus git, from this
# machine's own package sources, enters it with namespaces of its own, and
# there, in a clean clone of HEAD, does what README.md tells a newcomer to do:
# first as root, then once more as an ordinary user. Nothing of it is left but
# the two caches in build/fresh (the minimal system and the packages).
#
# It enters by pivot_root: after chroot the kernel refuses user namespaces, and
# no submission could be graded. Needs root. Ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
# shellcheck source-path=SCRIPTDIR source=count.bash
. autograder/tests/count.bash

readonly MINUTES=30
# Root's home in the minimal system. Nobody else may enter it, and the kit lies there
# on purpose: what a sandbox needs must be put where its user can read it.
readonly home=/root
self=$PWD/autograder/tests/fresh.sh
cache=$PWD/build/fresh

main() {
	if [[ ${1-} == --inside ]]; then
		shift
		inside "$@"
		return
	fi
	needed || return 2
	mkdir -p "$cache/packages/partial"
	export TMPDIR=$cache # the system needs more room than /tmp may have
	count_begin "$MINUTES"
	root=$count_directory/root

	if [[ -s $(minimal_system) ]]; then
		echo "The minimal system is already in ${cache#"$PWD"/}."
	else
		count_item "a minimal system can be made" "$self" --inside make_minimal_system "$(minimal_system)"
	fi
	if count_item "a clean clone stands in it" "$self" --inside furnish "$root" "$(minimal_system)"; then
		newcomer
		count_item "nothing is left behind" "$self" --inside nothing_left "$root"
	fi
	count_end
}

# What README.md says, word for word; the commands must stand there.
newcomer() {
	local step

	for step in 'make grade' 'make test'; do
		count_item "README.md says: $step" grep -qxF "$step" README.md
	done
	count_item "apt-get install make" "$self" --inside enter "$root" root \
		'apt-get update -q && apt-get install -q -y make'
	count_item "make grade" "$self" --inside enter "$root" root 'make grade'
	count_item "make test SMOKE=1" "$self" --inside enter "$root" root 'make test SMOKE=1'
	count_item "the class page is there" test -s "$root$home/gabel/build/report/index.html"
	count_item "make grade, as an ordinary user" "$self" --inside enter "$root" student \
		'rm -r build/report && make grade && test -s build/report/index.html'
}

needed() {
	local tool

	if [[ $(id -u) != 0 ]]; then
		echo "make fresh-test has to be run as root: it mounts and installs (in namespaces of its own)." >&2
		return 1
	fi
	for tool in mmdebstrap git unshare pivot_root setpriv; do
		command -v "$tool" >/dev/null && continue
		echo "make fresh-test needs $tool; autograder/install/install.sh developer installs it." >&2
		return 1
	done
}

# Commands run as jobs of their own (count.bash), so each step is a call of this file.
inside() {
	set -e
	"$@"
}

# ---- the minimal system --------------------------------------------------------

sources() {
	local file

	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
		[[ -s $file ]] && echo "$file"
	done
	return 0
}

# How this machine reaches its sources: proxies, checks that it does without.
apt_settings() {
	apt-config dump | grep -E '^Acquire::(Check|http|https|Retries|Proxy)' || true
}

# Other sources or other settings make another system.
minimal_system() {
	local sum

	mapfile -t files < <(sources)
	sum=$(cat "${files[@]}" <(apt_settings) "$self" | sha256sum)
	echo "$cache/minimal-${sum:0:16}.tar"
}

make_minimal_system() {
	local tar=$1 files codename include=git
	mapfile -t files < <(sources)
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	cat "${files[@]}" | grep -q https && include=git,ca-certificates
	rm -f "$cache"/minimal-*
	apt_settings >"$cache/apt.conf"
	mmdebstrap --format=tar --variant=minbase --include="$include" \
		--aptopt="$cache/apt.conf" --aptopt='APT::Install-Recommends "false"' \
		--setup-hook="$self --inside copy_keys \"\$1\"" \
		"$codename" "$tar.new" "${files[@]}"
	mv "$tar.new" "$tar"
}

# The sources name their keys by path.
copy_keys() {
	local keys

	for keys in /etc/apt/keyrings /etc/apt/trusted.gpg.d /usr/share/keyrings; do
		[[ -d $keys ]] || continue
		mkdir -p "$1$keys"
		cp -r "$keys/." "$1$keys"
	done
}

furnish() {
	local root=$1

	mkdir "$root"
	tar -xpf "$2" -C "$root" --numeric-owner
	cp -L /etc/resolv.conf "$root/etc/resolv.conf"
	git clone -q "file://$PWD" "$root$home/gabel"
	git -C "$root$home/gabel" checkout -q "$(git rev-parse HEAD)"
}

# ---- entering it ---------------------------------------------------------------

# enter ROOT USER COMMAND: when the last process of the command's PID namespace
# has to go, all go; the mounts go with the mount namespace.
enter() {
	exec unshare --mount --pid --ipc --uts --fork --kill-child --mount-proc \
		"$self" --inside pivot "$@"
}

pivot() {
	local root=$1 user=$2 command=$3 device

	mount --bind "$root" "$root"
	mount --bind "$cache/packages" "$root/var/cache/apt/archives"
	mount -t proc proc "$root/proc"
	mount --rbind /sys "$root/sys"
	mount -t tmpfs -o mode=755 tmpfs "$root/dev"
	for device in null zero full random urandom tty; do
		[[ -e /dev/$device ]] || continue
		touch "$root/dev/$device"
		mount --bind "/dev/$device" "$root/dev/$device"
	done
	mkdir "$root/dev/pts" "$root/dev/shm"
	mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
	mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
	ln -s pts/ptmx "$root/dev/ptmx"
	ln -s /proc/self/fd "$root/dev/fd"
	mkdir -p "$root/.outside"
	cd "$root"
	pivot_root . .outside
	cd /
	umount -l /.outside
	as "$user" "$command"
}

# bash stays as PID 1, because it reaps what others leave: hence the exit.
# In the minimal system: as root or as an ordinary user who has a copy of the kit.
as() {
	local user=$1 command=$2
	local environment=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb)

	if [[ $user == root ]]; then
		cd "$home/gabel"
		exec env -i "${environment[@]}" HOME=$home bash -c "$command; exit"
	fi
	if ! id "$user" >/dev/null 2>&1; then
		useradd -m "$user"
		cp -a "$home/gabel" "/home/$user/gabel"
		chown -R "$user:" "/home/$user/gabel"
	fi
	cd "/home/$user/gabel"
	exec setpriv --reuid "$user" --regid "$user" --init-groups \
		env -i "${environment[@]}" HOME="/home/$user" bash -c "$command; exit"
}

nothing_left() {
	local root=$1 link bad=0

	if grep -F "$root" /proc/self/mountinfo; then
		echo "mounts are left"
		bad=1
	fi
	for link in /proc/[0-9]*/root; do
		if [[ $(readlink "$link") == "$root"* ]]; then
			echo "a process is left: $link"
			bad=1
		fi
	done
	return "$bad"
}

main "$@"
