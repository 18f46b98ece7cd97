/*
 * sheets.c - the task sheets of the three languages ask for the same.
 *
 * What can be compared without knowing the languages: the headings in order,
 * with their levels and anchors, the blocks of code in each section, and the
 * words of code in it (`waitpid()`), whatever their order in a sentence.
 */
#include "../base/messages.h"
#include "../base/text.h"
#include "validation.h"

#include <stdlib.h>
#include <string.h>

struct section {
	int line; /* of the heading; what stands before the first has line 1 */
	size_t level;
	char *anchor; /* "" when it has none */
	size_t blocks;
	struct strings words;
};

struct sheet {
	struct source source;
	bool there;
	size_t n;
	struct section *sections; /* the first is what stands before any heading */
};

/* ---- reading one ------------------------------------------------------------------------- */

static struct section *
add_section(struct sheet *sheet, int line, size_t level, const char *anchor)
{
	struct section *more = realloc(sheet->sections, (sheet->n + 1) * sizeof *more);
	struct section *section;

	if (more == NULL)
		return NULL;
	sheet->sections = more;
	section = &more[sheet->n++];
	*section = (struct section){.line = line, .level = level, .anchor = strdup(anchor)};
	return section->anchor ? section : NULL;
}

/* The signs before a heading's blank, or 0 when the line is none. */
static size_t
heading_level(const struct line *line)
{
	size_t n = strspn(line->at, "=");

	return n > 0 && n <= 6 && line->n > n + 1 && line->at[n] == ' ' ? n : 0;
}

/* "----", "....", "++++" or "```": what lies between is no prose. */
static bool
is_fence(const struct line *line)
{
	char sign = line->at[0];
	size_t n = 0;

	if (line->n >= 3 && strncmp(line->at, "```", 3) == 0)
		return true;
	while (n < line->n && line->at[n] == sign)
		n++;
	return line->n >= 4 && n == line->n && (sign == '-' || sign == '.' || sign == '+');
}

/* The name in a line "[#name]" or "[[name]]", else "". At most size - 1 bytes of it. */
static void
read_anchor(const struct line *line, char *anchor, size_t size)
{
	size_t n = 0;

	if (line->n > 3 && (strncmp(line->at, "[[", 2) == 0 || strncmp(line->at, "[#", 2) == 0))
		while (n + 2 < line->n && n + 1 < size && strchr("],.%", line->at[n + 2]) == NULL) {
			anchor[n] = line->at[n + 2];
			n++;
		}
	anchor[n] = '\0';
}

/* A word of code, without the signs that protect it (`+a+`) and with single blanks. */
static int
add_word(struct strings *words, const char *at, size_t n)
{
	struct text word = {0};
	int result = 0;

	if (n >= 2 && at[0] == '+' && at[n - 1] == '+') {
		at++;
		n -= 2;
	}
	for (size_t i = 0; i < n; i++)
		if (at[i] != ' ' || (word.n > 0 && at[i - 1] != ' '))
			text_put_char(&word, at[i]);
	if (text_failed(&word))
		result = -1;
	else if (word.n > 0 && !strings_have(words, text_string(&word)))
		result = strings_add(words, text_string(&word));
	text_free(&word);
	return result;
}

/* Collects what stands in backquotes in one line; "`so`" are quotation marks of AsciiDoc's. */
static int
collect_words(struct strings *words, const struct line *line)
{
	const char *at = line->at, *end = line->at + line->n;

	while ((at = memchr(at, '`', (size_t)(end - at))) != NULL) {
		bool quotes = at > line->at && (at[-1] == '"' || at[-1] == '\'');
		size_t ticks = strspn(at, "`");
		const char *from = at + ticks, *to = NULL;

		if (from < end)
			to = memchr(from, '`', (size_t)(end - from));
		if (to == NULL)
			return 0;
		if (!quotes && add_word(words, from, (size_t)(to - from)) < 0)
			return -1;
		at = to + ticks < end ? to + ticks : end;
	}
	return 0;
}

static int
read_line(struct sheet *sheet, const struct line *line, const char *anchor)
{
	struct section *section = &sheet->sections[sheet->n - 1];
	size_t level = heading_level(line);

	if (level > 0)
		section = add_section(sheet, line->number, level, anchor);
	return section ? collect_words(&section->words, line) : -1;
}

/* Divides the text into sections. */
static int
read_sections(struct sheet *sheet)
{
	struct line line = {0}, fence = {0};
	char anchor[64] = "";

	if (add_section(sheet, 1, 0, "") == NULL)
		return -1;
	while (next_line(sheet->source.text, &line)) {
		if (fence.at) {
			if (line.n == fence.n && strncmp(line.at, fence.at, line.n) == 0)
				fence.at = NULL;
			continue;
		}
		if (is_fence(&line)) {
			fence = line;
			fence.n = strncmp(line.at, "```", 3) == 0 ? 3 : line.n;
			sheet->sections[sheet->n - 1].blocks++;
		} else if (strncmp(line.at, "//", 2) != 0) {
			if (read_line(sheet, &line, anchor) < 0)
				return -1;
			read_anchor(&line, anchor, sizeof anchor);
		}
	}
	return 0;
}

static void
sheet_read(struct validation *v, struct sheet *sheet, const char *name)
{
	*sheet = (struct sheet){0};
	sheet->there = source_read(v, &sheet->source, "labs", v->name, name, NULL) == 0;
	if (sheet->there && read_sections(sheet) < 0) {
		v->failed = true;
		sheet->there = false; /* half of it is not to be compared */
	}
	if (sheet->there && sheet->n < 2)
		findings_add(&v->findings, sheet->source.path, 0,
		    _("has no heading (= Title, == Task 1); give it the tasks' sections"));
}

static void
sheet_free(struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->n; i++) {
		free(sheet->sections[i].anchor);
		strings_free(&sheet->sections[i].words);
	}
	free(sheet->sections);
	source_free(&sheet->source);
}

/* ---- comparing two ------------------------------------------------------------------------- */

/* The first section in which they differ in form, or the number of sections of the shorter. */
static size_t
same_sections(const struct sheet *a, const struct sheet *b)
{
	size_t i = 0;

	while (i < a->n && i < b->n && a->sections[i].level == b->sections[i].level &&
	       strcmp(a->sections[i].anchor, b->sections[i].anchor) == 0)
		i++;
	return i;
}

static void
compare_form(struct validation *v, const struct sheet *model, const struct sheet *sheet)
{
	size_t i = same_sections(model, sheet);

	if (i < model->n && i < sheet->n)
		findings_add(&v->findings, sheet->source.path, sheet->sections[i].line,
		    _("this heading differs in level or anchor from that in line %d of %s; write "
		      "the "
		      "same sections in the same order"),
		    model->sections[i].line, model->source.path);
	else if (i < model->n)
		findings_add(&v->findings, sheet->source.path, sheet->sections[i - 1].line,
		    _("this is the last section, but %s has another in line %d; translate it"),
		    model->source.path, model->sections[i].line);
	else if (i < sheet->n)
		findings_add(&v->findings, sheet->source.path, sheet->sections[i].line,
		    _("this section is not in %s; write it there too"), model->source.path);
}

/* Every word of code of one section must be in the other, which a line of path stands for. */
static void
expect_words(struct validation *v, const struct section *from, const char *from_path,
    const struct section *in, const char *path)
{
	for (size_t i = 0; i < from->words.n; i++) {
		struct text word = {0};

		if (strings_have(&in->words, from->words.at[i]))
			continue;
		text_put_name(&word, from->words.at[i]);
		findings_add(&v->findings, path, in->line,
		    _("`%s` is not in this section, but in that of %s (line %d); let both say the "
		      "same"),
		    text_string(&word), from_path, from->line);
		text_free(&word);
	}
}

static void
compare(struct validation *v, const struct sheet *model, const struct sheet *sheet)
{
	size_t same = same_sections(model, sheet);

	/* After the first difference in form everything would differ. */
	compare_form(v, model, sheet);
	for (size_t i = 0; i < same; i++) {
		const struct section *a = &model->sections[i], *b = &sheet->sections[i];

		expect_words(v, a, model->source.path, b, sheet->source.path);
		expect_words(v, b, sheet->source.path, a, model->source.path);
		if (a->blocks != b->blocks)
			findings_add(&v->findings, sheet->source.path, b->line,
			    _("this section has %zu blocks of code, that of %s (line %d) has %zu; "
			      "let "
			      "both show the same"),
			    b->blocks, model->source.path, a->line, a->blocks);
	}
}

void
validate_sheets(struct validation *v)
{
	static const char *const names[] = {"task.en.adoc", "task.de.adoc", "task.ru.adoc"};
	struct sheet sheets[3];
	const struct sheet *model = NULL;

	for (size_t i = 0; i < 3; i++) {
		sheet_read(v, &sheets[i], names[i]);
		if (model && sheets[i].there)
			compare(v, model, &sheets[i]);
		else if (sheets[i].there)
			model = &sheets[i];
	}
	for (size_t i = 0; i < 3; i++)
		sheet_free(&sheets[i]);
}
