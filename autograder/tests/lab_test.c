/*
 * What is said of a lab.yaml. Each row changes one thing in a good one and
 * gives the lines that must be reported, all of them.
 */
#include "../src/base/files.h"
#include "../src/base/messages.h"
#include "../src/base/text.h"
#include "../src/lab/lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static const char good[] = "schema: 1\n"                           /* 1 */
			   "title: Processes\n"                    /* 2 */
			   "files: [children.c, runner.c]\n"       /* 3 */
			   "contract: [children.h]\n"              /* 4 */
			   "programs:\n"                           /* 5 */
			   "  children:\n"                         /* 6 */
			   "    student: [children.c]\n"           /* 7 */
			   "    probe: children_probe.c\n"         /* 8 */
			   "    symbols: [run_children]\n"         /* 9 */
			   "  runner:\n"                           /* 10 */
			   "    student: [runner.c, children.c]\n" /* 11 */
			   "limits:\n"                             /* 12 */
			   "  cpu-ms: 1000\n"                      /* 13 */
			   "checks:\n"                             /* 14 */
			   "  - id: plain-case\n"                  /* 15 */
			   "    title: The plain case works\n"     /* 16 */
			   "    points: 60\n"                      /* 17 */
			   "    programs: [children]\n"            /* 18 */
			   "    lecture: 01#wait\n"                /* 19 */
			   "  - id: runner-works\n"                /* 20 */
			   "    title: The runner works\n"         /* 21 */
			   "    points: 40\n"                      /* 22 */
			   "    visibility: hidden\n"              /* 23 */
			   "    programs: [runner, children]\n"    /* 24 */
			   "    requires: [plain-case]\n"          /* 25 */
			   "    judge: runner.bats\n"              /* 26 */
			   "    profile: asan\n";                  /* 27 */

struct row {
	const char *what;
	const char *old, *new; /* old occurs once in good; NULL: new is the whole file */
	const char *says;      /* "LINE: words" each, separated by '|', in order; LINE 0: none */
};

/* A kit with one lab, 01-x. */
struct place {
	char root[64], lab[96];
	const struct row *row;
};

static void
put(const struct place *p, const char *name, const void *bytes, size_t n)
{
	char *path = join_path(p->lab, name, NULL);

	assert_int_equal(write_file_atomic(path, bytes, n, 0644), 0);
	free(path);
}

static int
make_place(void **state)
{
	static const char *const names[] = {"children.h", "checks/children_probe.c",
	    "checks/judge.c", "checks/hints.c", "checks/runner.bats"};
	struct place *p = calloc(1, sizeof *p);
	char *checks;

	if (p == NULL)
		return -1;
	p->row = *state;
	*state = p;
	snprintf(p->root, sizeof p->root, "/tmp/gabel-lab.XXXXXX");
	if (mkdtemp(p->root) == NULL)
		return -1;
	snprintf(p->lab, sizeof p->lab, "%s/labs/01-x", p->root);
	checks = join_path(p->lab, "checks", NULL);
	if (checks == NULL || make_path(checks, 0755) < 0)
		return -1;
	free(checks);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		put(p, names[i], "\n", 1);
	put(p, "lab.yaml", good, sizeof good - 1);
	return 0;
}

static int
remove_place(void **state)
{
	struct place *p = *state;
	int result = remove_tree(p->root);

	free(p);
	return result;
}

/* Loads the lab; what is said goes to said (malloc'd). */
static struct lab *
load(const struct place *p, char **said)
{
	size_t n;
	FILE *out = open_memstream(said, &n);
	struct lab *lab;
	int error;

	assert_non_null(out);
	lab = lab_load(p->lab, out);
	error = errno;
	fclose(out);
	errno = error;
	return lab;
}

/* ---- a good one ------------------------------------------------------------------ */

static void
everything_is_read(void **state)
{
	const struct place *p = *state;
	char *said, *directory = realpath(p->lab, NULL);
	struct lab *lab = load(p, &said);

	assert_string_equal(said, "");
	assert_non_null(lab);
	assert_string_equal(lab->name, "01-x");
	assert_string_equal(lab->directory, directory);
	assert_string_equal(lab->title, "Processes");
	assert_int_equal(lab->files.n, 2);
	assert_string_equal(lab->files.at[1], "runner.c");
	assert_string_equal(lab->contract.at[0], "children.h");
	assert_int_equal(lab->n_programs, 2);
	assert_int_equal(lab->max_points, 100);
	free(directory);
	free(said);
	lab_free(lab);
}

static void
programs_are_read(void **state)
{
	char *said;
	struct lab *lab = load(*state, &said);
	const struct program *children = lab_program(lab, "children");
	const struct program *runner = lab_program(lab, "runner");

	assert_ptr_equal(children, &lab->programs[0]);
	assert_string_equal(children->probe, "children_probe.c");
	assert_string_equal(children->symbols.at[0], "run_children");
	assert_null(runner->probe);
	assert_int_equal(runner->symbols.n, 0);
	assert_string_equal(runner->student.at[1], "children.c");
	assert_null(lab_program(lab, "nobody"));
	free(said);
	lab_free(lab);
}

static void
checks_are_read(void **state)
{
	char *said;
	struct lab *lab = load(*state, &said);
	const struct check_spec *plain = lab_check(lab, "plain-case");
	const struct check_spec *runner = lab_check(lab, "runner-works");

	assert_int_equal(lab->n_checks, 2);
	assert_string_equal(plain->title, "The plain case works");
	assert_int_equal(plain->points, 60);
	assert_false(plain->hidden);
	assert_null(plain->judge);
	assert_int_equal(plain->profile, PROFILE_GRADED);
	assert_string_equal(plain->lecture, "01#wait");
	assert_int_equal(plain->line, 15);
	assert_true(runner->hidden);
	assert_string_equal(runner->judge, "runner.bats");
	assert_int_equal(runner->profile, PROFILE_ASAN);
	assert_null(runner->lecture);
	assert_string_equal(runner->requires.at[0], "plain-case");
	assert_string_equal(runner->programs.at[1], "children");
	assert_null(lab_check(lab, "nothing"));
	free(said);
	lab_free(lab);
}

static void
limits_have_defaults(void **state)
{
	char *said;
	struct lab *lab = load(*state, &said);

	assert_int_equal(lab->limits.cpu_ms, 1000);
	assert_int_equal(lab->limits.memory_mib, 256);
	assert_int_equal(lab->limits.processes, 64);
	assert_int_equal(lab->limits.descriptors, 64);
	assert_int_equal(lab->limits.file_kib, 8192);
	assert_int_equal(lab->limits.output_kib, 256);
	assert_int_equal(lab->limits.wall_ms, 10000);
	free(said);
	lab_free(lab);
}

/* ---- mistakes ----------------------------------------------------------------------- */

#define ONE_CHECK(more)                                                                            \
	"schema: 1\ntitle: T\nfiles: [a.c]\nprograms:\n  a:\n    student: [a.c]\nchecks:\n"        \
	"  - id: c\n    title: C\n    points: 100\n    programs: [a]\n" more

static const struct row rows[] = {
    /* keys */
    {"unknown key", "limits:", "limts:", "12: 'limts' is not known here; did you mean 'limits'?"},
    {"unknown key, unlike any",
	"limits:", "colour:", "12: 'colour' is not known here; there is: schema, title, files"},
    {"unknown key of a check", "    visibility: hidden", "    visible: hidden",
	"23: 'visible' is not known here"},
    {"unknown key of a program",
	"    probe:", "    prob:", "8: 'prob' is not known here; did you mean 'probe'?|9: symbols"},
    {"unknown limit", "  cpu-ms:", "  cpu-s:", "13: 'cpu-s' is not known here"},
    {"two unknown keys in one run", "title: Processes", "titel: Processes\nfile: x",
	"1: the key 'title' is missing|2: 'titel'|3: 'file'"},
    {"missing key", "title: Processes\n", "", "1: the key 'title' is missing"},
    {"missing key of a check", "    points: 40\n", "", "20: the key 'points' is missing"},
    {"missing schema", "schema: 1\n", "", "1: the key 'schema' is missing"},
    {"duplicate key", "contract:", "title: Again\ncontract:",
	"4: 'title' stands here twice; the first is in line 2"},
    {"duplicate program", "  runner:", "  children:",
	"3: 'runner.c' belongs to no program|10: 'children' stands here twice; the first is in "
	"line 6|24: there is no program 'runner'"},
    {"key that is a list", "limits:", "[a, b]: c\nlimits:", "12: a key must be a single word"},

    /* types */
    {"list wanted", "files: [children.c, runner.c]", "files: children.c",
	"3: files must be a list, not a single value|7: 'children.c' is not among|11: 'runner.c'|"
	"11: 'children.c'"},
    {"word wanted", "title: Processes", "title: [a]",
	"2: title must be a single value, not a list"},
    {"mapping wanted", "  cpu-ms: 1000", "  - 1000",
	"13: limits must be a mapping (lines of 'key: value'), not a list"},
    {"checks are a list", NULL, "schema: 1\nchecks: 5\n",
	"1: the key 'title'|1: the key 'files'|1: the key 'programs'|2: checks must be a list"},
    {"a check is a mapping", "checks:\n", "checks:\n  - plain\n", "15: a check must be a mapping"},
    {"the whole is a list", NULL, "- a\n- b\n", "1: lab.yaml must be a mapping"},
    {"number wanted", "points: 40", "points: forty",
	"22: points is 'forty'; it must be a whole number from 1 to 100"},
    {"number in quotes", "points: 40", "points: \"40\"", "22: points is '40'"},
    {"negative number", "points: 40", "points: -40", "22: points is '-40'"},
    {"fraction", "points: 40", "points: 40.0", "22: points is '40.0'"},
    {"hexadecimal number", "cpu-ms: 1000", "cpu-ms: 0x10", "13: cpu-ms is '0x10'"},
    {"number too large", "cpu-ms: 1000", "cpu-ms: 99999999999999999999999", "13: cpu-ms is '9999"},
    {"number too small", "cpu-ms: 1000", "cpu-ms: 1",
	"13: cpu-ms is '1'; it must be a whole number from 10 to 600000"},
    {"empty value", "title: Processes", "title:", "2: title is empty"},
    {"empty quoted value", "title: Processes", "title: ''", "2: title is empty"},
    {"null", "title: Processes", "title: null", "2: title is empty"},
    {"empty list where one is needed", "programs: [children]", "programs: []",
	"18: programs is empty; it must name at least one"},
    {"empty value where a list is needed", "programs: [children]",
	"programs:", "18: programs is empty; it must be a list"},
    {"list with a hole", "[children.c, runner.c]", "[children.c, '', runner.c]",
	"3: files is empty"},
    {"value of several lines", "title: Processes", "title: |\n  a\n  b",
	"2: title must be one line"},
    {"other schema", "schema: 1", "schema: 2",
	"1: schema 2 is not known here; this kit reads schema 1"},

    /* names */
    {"bad id", "id: runner-works", "id: Runner_works", "20: id: 'Runner_works' is not allowed"},
    {"duplicate id", "id: runner-works", "id: plain-case",
	"20: the id 'plain-case' is that of the check in line 15|25: 'plain-case' requires itself"},
    {"path out of the lab", "contract: [children.h]", "contract: [../children.h]",
	"4: contract: '../children.h' is not allowed"},
    {"absolute path", "probe: children_probe.c", "probe: /etc/x_probe.c",
	"8: probe: '/etc/x_probe.c' is not allowed"},
    {"path in the student's files", "[children.c, runner.c]", "[children.c, src/runner.c]",
	"3: files: 'src/runner.c' is not allowed|11: 'runner.c' is not among"},
    {"hidden file", "[children.c, runner.c]", "[children.c, runner.c, .profile]",
	"3: files: '.profile' is not allowed"},
    {"file that looks like an option", "[children.c, runner.c]", "[children.c, runner.c, -o.c]",
	"3: files: '-o.c' is not allowed"},
    {"file twice", "[children.c, runner.c]", "[children.c, runner.c, runner.c]",
	"3: files: 'runner.c' stands here twice"},
    {"escape sequence in a name", "[children.c, runner.c]", "[children.c, runner.c, \"\\e[31m\"]",
	"3: files: '\\x1b[31m' is not allowed"},
    {"symbol that is none", "[run_children]", "[run-children]", "9: symbols: 'run-children'"},
    {"lecture without anchor", "lecture: 01#wait", "lecture: \"01\"",
	"19: lecture: '01' is not allowed; wanted is the chapter's two digits"},
    {"lecture with a long number", "lecture: 01#wait", "lecture: 001#wait",
	"19: lecture: '001#wait'"},
    {"profile", "profile: asan", "profile: assan",
	"27: 'assan' is not allowed here; did you mean 'asan'?"},
    {"visibility", "visibility: hidden", "visibility: secret",
	"23: 'secret' is not allowed here; there is: public, hidden"},
    {"judge that is no bats file", "judge: runner.bats", "judge: runner.sh",
	"26: judge: 'runner.sh' is not allowed"},

    /* what belongs together */
    {"points that do not add up", "points: 40", "points: 41",
	"15: the points of all checks add up to 101; they must add up to 100"},
    {"unknown program", "programs: [children]", "programs: [childern]",
	"18: there is no program 'childern'; did you mean 'children'?"},
    {"unknown check", "requires: [plain-case]", "requires: [plain]",
	"25: there is no check 'plain'"},
    {"circle of two", "    lecture: 01#wait\n", "    requires: [runner-works]\n",
	"15: these checks require each other, so that none could ever run: plain-case -> "
	"runner-works -> plain-case"},
    {"check that requires itself", "requires: [plain-case]", "requires: [runner-works]",
	"25: 'runner-works' requires itself"},
    {"file of no program", "[children.c, runner.c]", "[children.c, runner.c, more.c]",
	"3: 'more.c' belongs to no program"},
    {"student's file that is not handed in", "student: [children.c]", "student: [childs.c]",
	"7: 'childs.c' is not among the lab's files"},
    {"contract among the files", "[children.c, runner.c]", "[children.c, runner.c, children.h]",
	"4: 'children.h' is among files too"},
    {"probe without symbols", "    symbols: [run_children]\n", "",
	"7: the key 'symbols' is missing: a probe calls"},
    {"symbols without a probe", "    probe: children_probe.c\n", "", "8: symbols without a probe"},
    {"reference without files", "symbols: [run_children]",
	"symbols: [run_children]\n    reference: [f]", "10: there is no C file in reference/"},
    {"reference to nothing", "symbols: [run_children]",
	"symbols: [run_children]\n    reference: []", "10: reference is empty"},
    {"no program at all", NULL, "schema: 1\ntitle: T\nfiles: [a.c]\nprograms: {}\nchecks: []\n",
	"4: programs is empty|5: checks is empty"},

    /* files that are not there */
    {"no probe", "children_probe.c", "nobody_probe.c", "8: there is no file checks/nobody_probe.c"},
    {"no contract header", "[children.h]", "[nobody.h]", "4: there is no file nobody.h"},
    {"no bats file", "runner.bats", "nobody.bats", "26: there is no file checks/nobody.bats"},

    /* what is no YAML */
    {"tab", "  cpu-ms: 1000", "\tcpu-ms: 1000", "13: a tab in the indentation"},
    {"two tabs", "  cpu-ms: 1000", "\tcpu-ms: 1000\n \tfile-kib: 5",
	"13: a tab in the indentation|14: a tab in the indentation"},
    {"bytes that are not UTF-8", "Processes", "Proz\xe4sse", "2: byte 0xe4 is not UTF-8"},
    {"control character", "Processes", "Proc\033[31m", "2: a control character (0x1b)"},
    {"NUL in quotes", "title: Processes", "title: \"a\\0b\"", "2: a value holds a NUL byte"},
    {"open bracket", "files: [children.c, runner.c]", "files: [children.c, runner.c",
	"4: this is not YAML"},
    {"bad indentation", "  cpu-ms: 1000", "  cpu-ms: 1000\n file-kib: 5", "14: this is not YAML"},
    {"unclosed quote", "title: Processes", "title: \"Processes", "2: this is not YAML"},
    {"empty file", NULL, "", "0: the file is empty"},
    {"only comments", NULL, "# nothing\n\n", "0: the file is empty"},
    {"second document", NULL, ONE_CHECK("---\nschema: 1\n"), "12: a second document begins here"},
    {"anchor", "title: Processes", "title: &t Processes", "2: anchors and aliases"},
    {"alias", "title: Processes", "title: &t Processes\ncontract: *t",
	"2: anchors and aliases|3: anchors and aliases"},
    {"alias that contains itself", NULL, "&a [*a]\n", "1: anchors and aliases|1: anchors"},
    {"tag", "schema: 1", "schema: !!int 1", "1: tags (!) are not used here"},
};

static void
write_row(const struct place *p, const struct row *row)
{
	const char *at = row->old ? strstr(good, row->old) : good;
	struct text t = {0};

	assert_non_null(at);
	if (row->old) {
		assert_null(strstr(at + 1, row->old));
		text_put_bytes(&t, good, (size_t)(at - good));
		text_put(&t, row->new);
		text_put(&t, at + strlen(row->old));
	} else {
		text_put(&t, row->new);
	}
	put(p, "lab.yaml", text_string(&t), t.n);
	text_free(&t);
}

/* Takes the next line off said and the next expectation off says, and compares them. */
static bool
next_agrees(const struct place *p, char **said, const char **says)
{
	char *line = *said, *end = strchr(line, '\n');
	size_t n = strcspn(*says, "|");
	char wanted[256], head[160];
	int number = (int)strtol(*says, NULL, 10);

	if (end == NULL)
		return false;
	*end = '\0';
	*said = end + 1;
	snprintf(head, sizeof head, number ? "%s/lab.yaml:%d: " : "%s/lab.yaml: ", p->lab, number);
	snprintf(wanted, sizeof wanted, "%.*s", (int)n, *says);
	*says += n + ((*says)[n] == '|');
	return strncmp(line, head, strlen(head)) == 0 &&
	       strstr(line + strlen(head), strstr(wanted, ": ") + 2) != NULL;
}

static void
row_holds(void **state)
{
	const struct place *p = *state;
	const char *says = p->row->says;
	char *said, *at, *all;
	struct lab *lab;

	write_row(p, p->row);
	lab = load(p, &said);
	assert_null(lab);
	assert_int_equal(errno, EINVAL);
	all = strdup(said);
	at = said;
	while (*says)
		if (!next_agrees(p, &at, &says))
			fail_msg("it says:\n%s", all);
	if (*at)
		fail_msg("it says more:\n%s", all);
	free(all);
	free(said);
}

/* ---- good ones of other kinds ------------------------------------------------------------ */

static void
load_whole(const struct place *p, const char *yaml)
{
	char *said;
	struct lab *lab;

	put(p, "lab.yaml", yaml, strlen(yaml));
	lab = load(p, &said);
	if (lab == NULL)
		fail_msg("it says: %s", said);
	free(said);
	lab_free(lab);
}

static void
smallest_lab_is_good(void **state)
{
	load_whole(*state, ONE_CHECK(""));
	load_whole(*state, "\xef\xbb\xbf" ONE_CHECK(""));
	load_whole(
	    *state, "---\n# a comment\n" ONE_CHECK("    judge: cmocka # the default\n...\n"));
	load_whole(*state, ONE_CHECK("    requires: []\ncontract: []\nlimits: {cpu-ms: 50}\n"));
}

static void
titles_may_hold_any_script(void **state)
{
	const struct place *p = *state;
	const char *yaml = ONE_CHECK("contract: []\n");
	struct text t = {0};

	text_put(&t, "# \xd0\x9f\xd1\x80\xd0\xbe\xd1\x86\xd0\xb5\xd1\x81\xd1\x81\xd1\x8b\n");
	text_put(&t, yaml);
	load_whole(p, text_string(&t));
	text_free(&t);
}

static void
carriage_returns_do_not_matter(void **state)
{
	struct text t = {0};

	for (const char *at = ONE_CHECK(""); *at; at++) {
		if (*at == '\n')
			text_put_char(&t, '\r');
		text_put_char(&t, *at);
	}
	load_whole(*state, text_string(&t));
	text_free(&t);
}

/* ---- the file and its folder ----------------------------------------------------------------- */

static void
expect_said(const struct place *p, int error, const char *words)
{
	char *said;
	struct lab *lab = load(p, &said);

	assert_null(lab);
	assert_int_equal(errno, error);
	if (strstr(said, words) == NULL)
		fail_msg("it says: %s", said);
	free(said);
}

static void
remove_file(const struct place *p, const char *name)
{
	char *path = join_path(p->lab, name, NULL);

	assert_int_equal(remove_tree(path), 0);
	free(path);
}

static void
missing_file_is_said(void **state)
{
	remove_file(*state, "lab.yaml");
	expect_said(*state, ENOENT, "lab.yaml: cannot be read: No such file");
}

static void
missing_folder_is_said(void **state)
{
	remove_file(*state, "");
	expect_said(*state, ENOENT, "lab.yaml: cannot be read: No such file");
}

static void
folder_for_a_file_is_said(void **state)
{
	const struct place *p = *state;
	char *path = join_path(p->lab, "lab.yaml", NULL);

	remove_file(p, "lab.yaml");
	assert_int_equal(mkdir(path, 0755), 0);
	free(path);
	expect_said(p, EISDIR, "cannot be read: Is a directory");
}

static void
fifo_does_not_block(void **state)
{
	const struct place *p = *state;
	char *path = join_path(p->lab, "lab.yaml", NULL);

	remove_file(p, "lab.yaml");
	assert_int_equal(mkfifo(path, 0644), 0);
	free(path);
	expect_said(p, EINVAL, "cannot be read");
}

static void
giant_is_refused(void **state)
{
	const struct place *p = *state;
	char *path = join_path(p->lab, "lab.yaml", NULL);

	assert_int_equal(truncate(path, (off_t)10 << 30), 0);
	free(path);
	expect_said(p, EINVAL, "the file is bigger than 256 KiB");
}

/* libyaml would need minutes for it. */
static void
deep_nesting_is_refused(void **state)
{
	static char brackets[200000];

	memset(brackets, '[', sizeof brackets);
	put(*state, "lab.yaml", brackets, sizeof brackets);
	expect_said(*state, EINVAL, "lab.yaml:1: nested deeper than 16 levels");
}

static void
deep_indentation_is_refused(void **state)
{
	struct text t = {0};

	for (int i = 0; i < 20; i++)
		text_printf(&t, "%*sa:\n", i, "");
	put(*state, "lab.yaml", text_string(&t), t.n);
	text_free(&t);
	expect_said(*state, EINVAL, "lab.yaml:17: nested deeper than 16 levels");
}

static void
badly_named_folder_is_said(void **state)
{
	struct place *p = *state;
	char *moved = join_path(p->root, "labs", "Processes", NULL);

	assert_int_equal(rename(p->lab, moved), 0);
	snprintf(p->lab, sizeof p->lab, "%s", moved);
	free(moved);
	expect_said(p, EINVAL, "the lab's folder is called 'Processes'");
}

static void
lab_without_judge_is_said(void **state)
{
	remove_file(*state, "checks/judge.c");
	remove_file(*state, "checks/hints.c");
	expect_said(*state, EINVAL, "lab.yaml:15: there is no C file in checks/ but probes");
}

/* A link is good wherever its solution is: students have none. */
static void
link_to_a_solution_is_good(void **state)
{
	static const struct {
		const char *target, *says; /* NULL: it is good */
	} cases[] = {
	    {"../../../solutions/02-base/f.c", NULL},
	    {"../../../solutions/02-base/g.c", "lab.yaml:10: reference/f.c is no link"},
	    {"../../../solutions/base/f.c", "lab.yaml:10: reference/f.c is no link"},
	    {"/etc/passwd", "lab.yaml:10: reference/f.c is no link"},
	};
	struct place *p = *state;
	char *folder = join_path(p->lab, "reference", NULL), *link = join_path(folder, "f.c", NULL);
	struct text t = {0};

	text_put_bytes(&t, good, (size_t)(strstr(good, "  runner:") - good));
	text_put(&t, "    reference: [f]\n");
	text_put(&t, strstr(good, "  runner:"));
	put(p, "lab.yaml", text_string(&t), t.n);
	text_free(&t);
	assert_int_equal(make_path(folder, 0755), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		(void)unlink(link);
		assert_int_equal(symlink(cases[i].target, link), 0);
		if (cases[i].says == NULL) {
			char *said;
			struct lab *lab = load(p, &said);

			assert_non_null(lab);
			assert_string_equal(lab->programs[0].reference.at[0], "f");
			lab_free(lab);
			free(said);
		} else {
			expect_said(p, EINVAL, cases[i].says);
		}
	}
	free(link);
	free(folder);
}

/* A lab of very many checks in a chain: nothing grows beyond what it should. */
static void
long_chain_is_good(void **state)
{
	struct text t = {0};
	char *said;
	struct lab *lab;

	text_put(
	    &t, "schema: 1\ntitle: T\nfiles: [a.c]\nprograms: {a: {student: [a.c]}}\nchecks:\n");
	for (int i = 0; i < 100; i++)
		text_printf(&t,
		    "- {id: c%d, title: T, points: 1, programs: [a], requires: [c%d]}\n", i, i + 1);
	text_put(&t, "- {id: c100, title: T, points: 1, programs: [a]}\n");
	put(*state, "lab.yaml", text_string(&t), t.n);
	text_free(&t);
	lab = load(*state, &said);
	assert_null(lab);
	assert_non_null(strstr(said, "lab.yaml:6: the points of all checks add up to 101"));
	assert_ptr_equal(strchr(said, '\n') + 1, said + strlen(said));
	free(said);
}

static void
silence_is_possible(void **state)
{
	remove_file(*state, "checks/judge.c");
	remove_file(*state, "checks/hints.c");
	assert_null(lab_load(((struct place *)*state)->lab, NULL));
	assert_int_equal(errno, EINVAL);
}

/* ---- which labs there are ---------------------------------------------------------------------
 */

static void
add_lab(const struct place *p, const char *name, bool with_file)
{
	char *directory = join_path(p->root, "labs", name, NULL);
	char *file = join_path(directory, "lab.yaml", NULL);

	assert_int_equal(make_path(directory, 0755), 0);
	if (with_file)
		assert_int_equal(write_file_atomic(file, "", 0, 0644), 0);
	free(file);
	free(directory);
}

static void
labs_are_listed_in_order(void **state)
{
	const struct place *p = *state;
	struct strings names;

	add_lab(p, "10-prethread", true);
	add_lab(p, "02-signals", true);
	add_lab(p, "03-not-yet", false);
	add_lab(p, "notes", true);
	add_lab(p, ".git", true);
	assert_int_equal(lab_list(p->root, &names), 0);
	assert_int_equal(names.n, 3);
	assert_string_equal(names.at[0], "01-x");
	assert_string_equal(names.at[1], "02-signals");
	assert_string_equal(names.at[2], "10-prethread");
	strings_free(&names);
}

static void
no_labs_folder_is_an_error(void **state)
{
	struct strings names;

	(void)state;
	assert_int_equal(lab_list("/nonexistent", &names), -1);
	assert_int_equal(errno, ENOENT);
}

static void
assert_found(const struct place *p, const char *name, const char *full)
{
	char *found;

	errno = 0;
	found = lab_find(p->root, name);
	if (full == NULL) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_string_equal(found, full);
	free(found);
}

static void
lab_is_found_by_name_and_number(void **state)
{
	const struct place *p = *state;

	add_lab(p, "10-prethread", true);
	assert_found(p, "01-x", "01-x");
	assert_found(p, "01", "01-x");
	assert_found(p, "1", "01-x");
	assert_found(p, "10", "10-prethread");
	static const char *const strangers[] = {
	    "2", "", "x", "001", "1x", "0", "../labs/01-x", "01-x/", "01-X", "01-"};
	for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
		assert_found(p, strangers[i], NULL);
		assert_int_equal(errno, ENOENT);
	}
}

static void
number_of_two_labs_is_ambiguous(void **state)
{
	const struct place *p = *state;

	add_lab(p, "01-y", true);
	assert_found(p, "1", NULL);
	assert_int_equal(errno, EEXIST);
	assert_found(p, "01-y", "01-y");
}

/* ---- main
 * ---------------------------------------------------------------------------------------- */

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)

int
main(void)
{
	static const struct CMUnitTest single[] = {
	    TEST(everything_is_read),
	    TEST(programs_are_read),
	    TEST(checks_are_read),
	    TEST(limits_have_defaults),
	    TEST(smallest_lab_is_good),
	    TEST(titles_may_hold_any_script),
	    TEST(carriage_returns_do_not_matter),
	    TEST(missing_file_is_said),
	    TEST(missing_folder_is_said),
	    TEST(folder_for_a_file_is_said),
	    TEST(fifo_does_not_block),
	    TEST(giant_is_refused),
	    TEST(deep_nesting_is_refused),
	    TEST(deep_indentation_is_refused),
	    TEST(badly_named_folder_is_said),
	    TEST(lab_without_judge_is_said),
	    TEST(link_to_a_solution_is_good),
	    TEST(long_chain_is_good),
	    TEST(silence_is_possible),
	    TEST(labs_are_listed_in_order),
	    TEST(no_labs_folder_is_an_error),
	    TEST(lab_is_found_by_name_and_number),
	    TEST(number_of_two_labs_is_ambiguous),
	};
	enum { ROWS = sizeof rows / sizeof rows[0], SINGLE = sizeof single / sizeof single[0] };
	struct CMUnitTest tests[ROWS + SINGLE];

	if (messages_init("/nonexistent", "en") < 0)
		return 1;
	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
		    rows[i].what, row_holds, make_place, remove_place, (void *)&rows[i]};
	memcpy(tests + ROWS, single, sizeof single);
	return cmocka_run_group_tests_name("lab", tests, NULL, NULL);
}
