/*
 * validation.h - what the parts of lab_validate() share. Nobody else includes it.
 *
 * A path in a finding is relative to the kit's root, as an author types it.
 */
#ifndef GABEL_VALIDATION_H
#define GABEL_VALIDATION_H

#include "findings.h"
#include "lab.h"

enum { SOURCE_MAX = 4 << 20 }; /* bytes of a file that a person wrote */

struct validation {
	const char *root;
	const char *name; /* of the lab */
	struct lab *lab;
	struct findings findings;
	struct strings keys;    /* that a mistake may name: the lab's hints and the common ones */
	struct strings anchors; /* "de 01#wait" of those that were looked for already */
	bool failed;            /* memory ran out */
};

/* One file of the lab, opened. */
struct source {
	char *path; /* relative to root */
	char *text; /* NUL-terminated */
	size_t n;
};

/*
 * Reads root/path, given in parts that end with NULL. Returns -1 when it is not
 * there or cannot be read; then there is a finding. source_free() in both cases.
 */
int source_read(struct validation *v, struct source *s, ...) __attribute__((sentinel));
void source_free(struct source *s);

/* Names in the directory root/path..., sorted; none, and no finding, when there is no such thing.
 */
struct strings names_in(
    struct validation *v, const char *first, const char *second, const char *third);

/* The lines of a text, one by one; the last needs no newline. */
struct line {
	const char *at;
	size_t n; /* bytes, without the newline */
	int number;
};

/* To the first line, then on to the next; false when there is none. */
bool next_line(const char *text, struct line *line);

bool ends_in(const char *name, const char *end);

/* task.en.adoc, task.de.adoc, task.ru.adoc say the same in the same order. */
void validate_sheets(struct validation *v);

/* Each contract header compiles on its own, and twice. */
void validate_headers(struct validation *v);

/* Judges, bats files and hints: every check has one; fills keys. */
void validate_checks(struct validation *v);

/* The head of every patch, and that it changes files of the lab. */
void validate_mistakes(struct validation *v);

/* Equivalent mutants: the file is in order, and each stands for a line that is there. */
void validate_equivalents(struct validation *v);

/* "01#wait" must be an anchor of the notes in both languages; otherwise a finding at path:line. */
void validate_lecture(struct validation *v, const char *path, int line, const char *reference);

#endif
