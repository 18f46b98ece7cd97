/*
 * source.h - a solution's file: its bytes, and which of them the student writes.
 *
 * The student's part lies between the lines of a comment that begins with
 * "STUDENT: " and the line where INSTEAD or END begins (gabel-lab(5)); an
 * edit that reaches outside is none of the student's.
 */
#ifndef GABEL_MUTATE_SOURCE_H
#define GABEL_MUTATE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct region {
	size_t begin, end; /* offsets in bytes; end is the first one after it */
};

struct source {
	const char *path; /* the caller's */
	const char *name; /* its last part */
	char *bytes;
	size_t n;
	struct region *region;
	size_t regions;
};

/* Reads a file. Returns 0, or -1 with errno; path must outlive source. */
int source_read(struct source *source, const char *path);
void source_free(struct source *source);

/* Do the bytes from begin to before end all belong to one part of the student's? */
bool source_is_students(const struct source *source, size_t begin, size_t end);

/* Line and column of a byte, both counting from 1; the column counts bytes. */
void source_place(const struct source *source, size_t offset, size_t *line, size_t *column);

/* The whole lines on which these bytes lie, without the blanks around them; malloc'd. */
char *source_lines(const struct source *source, size_t begin, size_t end);

/* These bytes as a string; malloc'd. */
char *source_text(const struct source *source, size_t begin, size_t end);

/* Never NULL: ends the program when memory has run out. */
void *must(void *allocated);

#endif
