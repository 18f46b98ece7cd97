/* template.c - see template.h. */
#include "template.h"
#include "../base/files.h"
#include "../base/messages.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { TEMPLATE_MAX = 1 << 20, DEPTH_MAX = 16, FILES_MAX = 4, NAME_MAX_LENGTH = 64 };

struct filling {
	const char *directory;
	const char *file; /* the template we are in, and its text, to tell the line */
	const char *text;
	unsigned files; /* how many templates include each other */
	const json_t *scope[DEPTH_MAX];
	size_t depth;
	struct text *out;
};

struct tag {
	char sigil; /* # ^ / ! > or 0 */
	char name[NAME_MAX_LENGTH];
	const char *begin, *end; /* the whole tag, and its line when it stands alone there */
};

void
html_escape(struct text *out, const char *s)
{
	struct text clean = {0};

	text_put_foreign(&clean, s, strlen(s));
	if (text_failed(&clean))
		out->failed = true;
	for (const char *c = text_string(&clean); *c; c++) {
		switch (*c) {
		case '&':
			text_put(out, "&amp;");
			break;
		case '<':
			text_put(out, "&lt;");
			break;
		case '>':
			text_put(out, "&gt;");
			break;
		case '"':
			text_put(out, "&quot;");
			break;
		case '\'':
			text_put(out, "&#39;");
			break;
		default:
			text_put_char(out, *c);
		}
	}
	text_free(&clean);
}

void
html_link(struct text *out, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    strchr("-._~", c))
			text_put_char(out, *s);
		else
			text_printf(out, "%%%02X", c);
	}
}

static int
mistake(const struct filling *f, const char *at, const char *what, const char *name)
{
	unsigned line = 1;

	for (const char *c = f->text; c < at; c++)
		line += *c == '\n';
	complain("%s/%s:%u: %s: {{%s}}", f->directory, f->file, line, what, name);
	errno = EINVAL;
	return -1;
}

/* ---- tags -------------------------------------------------------------------------- */

/* Lets a tag that stands alone on its line take the whole line. */
static void
take_line(struct tag *tag, const char *from, const char *end)
{
	const char *begin = tag->begin, *after = tag->end;

	while (begin > from && (begin[-1] == ' ' || begin[-1] == '\t'))
		begin--;
	while (after < end && (*after == ' ' || *after == '\t'))
		after++;
	if (begin > from && begin[-1] != '\n')
		return;
	if (after < end && *after != '\n')
		return;
	tag->begin = begin;
	tag->end = after < end ? after + 1 : after;
}

/* Finds the next tag. Returns 1, 0 when there is none, -1 when it is malformed. */
static int
next_tag(const struct filling *f, const char *at, const char *end, struct tag *tag)
{
	const char *open = strstr(at, "{{"), *close, *name;
	size_t n;

	if (open == NULL || open >= end)
		return 0;
	name = open + 2;
	close = strstr(open, "}}");
	tag->sigil = strchr("#^/!>", *name) ? *name : '\0';
	name += tag->sigil != '\0';
	n = close && close < end ? (size_t)(close - name) : NAME_MAX_LENGTH;
	if (n >= NAME_MAX_LENGTH && !(tag->sigil == '!' && close && close < end))
		return mistake(f, open, "a tag without an end", "");
	n = n < NAME_MAX_LENGTH ? n : 0;
	memcpy(tag->name, name, n);
	tag->name[n] = '\0';
	tag->begin = open;
	tag->end = close + 2;
	if (tag->sigil)
		take_line(tag, f->text, end);
	return 1;
}

/* Finds the end of the section that tag begins. */
static int
closing_tag(const struct filling *f, const struct tag *tag, const char *end, struct tag *closing)
{
	const char *at = tag->end;
	unsigned depth = 1;

	while (depth > 0) {
		int found = next_tag(f, at, end, closing);

		if (found < 0)
			return -1;
		if (found == 0)
			return mistake(f, tag->begin, "a section without an end", tag->name);
		if (closing->sigil == '#' || closing->sigil == '^')
			depth++;
		else if (closing->sigil == '/')
			depth--;
		at = closing->end;
	}
	if (strcmp(closing->name, tag->name) != 0)
		return mistake(f, closing->begin, "the end of another section", closing->name);
	return 0;
}

/* ---- values ------------------------------------------------------------------------ */

static const json_t *
member(const json_t *value, const char *path)
{
	char name[NAME_MAX_LENGTH];
	size_t n = strcspn(path, ".");

	if (n == 0 || n >= sizeof name)
		return NULL;
	memcpy(name, path, n);
	name[n] = '\0';
	value = json_object_get(value, name);
	return value && path[n] == '.' ? member(value, path + n + 1) : value;
}

static const json_t *
look_up(const struct filling *f, const char *name)
{
	if (strcmp(name, ".") == 0)
		return f->scope[f->depth - 1];
	for (size_t i = f->depth; i > 0; i--) {
		const json_t *value = member(f->scope[i - 1], name);

		if (value)
			return value;
	}
	return NULL;
}

static bool
is_there(const json_t *value)
{
	if (value == NULL || json_is_null(value) || json_is_false(value))
		return false;
	if (json_is_string(value))
		return json_string_length(value) > 0;
	if (json_is_integer(value))
		return json_integer_value(value) != 0;
	return !json_is_array(value) || json_array_size(value) > 0;
}

static int
put_value(struct filling *f, const struct tag *tag)
{
	const json_t *value = look_up(f, tag->name);

	if (json_is_string(value))
		html_escape(f->out, json_string_value(value));
	else if (json_is_integer(value))
		text_printf(f->out, "%lld", (long long)json_integer_value(value));
	else
		return mistake(f, tag->begin, "no such value", tag->name);
	return 0;
}

/* ---- filling ------------------------------------------------------------------------- */

static int fill(struct filling *f, const char *at, const char *end);

static int
fill_with(struct filling *f, const json_t *value, const struct tag *tag, const char *end)
{
	int result;

	if (f->depth == DEPTH_MAX)
		return mistake(f, tag->begin, "sections nest too deeply", tag->name);
	f->scope[f->depth++] = value;
	result = fill(f, tag->end, end);
	f->depth--;
	return result;
}

static int
fill_section(struct filling *f, const struct tag *tag, const char *end)
{
	const json_t *value = look_up(f, tag->name);

	if (tag->sigil == '^')
		return is_there(value) ? 0 : fill(f, tag->end, end);
	if (!is_there(value))
		return 0;
	if (!json_is_array(value))
		return fill_with(f, value, tag, end);
	for (size_t i = 0; i < json_array_size(value); i++)
		if (fill_with(f, json_array_get(value, i), tag, end) < 0)
			return -1;
	return 0;
}

static int
fill_file(struct filling *f, const char *name)
{
	char *path = join_path(f->directory, name, NULL);
	char *text = path ? read_file(path, TEMPLATE_MAX, NULL) : NULL;
	const char *outer_file = f->file, *outer_text = f->text;
	int result = -1;

	if (path && text == NULL)
		complain("%s: %s", path, strerror(errno));
	if (text) {
		f->file = name;
		f->text = text;
		result = fill(f, text, text + strlen(text));
		f->file = outer_file;
		f->text = outer_text;
	}
	free(text);
	free(path);
	return result;
}

static int
include(struct filling *f, const struct tag *tag)
{
	int result;

	if (f->files == FILES_MAX || strchr(tag->name, '/'))
		return mistake(f, tag->begin, "cannot be included", tag->name);
	f->files++;
	result = fill_file(f, tag->name);
	f->files--;
	return result;
}

static int
fill(struct filling *f, const char *at, const char *end)
{
	struct tag tag = {0}, closing = {0};
	int found;

	while ((found = next_tag(f, at, end, &tag)) > 0) {
		int result = 0;

		text_put_bytes(f->out, at, (size_t)(tag.begin - at));
		at = tag.end;
		if (tag.sigil == '#' || tag.sigil == '^') {
			if (closing_tag(f, &tag, end, &closing) < 0)
				return -1;
			result = fill_section(f, &tag, closing.begin);
			at = closing.end;
		} else if (tag.sigil == '/') {
			result = mistake(f, tag.begin, "an end without a section", tag.name);
		} else if (tag.sigil == '>') {
			result = include(f, &tag);
		} else if (tag.sigil == '\0') {
			result = put_value(f, &tag);
		}
		if (result < 0)
			return -1;
	}
	if (found == 0)
		text_put_bytes(f->out, at, (size_t)(end - at));
	return found;
}

int
template_fill(const char *directory, const char *name, const json_t *values, struct text *out)
{
	struct filling f = {
	    .directory = directory, .file = name, .scope = {values}, .depth = 1, .out = out};

	if (fill_file(&f, name) < 0)
		return -1;
	if (text_failed(out)) {
		errno = ENOMEM;
		return -1;
	}
	return 0;
}
