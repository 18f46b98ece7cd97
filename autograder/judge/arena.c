#define _GNU_SOURCE
#include "inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
	struct block *next;
	max_align_t bytes[];
};

static struct block *blocks;

void *
keep(size_t n)
{
	struct block *b = calloc(1, sizeof *b + n);

	if (b == NULL)
		grader_fault("out of memory");
	b->next = blocks;
	blocks = b;
	return b->bytes;
}

char *
keep_bytes(const void *bytes, size_t n)
{
	char *copy = keep(n + 1);

	if (n > 0)
		memcpy(copy, bytes, n);
	return copy;
}

char *
keep_text(const char *text)
{
	return keep_bytes(text, strlen(text));
}

char *
keep_format(const char *format, ...)
{
	va_list arguments;
	char *text, *kept;
	int n;

	va_start(arguments, format);
	n = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (n < 0)
		grader_fault("out of memory");
	kept = keep_text(text);
	free(text);
	return kept;
}

void
keep_nothing(void)
{
	while (blocks != NULL) {
		struct block *next = blocks->next;

		free(blocks);
		blocks = next;
	}
}
