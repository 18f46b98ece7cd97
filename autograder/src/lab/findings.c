/* findings.c - see findings.h. */
#include "findings.h"
#include "../base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static bool
make_room(struct findings *f)
{
	size_t capacity = f->n ? 2 * f->n : 8;
	struct finding *more;

	/* The array is full exactly when n is 0 or a power of two from 8 on. */
	if (f->n != 0 && (f->n < 8 || (f->n & (f->n - 1)) != 0))
		return true;
	more = realloc(f->at, capacity * sizeof *more);
	if (more == NULL)
		return false;
	f->at = more;
	return true;
}

void
findings_add(struct findings *f, const char *file, int line, const char *format, ...)
{
	struct text sentence = {0}, name = {0};
	struct finding new = {.line = line};
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&sentence, format, arguments);
	va_end(arguments);
	new.sentence = text_take(&sentence);
	text_put_name(&name, file);
	new.file = text_take(&name);
	if (new.sentence == NULL || new.file == NULL || !make_room(f)) {
		free(new.sentence);
		free(new.file);
		f->failed = true;
		return;
	}
	f->at[f->n++] = new;
}

static bool
comes_before(const struct finding *a, const struct finding *b)
{
	int order = strcmp(a->file, b->file);

	return order < 0 || (order == 0 && a->line < b->line);
}

/* By insertion: what was found first in a line stays first. */
static void
sort(struct findings *f)
{
	for (size_t i = 1; i < f->n; i++) {
		struct finding moving = f->at[i];
		size_t to = i;

		for (; to > 0 && comes_before(&moving, &f->at[to - 1]); to--)
			f->at[to] = f->at[to - 1];
		f->at[to] = moving;
	}
}

void
findings_print(struct findings *f, FILE *out)
{
	sort(f);
	for (size_t i = 0; i < f->n; i++) {
		fputs(f->at[i].file, out);
		if (f->at[i].line > 0)
			fprintf(out, ":%d", f->at[i].line);
		fprintf(out, ": %s\n", f->at[i].sentence);
	}
}

void
findings_free(struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->at[i].file);
		free(f->at[i].sentence);
	}
	free(f->at);
	*f = (struct findings){0};
}
