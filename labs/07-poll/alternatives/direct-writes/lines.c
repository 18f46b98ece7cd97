/* Different: every line has memory of its own, as long as it is needed; a read goes through the
 * stack. */
#include "lines.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PART = 777 };

struct lines {
	size_t longest;
	char *text; /* all that was read and not yet taken */
	size_t n;
	char *given; /* the line that was given out last */
	int bad;     /* inside of a line that is too long */
};

struct lines *
lines_new(size_t longest)
{
	struct lines *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	l->longest = longest;
	l->given = malloc(longest + 1);
	if (l->given == NULL) {
		free(l);
		return NULL;
	}
	return l;
}

void
lines_free(struct lines *l)
{
	if (l == NULL)
		return;
	free(l->text);
	free(l->given);
	free(l);
}

ssize_t
lines_read(struct lines *l, int fd)
{
	char part[PART], *text;
	ssize_t n;

	for (;;) {
		n = read(fd, part, sizeof part);
		if (n > 0)
			break;
		if (n == 0 || errno != EINTR)
			return n;
	}
	text = realloc(l->text, l->n + (size_t)n);
	if (text == NULL)
		return -1;
	memcpy(text + l->n, part, (size_t)n);
	l->text = text;
	l->n += (size_t)n;
	return n;
}

static void
drop(struct lines *l, size_t n)
{
	l->n -= n;
	memmove(l->text, l->text + n, l->n);
}

enum lines_what
lines_next(struct lines *l, char **line, size_t *n)
{
	char *newline = l->n == 0 ? NULL : memchr(l->text, '\n', l->n);
	size_t length = newline == NULL ? l->n : (size_t)(newline - l->text);
	int bad = l->bad || length > l->longest;

	if (newline == NULL) {
		l->bad = bad;
		if (bad)
			drop(l, length);
		return LINES_NONE;
	}
	l->bad = 0;
	if (bad) {
		drop(l, length + 1);
		return LINES_TOO_LONG;
	}
	memcpy(l->given, l->text, length);
	l->given[length] = '\0';
	drop(l, length + 1);
	*line = l->given;
	*n = length;
	return LINES_LINE;
}
