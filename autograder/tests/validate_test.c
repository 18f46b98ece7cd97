/*
 * What an author is told about a lab's folder. The lab that new_lab() makes is
 * the good one; each row changes one thing in it. So this proves new_lab() too.
 */
#define _GNU_SOURCE
#include "../src/base/files.h"
#include "../src/base/messages.h"
#include "../src/base/text.h"
#include "../src/lab/lab.h"
#include "../src/lab/new_lab.h"
#include "../src/lab/strings.h"
#include "../src/lab/validate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

struct row {
	const char *what;
	const char *file; /* below labs/14-mine, or with a leading '/' below the kit's root */
	const char *old,
	    *new; /* the first old becomes new; old NULL: the whole file; new NULL: no file */
	const char *says; /* "FILE:LINE: words" each, separated by '|', in any order */
};

/* A kit with one lab, 14-mine. */
struct place {
	char root[64];
	const struct row *row;
};

/* What a new lab is told until its author has written more. */
#define STILL_TO_WRITE                                                                             \
	"|labs/14-mine/alternatives: alternatives that are there: 1|"                              \
	"labs/14-mine/mistakes: mistakes that are there: 1"

/* The kit whose templates are tested: the test lies in its build/tests. */
static char *
kit(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	if (n < 0)
		return NULL;
	path[n] = '\0';
	for (int i = 0; i < 3; i++)
		*strrchr(path, '/') = '\0';
	return strdup(path);
}

/* root/autograder is the kit's. */
static int
link_kit(const char *root)
{
	char *from = kit();
	char *source = from ? join_path(from, "autograder", NULL) : NULL;
	char *target = join_path(root, "autograder", NULL);
	int result = source && target ? symlink(source, target) : -1;

	free(source);
	free(target);
	free(from);
	return result;
}

static int
make_kit(void **state)
{
	struct place *p = calloc(1, sizeof *p);

	if (p == NULL)
		return -1;
	p->row = *state;
	*state = p;
	snprintf(p->root, sizeof p->root, "/tmp/gabel-validate.XXXXXX");
	return mkdtemp(p->root) == NULL ? -1 : link_kit(p->root);
}

static int
make_lab(void **state)
{
	FILE *nowhere;
	int result;

	if (make_kit(state) < 0)
		return -1;
	nowhere = fopen("/dev/null", "w");
	if (nowhere == NULL)
		return -1;
	result = new_lab(((struct place *)*state)->root, "14-mine", nowhere);
	fclose(nowhere);
	return result;
}

static int
remove_place(void **state)
{
	struct place *p = *state;
	int result = remove_tree(p->root);

	free(p);
	return result;
}

static char *
path_of(const struct place *p, const char *file)
{
	return *file == '/' ? join_path(p->root, file + 1, NULL)
			    : join_path(p->root, "labs/14-mine", file, NULL);
}

static void
write_text(const struct place *p, const char *file, const char *text)
{
	char *path = path_of(p, file), *slash = strrchr(path, '/');

	*slash = '\0';
	assert_int_equal(make_path(path, 0755), 0);
	*slash = '/';
	assert_int_equal(write_file_atomic(path, text, strlen(text), 0644), 0);
	free(path);
}

static void
replace(const struct place *p, const char *file, const char *old, const char *new)
{
	char *path = path_of(p, file), *text = read_file(path, 1 << 20, NULL), *at;
	struct text t = {0};

	assert_non_null(text);
	at = strstr(text, old);
	if (at == NULL)
		fail_msg("%s does not hold: %s", file, old);
	text_put_bytes(&t, text, (size_t)(at - text));
	text_put(&t, new);
	text_put(&t, at + strlen(old));
	write_text(p, file, text_string(&t));
	text_free(&t);
	free(text);
	free(path);
}

static void
apply(const struct place *p, const struct row *row)
{
	char *path = path_of(p, row->file);

	if (row->new == NULL)
		assert_int_equal(remove_tree(path), 0);
	else if (row->old == NULL)
		write_text(p, row->file, row->new);
	else
		replace(p, row->file, row->old, row->new);
	free(path);
}

/* Returns how many findings there are; what is said goes to said (malloc'd). */
static int
validate(const struct place *p, char **said)
{
	size_t size;
	FILE *out = open_memstream(said, &size);
	int n;

	assert_non_null(out);
	n = lab_validate(p->root, "14-mine", out);
	fclose(out);
	return n;
}

/* Takes the line that begins with head and holds words out of said. */
static bool
strike_out(char *said, const char *head, const char *words)
{
	char *next;

	for (char *line = said; *line; line = next) {
		char *at;

		next = strchr(line, '\n') + 1;
		next[-1] = '\0';
		at = strncmp(line, head, strlen(head)) == 0 ? strstr(line + strlen(head), words)
							    : NULL;
		next[-1] = '\n';
		if (at) {
			memmove(line, next, strlen(next) + 1);
			return true;
		}
	}
	return false;
}

static void
assert_said(const struct place *p, const char *says)
{
	char *said, *all;
	int n = validate(p, &said), expected = 0;

	all = strdup(said);
	while (*says) {
		size_t length = strcspn(says, "|");
		char *one = strndup(says, length), *words = strstr(one, ": ");

		assert_non_null(words);
		*words = '\0';
		words += 2;
		if (!strike_out(said, one, words))
			fail_msg("nothing like \"%s: %s\" in:\n%s", one, words, all);
		expected++;
		free(one);
		says += length + (says[length] == '|');
	}
	if (*said)
		fail_msg("it says more:\n%s", said);
	assert_int_equal(n, expected);
	free(all);
	free(said);
}

static void
row_holds(void **state)
{
	const struct place *p = *state;

	apply(p, p->row);
	assert_said(p, p->row->says);
}

/* ---- the table --------------------------------------------------------------------------- */

#define L "labs/14-mine/"
#define PATCH "mistakes/eintr-ends-counting.patch"
#define EQUIVALENTS "equivalents.yaml"
#define ENTRY(file, line)                                                                          \
	"- mutant: 3f2a9c01b2d4\n  file: " file "\n  line: " line "\n  change: it is another\n"
#define JUDGE "checks/judge.c"
#define HINTS "checks/hints.c"

static const struct row rows[] = {
    /* task sheets */
    {"missing sheet", "task.ru.adoc", NULL, NULL, L "task.ru.adoc: is missing" STILL_TO_WRITE},
    {"missing English sheet", "task.en.adoc", NULL, NULL,
	L "task.en.adoc: is missing" STILL_TO_WRITE},
    {"sheet without headings", "task.en.adoc", NULL, "`count_bytes()` `count.c`\n",
	L "task.en.adoc: has no heading|" L "task.de.adoc:1: this section is not in " L
	  "task.en.adoc|" L "task.ru.adoc:1: this section is not in " L "task.en.adoc|" L
	  "task.de.adoc:1: `count_bytes()` is not in this section|" L "task.de.adoc:1: `count.c`|" L
	  "task.ru.adoc:1: `count_bytes()`|" L "task.ru.adoc:1: `count.c`" STILL_TO_WRITE},
    {"other level", "task.de.adoc", "== So", "=== So",
	L "task.de.adoc:17: this heading differs in level or anchor from that in line 17 of " L
	  "task.en.adoc" STILL_TO_WRITE},
    {"other anchor", "task.ru.adoc", "[#check]", "[#proverka]",
	L "task.ru.adoc:17: this heading differs" STILL_TO_WRITE},
    {"section too few", "task.de.adoc", "== So", "So",
	L "task.de.adoc:5: this is the last section, but " L
	  "task.en.adoc has another in line 17|" L
	  "task.de.adoc:5: this section has 1 blocks of code" STILL_TO_WRITE},
    {"section too many", "task.ru.adoc", "----\n", "== Ещё\n\n----\n",
	L "task.ru.adoc:19: this section is not in " L "task.en.adoc|" L
	  "task.ru.adoc:17: this section has 0 blocks of code" STILL_TO_WRITE},
    {"word of code that is only here", "task.de.adoc", "`EINTR`", "`EAGAIN`",
	L "task.de.adoc:5: `EINTR` is not in this section, but in that of " L
	  "task.en.adoc (line 5)|" L
	  "task.en.adoc:5: `EAGAIN` is not in this section, but in that of " L
	  "task.de.adoc (line 5)" STILL_TO_WRITE},
    {"word of code elsewhere", "task.ru.adoc", "Правила описаны в `count.h`.\n", "",
	L "task.ru.adoc:5: `count.h` is not in this section" STILL_TO_WRITE},
    {"block too few", "task.ru.adoc", "----\nmake check LAB=14\n----\n", "make\n",
	L "task.ru.adoc:17: this section has 0 blocks of code, that of " L
	  "task.en.adoc (line 17) has 1" STILL_TO_WRITE},
    {"code in a block is no word", "task.en.adoc", "make check", "`make` check",
	STILL_TO_WRITE + 1},
    {"quotation marks are no code", "task.en.adoc", "to its end", "to its \"`end`\"",
	STILL_TO_WRITE + 1},
    {"protected word is the same word", "task.en.adoc", "`count.h`", "`+count.h+`",
	STILL_TO_WRITE + 1},
    {"comment is no text", "task.en.adoc", "The rules", "// `x`\nThe rules", STILL_TO_WRITE + 1},

    /* contract headers */
    {"header that needs another", "count.h", "long long count_bytes", "size_t count_bytes",
	L "count.h:15: does not compile on its own, included twice (unknown type "
	  "name" STILL_TO_WRITE},
    {"header without guard", "count.h", "long long count_bytes", "#endif\n#if 1\nint x = 1;\nint y",
	L "count.h:17: does not compile on its own, included twice (redefinition" STILL_TO_WRITE},

    /* checks */
    {"no hints", HINTS, NULL, NULL,
	L "checks/hints.c: is missing|" L PATCH
	  ":3: checks/hints.c has no hint with the key 'interrupted'" STILL_TO_WRITE},
    {"hints without a key", HINTS, NULL, "/* {\"interrupted\", 0} */\n",
	L "checks/hints.c: holds no hint|" L PATCH
	  ":3: checks/hints.c has no hint with the key 'interrupted'" STILL_TO_WRITE},
    {"key twice", HINTS, "{\"short-read\"", "{\"every-byte\"",
	L "checks/hints.c:9: a hint with the key 'every-byte' stands here already" STILL_TO_WRITE},
    {"bad key", HINTS, "{\"short-read\"", "{\"Short read\"",
	L "checks/hints.c:9: the key 'Short read' is not made of" STILL_TO_WRITE},
    {"check that the judge lacks", JUDGE, "{\"short-reads\", short_reads},", "",
	L "lab.yaml:20: no C file in checks/ has a check \"short-reads\"" STILL_TO_WRITE},
    {"check in a comment", JUDGE, "{\"short-reads\", short_reads},",
	"/* \"short-reads\" */ // \"short-reads\"",
	L "lab.yaml:20: no C file in checks/ has a check \"short-reads\"" STILL_TO_WRITE},
    {"test of no check", "checks/extra.bats", NULL,
	"#!/usr/bin/env bats\n@test \"nobody: x\" {\n}\n",
	L "checks/extra.bats:2: this test belongs to no check: lab.yaml has none with the id "
	  "'nobody'" STILL_TO_WRITE},
    {"test of a check that another judge has", "checks/extra.bats", NULL,
	"@test \"short-reads: x\" {\n}\n",
	L "checks/extra.bats:1: this test belongs to no check" STILL_TO_WRITE},

    /* lectures */
    {"no such chapter", "lab.yaml", "    programs: [count]\n",
	"    programs: [count]\n    lecture: 14#reading\n",
	L
	"lab.yaml:15: refers to 14#reading, but there is no lectures/de/14-*.adoc|" L
	"lab.yaml:15: refers to 14#reading, but there is no lectures/ru/14-*.adoc" STILL_TO_WRITE},
    {"hint to no such chapter", HINTS, "\"signal(7)\",\n\tNULL", "\"signal(7)\",\n\t\"14#signals\"",
	L "checks/hints.c:17: refers to 14#signals, but there is no lectures/de/14-*.adoc|" L
	  "checks/hints.c:17: refers to 14#signals, but there is no "
	  "lectures/ru/14-*.adoc" STILL_TO_WRITE},

    /* mistakes */
    {"field missing", PATCH, "Faults:", "Fault:",
	L PATCH ":1: the head has no line 'Faults:'|" L PATCH
		":5: 'Fault' is no field of the head, or stands there twice; did you mean "
		"'Faults'?" STILL_TO_WRITE},
    {"field twice", PATCH, "Hint:", "Hint: interrupted\nHint:",
	L PATCH ":4: 'Hint' is no field of the head, or stands there twice" STILL_TO_WRITE},
    {"empty field", PATCH, "Hint: interrupted",
	"Hint:", L PATCH ":3: Hint is empty" STILL_TO_WRITE},
    {"unknown check", PATCH, "interrupted-read", "interupted-read",
	L PATCH ":2: lab.yaml has no check 'interupted-read'; did you mean "
		"'interrupted-read'?" STILL_TO_WRITE},
    {"unknown key", PATCH, "Hint: interrupted", "Hint: interupted",
	L PATCH ":3: checks/hints.c has no hint with the key 'interupted'; did you mean "
		"'interrupted'?" STILL_TO_WRITE},
    {"equivalent without a reason", EQUIVALENTS, NULL, ENTRY("count.c", "return n;") "  why: so\n",
	L EQUIVALENTS ":1: why is one sentence, not \"so\"|" L EQUIVALENTS
		      ":1: no line of solutions/14-mine/count.c says this" STILL_TO_WRITE},
    {"equivalent of no file", EQUIVALENTS, NULL,
	ENTRY("counts.c", "return n;") "  why: nobody can tell\n",
	L EQUIVALENTS ":1: counts.c is no file of this lab" STILL_TO_WRITE},
    {"common key", PATCH, "Hint: interrupted", "Hint: crashed", STILL_TO_WRITE + 1},
    {"others that fail", PATCH, "Also-fails:", "Also-fails: every-byte, short-reads",
	STILL_TO_WRITE + 1},
    {"unknown check among the others", PATCH, "Also-fails:", "Also-fails: every-byte, nothing",
	L PATCH ":4: lab.yaml has no check 'nothing'" STILL_TO_WRITE},
    {"catching check among the others", PATCH, "Also-fails:", "Also-fails: interrupted-read",
	L PATCH ":4: 'interrupted-read' is the check that catches it" STILL_TO_WRITE},
    {"no empty line", PATCH, "EINTR\n\n", "EINTR\n",
	L PATCH ":6: an empty line is missing between the head and the patch" STILL_TO_WRITE},
    {"other file", PATCH, "+++ b/count.c", "+++ b/../../Makefile",
	L PATCH ":8: 'b/../../Makefile' is no file of the lab" STILL_TO_WRITE},
    {"file without b/", PATCH, "+++ b/count.c", "+++ count.c",
	L PATCH ":8: 'count.c' is no file of the lab" STILL_TO_WRITE},
    {"no change", PATCH, NULL,
	"Mistake: m\nCaught-by: every-byte\nHint: every-byte\nAlso-fails:\nFaults: none\n\n",
	L PATCH ": changes nothing" STILL_TO_WRITE},

    /* alternatives, solution, skeleton, catalogs */
    {"alternative without its file", "alternatives/two-buffers/count.c", NULL, NULL,
	L "alternatives/two-buffers/count.c: is missing: an alternative has every "
	  "file" STILL_TO_WRITE},
    {"alternative without explanation", "alternatives/two-buffers/count.c", NULL, "int x;\n",
	L "alternatives/two-buffers/count.c:1: begin with a comment" STILL_TO_WRITE},
    {"no solution", "/solutions/14-mine", NULL, NULL,
	"solutions/14-mine/count.c: is missing: the solution has every file|"
	"solutions/14-mine: nothing is marked" STILL_TO_WRITE},
    {"solution without markers", "/solutions/14-mine/count.c", "/* STUDENT:", "/* students:",
	"solutions/14-mine: nothing is marked as the student's work" STILL_TO_WRITE},
    {"no skeleton", "/skeletons/14-mine/count.c", NULL, NULL,
	"skeletons/14-mine/count.c: is missing: the skeleton" STILL_TO_WRITE},
    {"no catalog", "po/ru.po", NULL, NULL, L "po/ru.po: is missing" STILL_TO_WRITE},

    /* lab.yaml itself: then nothing else is said */
    {"mistake in lab.yaml", "lab.yaml", "contract:", "contrakt:",
	L "lab.yaml:5: the key 'contrakt' is not known here; did you mean 'contract'?"},
    {"no lab.yaml", "lab.yaml", NULL, NULL, L "lab.yaml: cannot be read: No such file"},
};

/* ---- what a table cannot say -------------------------------------------------------------- */

static void
new_lab_lacks_only_what_it_says(void **state)
{
	assert_said(*state, STILL_TO_WRITE + 1);
}

static void
enough_mistakes_and_alternatives_are_enough(void **state)
{
	const struct place *p = *state;
	char *from = path_of(p, PATCH), *first = path_of(p, "alternatives/two-buffers");

	for (int i = 1; i < LAB_MISTAKES_MIN; i++) {
		char *name = text_format("mistakes/m%d.patch", i), *to = path_of(p, name);

		assert_int_equal(copy_file(from, to, 0644, 1 << 20), 0);
		free(name);
		free(to);
	}
	for (int i = 1; i < LAB_ALTERNATIVES_MIN; i++) {
		char *name = text_format("alternatives/a%d", i), *to = path_of(p, name);

		assert_int_equal(copy_tree(first, to, 1 << 20), 0);
		free(name);
		free(to);
	}
	free(from);
	free(first);
	assert_said(p, "");
}

static void
anchors_are_found_in_both_forms(void **state)
{
	const struct place *p = *state;

	replace(p, "lab.yaml", "    programs: [count]\n",
	    "    programs: [count]\n    lecture: 14#reading\n");
	write_text(p, "/lectures/de/14-reading.adoc", "[[reading]]\n== Lesen\n");
	write_text(p, "/lectures/ru/14-reading.adoc", "x\n\n[#reading.big]\n== Чтение\n");
	assert_said(p, STILL_TO_WRITE + 1);
	write_text(p, "/lectures/ru/14-reading.adoc", "[#reading2]\n== Чтение <<reading>>\n");
	assert_said(p,
	    L "lab.yaml:15: refers to 14#reading, but lectures/ru/14-*.adoc sets no anchor "
	      "[#reading]" STILL_TO_WRITE);
}

static void
bats_test_belongs_to_its_check(void **state)
{
	const struct place *p = *state;

	replace(p, "lab.yaml", "    visibility: hidden\n",
	    "    visibility: hidden\n    judge: more.bats\n");
	write_text(p, "checks/more.bats", "@test \"interrupted-read: goes on\" {\n}\n");
	assert_said(p, STILL_TO_WRITE + 1);
	write_text(p, "checks/more.bats", "# @test \"interrupted-read: goes on\" {\n");
	assert_said(p, L "lab.yaml:25: checks/more.bats has no test of this check; write @test "
			 "\"interrupted-read: ...\"" STILL_TO_WRITE);
}

static void
every_language_has_its_own_sentence(void **state)
{
	const struct place *p = *state;

	write_text(p, "task.de.adoc", "= A\n");
	write_text(p, "task.ru.adoc", "= A\n");
	assert_said(p, L "task.de.adoc:1: this is the last section|" L
			 "task.ru.adoc:1: this is the last section" STILL_TO_WRITE);
}

/* ---- new labs -------------------------------------------------------------------------------- */

static void
assert_refused(const struct place *p, const char *name, int error)
{
	FILE *nowhere = fopen("/dev/null", "w");

	assert_non_null(nowhere);
	errno = 0;
	assert_int_equal(new_lab(p->root, name, nowhere), -1);
	assert_int_equal(errno, error);
	fclose(nowhere);
}

static void
bad_names_are_refused(void **state)
{
	static const char *const names[] = {"", "mine", "1-mine", "14", "14-", "14_mine", "14-Mine",
	    "14-\xc3\xbc", "../14-mine", "14-mine/x", "14-mi ne", "14-mine\n", "014-mine"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		assert_refused(*state, names[i], EINVAL);
}

static void
taken_names_are_refused(void **state)
{
	const struct place *p = *state;

	assert_refused(p, "14-mine", EEXIST);
	assert_refused(p, "14-other", EEXIST);
	write_text(p, "/solutions/15-half/x.c", "");
	assert_refused(p, "15-half", EEXIST);
	/* Refusing took nothing away. */
	assert_said(p, STILL_TO_WRITE + 1);
}

static void
failure_leaves_nothing(void **state)
{
	const struct place *p = *state;
	char *templates = path_of(p, "/autograder"), *labs = path_of(p, "/labs");
	struct stat status;

	assert_int_equal(unlink(templates), 0);
	write_text(p, "/autograder/templates/new-lab/lab/lab.yaml", "x");
	write_text(p, "/autograder/templates/new-lab/skeleton/a.c.in", "x");
	assert_refused(p, "14-mine", ENOENT); /* there is no solution to copy */
	free(labs);
	labs = path_of(p, "/labs/14-mine");
	assert_int_equal(lstat(labs, &status), -1);
	free(labs);
	labs = path_of(p, "/skeletons/14-mine");
	assert_int_equal(lstat(labs, &status), -1);
	free(labs);
	free(templates);
}

static void
assert_filled_in(const char *folder)
{
	struct strings names = {0};

	assert_int_equal(list_directory(folder, &names.at, &names.n), 0);
	assert_true(names.n > 0);
	for (size_t i = 0; i < names.n; i++) {
		char *path = join_path(folder, names.at[i], NULL);

		assert_null(strstr(names.at[i], ".in"));
		if (is_directory(path)) {
			assert_filled_in(path);
		} else {
			char *text = read_file(path, 1 << 20, NULL);

			assert_null(strstr(text, "@NAME@"));
			assert_null(strstr(text, "@NUMBER@"));
			free(text);
		}
		free(path);
	}
	strings_free(&names);
}

static void
new_lab_is_filled_in(void **state)
{
	const struct place *p = *state;
	char *labs = path_of(p, "/labs"), *solutions = path_of(p, "/solutions"),
	     *skeletons = path_of(p, "/skeletons");

	assert_filled_in(labs);
	assert_filled_in(solutions);
	assert_filled_in(skeletons);
	free(labs);
	free(solutions);
	free(skeletons);
}

/* ---- texts for translators --------------------------------------------------------------------
 */

static int
run_strings(const struct place *p, char **template)
{
	size_t size;
	FILE *out = open_memstream(template, &size), *nowhere = fopen("/dev/null", "w");
	int result;

	assert_non_null(out);
	assert_non_null(nowhere);
	result = lab_strings(p->root, "14-mine", out, nowhere);
	fclose(out);
	fclose(nowhere);
	return result;
}

static void
titles_become_a_template(void **state)
{
	const struct place *p = *state;
	char *template, *command;

	replace(p, "lab.yaml", "title: Counting bytes", "title: 'A \"b\\c\" Ü'");
	replace(p, "lab.yaml", "A read that brings less is not the end", "Every byte is counted");
	assert_int_equal(run_strings(p, &template), 0);
	assert_non_null(strstr(template, "charset=UTF-8"));
	assert_non_null(strstr(
	    template, "\n#: labs/14-mine/lab.yaml:3\nmsgid \"A \\\"b\\\\c\\\" Ü\"\nmsgstr \"\"\n"));
	assert_non_null(
	    strstr(template, "\n#: labs/14-mine/lab.yaml:16\n#: labs/14-mine/lab.yaml:21\n"
			     "msgid \"Every byte is counted\"\nmsgstr \"\"\n"));
	write_text(p, "/titles.pot", template);
	command = text_format("msgcat -o /dev/null %s/titles.pot", p->root);
	assert_int_equal(system(command), 0);
	free(command);
	free(template);
}

static void
no_template_of_a_bad_lab(void **state)
{
	const struct place *p = *state;
	char *template;

	replace(p, "lab.yaml", "title:", "titel:");
	assert_int_equal(run_strings(p, &template), -1);
	assert_int_equal(errno, EINVAL);
	free(template);
}

/* ---- main
 * ----------------------------------------------------------------------------------------- */

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_lab, remove_place)

int
main(void)
{
	static const struct CMUnitTest single[] = {
	    TEST(new_lab_lacks_only_what_it_says),
	    TEST(enough_mistakes_and_alternatives_are_enough),
	    TEST(anchors_are_found_in_both_forms),
	    TEST(bats_test_belongs_to_its_check),
	    TEST(every_language_has_its_own_sentence),
	    TEST(bad_names_are_refused),
	    TEST(taken_names_are_refused),
	    cmocka_unit_test_setup_teardown(failure_leaves_nothing, make_kit, remove_place),
	    TEST(new_lab_is_filled_in),
	    TEST(titles_become_a_template),
	    TEST(no_template_of_a_bad_lab),
	};
	enum { ROWS = sizeof rows / sizeof rows[0], SINGLE = sizeof single / sizeof single[0] };
	struct CMUnitTest tests[ROWS + SINGLE];

	if (messages_init("/nonexistent", "en") < 0)
		return 1;
	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
		    rows[i].what, row_holds, make_lab, remove_place, (void *)&rows[i]};
	memcpy(tests + ROWS, single, sizeof single);
	return cmocka_run_group_tests_name("validate", tests, NULL, NULL);
}
