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

static void
begin_line(struct text *t, struct margins *m)
{
	text_put_char(t, '\n');
	columns_skip(t, m->left);
	m->at = m->left;
}

/* A word that no line can hold. */
static void
put_long_word(struct text *t, const char *word, size_t n, struct margins *m)
{
	size_t bytes;

	for (size_t i = 0; i < n; i += bytes) {
		size_t columns = columns_of_character(word + i, n - i, &bytes);

		if (m->at + columns > m->right && m->at > m->left)
			begin_line(t, m);
		text_put_bytes(t, word + i, bytes);
		m->at += columns;
	}
}

/* gap: the spaces before the word; they are left out at the beginning of a line. */
static void
put_word(struct text *t, const char *word, size_t n, size_t gap, struct margins *m)
{
	size_t columns = columns_of_bytes(word, n);

	if (m->at + gap + columns > m->right && m->at > m->left) {
		begin_line(t, m);
		gap = 0;
	}
	columns_skip(t, gap);
	m->at += gap;
	if (m->at + columns > m->right) {
		put_long_word(t, word, n, m);
		return;
	}
	text_put_bytes(t, word, n);
	m->at += columns;
}

size_t
columns_wrap(struct text *t, const char *s, struct margins m)
{
	size_t gap = 0;

	while (*s) {
		size_t n = strcspn(s, " \t\n");

		if (n > 0) {
			put_word(t, s, n, gap, &m);
			gap = 0;
		} else if (*s == '\n') {
			begin_line(t, &m);
			gap = 0;
			n = 1;
		} else {
			gap++;
			n = 1;
		}
		s += n;
	}
	return m.at;
}
