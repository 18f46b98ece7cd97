/*
 * text.h - a string that grows.
 *
 *	struct text t = {0};
 *
 *	text_put(&t, "child ");
 *	text_printf(&t, "%d still holds fd %d", child, fd);
 *	char *sentence = text_take(&t);		NULL when memory ran out on the way
 *
 * Appending never fails visibly: a lack of memory is remembered, further
 * appends do nothing, and text_take() or text_failed() tell. So a caller
 * checks once, at the end.
 */
#ifndef GABEL_TEXT_H
#define GABEL_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct text {
	char *at; /* ends with a NUL byte; NULL as long as nothing was appended */
	size_t n; /* bytes, without the NUL byte */
	size_t capacity;
	bool failed; /* memory ran out: what is there is not all of it */
};

void text_put(struct text *t, const char *s);
void text_put_bytes(struct text *t, const char *bytes, size_t n);
void text_put_char(struct text *t, char c);
void text_printf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *t, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/*
 * Appends a foreign name (of a file, a student, an archive's entry) so that it
 * is harmless and unambiguous on one line of a terminal: control characters,
 * line separators, marks that change the writing direction, bytes that are not
 * UTF-8 and the backslash itself appear as \n, \x1b, \u202e, \\.
 */
void text_put_name(struct text *t, const char *name);

/*
 * Appends foreign text of several lines (what a compiler or a student's
 * program said): the same, but newlines, tabs and backslashes stay.
 */
void text_put_foreign(struct text *t, const char *bytes, size_t n);

/* What is there so far; never NULL. Valid until the next append. */
const char *text_string(const struct text *t);

bool text_failed(const struct text *t);

/* Empties it and keeps its memory. */
void text_clear(struct text *t);

/*
 * Hands the string over (malloc'd; "" when nothing was appended) and leaves t
 * empty. Returns NULL with errno ENOMEM when an append had failed.
 */
char *text_take(struct text *t);

void text_free(struct text *t);

/* A malloc'd string in printf's manner; NULL with errno ENOMEM. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The length in bytes of the UTF-8 character that s begins with, at most n
 * bytes; 0 when it is none (overlong, surrogate, beyond U+10FFFF, cut off).
 * code gets the code point.
 */
size_t utf8_length(const char *s, size_t n, unsigned *code);

/* Is all of it UTF-8? The first offending byte's index goes to where, unless NULL. */
bool utf8_valid(const char *s, size_t n, size_t *where);

/* Cuts a half character off the end of s, as snprintf() may leave it. */
void utf8_clip(char *s);

#endif
