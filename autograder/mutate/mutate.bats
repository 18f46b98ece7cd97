#!/usr/bin/env bats
# The mutator: which mutants it makes of what the student writes, and that each
# is an edit that can be made. Needs a developer's packages: make mutate-test.

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

setup() {
	root=$BATS_TEST_DIRNAME/../..
	mutate=$root/build/mutate
	cd "$BATS_TEST_TMPDIR" || return 1
}

# students [LINES-BEFORE]: a.c, in which standard input is what the student writes.
students() {
	{
		cat <<-'END'
			#include <errno.h>
			#include <fcntl.h>
			#include <signal.h>
			#include <stdbool.h>
			#include <stdio.h>
			#include <stdlib.h>
			#include <sys/mman.h>
			#include <sys/wait.h>
			#include <unistd.h>
			int any(int a, int b);
			char *text(int a);
		END
		printf '%b' "${1:-}"
		echo '/* STUDENT: write all of this yourself */'
		cat
		echo '/* END */'
	} >a.c
}

# made_by OPERATOR...: its mutants of a.c as "what is replaced -> by what".
made_by() {
	"$mutate" a.c >a.json || return 1
	awk -v wanted=" $* " '
		function value(line) {
			sub(/^ *"[a-z]+": "/, "", line)
			sub(/",?$/, "", line)
			gsub(/\\"/, "\"", line)
			gsub(/(\\n|\\t)+/, " ", line)
			return line
		}
		/^ *"operator": / { operator = value($0) }
		/^ *"original": / { original = value($0) }
		/^ *"replacement": / && index(wanted, " " operator " ") {
			line = original " -> " value($0)
			sub(/ +$/, "", line)
			print line
		}
	' a.json
}

# field NAME: its values in a.json, one a line.
field() {
	sed -n "s/^ *\"$1\": \"\{0,1\}\(.*[^\",]\)\"\{0,1\},\{0,1\}$/\1/p" a.json
}

# ---- the command -------------------------------------------------------------------------

@test "wrong usage is 2" {
	run -2 "$mutate"
	assert_output 'usage: mutate [-I DIRECTORY]... FILE...'
	run -2 "$mutate" -x a.c
	assert_line 'usage: mutate [-I DIRECTORY]... FILE...'
}

@test "a file that is not there is named, and nothing is printed" {
	run -3 --separate-stderr "$mutate" nowhere.c
	assert_output ''
	assert_equal "$stderr" 'nowhere.c: No such file or directory'
}

@test "a file that does not parse: every error with file and line, and nothing else" {
	students <<-'END'
		int f(void) { return 1 }
		int g(void) { return missing; }
	END
	printf 'int h(void) { return 1; }\n' >b.c
	run -3 --separate-stderr "$mutate" b.c a.c
	assert_output ''
	# shellcheck disable=SC2154
	assert_equal "${stderr_lines[0]}" "a.c:13: expected ';' after return statement"
	assert_equal "${stderr_lines[1]}" "a.c:14: use of undeclared identifier 'missing'"
}

@test "-I finds a lab's header; without it the file does not parse" {
	mkdir contract
	echo 'enum { ANSWER = 42 };' >contract/answer.h
	students '#include "answer.h"\n' <<<'int f(void) { return ANSWER; }'
	run -3 "$mutate" a.c
	assert_output --partial "a.c:12: 'answer.h' file not found"
	run -0 "$mutate" -I contract a.c
	assert_output --partial '"original": "ANSWER"'
}

@test "no file is changed and a list without mutants is an empty array" {
	echo 'int f(int a) { return a + 1; }' >a.c
	cp a.c before.c
	run -0 "$mutate" a.c
	assert_output '[]'
	cmp a.c before.c
}

@test "a mutant says where it is and what it does" {
	students '/* grün */\n' <<-'END'
		static void
		stop(pid_t child)
		{
			(void)child; kill(child, SIGKILL); /* at once */
		}
	END
	run made_by statement
	assert_output 'kill(child, SIGKILL); -> ;'
	grep -q '^  "file": "a.c",$' a.json
	grep -q '^  "function": "stop",$' a.json
	grep -q '^  "line": 17,$' a.json
	grep -q '^  "column": 14,$' a.json
	grep -q "^  \"offset\": $(grep -bo 'kill(' a.c | cut -d: -f1),$" a.json
	grep -q '^  "length": 21,$' a.json
	grep -q '^  "text": "(void)child; kill(child, SIGKILL); /\* at once \*/",$' a.json
	grep -q '^  "what": "kill() is not called"$' a.json
}

# ---- what is the student's ------------------------------------------------------------------

@test "nothing outside of the student's part: not before, between or after, not in INSTEAD" {
	cat >a.c <<-'END'
		int before(int a) { return a < 1; }
		/* STUDENT: one, whose sentence
		   goes on here */
		int one(int a) { return a < 2; }
		/* INSTEAD
		int one(int a) { return a < 3; }
		*/
		/* END */
		int between(int a) { return a < 4; }
		/* STUDENT: the other one of the two */
		int two(int a) { return a < 5; }
		/* END */
		int after(int a) { return a < 6; }
	END
	made_by comparison
	assert_equal "$(field function | sort -u | xargs)" 'one two'
}

@test "the bodies of macros are not the student's; their arguments are, once" {
	students '#include <assert.h>\n' <<-'END'
		#define SMALLER(a, b) ((a) < (b) ? (a) : (b) + 1)
		#define FAILS(call) do { if ((call) < 0) return -1; } while (0)
		int
		f(int a, int status)
		{
			FAILS(any(a, 3));
			if (WIFEXITED(status))
				return SMALLER(a - 1, WEXITSTATUS(status));
			assert(a > 0);
			return a;
		}
	END
	run made_by comparison constant arithmetic logic negate
	assert_output - <<-'END'
		3 -> 2
		3 -> 4
		- -> +
		1 -> 0
		1 -> 2
		> -> >=
		0 -> 1
	END
}

# ---- ids ------------------------------------------------------------------------------------------

@test "ids stay when other lines change, and no two are the same" {
	local body='int\nf(int a)\n{\n\tif (a < 1)\n\t\treturn -1;\n\tif (a < 1)\n\t\treturn -1;\n\treturn a;\n}\n'

	printf '%b' "$body" | students
	made_by all
	field id >before
	assert_equal "$(sort -u before | wc -l)" "$(wc -l <before)"
	printf '%b' "\nint\ng(int a)\n{\n\treturn a;\n}\n/* new */\n${body/if (a/if  (a}" |
		students '#include <string.h>\n\n'
	made_by all
	assert_equal "$(field id)" "$(cat before)"
}

@test "an id changes with its own text, and with its function" {
	students <<<'int f(int a) { return a < 70; }'
	made_by all
	field id >before
	students <<<'int f(int a) { return a < 71; }'
	made_by all
	# "<" alone is the same edit as before.
	assert_equal "$(field id | grep -cxFf before)" 1
	students <<<'int g(int a) { return a < 70; }'
	made_by all
	run grep -xFf before <(field id)
	assert_output ''
}

# ---- operators -----------------------------------------------------------------------------------------

@test "comparison: each becomes its neighbour" {
	students <<<'int f(int a, int b) { return (a < b) + (a <= b) + (a > b) + (a >= b) + (a == b) + (a != b); }'
	run made_by comparison
	assert_output - <<-'END'
		< -> <=
		<= -> <
		> -> >=
		>= -> >
		== -> !=
		!= -> ==
	END
}

@test "constant: one more, one less, named ones 0; not sizes, {0}, or what a comparison does" {
	students <<-'END'
		enum { LOST = 4, NONE = 0 };
		struct pair { int a, b; };
		int
		f(int a, const char *word)
		{
			struct pair pair = {0};
			char buffer[128];
			bool ready = false;
			int one = 1;

			buffer[0] = *word == 'x';
			if (a < 2 || a >= 0x10 || 7 > a || *word > '9')
				return any(a, 0644);
			one = any(-1, LOST);
			ready = true;
			pair.a = a > 4 ? 1 : 0;
			pair.b = any(NONE, -3) * 10u;
			if (one == 1 && ready)
				return -1;
			return pair.a + buffer[1] ? LOST : 5;
		}
	END
	run made_by constant
	assert_output - <<-'END'
		4 -> 3
		4 -> 5
		0 -> 1
		false -> true
		1 -> 0
		0 -> 1
		'x' -> ('x' + 1)
		'x' -> ('x' - 1)
		2 -> 1
		0x10 -> 0xf
		7 -> 6
		'9' -> ('9' + 1)
		0644 -> 0643
		0644 -> 0645
		-1 -> -2
		-1 -> 0
		LOST -> 0
		true -> false
		4 -> 5
		1 -> 2
		-3 -> -2
		-3 -> -4
		10u -> 11u
		10u -> 9u
		1 -> 0
		1 -> 2
		-1 -> 0
		1 -> 0
		1 -> 2
		LOST -> 0
		5 -> 4
		5 -> 6
	END
}

@test "flag: each is left out once, a single one becomes 0" {
	students <<-'END'
		int
		f(const char *name, pid_t child)
		{
			kill(child, SIGKILL);
			waitpid(child, NULL, WNOHANG);
			return open(name, O_WRONLY | O_CREAT | O_TRUNC, 0);
		}
	END
	run made_by flag
	assert_output - <<-'END'
		SIGKILL -> 0
		WNOHANG -> 0
		O_WRONLY | O_CREAT -> O_CREAT
		O_WRONLY | O_CREAT -> O_WRONLY
		O_WRONLY | O_CREAT | O_TRUNC -> O_WRONLY | O_CREAT
	END
}

@test "success: no test for failure sees one, whichever way it is written" {
	students <<-'END'
		int
		f(int n)
		{
			pid_t pid, pids[3];
			char *p = text(n), *q;
			void *m = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, 3, 0);

			if ((pid = fork()) < 0)
				return 1;
			if (p == NULL || m == MAP_FAILED)
				return 2;
			q = text(2);
			if (!q)
				return 3;
			pids[n] = fork();
			if (pids[n] == -1 || 0 > pids[n])
				return 4;
			if (close(n) != 0 || fflush(stdout) == EOF)
				return 5;
			if (close(pid) == 0 && any(1, 2) >= 0)
				return sigaction(SIGINT, NULL, NULL);
			return 6;
		}
	END
	run made_by success
	assert_output - <<-'END'
		(pid = fork()) < 0 -> (((pid = fork()) < 0), 0)
		p == NULL -> 0
		m == MAP_FAILED -> 0
		!q -> 0
		pids[n] == -1 -> 0
		close(n) != 0 -> ((close(n) != 0), 0)
		fflush(stdout) == EOF -> ((fflush(stdout) == EOF), 0)
		close(pid) == 0 -> ((close(pid) == 0), 1)
		any(1, 2) >= 0 -> ((any(1, 2) >= 0), 1)
		sigaction(SIGINT, NULL, NULL) -> (sigaction(SIGINT, NULL, NULL), 0)
	END
	grep -q "fork()'s failure is taken for success" a.json
}

@test "success: what is no test for failure is left alone" {
	students <<-'END'
		int
		f(int n, const char *a)
		{
			pid_t pid = fork();
			int c, got;

			if (pid == 0)
				return 1;
			if (n < 0 || *a == 0)
				return 2;
			do
				got = any(n, 3);
			while (got < 0 && errno == EINTR);
			while ((c = getchar()) != EOF)
				n += c;
			got = n;
			if (got < 0)
				return 3;
			return getchar();
		}
	END
	run made_by success
	assert_output ''
}

@test "omit-call: the value of success instead; what it would have set is certain" {
	students <<-'END'
		int
		f(int fd, pid_t child)
		{
			sigset_t set, before;
			int status;
			pid_t done;

			close(fd);
			if (close(fd) < 0 || sigaddset(&before, SIGINT) < 0)
				return dup2(fd, 1);
			if (sigprocmask(SIG_BLOCK, &set, &before) < 0)
				return sigprocmask(SIG_SETMASK, &before, NULL);
			done = waitpid(child, &status, 0);
			while (wait(NULL) > 0 || waitpid(-1, &status, 0) > 0)
				fd++;
			return done + any(1, status);
		}
	END
	run made_by omit-call
	assert_output - <<-'END'
		close(fd) -> 0
		sigaddset(&before, SIGINT) -> 0
		dup2(fd, 1) -> 1
		&set -> NULL
		sigprocmask(SIG_SETMASK, &before, NULL) -> 0
		waitpid(child, &status, 0) -> (*(&status) = 0, child)
		wait(NULL) -> 0
		waitpid(-1, &status, 0) -> (*(&status) = 0, 0)
	END
}

@test "loop: the first round, the last one, or all but the first" {
	students <<-'END'
		int
		f(int n, const char *s)
		{
			for (int i = 0; i < n; i++)
				any(i, n);
			for (int i = n; i > 0; i--)
				any(i, n);
			for (; *s != '\0'; s++)
				any(*s, n);
			while (any(1, n)) {
				n--;
			}
			do
				n++;
			while (any(2, n) > 0);
			while (n > 9) {
				n--;
				return 1;
			}
			return n;
		}
	END
	run made_by loop
	assert_output - <<-'END'
		0 -> 1
		i -> i + 1
		0 -> 0 + 1
		any(*s, n); -> { any(*s, n); break; }
		} -> break; }
		any(2, n) > 0 -> ((any(2, n) > 0), 0)
	END
}

@test "logic, negate, arithmetic" {
	students <<-'END'
		int
		f(int a, int b, const char *p, const char *q)
		{
			a++;
			a += b;
			if (a && b || !p)
				return any(a++, --b) + 2;
			for (b = 0; b < a; b++)
				any(a - b, 3);
			return (int)(p - q);
		}
	END
	run made_by logic
	assert_output - <<-'END'
		&& -> ||
		|| -> &&
	END
	run made_by negate
	assert_output '! ->'
	run made_by arithmetic
	assert_output - <<-'END'
		+= -> -=
		a++ -> a
		--b -> b
		+ -> -
		- -> +
	END
}

@test "initializer: what is computed begins as 0" {
	students <<-'END'
		struct pair { int a, b; void (*f)(int); };
		int
		f(struct pair *from, int n)
		{
			struct pair copy = *from, own = {.a = n, .b = 3, .f = SIG_DFL};
			int saved = errno, zero = 0;
			char *end = NULL;
			int closed = close(n);

			return any(copy.a + own.b, saved + zero + closed) + (end == NULL);
		}
	END
	run made_by initializer
	assert_output - <<-'END'
		*from -> {0}
		n -> 0
		errno -> 0
	END
}

@test "condition: always true, always false; a call in it is made" {
	students <<-'END'
		int
		f(int a)
		{
			if (a == 3)
				return 1;
			if (any(a, 1) > 2 && a)
				return 2;
			if (close(a) < 0)
				return 3;
			while (a > 9)
				a--;
			return a ? 4 : 5;
		}
	END
	run made_by condition
	assert_output - <<-'END'
		a == 3 -> 0
		a == 3 -> 1
		any(a, 1) > 2 && a -> ((any(a, 1) > 2 && a), 0)
		any(a, 1) > 2 && a -> ((any(a, 1) > 2 && a), 1)
		close(a) < 0 -> ((close(a) < 0), 1)
		a -> 0
		a -> 1
	END
}

@test "statement: each that can be missed, once" {
	students <<-'END'
		static void
		f(int a, int b[])
		{
			if (a)
				any(1, a);
			if (any(2, a)) {
				any(3, a);
			}
			if (a) {
				any(4, a);
				b[a]++;
			} else {
				any(5, a);
				any(6, a);
			}
			for (int i = 0; i < a; i++)
				any(7, i);
			(void)a;
			(void)close(a);
			while (any(8, a))
				continue;
			switch (a) {
			case 1:
				any(9, a);
				break;
			default:
				break;
			}
			if (a > 5)
				return;
			b[0] = a;
			for (;;) {
				if (a++ > 7)
					break;
				else
					continue;
				any(10, a);
			}
			return;
		}
	END
	run made_by statement
	assert_output - <<-'END'
		if (any(2, a)) { any(3, a); } -> ;
		if (a) { any(4, a); b[a]++; } else { any(5, a); any(6, a); } -> ;
		any(4, a); -> ;
		b[a]++; -> ;
		else { any(5, a); any(6, a); } ->
		any(5, a); -> ;
		any(6, a); -> ;
		any(7, i); -> ;
		(void)close(a); -> ;
		while (any(8, a)) continue; -> ;
		switch (a) { case 1: any(9, a); break; default: break; } -> ;
		any(9, a); -> ;
		break; -> ;
		b[0] = a; -> ;
		for (;;) { if (a++ > 7) break; else continue; any(10, a); } -> ;
		if (a++ > 7) break; else continue; -> ;
		break; -> ;
		continue; -> ;
		any(10, a); -> ;
	END
}

@test "statement: a return stays where nothing follows, but in main" {
	students <<-'END'
		int
		f(int a)
		{
			if (a) {
				any(1, a);
				return 1;
			} else {
				any(2, a);
				return 2;
			}
		}
		static _Noreturn void
		end(int a)
		{
			any(3, a);
			exit(a);
		}
		int
		main(void)
		{
			if (any(4, 4)) {
				any(5, 5);
				return 3;
			}
			f(1);
			return any(6, 6) ? 0 : 4, end(1), 1;
		}
	END
	run made_by statement
	assert_output - <<-'END'
		any(1, a); -> ;
		any(2, a); -> ;
		any(3, a); -> ;
		if (any(4, 4)) { any(5, 5); return 3; } -> ;
		any(5, 5); -> ;
		return 3; -> ;
		f(1); -> ;
		return any(6, 6) ? 0 : 4, end(1), 1; -> ;
	END
}

@test "statement: no variable is left with a value of chance" {
	students <<-'END'
		void out(int *);
		void
		f(int a, int *result, sigset_t *given)
		{
			sigset_t set, mask;
			struct sigaction action, old;
			int x, y, z = 1, fds[2];

			if (a)
				x = 2;
			else
				x = 3;
			x = 4;
			z = 5;
			out(&y);
			out(&y);
			if (pipe(fds) < 0)
				out(&x);
			*result = x + y + z;
			mask = *given;
			action = (struct sigaction){.sa_flags = a};
			sigemptyset(&set);
			sigaddset(&set, SIGINT);
			sigprocmask(SIG_BLOCK, &set, NULL);
			sigaction(SIGINT, &action, &old);
			sigprocmask(SIG_SETMASK, &mask, NULL);
			any(fds[0], old.sa_flags);
		}
	END
	run made_by statement
	assert_output - <<-'END'
		if (a) x = 2; else x = 3; -> __builtin_memset(&x, -1, sizeof x);
		2 -> 0
		3 -> 0
		4 -> 0
		z = 5; -> ;
		out(&y); -> __builtin_memset(&y, -1, sizeof y);
		out(&y); -> ;
		if (pipe(fds) < 0) out(&x); -> __builtin_memset(&fds, -1, sizeof fds);
		x + y + z -> 0
		*given -> (sigset_t){0}
		(struct sigaction){.sa_flags = a} -> (struct sigaction){0}
		sigemptyset -> sigfillset
		sigaddset(&set, SIGINT); -> ;
		sigprocmask(SIG_BLOCK, &set, NULL); -> ;
		&action -> NULL
		sigprocmask(SIG_SETMASK, &mask, NULL); -> ;
		any(fds[0], old.sa_flags); -> ;
	END
}

# ---- the labs -----------------------------------------------------------------------------------------------

# Applies each mutant of a.json, printed by mutate for files in $1, and lets gcc
# read it. Prints "N of M".
compiling() {
	local directory=$1 lab=$2 all=0 status=0 file="" bad key value text offset length replacement
	local LC_ALL=C # offsets are in bytes

	rm -rf mutants
	mkdir mutants
	while read -r key value; do
		value=${value%,}
		case $key in
		'"file":')
			[[ $file == "${value//\"/}" ]] || text=$(<"$directory/${value//\"/}")
			file=${value//\"/}
			;;
		'"offset":') offset=$value ;;
		'"length":') length=$value ;;
		'"replacement":')
			replacement=${value#\"} replacement=${replacement%\"}
			printf -v replacement '%b' "${replacement//\\\"/\"}"
			[[ $replacement != "${text:offset:length}" ]] || return 1
			printf '%s%s%s\n' "${text:0:offset}" "$replacement" "${text:offset+length}" >mutants/$all.c
			all=$((all + 1))
			;;
		esac
	done <a.json
	# Several to a compiler, as many compilers as processors; 123: one of them found an error.
	printf '%s\0' mutants/*.c | xargs -0 -P "$(nproc)" -n 8 \
		gcc -std=c17 -D_XOPEN_SOURCE=700 -w -fsyntax-only -I "$lab" 2>errors || status=$?
	((status == 0 || status == 123)) || return 1
	bad=$(sed -n 's/^mutants.\([0-9]*\)\.c:[0-9:]* \(fatal \)\?error: .*/\1/p' errors | sort -u | wc -l)
	((bad > 0 || status == 0)) || return 1
	echo "$((all - bad)) of $all"
}

# The lines of code between STUDENT and INSTEAD or END: mutants are made of nothing else.
students_lines() {
	awk '/\/\* STUDENT/ { on = 1; next } /\/\* (INSTEAD|END)/ { on = 0 } on' "$@" |
		grep -cv '^[[:blank:]]*\($\|/\*\|\*\|[{}]$\)'
}

@test "of every lab's mutants at least 95 in 100 compile, and there are enough, not too many" {
	local lab name good all lines

	for lab in "$root"/solutions/*/; do
		name=$(basename "$lab")
		"$mutate" -I "$root/labs/$name" "$lab"*.c >a.json
		read -r good _ all < <(compiling "$lab" "$root/labs/$name")
		lines=$(students_lines "$lab"*.c)
		echo "$name: $good of $all compile, $lines lines"
		((good * 100 >= all * 95 && all >= lines && all <= 3 * lines))
	done
}
