/*
 * c_strings.h - the string literals of a C file, with their lines: enough to
 * find a table's keys and the ids of checks without compiling.
 */
#ifndef GABEL_C_STRINGS_H
#define GABEL_C_STRINGS_H

#include <stddef.h>

struct c_string {
	const char *at; /* what stands between the quotes, escapes as written */
	size_t n;
	int line;
	char before, after; /* the nearest sign of C on each side: '{', ',', '(' ... */
};

/* Where the reading stands; starts as {.at = text, .line = 1}. */
struct c_reader {
	const char *at;
	int line;
	char before;
};

/* To the next literal outside of comments. Returns 0 at the end of the text. */
int next_c_string(struct c_reader *reader, struct c_string *string);

#endif
