/*
 * columns.h - text in the columns of a terminal.
 *
 * A character may take no column (a combining accent), one, or two (Chinese);
 * its bytes say nothing about that. messages_init() must have chosen a UTF-8
 * locale. Texts are harmless already (text_put_foreign()).
 */
#ifndef GABEL_REPORT_COLUMNS_H
#define GABEL_REPORT_COLUMNS_H

#include "../base/text.h"
#include <stddef.h>

/* How many columns s takes on one line. */
size_t columns_of(const char *s);

/* Appends s and so many spaces that it takes n columns; longer text stays whole. */
void columns_pad(struct text *t, const char *s, size_t n);
/* The same with the spaces before it. */
void columns_pad_left(struct text *t, const char *s, size_t n);
/* Appends s in exactly n columns; a longer text is cut and ends with an ellipsis. */
void columns_fit(struct text *t, const char *s, size_t n);
void columns_skip(struct text *t, size_t n); /* n spaces */

struct margins {
	size_t at;    /* the column we are in, counted from 0 */
	size_t left;  /* where each further line begins */
	size_t right; /* the first column that must stay empty */
};

/*
 * Appends s, broken between words where it would pass the right margin; a word
 * longer than a line is broken inside. A newline in s begins a line. Returns
 * the column after the last character.
 */
size_t columns_wrap(struct text *t, const char *s, struct margins m);

#endif
