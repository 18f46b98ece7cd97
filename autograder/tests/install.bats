#!/usr/bin/env bats
# install.sh against a machine made of fakes: PATH holds only what a test puts there.

bats_load_library bats-support
bats_load_library bats-assert

setup() {
	install=$BATS_TEST_DIRNAME/../install/install.sh
	bin=$BATS_TEST_TMPDIR/bin
	called=$BATS_TEST_TMPDIR/called
	mkdir "$bin"
	: >"$called"
	local tool
	for tool in bash cut dirname env grep mktemp rm sed tail; do
		ln -s "$(command -v "$tool")" "$bin/$tool"
	done
	fake uname 'echo Linux'
	user 0
}

# fake NAME BODY: a command that notes its call and then does BODY.
fake() {
	printf '#!/bin/bash\necho "%s $*" >>"%s"\n%s\n' "$1" "$called" "$2" >"$bin/$1"
	chmod +x "$bin/$1"
}

user() {
	fake id "echo $1"
}

# debian MISSING...: dpkg knows every package as installed but these.
debian() {
	fake dpkg-query "for p in \"\${@:3}\"; do
		case \" $* \" in *\" \$p \"*) ;; *) echo \"\$p installed\" ;; esac
	done"
	fake apt-get :
}

install() {
	run env PATH="$bin" bash "$install" "$@" </dev/null
}

# The same with a terminal, where somebody types $1.
install_at_terminal() {
	local answer=$1

	shift
	run env PATH="$bin" "$(command -v script)" -qec "$bin/bash $install $*" /dev/null <<<"$answer"
}

apt_calls() {
	grep '^apt-get' "$called" || true
}

@test "nothing is called and nothing said when all packages are there" {
	debian
	install student developer
	assert_success
	assert_output ""
	assert_equal "$(apt_calls)" ""
}

@test "root gets exactly the missing packages, without a question" {
	debian valgrind bats
	install student
	assert_success
	assert_line "Gabel needs 2 more packages: bats valgrind"
	run apt_calls
	assert_line --regexp '^apt-get install -q -y --no-install-recommends .* bats valgrind$'
	refute_line --partial update
}

@test "a package of another purpose is not installed" {
	debian clang-tidy
	install student
	assert_success
	assert_equal "$(apt_calls)" ""
}

@test "what draws the benchmark's plots is a purpose of its own" {
	debian gnuplot-nox
	install student developer
	assert_success
	assert_equal "$(apt_calls)" ""
	install --print bench
	assert_success
	assert_output gnuplot-nox
}

@test "the package lists are renewed when a package is unknown, and only once" {
	debian bats
	fake apt-get "case \$1 in update) : >$BATS_TEST_TMPDIR/fresh ;; *) [[ -e $BATS_TEST_TMPDIR/fresh ]] ;; esac"
	install student
	assert_success
	run apt_calls
	assert_equal "$(grep -c update "$called")" 1
	assert_line --index 2 --regexp '^apt-get install -q -y .* bats$'
}

@test "a failed installation is an error that shows what apt-get said" {
	debian bats
	fake apt-get 'echo "E: no space left"; exit 100'
	install student
	assert_failure 1
	assert_line "E: no space left"
	assert_line "Gabel needs: bats"
}

@test "an ordinary user without a terminal is told the command" {
	debian bats
	user 1000
	fake sudo '"$@"'
	install student
	assert_failure 2
	assert_line --partial "apt-get install --no-install-recommends bats"
	assert_equal "$(apt_calls)" ""
}

@test "an ordinary user at a terminal is asked, and sudo is used after yes" {
	debian bats
	user 1000
	fake sudo '"$@"'
	install_at_terminal y
	assert_success
	assert_output --partial "Install them now with sudo?"
	run cat "$called"
	assert_line --regexp '^sudo env .* bats$'
}

@test "an ordinary user who says no gets the command, and nothing is installed" {
	debian bats
	user 1000
	fake sudo '"$@"'
	install_at_terminal n
	assert_failure 2
	assert_output --partial "apt-get install --no-install-recommends bats"
	assert_equal "$(apt_calls)" ""
}

@test "--print only names what is missing" {
	debian gettext patch
	install --print student
	assert_success
	assert_output "gettext
patch"
	assert_equal "$(apt_calls)" ""
}

@test "a Linux without apt-get names what is missing and points to the VM" {
	fake gcc 'exit 0'
	install student
	assert_failure 2
	assert_line --regexp '^ +bwrap +the sandbox \(Debian: bubblewrap\)$'
	refute_line --regexp '^ +gcc '
	assert_line --partial "vagrant up"
}

@test "a Linux without apt-get that has everything goes on silently" {
	local probe

	while read -r _ probe _; do
		[[ $probe == /* || -e $bin/$probe ]] || fake "$probe" 'exit 0'
	done < <(sed -e '/^#/d' -e '/^$/d' "$BATS_TEST_DIRNAME/../install/student.list")
	install student
	assert_success
	assert_output ""
}

@test "macOS is sent to the VM" {
	fake uname 'echo Darwin'
	install student
	assert_failure 2
	assert_line --partial "Darwin has none"
	assert_line --partial "vagrant up"
}

@test "an unknown purpose is a usage error" {
	install students
	assert_failure 2
	assert_line --partial "usage: install.sh"
}

@test "every package of the lists has a probe and a reason, and stands once" {
	run awk '/^#/ || /^$/ { next }
		NF < 3 { print FILENAME ":" FNR ": package, probe and reason are needed" }
		seen[$1]++ { print FILENAME ":" FNR ": " $1 " stands twice" }' \
		"$BATS_TEST_DIRNAME"/../install/{student,developer,bench}.list
	assert_output ""
}
