# common.bash - what bad_input.bats needs: a place of its own, gabel called in
# it, and a look at what was left behind.
#
# The place is below /tmp, not below bats' folders: the sandbox's user has to
# get there. Its TMPDIR is in nobody's environment but gabel's, so that a
# process that is left can be known by it.
#
# shellcheck disable=SC2034,SC2154 # what the tests and bats set and use

make_place() {
	export BAD_INPUT
	BAD_INPUT=$(mktemp -d /tmp/gabel-bad.XXXXXX)
	chmod 755 "$BAD_INPUT"
	mkdir -m 1777 "$BAD_INPUT/tmp"
	gcc -o "$BAD_INPUT/refuse_namespaces" "$BATS_TEST_DIRNAME/bad_input/refuse_namespaces.c" -lseccomp
}

enter_place() {
	cd "$BAD_INPUT" || return
	temporary=$BAD_INPUT/tmp
	kit=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	solution=$kit/solutions/01-processes
	export LC_ALL=C.UTF-8
	unset LANGUAGE
}

# gabel WORD...: as a terminal would start it, with SIGINT as it comes.
gabel() {
	env --default-signal=INT TMPDIR="$temporary" "${before[@]}" "$kit/build/gabel" "$@" 3>&-
}

# check WORD...: without namespaces and as another user when before says so.
check() {
	gabel check --lab 01 "$@"
}

as_user() {
	before=(setpriv --reuid 4242 --regid 4242 --clear-groups "$@")
	"${before[@]}" test -x "$kit/build/gabel" || skip "an ordinary user cannot read $kit"
}

need_root() {
	[[ $(id -u) = 0 ]] || skip "only root can do this"
}

# Whoever has our TMPDIR in his environment, words, mounts or as his directory.
processes_left() {
	grep -lsF "${temporary#/tmp/}" /proc/[0-9]*/{environ,cmdline,mountinfo}
	find /proc/[0-9]*/cwd -maxdepth 0 -lname "$temporary*" 2>/dev/null
	return 0
}

assert_nothing_left() {
	assert_equal "$(ls -A "$temporary")$(processes_left)" ""
}

# refused WORDS SUBMISSION: cannot be graded, with these words.
refused() {
	run -2 check "$2"
	assert_output --partial "This submission cannot be graded."
	assert_equal "$(tr -s ' \n' '  ' <<<"$output" | grep -cF -- "$1")" 1
	assert_nothing_left
}

# hostile NAME...: a submission in class/NAME for each, or for all.
hostile() {
	local name file

	for file in "$BATS_TEST_DIRNAME"/bad_input/hostile/*.c.in; do
		name=$(basename "$file" .c.in)
		(($#)) && [[ " $* " != *" $name "* ]] && continue
		mkdir -p "class/$name"
		{
			echo '#include "children.h"'
			cat "$file"
			cat <<-'END'
			int
			run_children(size_t n, int (*job)(size_t index, void *context), void *context, int status[])
			{
				(void)job;
				(void)context;
				attack();
				for (size_t i = 0; i < n; i++)
					status[i] = 0;
				return 0;
			}
			#ifdef MAIN_OF_CHILDREN
			MAIN_OF_CHILDREN
			#endif
			END
		} >"class/$name/children.c"
		{
			cat "$file"
			echo '#ifndef MAIN_OF_CHILDREN'
			echo 'int main(void) { attack(); return 0; }'
			echo '#endif'
		} >"class/$name/runner.c"
	done
}

# judge_all WORD...: every submission of class/, as many at once as there are processors.
judge_all() {
	local name

	mkdir -p said
	for name in class/*/; do
		name=$(basename "$name")
		while (($(jobs -pr | wc -l) >= $(nproc))); do
			wait -n || true
		done
		{
			check --format json "$@" "class/$name" >"said/$name.json" 2>"said/$name.errors" &&
				echo 0 >"said/$name.status" || echo $? >"said/$name.status"
		} &
	done
	wait
}

# expected NAME: the verdicts that its head allows, as a pattern.
expected() {
	sed -n 's,^/\* Expect: \([^.]*\)\..*,\1,p' "$BATS_TEST_DIRNAME/bad_input/hostile/$1.c.in" |
		sed 's/, /|/g'
}

# Of every judged submission: graded, no point, a verdict that is expected, and no other.
assert_all_harmless() {
	local name said wrong=()

	for said in said/*.json; do
		name=$(basename "$said" .json)
		[[ $(<"said/$name.status") = 1 && ! -s said/$name.errors ]] ||
			wrong+=("$name: exit status $(<"said/$name.status") $(<"said/$name.errors")")
		grep -q '"score": 0,' "$said" || wrong+=("$name: has points")
		grep -qE '"status": "(graded|does not build)"' "$said" || wrong+=("$name: $(grep '"status":' "$said")")
		grep -E '"verdict":' "$said" | grep -qvE "\"($(expected "$name")|not reached)\"" &&
			wrong+=("$name: $(grep -E '"verdict":' "$said" | sort | uniq -c)")
		grep -qE 'root:[x*!$]|/root' "$said" && wrong+=("$name: shows the host")
		grep -qP '[\x00-\x09\x0b-\x1f]' "$said" && wrong+=("$name: control characters")
	done
	printf '%s\n' "${wrong[@]}"
	assert_equal "${#wrong[@]}" 0
	assert_nothing_left
}
