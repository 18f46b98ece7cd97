/* columns.c - see columns.h. */
#include "columns.h"

#include <stdbool.h>
#include <string.h>
#include <wchar.h>

/* The columns of the character that s begins with; *bytes gets its length. */
static size_t
columns_of_character(const char *s, size_t n, size_t *bytes)
{
	unsigned code = 0;
	int columns;

	*bytes = utf8_length(s, n, &code);
	if (*bytes == 0) {
		*bytes = 1;
		return 1;
	}
	columns = wcwidth((wchar_t)code);
	return columns < 0 ? 1 : (size_t)columns;
}

static size_t
columns_of_bytes(const char *s, size_t n)
{
	size_t columns = 0, bytes;

	for (size_t i = 0; i < n; i += bytes)
		columns += columns_of_character(s + i, n - i, &bytes);
	return columns;
}

size_t
columns_of(const char *s)
{
	return columns_of_bytes(s, strlen(s));
}

void
columns_skip(struct text *t, size_t n)
{
	while (n-- > 0)
		text_put_char(t, ' ');
}

void
columns_pad(struct text *t, const char *s, size_t n)
{
	size_t taken = columns_of(s);

	text_put(t, s);
	columns_skip(t, taken < n ? n - taken : 0);
}

void
columns_pad_left(struct text *t, const char *s, size_t n)
{
	size_t taken = columns_of(s);

	columns_skip(t, taken < n ? n - taken : 0);
	text_put(t, s);
}

void
columns_fit(struct text *t, const char *s, size_t n)
{
	size_t taken = 0, bytes, length = strlen(s), i = 0;

	if (columns_of(s) <= n) {
		columns_pad(t, s, n);
		return;
	}
	while (i < length) {
		size_t columns = columns_of_character(s + i, length - i, &bytes);

		if (taken + columns + 1 > n)
			break;
		text_put_bytes(t, s + i, bytes);
		taken += columns;
		i += bytes;
	}
	text_put(t, "…");
	columns_skip(t, n - taken - 1);
}

/* A line that is being filled. */
struct line {
	struct text *text;
	struct margins m;
	bool used; /* something of ours stands on it */
};

static void
begin_line(struct line *line)
{
	text_put_char(line->text, '\n');
	columns_skip(line->text, line->m.left);
	line->m.at = line->m.left;
	line->used = false;
}

/* Would a new line offer more room than what is left of this one? */
static bool
may_break(const struct line *line)
{
	return line->used || line->m.at > line->m.left;
}

/* A word that no line can hold. */
static void
put_long_word(struct line *line, const char *word, size_t n)
{
	size_t bytes;

	for (size_t i = 0; i < n; i += bytes) {
		size_t columns = columns_of_character(word + i, n - i, &bytes);

		if (line->m.at + columns > line->m.right && may_break(line))
			begin_line(line);
		text_put_bytes(line->text, word + i, bytes);
		line->m.at += columns;
		line->used = true;
	}
}

/* gap: the spaces before the word; they are left out at the beginning of a line. */
static void
put_word(struct line *line, const char *word, size_t n, size_t gap)
{
	size_t columns = columns_of_bytes(word, n);

	if (line->m.at + gap + columns > line->m.right && may_break(line)) {
		begin_line(line);
		gap = 0;
	}
	columns_skip(line->text, gap);
	line->m.at += gap;
	if (line->m.at + columns > line->m.right) {
		put_long_word(line, word, n);
		return;
	}
	text_put_bytes(line->text, word, n);
	line->m.at += columns;
	line->used = true;
}

size_t
columns_wrap(struct text *t, const char *s, struct margins m)
{
	struct line line = {.text = t, .m = m};
	size_t gap = 0;

	while (*s) {
		size_t n = strcspn(s, " \t\n");

		if (n > 0) {
			put_word(&line, s, n, gap);
			gap = 0;
		} else if (*s == '\n') {
			begin_line(&line);
			gap = 0;
			n = 1;
		} else {
			gap++;
			n = 1;
		}
		s += n;
	}
	return line.m.at;
}
