/*
 * memory_test.c - of what valgrind reports, a student is told what she did:
 * not what libc, the probe or a child's _exit() seem to do.
 *
 * The first half reads reports written by hand. The second half compiles
 * small programs and judges them: this program then runs itself as the judge.
 */
#define _GNU_SOURCE
#include "../judge/judge.h"
#include "../judge/memory.h"
#include "../src/base/files.h"
#include "../src/base/text.h"
#include "../src/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- reports -------------------------------------------------------------------- */

#define HEAD(pid, parent)                                                                          \
	"<?xml version=\"1.0\"?>\n<valgrindoutput>\n<pid>" pid "</pid>\n<ppid>" parent "</ppid>\n" \
	"<status><state>RUNNING</state></status>\n"
#define TAIL "</valgrindoutput>\n"
#define FRAME(object, function, file, line)                                                        \
	"<frame><ip>0x1</ip><obj>" object "</obj><fn>" function "</fn><dir>/src</dir><file>" file  \
	"</file><line>" line "</line></frame>"
#define BARE(object, function) "<frame><obj>" object "</obj><fn>" function "</fn></frame>"
#define STUDENTS FRAME("/box/a", "work", "a.c", "12")
#define MALLOC BARE("/usr/libexec/valgrind/vgpreload.so", "malloc")
#define LIBC FRAME("/usr/lib/libc.so.6", "strdup", "strdup.c", "42")
#define PROBE FRAME("/box/a", "do_a", "a_probe.c", "5")
#define ERROR(kind, frames)                                                                        \
	"<error><kind>" kind "</kind><what>What it is</what><stack>" frames "</stack></error>\n"
#define LEAK(kind, frames)                                                                         \
	"<error><kind>" kind "</kind><xwhat><text>10 bytes</text><leakedbytes>10</leakedbytes>"    \
	"<leakedblocks>1</leakedblocks></xwhat><stack>" frames "</stack></error>\n"

static struct memory_report report;

static int
clear(void **state)
{
	(void)state;
	memset(&report, 0, sizeof report);
	return 0;
}

static void
take(const char *xml)
{
	assert_int_equal(memory_read(&report, xml, strlen(xml)), 0);
}

static void
an_error_lies_in_the_students_innermost_line(void **state)
{
	const struct memory_fault *worst;

	(void)state;
	take(HEAD("2", "1") ERROR("InvalidRead", LIBC STUDENTS FRAME("/box/a", "main", "a.c", "30"))
		TAIL);
	worst = memory_worst(&report);
	assert_non_null(worst);
	assert_string_equal(worst->kind, "InvalidRead");
	assert_false(worst->leak);
	assert_string_equal(worst->place.function, "work");
	assert_string_equal(worst->place.file, "a.c");
	assert_int_equal(worst->place.line, 12);
	assert_true(memory_in_first(&report, worst));
}

static void
only_memory_that_is_lost_for_good_is_a_leak(void **state)
{
	(void)state;
	take(HEAD("2", "1") LEAK("Leak_StillReachable", MALLOC STUDENTS) LEAK("Leak_IndirectlyLost",
	    MALLOC STUDENTS) LEAK("Leak_PossiblyLost", MALLOC STUDENTS) TAIL);
	assert_null(memory_worst(&report));
	take(HEAD("3", "1") LEAK("Leak_DefinitelyLost", MALLOC LIBC STUDENTS) TAIL);
	assert_non_null(memory_worst(&report));
	assert_true(memory_worst(&report)->leak);
	assert_int_equal(memory_worst(&report)->bytes, 10);
	assert_int_equal(memory_worst(&report)->place.line, 12);
}

static void
an_error_comes_before_a_leak(void **state)
{
	(void)state;
	take(HEAD("2", "1") LEAK("Leak_DefinitelyLost", MALLOC STUDENTS)
		ERROR("UninitValue", STUDENTS) TAIL);
	assert_string_equal(memory_worst(&report)->kind, "UninitValue");
}

static void
a_child_has_errors_but_no_leaks(void **state)
{
	(void)state;
	take(HEAD("2", "1") TAIL);
	take(HEAD("3", "2") LEAK("Leak_DefinitelyLost", MALLOC STUDENTS) TAIL);
	assert_null(memory_worst(&report));
	take(HEAD("4", "2") ERROR("InvalidWrite", STUDENTS) TAIL);
	assert_non_null(memory_worst(&report));
	assert_false(memory_in_first(&report, memory_worst(&report)));
}

static void
a_probe_leaks_on_its_own_account(void **state)
{
	(void)state;
	take(HEAD("2", "1") LEAK("Leak_DefinitelyLost", MALLOC PROBE)
		LEAK("Leak_DefinitelyLost", MALLOC BARE("/box/a", "do_a")) TAIL);
	assert_null(memory_worst(&report));
	/* but what the student's code asked for while it was called by the probe is hers */
	take(HEAD("3", "1") LEAK("Leak_DefinitelyLost", MALLOC STUDENTS PROBE) TAIL);
	assert_string_equal(memory_worst(&report)->place.file, "a.c");
}

static void
a_probe_that_meets_bad_memory_got_it_from_the_student(void **state)
{
	(void)state;
	take(HEAD("2", "1") ERROR("InvalidRead", LIBC PROBE) TAIL);
	assert_non_null(memory_worst(&report));
	assert_string_equal(memory_worst(&report)->place.file, "");
}

static void
what_happens_in_libraries_alone_is_nobodys(void **state)
{
	(void)state;
	take(HEAD("2", "1") ERROR("UninitCondition", LIBC) TAIL);
	assert_null(memory_worst(&report));
}

static void
memory_used_after_free_tells_where_it_was_freed(void **state)
{
	const struct memory_fault *worst;

	(void)state;
	take(HEAD("2", "1") "<error><kind>InvalidRead</kind><what>x</what><stack>" STUDENTS
			    "</stack><auxwhat>Address 0x1 is 0 bytes inside a block of size 4 "
			    "free'd</auxwhat><stack>" MALLOC FRAME("/box/a", "clean", "b.c",
				"7") "</stack><auxwhat>Block was alloc'd "
				     "at</auxwhat><stack>" MALLOC FRAME(
					 "/box/a", "start", "c.c", "3") "</stack></error>" TAIL);
	worst = memory_worst(&report);
	assert_string_equal(worst->place.file, "a.c");
	assert_string_equal(worst->freed.file, "b.c");
	assert_int_equal(worst->freed.line, 7);
}

static void
a_report_cut_off_counts_as_far_as_it_goes(void **state)
{
	(void)state;
	take(HEAD("2", "1") ERROR("InvalidFree", STUDENTS) "<error><kind>InvalidRead</kind><sta");
	assert_int_equal(report.n, 1);
	assert_string_equal(memory_worst(&report)->kind, "InvalidFree");
}

static void
what_is_no_report_is_refused(void **state)
{
	static const char *const nonsense[] = {"", "valgrind: fatal error", "<html></html>"};

	(void)state;
	for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
		assert_int_equal(memory_read(&report, nonsense[i], strlen(nonsense[i])), -1);
	assert_int_equal(report.n_processes, 0);
}

static void
more_than_it_can_hold_does_no_harm(void **state)
{
	struct text xml = {0};

	(void)state;
	text_put(&xml, HEAD("2", "1") "<error><kind>");
	for (int i = 0; i < 500; i++)
		text_put(&xml, "LongKind");
	text_put(&xml, "</kind><stack>" STUDENTS "</stack></error>");
	for (int i = 0; i < 2 * MEMORY_FAULTS_MAX; i++)
		text_put(&xml, ERROR("InvalidRead", STUDENTS));
	text_put(&xml, TAIL);
	take(text_string(&xml));
	text_free(&xml);
	assert_int_equal(report.n, MEMORY_FAULTS_MAX);
	assert_int_equal(strlen(report.faults[0].kind), MEMORY_NAME_MAX - 1);
	for (int i = 0; i < 2 * MEMORY_FAULTS_MAX; i++)
		take(HEAD("3", "2") TAIL);
	assert_int_equal(report.n_processes, MEMORY_FAULTS_MAX);
}

/* ---- whole runs -------------------------------------------------------------------- */

const struct hint hints[] = {{NULL, NULL, NULL, NULL, NULL, NULL}};

static const struct {
	const char *name, *source;
	const char *verdict, *key, *seen; /* a part of what must be said, or NULL */
} runs[] = {
    {"clean",
	"int main(void)\n{\n\tchar *p = malloc(10), *keep = malloc(3);\n"
	"\tif (fork() == 0) { p[0] = 1; _exit(3); }\n"
	"\tif (fork() == 0) { execl(\"/usr/bin/true\", \"true\", (char *)0); _exit(1); }\n"
	"\twait(0);\n\twait(0);\n\tfree(p);\n\tfree(keep);\n\treturn 5;\n}\n",
	"passed", NULL, NULL},
    {"leak",
	"static void lose(void)\n{\n\tvolatile char *p = malloc(10);\n\tp[0] = 1;\n}\n"
	"int main(void)\n{\n\tlose();\n\treturn 0;\n}\n",
	"failed", "leaks", "10 bytes"},
    {"freed",
	"int main(void)\n{\n\tvolatile char *p = malloc(10);\n\tfree((void *)p);\n"
	"\tp[0] = 1;\n\treturn 0;\n}\n",
	"failed", "errors", "freed.c:12); it was freed in freed.c:11"},
    {"unset",
	"int main(void)\n{\n\tint *p = malloc(sizeof *p);\n\tif (*p > 3)\n\t\tputs(\"big\");\n"
	"\tfree(p);\n\treturn 0;\n}\n",
	"failed", "errors", "never set"},
    {"child",
	"int main(void)\n{\n\tvolatile char *p = malloc(10);\n\tif (fork() == 0) { p[10] = 1; "
	"_exit(0); }\n\twait(0);\n\tfree((void *)p);\n\treturn 0;\n}\n",
	"failed", "errors", "a child process of the program writes"},
    /* The C library's debug information takes long to read and is not there; the linker's is. */
    {"library",
	"#include <glob.h>\n\nint main(void)\n{\n\tglob_t found = {0};\n\tvolatile char *p = "
	"malloc(1);\n"
	"\tglob(\"/usr/lib/debug/.build-id/*/*.debug\", 0, 0, &found);\n\tp[found.gl_pathc != 1] = "
	"1;\n"
	"\tglobfree(&found);\n\tfree((void *)p);\n\treturn 0;\n}\n",
	"passed", NULL, NULL},
};

enum { RUNS = sizeof runs / sizeof *runs };

static void
judge_run(void **state)
{
	const struct check *check = *state;

	memory_check(trial(check->id), "errors", "leaks");
}

static int
be_the_judge(int argc, char *argv[])
{
	struct check checks[RUNS];

	for (size_t i = 0; i < RUNS; i++)
		checks[i] = (struct check){runs[i].name, judge_run};
	return judge_main(argc, argv, checks, RUNS);
}

static char *stage;

static void
compile(const char *bin, const char *name, const char *source)
{
	char *file = text_format("%s.c", name);
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		FILE *out;

		if (chdir(bin) < 0 || (out = fopen(file, "w")) == NULL)
			_exit(1);
		fputs("#define _GNU_SOURCE\n#include <stdio.h>\n#include <stdlib.h>\n"
		      "#include <string.h>\n#include <sys/wait.h>\n#include <unistd.h>\n\n",
		    out);
		fputs(source, out);
		if (fclose(out) != 0)
			_exit(1);
		execlp("gcc", "gcc", "-w", "-g", "-O1", "-o", name, file, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	free(file);
}

static int
make_stage(void **state)
{
	char *bin, *keeper;

	(void)state;
	stage = stage_create();
	if (stage == NULL)
		return -1;
	bin = join_path(stage, "bin", NULL);
	keeper = join_path(stage, "keeper", NULL);
	if (mkdir(bin, 0755) < 0 || copy_file("build/keeper", keeper, 0755, 8 << 20) < 0)
		return -1;
	for (size_t i = 0; i < RUNS; i++)
		compile(bin, runs[i].name, runs[i].source);
	free(bin);
	free(keeper);
	return 0;
}

static int
remove_stage(void **state)
{
	(void)state;
	stage_remove(stage);
	free(stage);
	return 0;
}

static _Noreturn void
exec_judge(int channel)
{
	char *root = realpath(".", NULL);
	char number[16];

	snprintf(number, sizeof number, "%d", channel);
	setenv("GABEL_ROOT", root != NULL ? root : "", 1);
	setenv("GABEL_LAB", "/nowhere/99-memory", 1);
	setenv("GABEL_STAGE", stage, 1);
	setenv("GABEL_SEED", "1", 1);
	setenv("GABEL_CHANNEL", number, 1);
	setenv("LANGUAGE", "en", 1);
	unsetenv("CMOCKA_MESSAGE_OUTPUT");
	dup2(open("/dev/null", O_RDWR), STDOUT_FILENO);
	dup2(STDOUT_FILENO, STDERR_FILENO);
	execl("/proc/self/exe", "memory_test", "--judge", (char *)NULL);
	_exit(127);
}

/* Everything that the judge wrote to its channel, one line each. */
static char *
judge(void)
{
	int ends[2];
	char *said;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0)
		exec_judge(ends[1]);
	close(ends[1]);
	said = read_descriptor(ends[0], 1 << 20, NULL);
	close(ends[0]);
	assert_non_null(said);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return said;
}

static void
check_end(size_t i, const json_t *line)
{
	const char *seen = json_string_value(json_object_get(line, "seen"));
	const char *key = json_string_value(json_object_get(line, "key"));

	if (strcmp(json_string_value(json_object_get(line, "verdict")), runs[i].verdict) != 0)
		fail_msg("%s: %s", runs[i].name, seen != NULL ? seen : "passed");
	if (runs[i].key == NULL)
		return;
	assert_string_equal(key, runs[i].key);
	if (strstr(seen, runs[i].seen) == NULL)
		fail_msg("%s: %s", runs[i].name, seen);
}

static void
students_programs_are_judged_by_it(void **state)
{
	char *said = judge(), *rest = said, *text;
	size_t ends = 0;

	(void)state;
	while ((text = strsep(&rest, "\n")) != NULL && *text != '\0') {
		json_t *line = json_loads(text, 0, NULL);
		const char *type = json_string_value(json_object_get(line, "type"));
		const char *id = json_string_value(json_object_get(line, "check"));

		assert_non_null(type);
		if (strcmp(type, "fault") == 0)
			fail_msg("%s", text);
		for (size_t i = 0; id != NULL && strcmp(type, "end") == 0 && i < RUNS; i++)
			if (strcmp(runs[i].name, id) == 0) {
				check_end(i, line);
				ends++;
			}
		json_decref(line);
	}
	free(said);
	assert_int_equal(ends, RUNS);
}

int
main(int argc, char *argv[])
{
#define TEST(f) cmocka_unit_test_setup(f, clear)
	const struct CMUnitTest tests[] = {
	    TEST(an_error_lies_in_the_students_innermost_line),
	    TEST(only_memory_that_is_lost_for_good_is_a_leak),
	    TEST(an_error_comes_before_a_leak),
	    TEST(a_child_has_errors_but_no_leaks),
	    TEST(a_probe_leaks_on_its_own_account),
	    TEST(a_probe_that_meets_bad_memory_got_it_from_the_student),
	    TEST(what_happens_in_libraries_alone_is_nobodys),
	    TEST(memory_used_after_free_tells_where_it_was_freed),
	    TEST(a_report_cut_off_counts_as_far_as_it_goes),
	    TEST(what_is_no_report_is_refused),
	    TEST(more_than_it_can_hold_does_no_harm),
	    cmocka_unit_test(students_programs_are_judged_by_it),
	};

	if (argc > 1 && strcmp(argv[1], "--judge") == 0)
		return be_the_judge(1, argv);
	return cmocka_run_group_tests(tests, make_stage, remove_stage);
}
