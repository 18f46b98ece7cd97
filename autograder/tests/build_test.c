/*
 * build_test.c - a submission is compiled as the kit says, not as it wishes:
 * what builds runs, what does not build stops nothing else and is told in the
 * student's words, and no source takes more than its share or sees the host.
 *
 * A small kit with a lab of two probes' worth is made in a temporary directory;
 * submissions are strings. Run in the root of the repository, after make build.
 */
#define _GNU_SOURCE
#include "../judge/probe.h"
#include "../src/base/files.h"
#include "../src/build/build.h"
#include "../src/build/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* ---- a kit with one lab --------------------------------------------------------- */

static char *files[] = {"adder.c", "teller.c", "alone.c"};
static char *contract[] = {"adder.h"};
static char *of_adder[] = {"adder.c"};
static char *of_teller[] = {"teller.c", "adder.c"};
static char *of_alone[] = {"alone.c"};
static char *symbols[] = {"add"};
static char *all_programs[] = {"adder", "teller", "alone"};
static char *asan_programs[] = {"alone"};

static struct program programs[] = {
    {.name = "adder", .student = {1, of_adder}, .probe = "adder_probe.c", .symbols = {1, symbols}},
    {.name = "teller", .student = {2, of_teller}},
    {.name = "alone", .student = {1, of_alone}},
    {.name = "unused", .student = {1, of_alone}},
};

static struct check_spec checks[] = {
    {.id = "all", .programs = {3, all_programs}},
    {.id = "clean", .programs = {1, asan_programs}, .profile = PROFILE_ASAN},
};

static struct lab lab = {
    .name = "99-adder",
    .files = {3, files},
    .contract = {1, contract},
    .n_programs = 4,
    .programs = programs,
    .n_checks = 2,
    .checks = checks,
};

static const char adder_h[] = "int add(int a, int b);\n";
static const char adder_c[] = "#include \"adder.h\"\n"
			      "int\n"
			      "add(int a, int b)\n"
			      "{\n"
			      "\treturn a + b;\n"
			      "}\n";
static const char teller_c[] = "#include \"adder.h\"\n"
			       "#include <stdio.h>\n"
			       "int\n"
			       "main(void)\n"
			       "{\n"
			       "\tprintf(\"%d\", add(2, 3));\n"
			       "}\n";
static const char alone_c[] = "int\n"
			      "main(void)\n"
			      "{\n"
			      "\treturn 7;\n"
			      "}\n";
static const char probe_c[] = "#include \"adder.h\"\n"
			      "#include \"probe.h\"\n"
			      "static void\n"
			      "do_add(void)\n"
			      "{\n"
			      "\tanswer_put_int(\"sum\", add(2, 3));\n"
			      "}\n"
			      "int\n"
			      "main(void)\n"
			      "{\n"
			      "\tstatic const struct verb verbs[] = {{\"add\", do_add}, {0}};\n"
			      "\treturn probe_serve(verbs);\n"
			      "}\n";

/* The temporary directory with the kit and one submission, and what became of it. */
static struct {
	char *root, *source, *stage;
	struct build build;
	char why[500];
} at;

static void
put(const char *directory, const char *name, const char *text)
{
	char *path = join_path(directory, name, NULL);

	assert_int_equal(write_file_atomic(path, text, strlen(text), 0644), 0);
	free(path);
}

static void
copy(const char *from, const char *directory, const char *name)
{
	char *path = join_path(directory, name, NULL);

	assert_int_equal(copy_file(from, path, 0755, 8 << 20), 0);
	free(path);
}

static char *
directory(const char *name)
{
	char *path = join_path(at.root, name, NULL);

	assert_int_equal(make_path(path, 0755), 0);
	return path;
}

/* Runs a command of the tests' own; its arguments are words without blanks. */
static void
run(const char *const argv[])
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
compile_probe(const char *to)
{
	char *object = join_path(to, "adder_probe.o", NULL);
	char *source = join_path(lab.directory, "adder_probe.c", NULL);
	const char *const argv[] = {
	    "gcc", "-O1", "-g", "-Iautograder/judge", "-c", "-o", object, source, NULL};

	put(lab.directory, "adder_probe.c", probe_c);
	run(argv);
	free(object);
	free(source);
}

static int
make_kit(void **state)
{
	static char template[] = "/tmp/build_test.XXXXXX";
	char *room, *built, *probes;

	(void)state;
	at.root = mkdtemp(template);
	if (at.root == NULL)
		return -1;
	room = directory("autograder/src/build");
	built = directory("build");
	probes = directory("build/labs/99-adder/probes");
	lab.directory = directory("labs/99-adder");
	copy("autograder/src/build/submission.mk", room, "submission.mk");
	copy("build/keeper", built, "keeper");
	copy("build/probe.o", built, "probe.o");
	put(lab.directory, "adder.h", adder_h);
	compile_probe(probes);
	free(room);
	free(built);
	free(probes);
	return 0;
}

static int
remove_kit(void **state)
{
	(void)state;
	free(lab.directory);
	return remove_tree(at.root);
}

/* A correct submission, to be spoiled. */
static int
begin(void **state)
{
	(void)state;
	at.source = directory("source");
	at.stage = stage_create();
	*at.why = '\0';
	put(at.source, "adder.c", adder_c);
	put(at.source, "teller.c", teller_c);
	put(at.source, "alone.c", alone_c);
	return at.stage != NULL ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	build_free(&at.build);
	remove_tree(at.source);
	stage_remove(at.stage);
	free(at.source);
	free(at.stage);
	return 0;
}

static void
build(void)
{
	if (build_submission(&lab, at.root, at.source, NULL, at.stage, ISOLATION_SANDBOX, &at.build,
		at.why, sizeof at.why) < 0)
		fail_msg("%s", at.why);
}

static bool
built(const char *program)
{
	for (size_t i = 0; i < at.build.n; i++)
		if (strcmp(at.build.programs[i].name, program) == 0)
			return at.build.programs[i].built;
	return false;
}

#define SAYS(text) assert_non_null(strstr(at.build.compiler, text))
#define SAYS_NOT(text) assert_null(strstr(at.build.compiler, text))

/* ---- running what was built ------------------------------------------------------- */

static pid_t
start(const char *set, const char *program, int fd, int as)
{
	char *path = join_path(at.stage, set, program, NULL);
	char *const argv[] = {path, NULL};
	pid_t pid = fork();

	if (pid == 0) {
		dup2(fd, as);
		execv(path, argv);
		_exit(127);
	}
	free(path);
	assert_true(pid > 0);
	return pid;
}

static int
status_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* What the probe answers to "add". */
static const char *
answer(void)
{
	static char text[200];
	int ends[2];
	pid_t pid;
	ssize_t n;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	pid = start("bin", "adder", ends[1], PROBE_FD);
	close(ends[1]);
	assert_int_equal(send(ends[0], "add", 3, MSG_NOSIGNAL), 3);
	n = recv(ends[0], text, sizeof text - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(ends[0]);
	assert_int_equal(status_of(pid), 0);
	return text;
}

static bool
exists(const char *set, const char *name)
{
	char *path = join_path(at.stage, set, name, NULL);
	bool yes = is_file(path);

	free(path);
	return yes;
}

/* ---- tests -------------------------------------------------------------------------- */

static void
what_builds_runs(void **state)
{
	char text[8] = "";
	int ends[2];
	pid_t pid;

	(void)state;
	build();
	assert_string_equal(at.build.compiler, "");
	assert_true(built("adder") && built("teller") && built("alone"));
	assert_string_equal(answer(), "sum=5\n");
	assert_int_equal(pipe(ends), 0);
	pid = start("bin", "teller", ends[1], STDOUT_FILENO);
	close(ends[1]);
	assert_int_equal(read(ends[0], text, sizeof text - 1), 1);
	close(ends[0]);
	assert_string_equal(text, "5");
	assert_int_equal(status_of(pid), 0);
}

static void
each_program_is_built_for_the_profiles_that_run_it(void **state)
{
	char *path = join_path(at.stage, "asan", "alone", NULL);
	size_t n;
	char *bytes;

	(void)state;
	build();
	bytes = read_file(path, 32 << 20, &n);
	assert_non_null(bytes);
	assert_non_null(memmem(bytes, n, "__asan_init", strlen("__asan_init")));
	free(bytes);
	free(path);
	assert_false(exists("asan", "adder"));
	assert_false(exists("bin", "unused"));
	assert_false(built("unused"));
}

static void
a_students_symbols_meet_nothing_of_the_probes(void **state)
{
	(void)state;
	put(at.source, "adder.c",
	    "#include \"adder.h\"\n"
	    "int answer_put_int, recv __attribute__((common)), probe_serve = 3;\n"
	    "long write(int fd, const void *p, unsigned long n);\n"
	    "long write(int fd, const void *p, unsigned long n)\n"
	    "{ (void)fd; (void)p; (void)n; return -1; }\n"
	    "int main(void) { return 1; }\n"
	    "int add(int a, int b) { return a + b + (recv & answer_put_int); }\n");
	build();
	assert_true(built("adder"));
	assert_string_equal(answer(), "sum=5\n");
	assert_false(built("teller"));
	SAYS("adder.c:6: multiple definition of `main'; teller.c:5: first defined here\n");
}

static void
a_program_that_does_not_build_stops_no_other(void **state)
{
	(void)state;
	put(at.source, "teller.c", "int main(void) { return }\n");
	build();
	assert_false(built("teller"));
	assert_true(built("adder") && built("alone"));
	SAYS("teller.c:1:25: error:");
	assert_false(at.build.timed_out);
	assert_false(at.build.out_of_memory);
}

static void
a_warning_is_told_once_and_no_obstacle(void **state)
{
	const char *told;

	(void)state;
	put(at.source, "alone.c", "int main(void) { int unused; return 0; }\n");
	build();
	assert_true(built("alone"));
	told = strstr(at.build.compiler, "unused variable");
	assert_non_null(told);
	assert_null(strstr(told + 1, "unused variable"));
	SAYS("alone.c:1:22: warning:");
}

static void
the_linker_speaks_of_the_students_lines(void **state)
{
	const char *told;

	(void)state;
	put(at.source, "adder.c",
	    "#include \"adder.h\"\nint nowhere(void);\nint add(int a, int b)\n{\n"
	    "\treturn a + b + nowhere();\n}\n");
	build();
	assert_false(built("adder") || built("teller"));
	assert_true(built("alone"));
	assert_string_equal(at.build.compiler, "adder.c:5: undefined reference to `nowhere'\n");
	build_free(&at.build);
	stage_remove(at.stage);
	free(at.stage);
	at.stage = stage_create();
	put(at.source, "adder.c",
	    "int ad(int a, int b);\nint ad(int a, int b) { return a + b; }\n");
	build();
	told = strstr(at.build.compiler, "undefined reference to `add'");
	assert_non_null(told);
	SAYS_NOT("probe");
	SAYS_NOT("/");
}

static void
a_file_that_was_not_handed_in_is_named(void **state)
{
	char *path = join_path(at.source, "adder.c", NULL);

	(void)state;
	assert_int_equal(unlink(path), 0);
	free(path);
	build();
	assert_false(built("adder") || built("teller"));
	assert_true(built("alone"));
	SAYS("adder.c: No such file or directory");
}

/* Attacks on the machine by what is compiled, each with what must come of it. */
static const struct {
	const char *source, *says;
	bool memory;
} attacks[] = {
    {"__asm__(\".incbin \\\"/etc/passwd\\\"\");\n", "file not found", false},
    {"#include \"/etc/passwd\"\n", "No such file", false},
    {"#include \"/dev/zero\"\n", "out of memory", true},
    {"__asm__(\".rept 2000000000\\n.byte 1\\n.endr\");\n", "out of memory", true},
    {"char big[3000000000] = {1};\n", "File size limit exceeded", false},
    {"#include \"adder.c\"\n#include \"adder.c\"\n", "nested depth", false},
};

static void
no_source_takes_more_than_its_share(void **state)
{
	for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
		if (i > 0)
			assert_int_equal(begin(state), 0);
		put(at.source, "adder.c", attacks[i].source);
		build();
		assert_false(built("adder") || built("teller"));
		assert_true(built("alone"));
		SAYS(attacks[i].says);
		SAYS_NOT("root:");
		SAYS_NOT("bug report");
		assert_int_equal(at.build.out_of_memory, attacks[i].memory);
		if (i + 1 < sizeof attacks / sizeof *attacks)
			end(state);
	}
}

/* It takes no memory, only time: the assembler repeats nothing, 900 million times. */
static void
a_compiler_that_never_ends_is_ended(void **state)
{
	(void)state;
	put(at.source, "adder.c",
	    "__asm__(\".rept 30000\\n.rept 30000\\n.nop 0\\n.endr\\n.endr\");\n");
	build();
	assert_true(at.build.timed_out);
	assert_false(at.build.out_of_memory);
	assert_false(built("adder") || built("teller"));
	assert_true(built("alone"));
}

static void
too_many_words_are_cut(void **state)
{
	struct text chatter = {0};

	(void)state;
	for (int i = 0; i < 4000; i++)
		text_printf(&chatter, "#warning number %d\n", i);
	text_put(&chatter, alone_c);
	put(at.source, "alone.c", text_string(&chatter));
	text_free(&chatter);
	build();
	assert_true(built("alone"));
	assert_in_range(strlen(at.build.compiler), 1000, 64 * 1024);
}

static void
an_umask_changes_nothing(void **state)
{
	mode_t before = umask(0077);

	(void)state;
	stage_remove(at.stage);
	free(at.stage);
	at.stage = stage_create();
	build();
	umask(before);
	assert_true(built("adder") && built("alone"));
}

static void
a_kit_that_is_not_built_is_the_graders_fault(void **state)
{
	char *object = join_path(at.root, "build/labs/99-adder/probes/adder_probe.o", NULL);
	char *aside = join_path(at.root, "aside.o", NULL);

	(void)state;
	assert_int_equal(rename(object, aside), 0);
	assert_int_equal(build_submission(&lab, at.root, at.source, NULL, at.stage,
			     ISOLATION_SANDBOX, &at.build, at.why, sizeof at.why),
	    -1);
	assert_int_equal(rename(aside, object), 0);
	free(object);
	free(aside);
	assert_non_null(strstr(at.why, "adder_probe.o"));
	assert_non_null(strstr(at.why, "make build"));
}

static void
a_compile_without_a_word_is_the_graders_fault(void **state)
{
	char *room = join_path(at.root, "autograder/src/build", NULL);

	(void)state;
	put(room, "submission.mk", "all:\n\t@exit 1\n");
	assert_int_equal(build_submission(&lab, at.root, at.source, NULL, at.stage,
			     ISOLATION_SANDBOX, &at.build, at.why, sizeof at.why),
	    -1);
	copy("autograder/src/build/submission.mk", room, "submission.mk");
	free(room);
	assert_non_null(strstr(at.why, "adder"));
}

static void
without_namespaces_it_builds_as_well(void **state)
{
	(void)state;
	put(at.source, "adder.c",
	    "#include \"adder.h\"\nint nowhere(void);\nint add(int a, int b)\n{\n"
	    "\treturn a + b + nowhere();\n}\nint main(void) { return 1; }\n");
	assert_int_equal(build_submission(&lab, at.root, at.source, NULL, at.stage,
			     ISOLATION_CONTAINER, &at.build, at.why, sizeof at.why),
	    0);
	assert_true(built("alone"));
	assert_false(built("adder"));
	SAYS("adder.c:5: undefined reference to `nowhere'\n");
	SAYS("adder.c:7: multiple definition of `main'; teller.c:5: first defined here\n");
	SAYS_NOT("/");
}

/* ---- a lab that builds on another's solution ------------------------------------------- */

static char *caller_files[] = {"caller.c"}, *caller_programs[] = {"caller"}, *offered[] = {"twice"};
static struct program caller = {
    .name = "caller", .student = {1, caller_files}, .reference = {1, offered}};
static struct check_spec caller_check = {.id = "calls", .programs = {1, caller_programs}};
static struct lab builder = {
    .name = "98-caller",
    .files = {1, caller_files},
    .n_programs = 1,
    .programs = &caller,
    .n_checks = 1,
    .checks = &caller_check,
};

/* The other lab's solution, built; and a link to where it would be if students had solutions. */
static void
make_builder(void)
{
	char *links = directory("labs/98-caller/reference"),
	     *built = directory("build/labs/98-caller");
	char *link = join_path(links, "twice.c", NULL),
	     *object = join_path(built, "reference.o", NULL);
	char *source = join_path(built, "twice.c", NULL);
	const char *const argv[] = {"gcc", "-O1", "-c", "-o", object, source, NULL};

	builder.directory = directory("labs/98-caller");
	put(built, "twice.c",
	    "int helper(void) { return 0; }\nint twice(int n) { return 2 * n + helper(); }\n");
	run(argv);
	put(links, "factor.h", "#define FACTOR 3\n");
	assert_int_equal(symlink("../../../solutions/97-base/twice.c", link), 0);
	free(links);
	free(built);
	free(link);
	free(object);
	free(source);
}

static void
remove_builder(void)
{
	assert_int_equal(remove_tree(builder.directory), 0);
	free(builder.directory);
}

static void
build_builder(const char *own, const char *caller_c)
{
	put(at.source, "caller.c", caller_c);
	if (build_submission(&builder, at.root, at.source, own, at.stage, ISOLATION_SANDBOX,
		&at.build, at.why, sizeof at.why) < 0)
		fail_msg("%s", at.why);
}

/* The student has a helper() of her own, which is not that of the solution. */
static const char calls_twice[] = "int twice(int n);\n"
				  "int helper(void);\n"
				  "int helper(void) { return 1; }\n"
				  "int main(void) { return twice(4) + helper(); }\n";

static void
a_lab_builds_on_the_solution_of_another(void **state)
{
	(void)state;
	make_builder();
	build_builder(NULL, calls_twice);
	assert_string_equal(at.build.compiler, "");
	assert_true(built("caller"));
	assert_int_equal(WEXITSTATUS(status_of(start("bin", "caller", 2, 2))), 9);
	remove_builder();
}

static void
of_a_solution_only_what_is_offered_can_be_called(void **state)
{
	(void)state;
	make_builder();
	build_builder(NULL, "int helper(void);\nint main(void) { return helper(); }\n");
	assert_false(built("caller"));
	SAYS("caller.c:2: undefined reference to `helper'");
	remove_builder();
}

static void
own_files_take_the_place_of_the_solution(void **state)
{
	char *own = directory("own/97-base"), *around = directory("own");

	(void)state;
	make_builder();
	put(own, "twice.c",
	    "#include \"factor.h\"\nint twice(int n);\nint helper(void);\n"
	    "int helper(void) { return 0; }\nint twice(int n) { return FACTOR * n + helper(); }\n");
	build_builder(around, calls_twice);
	assert_string_equal(at.build.compiler, "");
	assert_int_equal(WEXITSTATUS(status_of(start("bin", "caller", 2, 2))), 13);
	remove_builder();
	free(own);
	free(around);
}

static void
own_files_that_are_missing_are_named(void **state)
{
	char *around = directory("nobody");

	(void)state;
	make_builder();
	put(at.source, "caller.c", calls_twice);
	assert_int_equal(build_submission(&builder, at.root, at.source, around, at.stage,
			     ISOLATION_SANDBOX, &at.build, at.why, sizeof at.why),
	    -1);
	assert_non_null(strstr(at.why, "97-base/twice.c"));
	remove_builder();
	free(around);
}

/* ---- the words alone ----------------------------------------------------------------- */

static void
words_become_the_students(void **state)
{
	static const struct {
		const char *said, *told;
	} lines[] = {
	    {"make: *** [submission.mk:54: /tmp/obj-bin-a.c.o] Error 1\n", ""},
	    {"collect2: error: ld returned 1 exit status\n", ""},
	    {"/usr/bin/ld: /kit/probes/a_probe.o: in function `do_a':\n"
	     "/home/kit/labs/01/a_probe.c:12: undefined reference to `a'\n",
		"undefined reference to `a'\n"},
	    {"/usr/bin/ld: /usr/lib/x86_64-linux-gnu/Scrt1.o: in function `_start':\n"
	     "(.text+0x17): undefined reference to `main'\n",
		"undefined reference to `main'\n"},
	    {"/src/a.c:9: undefined reference to `b'\n/src/a.c:9: undefined reference to `b'\n",
		"a.c:9: undefined reference to `b'\n"},
	    {"/usr/bin/ld: cannot find -lm\n", "ld: cannot find -lm\n"},
	    {"a.c: In function 'f':\n", "a.c: In function 'f':\n"},
	    {"    3 | #include \"/src/x.h\"\n", "    3 | #include \"/src/x.h\"\n"},
	    {"a.c:1:1: error: \x1b[31mred\n", "a.c:1:1: error: \\x1b[31mred\n"},
	    {"no newline", "no newline\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct text words = {0};

		compiler_words(&words, lines[i].said, strlen(lines[i].said));
		assert_string_equal(text_string(&words), lines[i].told);
		text_free(&words);
	}
}

static void
only_make_and_gcc_blame_the_machine(void **state)
{
	char line[80];

	(void)state;
	assert_true(words_of_machine(
	    "a.c:1: warning: x\nmake: gcc: Resource temporarily unavailable\n", line, sizeof line));
	assert_string_equal(line, "make: gcc: Resource temporarily unavailable");
	assert_true(words_of_machine("gcc: fatal error: cannot execute 'cc1': vfork: Resource "
				     "temporarily unavailable",
	    line, sizeof line));
	assert_false(words_of_machine(
	    "a.c:1:2: error: #error : Resource temporarily unavailable\n", line, sizeof line));
	assert_false(words_of_machine("make: *** [a.o] Error 1\n", line, sizeof line));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	    TEST(what_builds_runs),
	    TEST(each_program_is_built_for_the_profiles_that_run_it),
	    TEST(a_students_symbols_meet_nothing_of_the_probes),
	    TEST(a_program_that_does_not_build_stops_no_other),
	    TEST(a_warning_is_told_once_and_no_obstacle),
	    TEST(the_linker_speaks_of_the_students_lines),
	    TEST(a_file_that_was_not_handed_in_is_named),
	    TEST(no_source_takes_more_than_its_share),
	    TEST(a_compiler_that_never_ends_is_ended),
	    TEST(too_many_words_are_cut),
	    TEST(an_umask_changes_nothing),
	    TEST(a_kit_that_is_not_built_is_the_graders_fault),
	    TEST(a_compile_without_a_word_is_the_graders_fault),
	    TEST(without_namespaces_it_builds_as_well),
	    TEST(a_lab_builds_on_the_solution_of_another),
	    TEST(of_a_solution_only_what_is_offered_can_be_called),
	    TEST(own_files_take_the_place_of_the_solution),
	    TEST(own_files_that_are_missing_are_named),
	    cmocka_unit_test(words_become_the_students),
	    cmocka_unit_test(only_make_and_gcc_blame_the_machine),
	};

	return cmocka_run_group_tests(tests, make_kit, remove_kit);
}
