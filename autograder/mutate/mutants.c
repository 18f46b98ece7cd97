#include "mutants.h"
#include "../src/base/text.h"
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[OPERATORS] = {
    [SUCCESS] = "success",
    [OMIT_CALL] = "omit-call",
    [LOOP] = "loop",
    [COMPARISON] = "comparison",
    [LOGIC] = "logic",
    [NEGATE] = "negate",
    [ARITHMETIC] = "arithmetic",
    [FLAG] = "flag",
    [CONSTANT] = "constant",
    [INITIALIZER] = "initializer",
    [CONDITION] = "condition",
    [STATEMENT] = "statement",
};

static bool
same_edit(const struct mutant *a, const struct mutant *b)
{
	return a->source == b->source && a->begin == b->begin && a->end == b->end &&
	       strcmp(a->replacement, b->replacement) == 0;
}

static bool
changes_nothing(const struct mutant *m)
{
	return strlen(m->replacement) == m->end - m->begin &&
	       memcmp(m->replacement, m->source->bytes + m->begin, m->end - m->begin) == 0;
}

static void
free_texts(struct mutant *m)
{
	free(m->function);
	free(m->replacement);
	free(m->what);
}

void
mutants_add(struct mutants *mutants, struct mutant m)
{
	bool wanted = source_is_students(m.source, m.begin, m.end) && !changes_nothing(&m);

	for (size_t i = 0; i < mutants->n && wanted; i++)
		wanted = !same_edit(&mutants->at[i], &m);
	if (!wanted) {
		free_texts(&m);
		return;
	}
	mutants->at = must(realloc(mutants->at, (mutants->n + 1) * sizeof *mutants->at));
	mutants->at[mutants->n++] = m;
}

void
mutants_free(struct mutants *mutants)
{
	for (size_t i = 0; i < mutants->n; i++)
		free_texts(&mutants->at[i]);
	free(mutants->at);
}

/* ---- ids --------------------------------------------------------------------------------- */

/* FNV-1a, 64 bits; each string is ended by its NUL byte. */
static uint64_t
hash_bytes(uint64_t hash, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
	return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

/* Every run of blanks counts as one, so that indentation does not. */
static uint64_t
hash_words(uint64_t hash, const char *text)
{
	while (*text != '\0') {
		size_t n = strcspn(text, " \t\n");

		if (n > 0)
			hash = hash_bytes(hash, text, n);
		text += n;
		text += strspn(text, " \t\n");
	}
	return hash_bytes(hash, "", 0);
}

static uint64_t
content_of(const struct mutant *m)
{
	char *original = source_text(m->source, m->begin, m->end);
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	hash = hash_words(hash, m->source->name);
	hash = hash_words(hash, m->function);
	hash = hash_words(hash, names[m->kind]);
	hash = hash_words(hash, original);
	hash = hash_words(hash, m->replacement);
	free(original);
	return hash;
}

/* content holds what content_of() says about each mutant up to this one. */
static char *
id_of(const uint64_t content[], size_t which)
{
	unsigned char equals = 0;
	uint64_t hash;

	for (size_t i = 0; i < which; i++)
		equals += content[i] == content[which];
	hash = hash_bytes(content[which], (char *)&equals, 1);
	return must(text_format("%012" PRIx64, (hash ^ hash >> 48) & UINT64_C(0xffffffffffff)));
}

/* ---- output -------------------------------------------------------------------------------- */

static int
by_place(const void *left, const void *right)
{
	const struct mutant *a = left, *b = right;

	if (a->source != b->source) /* they stand in one array, in the order of the command line */
		return a->source < b->source ? -1 : 1;
	if (a->begin != b->begin)
		return a->begin < b->begin ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->replacement, b->replacement);
}

static json_t *
as_json(const struct mutant *m, const char *id)
{
	char *original = source_text(m->source, m->begin, m->end);
	char *lines = source_lines(m->source, m->begin, m->end);
	size_t line, column;
	json_t *object;

	source_place(m->source, m->begin, &line, &column);
	object = json_pack("{ss ss ss sI sI ss sI sI ss ss ss ss}", "id", id, "file",
	    m->source->name, "function", m->function, "line", (json_int_t)line, "column",
	    (json_int_t)column, "operator", names[m->kind], "offset", (json_int_t)m->begin,
	    "length", (json_int_t)(m->end - m->begin), "original", original, "replacement",
	    m->replacement, "text", lines, "what", m->what);
	free(original);
	free(lines);
	return object;
}

int
mutants_print(struct mutants *mutants, FILE *out)
{
	uint64_t *content = must(calloc(mutants->n + 1, sizeof *content));
	json_t *array = must(json_array());
	int result;

	if (mutants->n > 0)
		qsort(mutants->at, mutants->n, sizeof *mutants->at, by_place);
	for (size_t i = 0; i < mutants->n; i++) {
		char *id;

		content[i] = content_of(&mutants->at[i]);
		id = id_of(content, i);
		json_array_append_new(array, must(as_json(&mutants->at[i], id)));
		free(id);
	}
	free(content);
	result = json_dumpf(array, out, JSON_INDENT(1));
	json_decref(array);
	if (result < 0 || putc('\n', out) == EOF)
		return -1;
	return fflush(out) == EOF ? -1 : 0;
}
