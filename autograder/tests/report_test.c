/*
 * What a student sees. The golden files freeze it in three languages, from one
 * constructed result that has every verdict; UPDATE_GOLDEN=1 writes them anew.
 * The rest holds for any result: it fits the terminal, it is harmless whatever
 * a student put into names and messages, and it tells nothing of hidden checks
 * but the rule.
 */
#define _GNU_SOURCE
#include "../src/base/files.h"
#include "../src/base/messages.h"
#include "../src/report/columns.h"
#include "../src/report/report.h"
#include "../src/report/template.h"
#include "../src/report/words.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <errno.h>
#include <expat.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { GOLDEN_MAX = 1 << 20 };

static const char golden[] = "autograder/tests/golden";

typedef int show(const struct result *, FILE *, const struct report_options *);

static const struct report_options plain = {.width = 80, .hints = 1, .root = "."};

/* ---- helpers ---------------------------------------------------------------------------- */

static char *
shown(show *report, const struct result *r, const struct report_options *o)
{
	char *bytes = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&bytes, &n);

	assert_non_null(out);
	assert_int_equal(report(r, out, o), 0);
	assert_int_equal(fclose(out), 0);
	return bytes;
}

static struct result *
result_in(const char *language)
{
	char *path = text_format("%s/result.%s.json", golden, language);
	json_t *document = json_load_file(path, 0, NULL);
	struct result *r = result_from_json(document);

	assert_int_equal(messages_init(".", language), 0);
	assert_non_null(r);
	json_decref(document);
	free(path);
	return r;
}

static void
set(char **text, const char *value)
{
	free(*text);
	*text = value ? strdup(value) : NULL;
}

static void
assert_golden(const char *name, const char *text)
{
	char *path = text_format("%s/%s", golden, name), *before;

	if (getenv("UPDATE_GOLDEN"))
		assert_int_equal(write_file_atomic(path, text, strlen(text), 0644), 0);
	before = read_file(path, GOLDEN_MAX, NULL);
	if (before == NULL)
		fail_msg("%s: %s; UPDATE_GOLDEN=1 writes it", path, strerror(errno));
	if (strcmp(before, text) != 0)
		fail_msg("%s is not what a student sees now (UPDATE_GOLDEN=1 writes it):\n%s", path,
		    text);
	free(before);
	free(path);
}

/* ---- frozen texts ------------------------------------------------------------------------- */

static void
freeze(const char *language, unsigned width, int hints)
{
	struct report_options o = {.width = width, .hints = hints};
	struct result *r = result_in(language);
	char *text = shown(report_terminal, r, &o);
	char *name = text_format("terminal.%s.%u.txt", language, width);

	assert_golden(name, text);
	free(name);
	free(text);
	result_free(r);
}

static void
english(void **state)
{
	(void)state;
	freeze("en", 80, 1);
	freeze("en", 40, 2);
}

static void
german(void **state)
{
	(void)state;
	freeze("de", 80, 1);
}

static void
russian(void **state)
{
	(void)state;
	freeze("ru", 80, 1);
	freeze("ru", 40, 1);
}

/* A result without checks: refused, not built, or a fault before any check. */
static struct result *
bare_result(enum result_status status, const char *reason)
{
	struct result *r = result_new();

	assert_non_null(r);
	r->lab = strdup("03-pipes");
	r->title = strdup("Pipes");
	r->submission = strdup("student-03");
	r->seed = 7193;
	r->status = status;
	r->reason = strdup(reason);
	r->max_score = 100;
	return r;
}

static void
states_without_checks(void **state)
{
	struct result *r[] = {
	    bare_result(RESULT_CANNOT_BE_GRADED,
		"The archive holds a link (pipeline.c). Hand in the file itself."),
	    bare_result(RESULT_GRADER_FAULT, "bwrap: No space left on device"),
	    bare_result(RESULT_DOES_NOT_BUILD, ""),
	};
	struct text all = {0};

	(void)state;
	assert_int_equal(messages_init(".", "en"), 0);
	set(&r[2]->compiler, "pipeline.c:3:1: error: expected ';' before 'int'\n");
	for (size_t i = 0; i < sizeof r / sizeof r[0]; i++) {
		char *text = shown(report_terminal, r[i], &plain);

		text_printf(&all, "%s--------\n", text);
		free(text);
		result_free(r[i]);
	}
	assert_golden("states.txt", text_string(&all));
	text_free(&all);
}

/* ---- the terminal --------------------------------------------------------------------------- */

/* Lines that stay in one piece: commands, and what the compiler said. */
static bool
may_be_long(const char *line)
{
	return strstr(line, "make check LAB=") || strstr(line, "pipeline.c:");
}

static void
assert_fits(const char *text, unsigned width)
{
	char *copy = strdup(text), *rest = copy, *line;

	while ((line = strsep(&rest, "\n")) != NULL) {
		size_t n = strlen(line);

		if (columns_of(line) > width && !may_be_long(line))
			fail_msg("wider than %u columns: %s", width, line);
		if (n > 0 && line[n - 1] == ' ')
			fail_msg("a space at the end of a line: \"%s\"", line);
	}
	free(copy);
}

static void
fits_every_width(void **state)
{
	static const char *const languages[] = {"en", "de", "ru"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct result *r = result_in(languages[i]);

		for (unsigned width = 40; width <= 130; width++) {
			struct report_options o = {.width = width, .hints = 2, .verbose = true};
			char *text = shown(report_terminal, r, &o);

			assert_fits(text, width);
			free(text);
		}
		result_free(r);
	}
}

/* Takes ESC [ ... m out of s. */
static void
take_colours_out(char *s)
{
	char *to = s;

	while (*s) {
		if (*s == '\033') {
			s += strcspn(s, "m") + 1;
			continue;
		}
		*to++ = *s++;
	}
	*to = '\0';
}

static void
colours_change_no_text(void **state)
{
	struct report_options o = plain;
	struct result *r = result_in("en");
	char *without, *with;

	(void)state;
	without = shown(report_terminal, r, &o);
	assert_null(strchr(without, '\033'));
	o.colour = true;
	with = shown(report_terminal, r, &o);
	assert_non_null(strstr(with, "\033[32mpassed\033[0m"));
	assert_non_null(strstr(with, "\033[31mfailed\033[0m"));
	take_colours_out(with);
	assert_string_equal(with, without);
	free(with);
	free(without);
	result_free(r);
}

static size_t
count(const char *text, const char *part)
{
	size_t n = 0;

	while ((text = strstr(text, part)) != NULL) {
		n++;
		text += strlen(part);
	}
	return n;
}

static void
says_a_rule_once(void **state)
{
	struct result *r = result_in("en");
	struct report_options o = {.width = 100, .hints = 1};
	char *text = shown(report_terminal, r, &o);

	(void)state;
	/* Two checks fail for the same reason. */
	assert_int_equal(count(text, "A pipe reports end of file"), 1);
	assert_int_equal(count(text, "the same as for \"Every reader sees"), 1);
	free(text);
	/* Not when the hints differ: then the second would be lost. */
	set(&r->checks[2].hint, "Another hint.");
	text = shown(report_terminal, r, &o);
	assert_int_equal(count(text, "A pipe reports end of file"), 2);
	assert_non_null(strstr(text, "Another hint."));
	free(text);
	result_free(r);
	/* Nor when the first of them is hidden and told nothing. */
	r = result_in("en");
	r->checks[1].hidden = true;
	text = shown(report_terminal, r, &o);
	assert_int_equal(count(text, "Which processes inherited"), 1);
	free(text);
	result_free(r);
}

static void
second_hint_on_request(void **state)
{
	struct result *r = result_in("en");
	struct report_options o = {.width = 100};
	static const int hints[] = {0, 1, 2};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char *text;

		o.hints = hints[i];
		text = shown(report_terminal, r, &o);
		assert_int_equal(count(text, "Which processes inherited") > 0, hints[i] >= 1);
		assert_int_equal(count(text, "Close both ends in the parent") > 0, hints[i] >= 2);
		free(text);
	}
	result_free(r);
}

static void
steps_make_the_whole(void **state)
{
	struct result *r = result_in("ru");
	char *whole = shown(report_terminal, r, &plain), *steps = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&steps, &n);

	(void)state;
	assert_int_equal(report_terminal_head(r, out, &plain), 0);
	for (size_t i = 0; i < r->n_checks; i++) {
		unsigned points = r->checks[i].points;

		r->checks[i].points = 0; /* they are given when all is judged */
		assert_int_equal(report_terminal_check(r, i, out, &plain), 0);
		r->checks[i].points = points;
	}
	assert_int_equal(report_terminal_foot(r, out, &plain), 0);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(steps, whole);
	free(steps);
	free(whole);
	result_free(r);
}

static void
long_compiler_output_is_cut(void **state)
{
	struct report_options o = plain;
	struct result *r = bare_result(RESULT_DOES_NOT_BUILD, "");
	struct text said = {0};
	char *text;

	(void)state;
	assert_int_equal(messages_init(".", "en"), 0);
	for (int i = 1; i <= 1000; i++)
		text_printf(&said, "a.c:%d:1: error: no\n", i);
	set(&r->compiler, text_string(&said));
	text = shown(report_terminal, r, &o);
	assert_non_null(strstr(text, "a.c:40:1"));
	assert_null(strstr(text, "a.c:41:1"));
	assert_non_null(strstr(text, "... and 960 more lines"));
	free(text);
	o.verbose = true;
	text = shown(report_terminal, r, &o);
	assert_non_null(strstr(text, "a.c:1000:1"));
	free(text);
	text_free(&said);
	result_free(r);
}

static void
replay_command(void **state)
{
	static const struct {
		const char *directory, *command;
	} cases[] = {
	    {NULL, "make check LAB=03 SEED=7193 ONLY=fifo"},
	    {"work/03", "make check LAB=03 SEED=7193 ONLY=fifo"},
	    {"work/03-pipes", "make check LAB=03-pipes SEED=7193 ONLY=fifo"},
	    {"work/3", "make check LAB=03 DIR=work/3 SEED=7193 ONLY=fifo"},
	    {"mine", "make check LAB=03 DIR=mine SEED=7193 ONLY=fifo"},
	    {"../my work", "make check LAB=03 DIR='../my work' SEED=7193 ONLY=fifo"},
	    {"Übung/Работа", "make check LAB=03 DIR=Übung/Работа SEED=7193 ONLY=fifo"},
	    {"a;rm -rf b", "make check LAB=03 DIR='a;rm -rf b' SEED=7193 ONLY=fifo"},
	    /* Neither make nor the shell takes these: the reader fills it in. */
	    {"a'b", "make check LAB=03 DIR=… SEED=7193 ONLY=fifo"},
	    {"a$(id)", "make check LAB=03 DIR=… SEED=7193 ONLY=fifo"},
	    {"a\nb", "make check LAB=03 DIR=… SEED=7193 ONLY=fifo"},
	    {"a\033[31m", "make check LAB=03 DIR=… SEED=7193 ONLY=fifo"},
	};
	struct result *r = bare_result(RESULT_GRADED, "");
	struct check_result c = {.id = (char *)"fifo"};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct report_options o = {.directory = cases[i].directory};
		char *command = words_replay(r, &c, &o);

		assert_string_equal(command, cases[i].command);
		free(command);
	}
	result_free(r);
}

static void
replay_in_the_language_that_was_asked_for(void **state)
{
	const struct report_options o = {.language = "de"};
	struct result *r = bare_result(RESULT_GRADED, "");
	struct check_result c = {.id = (char *)"fifo"};
	char *command = words_replay(r, &c, &o);

	(void)state;
	assert_string_equal(
	    command, "make check LAB=03 SEED=7193 ONLY=fifo CHECKFLAGS='--lang de'");
	free(command);
	result_free(r);
}

static void
reading_names_the_section(void **state)
{
	static const char chapter[] = "= Pipes\n\n[[ends-more]]\n== Falsch\n\n[#ends]\n"
				      "== Wer hält `welches` Ende\n\n== Danach\n";
	char root[] = "/tmp/gabel-report.XXXXXX", *folder, *path, *reading;
	struct check_result c = {.man = (char *)"pipe(7)", .lecture = (char *)"03#ends"};

	(void)state;
	assert_non_null(mkdtemp(root));
	assert_int_equal(messages_init(".", "de"), 0);
	reading = words_reading(&c, root);
	assert_non_null(strstr(reading, "ends")); /* no notes: the anchor itself */
	free(reading);
	folder = join_path(root, "lectures/de", NULL);
	path = join_path(folder, "03-pipes.adoc", NULL);
	assert_int_equal(make_path(folder, 0777), 0);
	assert_int_equal(write_file_atomic(path, chapter, strlen(chapter), 0644), 0);
	reading = words_reading(&c, root);
	assert_non_null(strstr(reading, "pipe(7); "));
	assert_non_null(strstr(reading, "Wer hält welches Ende"));
	assert_null(strstr(reading, "Falsch"));
	free(reading);
	c = (struct check_result){0};
	assert_null(words_reading(&c, root));
	assert_int_equal(errno, 0);
	assert_int_equal(remove_tree(root), 0);
	free(folder);
	free(path);
}

static void
only_faults_that_came_about(void **state)
{
	struct check_result c = {.faults = json_loads("[{\"name\": \"one\", \"delivered\": 1},"
						      " {\"name\": \"none\", \"delivered\": 0},"
						      " {\"name\": \"two\", \"delivered\": 2}]",
				     0, NULL)};
	char *faults;

	(void)state;
	assert_int_equal(messages_init(".", "en"), 0);
	faults = words_faults(&c);
	assert_string_equal(faults, "one; two (2 times)");
	free(faults);
	json_array_remove(c.faults, 0);
	json_array_remove(c.faults, 1);
	assert_null(words_faults(&c));
	assert_int_equal(errno, 0);
	json_decref(c.faults);
}

/* ---- columns ----------------------------------------------------------------------------------
 */

static void
columns_are_not_bytes(void **state)
{
	struct text t = {0};

	(void)state;
	assert_int_equal(messages_init(".", "en"), 0);
	assert_int_equal(columns_of("Prüfung"), 7);
	assert_int_equal(columns_of("канал"), 5);
	assert_int_equal(columns_of("a\xcc\x88"), 1); /* a and a combining diaeresis */
	assert_int_equal(columns_of("漢字"), 4);
	columns_fit(&t, "Иванова", 5);
	assert_string_equal(text_string(&t), "Иван…");
	text_clear(&t);
	columns_fit(&t, "漢字漢", 4); /* a wide character does not fit half */
	assert_string_equal(text_string(&t), "漢… ");
	text_free(&t);
}

static void
wraps_between_words(void **state)
{
	struct text t = {0};

	(void)state;
	columns_wrap(&t, "one two  three", (struct margins){.at = 2, .left = 2, .right = 9});
	assert_string_equal(text_string(&t), "one two\n  three");
	text_clear(&t);
	columns_wrap(&t, "a abcdefghij b", (struct margins){.at = 0, .left = 1, .right = 5});
	assert_string_equal(text_string(&t), "a\n abcd\n efgh\n ij b");
	text_clear(&t);
	columns_wrap(&t, "a  b\nc", (struct margins){.at = 0, .left = 2, .right = 20});
	assert_string_equal(text_string(&t), "a  b\n  c");
	text_free(&t);
}

/* ---- hostile results ----------------------------------------------------------------------------
 */

static const char hostile[] = "\033[2J\033]0;x\a\r\b</pre><script>alert(1)</script>&\"'"
			      "\xe2\x80\xae" /* writes from right to left */
			      "\xff\xc0\xaf" /* no UTF-8 */
			      "{{title}}";

/* Every text of the result becomes hostile. */
static struct result *
hostile_result(void)
{
	struct result *r = result_in("en");

	set(&r->title, hostile);
	set(&r->submission, hostile);
	set(&r->compiler, hostile);
	set(&r->reason, hostile);
	json_array_append_new(r->files_ignored, json_from_text(hostile));
	for (size_t i = 0; i < r->n_checks; i++) {
		struct check_result *c = &r->checks[i];
		char **texts[] = {&c->title, &c->message, &c->expected, &c->seen, &c->why, &c->hint,
		    &c->more, &c->man, &c->ran};

		for (size_t j = 0; j < sizeof texts / sizeof texts[0]; j++)
			set(texts[j], hostile);
		if (json_array_size(c->faults) > 0)
			json_object_set_new(
			    json_array_get(c->faults, 0), "name", json_from_text(hostile));
	}
	return r;
}

/* No byte but printable ones and newlines, no marks that turn the line round, and UTF-8. */
static void
assert_harmless(const char *text)
{
	size_t n = strlen(text), length;

	for (size_t i = 0; i < n; i += length) {
		unsigned code = 0;

		length = utf8_length(text + i, n - i, &code);
		assert_true(length > 0);
		assert_true(code == '\n' || code == '\t' || code >= ' ');
		assert_true(code != 0x7f && !(code >= 0x80 && code < 0xa0));
		assert_true(code != 0x202e);
	}
}

static void
hostile_text_in_a_terminal(void **state)
{
	struct result *r = hostile_result();
	struct report_options o = {.width = 80, .hints = 2, .verbose = true, .directory = hostile};
	char *text = shown(report_terminal, r, &o);

	(void)state;
	assert_harmless(text);
	assert_non_null(strstr(text, "\\x1b[2J"));
	free(text);
	for (int status = RESULT_GRADED; status <= RESULT_GRADER_FAULT; status++) {
		r->status = (enum result_status)status;
		text = shown(report_terminal, r, &o);
		assert_harmless(text);
		free(text);
	}
	result_free(r);
}

/* ---- pages
 * ------------------------------------------------------------------------------------------ */

/* What the parser met, to compare at the end. */
struct page {
	XML_Parser parser;
	json_t *ids, *targets;
	const char *language;
	bool titled;
};

static const char *
attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (strcmp(attributes[0], name) == 0)
			return attributes[1];
	return NULL;
}

static void
element(void *data, const char *name, const char **attributes)
{
	struct page *page = data;
	const char *id = attribute(attributes, "id"), *href = attribute(attributes, "href");

	if (strcmp(name, "html") == 0)
		assert_string_equal(attribute(attributes, "lang"), page->language);
	if (strcmp(name, "title") == 0)
		page->titled = true;
	if (strcmp(name, "th") == 0)
		assert_non_null(attribute(attributes, "scope"));
	assert_string_not_equal(name, "script");
	assert_null(attribute(attributes, "src"));
	assert_null(attribute(attributes, "onclick"));
	if (id) {
		if (json_object_get(page->ids, id))
			fail_msg("two elements have the id %s", id);
		json_object_set_new(page->ids, id, json_true());
	}
	if (href && *href == '#')
		json_object_set_new(page->targets, href + 1, json_true());
}

/* Well-formed, in the language, every link has its target, nothing from elsewhere. */
static void
assert_good_page(const char *html, const char *language)
{
	struct page page = {.parser = XML_ParserCreate(NULL),
	    .ids = json_object(),
	    .targets = json_object(),
	    .language = language};
	const char *target;
	json_t *value;

	XML_SetUserData(page.parser, &page);
	XML_SetStartElementHandler(page.parser, element);
	if (XML_Parse(page.parser, html, (int)strlen(html), 1) != XML_STATUS_OK)
		fail_msg("line %lu: %s", XML_GetCurrentLineNumber(page.parser),
		    XML_ErrorString(XML_GetErrorCode(page.parser)));
	assert_true(page.titled);
	json_object_foreach(page.targets, target, value)
	{
		if (json_object_get(page.ids, target) == NULL)
			fail_msg("no element has the id %s", target);
	}
	assert_null(strstr(html, "//fonts"));
	assert_null(strstr(html, "url("));
	assert_null(strstr(html, "@import"));
	json_decref(page.ids);
	json_decref(page.targets);
	XML_ParserFree(page.parser);
}

static void
page_in_every_language(void **state)
{
	static const char *const languages[] = {"en", "de", "ru"};
	static const char *const words[] = {"timed out", "Zeit abgelaufen", "время истекло"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct result *r = result_in(languages[i]);
		char *html = shown(report_html, r, &plain);

		assert_good_page(html, languages[i]);
		assert_non_null(strstr(html, words[i]));
		assert_non_null(strstr(html, "make check LAB=03 SEED=7193 ONLY=pipeline-sees-eof"));
		assert_harmless(html);
		free(html);
		result_free(r);
	}
}

static void
hostile_text_in_a_page(void **state)
{
	struct result *r = hostile_result();
	struct report_options o = plain;

	(void)state;
	o.directory = hostile;
	for (int status = RESULT_GRADED; status <= RESULT_GRADER_FAULT; status++) {
		char *html;

		r->status = (enum result_status)status;
		html = shown(report_html, r, &o);
		assert_good_page(html, "en");
		assert_harmless(html);
		assert_null(strstr(html, "<script"));
		assert_non_null(strstr(html, "&lt;script&gt;alert(1)"));
		assert_non_null(strstr(html, "{{title}}")); /* values are no templates */
		free(html);
	}
	result_free(r);
}

static void
hidden_checks_tell_the_rule_only(void **state)
{
	static show *const reports[] = {report_terminal, report_html};
	struct result *r = result_in("en");
	struct report_options o = {.width = 100, .hints = 2, .verbose = true, .root = "."};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *text = shown(reports[i], r, &o);

		assert_null(strstr(text, "SECRET"));
		assert_non_null(strstr(text, "A length goes over the wire in network byte order."));
		free(text);
	}
	result_free(r);
}

static void
a_fault_of_ours_costs_nothing(void **state)
{
	struct result *r = result_in("en");
	char *text = shown(report_terminal, r, &plain), *html = shown(report_html, r, &plain);

	(void)state;
	assert_non_null(strstr(text, "points 25 of 92; 8 points could not be judged"));
	assert_non_null(strstr(text, "not of your work. It costs you nothing."));
	assert_non_null(strstr(text, "seed 7193; fifo-order"));
	assert_non_null(strstr(html, "not of your work. It costs you nothing."));
	free(text);
	free(html);
	result_free(r);
}

/* ---- JSON
 * -------------------------------------------------------------------------------------------- */

static void
json_is_stable(void **state)
{
	struct result *r = result_in("de"), *again;
	char *first = shown(report_json, r, &plain), *second;
	json_t *document = json_loads(first, 0, NULL);

	(void)state;
	assert_non_null(document);
	again = result_from_json(document);
	assert_non_null(again);
	second = shown(report_json, again, &plain);
	assert_string_equal(first, second);
	json_decref(document);
	free(first);
	free(second);
	result_free(r);
	result_free(again);
}

/* ---- templates
 * ---------------------------------------------------------------------------------------- */

static char *template_folder;

static int
make_templates(void **state)
{
	char name[] = "/tmp/gabel-template.XXXXXX";

	(void)state;
	template_folder = mkdtemp(name) ? strdup(name) : NULL;
	return template_folder ? messages_init(".", "en") : -1;
}

static int
remove_templates(void **state)
{
	int result = remove_tree(template_folder);

	(void)state;
	free(template_folder);
	return result;
}

static void
put_template(const char *name, const char *text)
{
	char *path = join_path(template_folder, name, NULL);

	assert_int_equal(write_file_atomic(path, text, strlen(text), 0644), 0);
	free(path);
}

/* Fills text with values; NULL when that is refused. */
static char *
filled(const char *text, const char *values)
{
	json_t *json = json_loads(values, 0, NULL);
	struct text out = {0};
	int result;

	assert_non_null(json);
	put_template("page", text);
	result = template_fill(template_folder, "page", json, &out);
	json_decref(json);
	if (result == 0)
		return text_take(&out);
	assert_int_equal(errno, EINVAL);
	text_free(&out);
	return NULL;
}

static void
fills_templates(void **state)
{
	static const struct {
		const char *text, *values, *page;
	} cases[] = {
	    {"a {{x}} b", "{\"x\": \"<&>\"}", "a &lt;&amp;&gt; b"},
	    {"{{a.b}}{{n}}", "{\"a\": {\"b\": \"c\"}, \"n\": 7}", "c7"},
	    {"{{#l}}[{{.}}]{{/l}}", "{\"l\": [\"x\", \"y\"]}", "[x][y]"},
	    {"{{#l}}{{k}}{{o}}{{/l}}", "{\"l\": [{\"k\": \"x\"}, {\"k\": \"y\"}], \"o\": \"!\"}",
		"x!y!"},
	    {"{{#l}}never{{/l}}{{^l}}none{{/l}}", "{\"l\": []}", "none"},
	    {"{{#s}}never{{/s}}{{^s}}empty{{/s}}", "{\"s\": \"\"}", "empty"},
	    {"{{^missing}}ok{{/missing}}", "{}", "ok"},
	    {"{{#a}}{{#a}}{{b}}{{/a}}{{/a}}", "{\"a\": {\"b\": \"c\"}}", "c"},
	    {"a\n {{#t}}\nb\n {{/t}}\nc\n", "{\"t\": true}", "a\nb\nc\n"},
	    {"x{{! a remark }}y", "{}", "xy"},
	    {"{{x}}", "{\"x\": \"{{y}}\"}", "{{y}}"},
	    {"{{x}}", "{\"x\": \"\\u001b\\u202e\"}", "\\x1b\\u202e"},
	    {"", "{}", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *page = filled(cases[i].text, cases[i].values);

		assert_non_null(page);
		assert_string_equal(page, cases[i].page);
		free(page);
	}
}

static void
includes_templates(void **state)
{
	char *page;

	(void)state;
	put_template("part", "<{{x}}>");
	page = filled("{{#l}}{{>part}}{{/l}}", "{\"l\": [{\"x\": 1}, {\"x\": 2}]}");
	assert_string_equal(page, "<1><2>");
	free(page);
}

static void
refuses_bad_templates(void **state)
{
	static const char *const bad[] = {"{{x", "{{missing}}", "{{#a}}", "{{/a}}", "{{#a}}{{/b}}",
	    "{{#a}}{{^b}}{{/a}}{{/b}}", "{{>page}}", "{{>../page}}"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (filled(bad[i], "{\"a\": true, \"b\": false}"))
			fail_msg("taken: %s", bad[i]);
}

/* ---- where it is shown
 * ------------------------------------------------------------------------------- */

static void
notices_a_full_disk(void **state)
{
	static show *const reports[] = {
	    report_terminal, report_json, report_html, report_terminal_head, report_terminal_foot};
	struct result *r = result_in("en");
	size_t all = r->n_checks;

	(void)state;
	r->n_checks = 1; /* so little that only the last flush can fail */
	for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
		FILE *full = fopen("/dev/full", "w");

		assert_non_null(full);
		assert_int_equal(reports[i](r, full, &plain), -1);
		assert_int_equal(errno, ENOSPC);
		fclose(full);
	}
	r->n_checks = all;
	result_free(r);
}

/* The far end of a pseudoterminal of so many columns. */
static FILE *
terminal(unsigned short columns, int *master)
{
	const struct winsize size = {.ws_row = 24, .ws_col = columns};
	FILE *out;

	*master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(*master >= 0);
	assert_int_equal(grantpt(*master), 0);
	assert_int_equal(unlockpt(*master), 0);
	assert_int_equal(ioctl(*master, TIOCSWINSZ, &size), 0);
	out = fopen(ptsname(*master), "we");
	assert_non_null(out);
	return out;
}

static void
suits_the_terminal(void **state)
{
	int master;
	FILE *out = terminal(57, &master);

	(void)state;
	unsetenv("NO_COLOR");
	setenv("TERM", "xterm", 1);
	assert_true(report_options_for(out).colour);
	assert_int_equal(report_options_for(out).width, 57);
	setenv("NO_COLOR", "1", 1);
	assert_false(report_options_for(out).colour);
	unsetenv("NO_COLOR");
	setenv("TERM", "dumb", 1);
	assert_false(report_options_for(out).colour);
	unsetenv("TERM");
	assert_false(report_options_for(out).colour);
	fclose(out);
	close(master);
}

static void
suits_a_file(void **state)
{
	FILE *out = tmpfile();

	(void)state;
	setenv("TERM", "xterm", 1);
	unsetenv("COLUMNS");
	assert_false(report_options_for(out).colour);
	assert_int_equal(report_options_for(out).width, 80);
	setenv("COLUMNS", "100", 1);
	assert_int_equal(report_options_for(out).width, 100);
	setenv("COLUMNS", "many", 1);
	assert_int_equal(report_options_for(out).width, 80);
	unsetenv("COLUMNS");
	fclose(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(english),
	    cmocka_unit_test(german),
	    cmocka_unit_test(russian),
	    cmocka_unit_test(states_without_checks),
	    cmocka_unit_test(fits_every_width),
	    cmocka_unit_test(colours_change_no_text),
	    cmocka_unit_test(says_a_rule_once),
	    cmocka_unit_test(second_hint_on_request),
	    cmocka_unit_test(steps_make_the_whole),
	    cmocka_unit_test(long_compiler_output_is_cut),
	    cmocka_unit_test(replay_command),
	    cmocka_unit_test(replay_in_the_language_that_was_asked_for),
	    cmocka_unit_test(reading_names_the_section),
	    cmocka_unit_test(only_faults_that_came_about),
	    cmocka_unit_test(columns_are_not_bytes),
	    cmocka_unit_test(wraps_between_words),
	    cmocka_unit_test(hostile_text_in_a_terminal),
	    cmocka_unit_test(page_in_every_language),
	    cmocka_unit_test(hostile_text_in_a_page),
	    cmocka_unit_test(hidden_checks_tell_the_rule_only),
	    cmocka_unit_test(a_fault_of_ours_costs_nothing),
	    cmocka_unit_test(json_is_stable),
	    cmocka_unit_test_setup_teardown(fills_templates, make_templates, remove_templates),
	    cmocka_unit_test_setup_teardown(includes_templates, make_templates, remove_templates),
	    cmocka_unit_test_setup_teardown(
		refuses_bad_templates, make_templates, remove_templates),
	    cmocka_unit_test(notices_a_full_disk),
	    cmocka_unit_test(suits_the_terminal),
	    cmocka_unit_test(suits_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
