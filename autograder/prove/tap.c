/* tap.c - see tap.h. */
#include "tap.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void
tap_begin(struct tap *t)
{
	*t = (struct tap){0};
	t->words = open_memstream(&t->text, &t->n);
	if (t->words == NULL) {
		perror("prove");
		exit(3);
	}
}

static void
print_comment(const char *words)
{
	for (const char *line = words; *line != '\0';) {
		size_t n = strcspn(line, "\n");

		printf("#   %.*s\n", (int)n, line);
		line += n + (line[n] == '\n');
	}
}

void
tap_end(struct tap *t, unsigned *item, bool ok, const char *format, ...)
{
	va_list arguments;

	if (fclose(t->words) == EOF) {
		perror("prove");
		exit(3);
	}
	printf("%sok %u - ", ok ? "" : "not ", ++*item);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	if (!ok || t->always)
		print_comment(t->text);
	fflush(stdout);
	free(t->text);
}
