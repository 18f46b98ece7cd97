/* parts.c - see parts.h. The markers' form is what autograder/skeleton has checked. */
#define _GNU_SOURCE
#include "parts.h"

#include "../src/base/files.h"
#include "../src/base/text.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SOURCE_MAX = 1 << 20 };

/* One walk through a file, line by line. */
struct reader {
	const char *next;
	const char *at;
	size_t n; /* of the line at at, without its newline */
	enum { CODE, STUDENT, WRITTEN, INSTEAD, INSTEAD_LINE, INSTEAD_END, END } what;
	bool in_block, in_instead;
};

static bool
begins(const struct reader *r, const char *word)
{
	size_t blanks = strspn(r->at, " \t");

	return strncmp(r->at + blanks, word, strlen(word)) == 0;
}

static void
classify(struct reader *r)
{
	if (r->in_instead) {
		r->in_instead = !begins(r, "*/");
		r->what = r->in_instead ? INSTEAD_LINE : INSTEAD_END;
	} else if (begins(r, "/* STUDENT: ")) {
		r->in_block = true;
		r->what = STUDENT;
	} else if (r->in_block && begins(r, "/* INSTEAD")) {
		r->in_instead = true;
		r->what = INSTEAD;
	} else if (r->in_block && begins(r, "/* END */")) {
		r->in_block = false;
		r->what = END;
	} else {
		r->what = r->in_block ? WRITTEN : CODE;
	}
}

static bool
next_line(struct reader *r)
{
	if (*r->next == '\0')
		return false;
	r->at = r->next;
	r->n = strcspn(r->at, "\n");
	r->next = r->at + r->n + (r->at[r->n] == '\n');
	classify(r);
	return true;
}

static bool
is_indented(const char *line)
{
	return *line == ' ' || *line == '\t';
}

/* The name before the parenthesis, when the line is a function's: "run(size_t n)". */
static char *
function_named(const char *line, size_t n)
{
	size_t length = 0;

	while (length < n && (isalnum((unsigned char)line[length]) || line[length] == '_'))
		length++;
	return length > 0 && length < n && line[length] == '(' ? strndup(line, length) : NULL;
}

static int
add_part(struct parts *parts, const char *file, const char *function)
{
	struct part *p = &parts->at[parts->n];

	if (parts->n == PARTS_MAX) {
		errno = E2BIG;
		return -1;
	}
	p->file = strdup(file);
	p->function = strdup(function == NULL ? "?" : function);
	parts->n++;
	return p->file == NULL || p->function == NULL ? -1 : 0;
}

static int
find_in_file(const char *text, const char *file, struct parts *parts)
{
	struct reader r = {.next = text};
	char *function = NULL, *found;
	int result = 0;

	while (result == 0 && next_line(&r)) {
		found = function_named(r.at, r.n);
		if (found != NULL) {
			free(function);
			function = found;
		}
		if (r.what == STUDENT && is_indented(r.at))
			result = add_part(parts, file, function);
	}
	free(function);
	return result;
}

static char *
read_source(const char *solution, const char *file)
{
	char *path = join_path(solution, file, NULL);
	char *text = path == NULL ? NULL : read_file(path, SOURCE_MAX, NULL);

	free(path);
	return text;
}

int
parts_find(const char *solution, const struct lab *lab, struct parts *parts)
{
	int result = 0;

	parts->n = 0;
	for (size_t i = 0; i < lab->files.n && result == 0; i++) {
		char *text = read_source(solution, lab->files.at[i]);

		result = text == NULL ? -1 : find_in_file(text, lab->files.at[i], parts);
		free(text);
	}
	return result;
}

void
parts_free(struct parts *parts)
{
	for (size_t i = 0; i < parts->n; i++) {
		free(parts->at[i].file);
		free(parts->at[i].function);
	}
	parts->n = 0;
}

uint64_t
parts_of_file(const struct parts *parts, size_t i)
{
	uint64_t set = 0;

	for (size_t k = 0; k < parts->n; k++)
		if (strcmp(parts->at[k].file, parts->at[i].file) == 0)
			set |= UINT64_C(1) << k;
	return set;
}

/* How many parts a file has. */
static size_t
count_parts(const char *text)
{
	struct reader r = {.next = text};
	size_t n = 0;

	while (next_line(&r))
		n += r.what == STUDENT && is_indented(r.at);
	return n;
}

/* kept: of this file's parts, from bit 0. */
static void
put_parts(struct text *out, const char *text, uint64_t kept)
{
	struct reader r = {.next = text};
	size_t part = 0;
	bool keep = false;

	while (next_line(&r)) {
		if (r.what == STUDENT) {
			keep = is_indented(r.at) ? kept >> part & 1 : kept != 0;
			part += is_indented(r.at);
		}
		if (r.what == CODE || (keep && (r.what == STUDENT || r.what == WRITTEN)) ||
		    (!keep && r.what == INSTEAD_LINE)) {
			text_put_bytes(out, r.at, r.n);
			text_put_char(out, '\n');
		}
	}
}

int
parts_write(const char *solution, const struct lab *lab, uint64_t kept, const char *directory)
{
	int result = make_path(directory, 0700);

	for (size_t i = 0; i < lab->files.n && result == 0; i++) {
		char *path = join_path(directory, lab->files.at[i], NULL);
		char *text = read_source(solution, lab->files.at[i]);
		size_t n = text == NULL ? 0 : count_parts(text);
		uint64_t own = n >= PARTS_MAX ? kept : kept & ((UINT64_C(1) << n) - 1);
		struct text out = {0};

		if (text != NULL)
			put_parts(&out, text, own);
		kept = n >= PARTS_MAX ? 0 : kept >> n;
		result = path == NULL || text == NULL || text_failed(&out)
			     ? -1
			     : write_file_atomic(path, text_string(&out), out.n, 0600);
		text_free(&out);
		free(text);
		free(path);
	}
	return result;
}
