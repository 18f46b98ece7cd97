/*
 * File names for students. A name is kept as far as it is harmless in a path,
 * a link and a shell; those that would become the same are told apart by a
 * digest of the real one, so that a name does not depend on who else is there
 * unless it must.
 */
#include "../base/text.h"
#include "roster.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

enum { LENGTH_MAX = 120, TAG_DIGITS = 8 };

static bool
is_safe(unsigned code)
{
	if (code < 0x80)
		return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
		       (code >= '0' && code <= '9') || code == '.' || code == '-' || code == '_';
	return iswalnum((wint_t)code) != 0;
}

char *
safe_name(const char *student)
{
	struct text t = {0};
	size_t n = strlen(student), length;

	for (size_t i = 0; i < n && t.n < LENGTH_MAX; i += length) {
		unsigned code = 0;

		length = utf8_length(student + i, n - i, &code);
		/* Nothing hidden, no "..", nothing that looks like an option. */
		if (length == 0 || !is_safe(code) || (t.n == 0 && (code == '.' || code == '-')))
			text_put_char(&t, '_');
		else
			text_put_bytes(&t, student + i, length);
		length = length ? length : 1;
	}
	if (t.n == 0)
		text_put_char(&t, '_');
	return text_take(&t);
}

/* name~1a2b3c4d; no safe name has a tilde. Takes name over. */
static char *
tagged(char *name, const char *student)
{
	unsigned char digest[DIGEST_SIZE];
	char hex[DIGEST_TEXT];
	struct digest d;
	char *result;

	digest_begin(&d);
	digest_add(&d, student, strlen(student));
	digest_end(&d, digest);
	digest_text(digest, hex);
	result = text_format("%s~%.*s", name, TAG_DIGITS, hex);
	free(name);
	return result;
}

struct student {
	struct submission *first; /* of hers in the roster */
	char *file;
	bool shared; /* the safe name is that of another student too */
};

static int
by_file(const void *a, const void *b)
{
	const struct student *x = a, *y = b;

	return strcmp(x->file, y->file);
}

static int
collect(struct roster *roster, struct student *students, size_t *n)
{
	for (size_t i = 0; i < roster->n; i++) {
		if (!roster_begins_student(roster, i))
			continue;
		students[*n].first = &roster->at[i];
		students[*n].file = safe_name(roster->at[i].student);
		if (students[*n].file == NULL)
			return -1;
		(*n)++;
	}
	return 0;
}

static int
tell_apart(struct student *students, size_t n)
{
	qsort(students, n, sizeof *students, by_file);
	for (size_t i = 1; i < n; i++)
		if (strcmp(students[i - 1].file, students[i].file) == 0)
			students[i - 1].shared = students[i].shared = true;
	for (size_t i = 0; i < n; i++) {
		struct student *s = &students[i];

		/* Who really has this name keeps it. */
		if (s->shared && strcmp(s->file, s->first->student) != 0)
			s->file = tagged(s->file, s->first->student);
		if (s->file == NULL)
			return -1;
	}
	return 0;
}

/* Copies a student's file name to all submissions of hers. */
static int
spread(struct roster *roster, const struct student *s)
{
	const struct submission *end = roster->at + roster->n;

	for (struct submission *i = s->first; i < end && strcmp(i->student, s->first->student) == 0;
	     i++) {
		i->file = strdup(s->file);
		if (i->file == NULL)
			return -1;
	}
	return 0;
}

int
roster_name_files(struct roster *roster)
{
	struct student *students = calloc(roster->n + 1, sizeof *students);
	size_t n = 0;
	int result = -1;

	if (students && collect(roster, students, &n) == 0 && tell_apart(students, n) == 0) {
		result = 0;
		for (size_t i = 0; i < n && result == 0; i++)
			result = spread(roster, &students[i]);
	}
	for (size_t i = 0; students && i < n; i++)
		free(students[i].file);
	free(students);
	if (result < 0)
		errno = ENOMEM;
	return result;
}
